"""Minutes before a release, by commands: what each prints, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsroom_story import VI, Story
from tests.cli.running import Ran

URGENT = """\
---
headline: Thông báo khẩn
summary: Cảnh báo mưa lớn trên diện rộng từ chiều nay tại các tỉnh miền núi.
---
Mưa lớn trên diện rộng từ chiều nay. Người dân theo dõi thông báo của cơ quan khí tượng.
"""


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()


def test_from_an_urgent_text_to_signatures(story: Story) -> None:
    file = story.file("khan.md", URGENT)
    words = ("item", "urgent", "--agency", "thong-ke", "--language", "vi", "--file", file)
    assert story.refused("editor", *words, code=2)["title"] == "When?"
    made = story.gets("editor", *words, "--now", "--code", "MUA")
    assert not made["confirmed"]
    stand = made["deadline"]
    assert 280 < stand["sign_left"] <= 296
    wants = {one["what"].split()[0]: one["who"] for one in stand["needed"]}
    assert wants["check"] == ["checker"]
    assert "lead-1" in wants["confirm"]
    assert "lead-2" in wants["signatures:"]
    story.gets("checker", "item", "approve", made["item"])
    assert story.rules("editor", "release", "now", made["release"], "--yes")
    now = story.gets("lead-1", "release", "now", made["release"], "--yes")
    assert (now["signed"]["signers"], now["confirmation"]) == (["lead-1"], "no-publisher")
    assert 0 < now["deadline"]["sign_left"] <= 16


def test_a_pair_is_approved_left_out_and_mended(story: Story) -> None:
    vi, en = story.pair()
    for person in ("appraiser", "reviewer", "checker"):
        done = story.gets(person, "item", "approve", en, "--pair")
        assert {one["item"] for one in done["items"]} == {vi, en}
    alone = story.gets("editor", "item", "new", "--kind", "news", "--agency", "thong-ke",
                       "--language", "vi", "--file",
                       story.file("tin.md", VI.replace("kind: statement\n", "")))  # fmt: skip
    story.gets("editor", "item", "submit", alone["item"])
    story.gets("reviewer", "item", "approve", alone["item"])
    release = story.planned(vi, en)
    story.gets("lead-1", "release", "edit", release, "--add", alone["item"])
    for lead in ("lead-1", "lead-2"):
        story.gets(lead, "release", "sign", release, "--yes")

    assert story.rules("lead-1", "release", "leave-out", release, en, "--yes") == {"translation"}
    left = story.gets("lead-1", "release", "leave-out", release, alone["item"], "--yes")
    assert left["signed"]["signers"] == ["lead-1"]
    assert [one["what"] for one in left["deadline"]["needed"]] == ["signatures: 1 of 2"]
    story.gets("lead-2", "release", "sign", release, "--yes")

    slip = story.file("sua.md", VI.replace("do khu vực", "do các khu vực"))
    mended = story.gets("writer", "item", "quick-fix", vi, "--file", slip)
    assert (mended["step"], mended["number"]) == ("check", 2)
    assert any("các" in line for line in mended["diff"])
    figure = story.file("so.md", VI.replace("7,4%[^1] so", "7,5%[^1] so"))
    assert "chain" in story.rules("writer", "item", "quick-fix", vi, "--file", figure)
    shown = story.types("checker", "item", "approve", vi)
    assert "các" in shown.err
    told = story.types("lead-1", "release", "sign", release, "--yes")
    assert "--anew" in told.err
    story.gets("lead-1", "release", "sign", release, "--yes", "--anew")
    state = story.gets("lead-2", "release", "sign", release, "--yes")["state"]
    assert state == "signed"
    shown_release = story.gets("editor", "release", "show", release)
    assert {item["item"]: item["number"] for item in shown_release["items"]} == {vi: 2, en: 1}


def test_nothing_is_put_back_that_is_not_down(story: Story) -> None:
    vi, _ = story.pair()
    assert story.rules("lead-1", "item", "restore", vi) == {"not-public"}

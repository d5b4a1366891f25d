"""A day of spokespersons by commands alone: the board, the rota, a release, a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desk.clock import written
from tests.cli.newsroom_story import Story


def contact(story: Story, name: str, *more: str) -> str:
    made = story.gets("lead-1", "contacts", "add", "--agency", "thong-ke", "--vi", name, *more)
    return str(made["id"])


def later(hours: float) -> str:
    return written(datetime.now(UTC) + timedelta(hours=hours))


def test_a_board_is_kept_and_read_back(story: Story) -> None:
    first = contact(story, "Cục Thống kê – người phát ngôn 1", "--phone", "+84 24 555 0101",
                    "--email", "press@example.org", "--language", "vi",
                    "--language", "en")  # fmt: skip
    second = contact(story, "Cục Thống kê – người phát ngôn 2")
    story.gets("lead-1", "contacts", "topic", "kinh-te@thong-ke", "--vi", "Kinh tế", "--focal",
               first, "--deputy", second)  # fmt: skip
    listed = story.gets("editor", "contacts", "list")
    assert [one["id"] for one in listed["topics"]] == ["kinh-te@thong-ke"]
    assert {one["id"] for one in listed["contacts"]} == {first, second}
    story.gets("lead-1", "contacts", "edit", second, "--en", "Statistics Office – spokesperson 2",
               "--phone", "024 555 0102")  # fmt: skip
    shown = story.gets("editor", "contacts", "show", second)
    assert shown["name"]["en"].endswith("2")
    assert [one["what"] for one in shown["history"]] == ["changed", "added"]
    assert "role" in story.rules("editor", "contacts", "edit", second, "--phone", "")
    story.refused("lead-1", "contacts", "remove", second, "--yes", code=4)
    story.gets("lead-1", "contacts", "topic", "kinh-te@thong-ke", "--no-deputies")
    story.gets("lead-1", "contacts", "remove", second, "--yes")
    assert len(story.gets("editor", "contacts", "history")) == 6


def test_the_rota_shows_a_gap_and_who_comes_next(story: Story) -> None:
    one = contact(story, "Cục Thống kê – người phát ngôn")
    story.gets("lead-1", "contacts", "topic", "kinh-te@thong-ke", "--vi", "Kinh tế", "--focal", one)
    shift = story.gets("lead-1", "contacts", "shift", one, "--rule", "FREQ=DAILY", "--from",
                       "08:00", "--to", "17:00")  # fmt: skip
    at = "2026-11-20 09:00"
    (duty,) = story.gets("editor", "contacts", "duty", "--at", at)
    assert (duty["state"], duty["contact"]) == ("on-duty", one)
    story.gets("lead-1", "contacts", "away", one, "--from", "2026-11-21 08:00", "--until",
               "2026-11-21 12:00")  # fmt: skip
    (gap,) = story.gets("editor", "contacts", "gaps", "--at", at, "--days", "3")
    assert gap["span"] == {"start": "2026-11-21T01:00:00Z", "end": "2026-11-21T05:00:00Z"}
    story.refused("lead-1", "contacts", "shift", one, "--rule", "FREQ=SOMETIMES", "--from", "08:00",
                  "--to", "09:00", code=2)  # fmt: skip
    story.gets("lead-1", "contacts", "remove", shift["id"], "--yes")
    assert story.gets("editor", "contacts", "gaps", "--at", at) == []


def test_attack_31_a_look_alike_is_refused_until_somebody_says_that_it_is_right(
    story: Story,
) -> None:
    contact(story, "Cục Thống kê – người phát ngôn", "--email", "press@example.org")
    given = ["contacts", "add", "--agency", "thong-ke", "--vi", "Cục Thống kê - ngườі phát ngôn"]
    error = story.refused("lead-1", *given, code=2)
    assert "--accept-lookalike" in error["hint"]
    assert story.gets("lead-1", *given, "--accept-lookalike")["flags"]


def test_files_go_out_and_come_in(story: Story, tmp_path: Path) -> None:
    one = contact(story, "=Cục Thống kê", "--phone", "+84 24 555 0101")
    for form in ("--vcard", "--csv"):
        out = tmp_path / f"board{form}"
        story.gets("editor", "contacts", "export", form, "--out", str(out))
        done = story.gets("lead-1", "contacts", "import", str(out), "--yes")
        assert (done["same"], done["left_out"]) == ([one], [])
    file = story.file(
        "new.vcf", "BEGIN:VCARD\nVERSION:4.0\nFN:Bộ phận báo chí\nNOTE:x\nEND:VCARD\n"
    )
    dry = story.gets("lead-1", "contacts", "import", file, "--agency", "thong-ke", "--dry-run")
    assert len(dry["added"]) == 1
    assert [(left["line"], left["what"]) for left in dry["left_out"]] == [(4, "NOTE")]
    assert len(story.gets("editor", "contacts", "list")["contacts"]) == 1


def test_a_release_warns_until_somebody_can_speak_to_it(story: Story) -> None:
    vi, en = story.pair()
    planned = story.gets("lead-1", "release", "plan", "--at", later(48), "--item", vi, "--item", en,
                         "--channel", "portal", "--code", "SAO")  # fmt: skip
    release = planned["release"]
    assert not story.gets("editor", "release", "show", release)["speakers"]["warn"]
    one = contact(story, "Cục Thống kê – người phát ngôn")
    ran = story.types("editor", "release", "show", release)
    assert "desk contacts ack" in ran.err
    said = story.gets("lead-1", "contacts", "ack", release, "--contact", one)
    assert [word["counts"] for word in said["words"]] == [True]
    ran = story.types("editor", "release", "show", release)
    assert "Can speak on it: Cục Thống kê – người phát ngôn (lead-1)" in ran.out
    assert "desk contacts ack" not in ran.err
    story.refused("editor", "contacts", "ack", release, "--contact", one)


def test_a_question_goes_from_the_telephone_to_its_answer(story: Story) -> None:
    one = contact(story, "Cục Thống kê – người phát ngôn")
    story.gets("lead-1", "contacts", "topic", "kinh-te@thong-ke", "--vi", "Kinh tế", "--focal", one)
    who = story.file("who.txt", "name=Phóng viên 1\nemail=desk@example.net\n")
    asked: dict[str, Any] = story.gets(
        "editor", "enquiry", "open", "--agency", "thong-ke", "--topic", "kinh-te", "--due",
        later(2), "--language", "vi", "--outlet", "Example Wire", "--question",
        "Số liệu quý III tăng bao nhiêu?", "--journalist", who,
    )  # fmt: skip
    q = asked["id"]
    assert (asked["contact"], asked["state"]) == (one, "open")
    assert story.gets("appraiser", "enquiry", "show", q)["sealed"]
    assert story.gets("lead-1", "enquiry", "show", q)["enquirer"]["name"] == "Phóng viên 1"
    (row,) = story.gets("lead-1", "enquiry", "list", "--topic", "kinh-te")
    assert row["id"] == q
    story.gets("lead-1", "enquiry", "assign", q, "--due", later(3))
    vi, _en = story.pair()
    story.gets("editor", "enquiry", "answer", q, "--item", vi)
    assert story.rules("lead-1", "enquiry", "reply", q)
    assert story.rules("lead-1", "enquiry", "close", q)
    for post, step in (("appraiser", "appraise"), ("reviewer", "review"), ("checker", "check")):
        story.gets(post, "item", "approve", vi, "--step", step)
    assert "7,4%" in story.gets("lead-1", "enquiry", "reply", q)["text"]
    assert story.gets("lead-1", "enquiry", "close", q)["state"] == "answered"
    assert story.gets("lead-1", "enquiry", "forget", q, "--yes")["forgotten"] == [q]
    assert story.gets("lead-1", "enquiry", "show", q)["question"] == ""
    story.refused("lead-1", "enquiry", "presskit", "fr", "kit.zip", code=4)
    story.refused("lead-1", "enquiry", "show", "q-0000000000", code=4)

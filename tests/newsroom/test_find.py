"""The newsroom is found where the user means it, and a running program keeps a good calendar."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk.errors import ConfigError, NotFound, Refused
from desk.newsroom.find import find_newsroom
from desk.newsroom.live import LiveConfig
from tests.newsroom.sample import GOOD, with_change

ROOT = Path(__file__).parents[2]


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    root = tmp_path / "tòa soạn"
    (root / "var" / "deep").mkdir(parents=True)
    (root / "calendar.yaml").write_text(GOOD, "utf-8")
    return root


def test_it_is_found_upwards_from_the_working_folder(newsroom: Path) -> None:
    for cwd in (newsroom, newsroom / "var", newsroom / "var" / "deep"):
        found = find_newsroom(None, {}, cwd)
        assert found.root == newsroom
        assert found.calendar == newsroom / "calendar.yaml"
        assert found.database == newsroom / "var" / "desk.db"
        assert found.folder("var/press") == newsroom / "var" / "press"


@pytest.mark.parametrize("given", ["tòa soạn", "tòa soạn/calendar.yaml", "./tòa soạn/../tòa soạn"])
def test_it_is_named_by_folder_or_file_relative_to_the_working_folder(
    newsroom: Path, given: str
) -> None:
    assert find_newsroom(given, {}, newsroom.parent).root == newsroom
    assert find_newsroom(None, {"DESK_NEWSROOM": given}, newsroom.parent).root == newsroom


def test_the_option_wins_over_the_environment_and_that_over_the_folder(
    newsroom: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "calendar.yaml").write_text(GOOD, "utf-8")
    assert find_newsroom(str(other), {"DESK_NEWSROOM": str(newsroom)}, newsroom).root == other
    assert find_newsroom(None, {"DESK_NEWSROOM": str(other)}, newsroom).root == other
    assert find_newsroom("", {"DESK_NEWSROOM": ""}, newsroom).root == newsroom


def test_a_name_that_is_wrong_is_never_replaced_by_another_newsroom(newsroom: Path) -> None:
    for explicit, env in (("gone", {}), (None, {"DESK_NEWSROOM": "gone"}), ("a\0b", {})):
        with pytest.raises(NotFound) as caught:
            find_newsroom(explicit, env, newsroom)
        assert "--newsroom" in caught.value.hint
    with pytest.raises(NotFound, match=r"holds no calendar\.yaml"):
        find_newsroom("var", {}, newsroom)


def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        find_newsroom(None, {}, tmp_path)
    assert "desk newsroom init" in caught.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user's file")
def test_a_stranger_s_calendar_in_a_folder_of_all_is_not_taken_by_chance(newsroom: Path) -> None:
    os.chown(newsroom / "calendar.yaml", 12345, 12345)
    assert find_newsroom(None, {}, newsroom).root == newsroom
    newsroom.chmod(0o1777)
    with pytest.raises(Refused):
        find_newsroom(None, {}, newsroom / "var")
    assert find_newsroom(str(newsroom), {}, newsroom).root == newsroom


def test_finding_it_imports_nothing_heavy() -> None:
    code = (
        "import sys, desk.newsroom.find; "
        "print([m for m in ('pydantic', 'yaml', 'dateutil', 'sqlmodel') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_attack_32_a_running_program_keeps_the_last_good_calendar(newsroom: Path) -> None:
    file = newsroom / "calendar.yaml"
    live = LiveConfig(file)
    assert not live.refresh()
    good = live.current

    file.write_text(with_change("[check]", "[]"), "utf-8")
    assert not live.refresh()
    assert live.current is good
    assert isinstance(live.error, ConfigError)
    assert not live.refresh()
    assert live.error is not None

    file.unlink()
    assert not live.refresh()
    assert live.current is good
    assert isinstance(live.error, NotFound)

    file.write_text(with_change("signers: 2", "signers: 3"), "utf-8")
    assert live.refresh()
    assert live.error is None
    assert live.current.releases.signers == 3

    file.write_text("# a comment\n" + with_change("signers: 2", "signers: 3"), "utf-8")
    assert not live.refresh()
    assert live.error is None


def test_attack_32_a_program_does_not_start_on_a_bad_calendar(newsroom: Path) -> None:
    (newsroom / "calendar.yaml").write_text("newsroom: [", "utf-8")
    with pytest.raises(ConfigError):
        LiveConfig(newsroom / "calendar.yaml")

"""Keeping the termbase by commands: with a newsroom and its two people, and without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.newsroom_story import Story
from tests.cli.running import Ran

ENTRY = ("--language", "vi", "--use", "Bản tin Sáng", "--avoid", "Bản tin sáng",
         "--from-source", "Sổ tay", "--match", "Xem Bản tin sáng.")  # fmt: skip
DATA = Path(__file__).parent.parent / "data" / "terms"


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()


def test_an_error_entry_goes_from_an_editor_to_a_lead(story: Story) -> None:
    shown = story.gets("editor", "terms", "version")
    assert (shown["version"].split()[0], shown["own"], shown["problems"]) == ("v0", 0, [])
    first = story.gets("editor", "terms", "add", *ENTRY, "--severity", "error", "--yes")
    assert (first["in_force"], first["errors"]) == (False, ["vi ban-tin-sang"])
    (waits,) = story.gets("lead-1", "terms", "proposals")
    assert (waits["id"], waits["proposer"], waits["people"]) == (first["id"], "editor", 2)
    assert story.gets("editor", "terms", "accept", first["id"][:12], "--yes")["already"]
    done = story.gets("lead-1", "terms", "accept", first["id"][:12], "--yes")
    assert (done["in_force"], done["signed"]) == (True, ["editor", "lead-1"])
    text = story.file("a.txt", "Xem Bản tin sáng lúc 6 giờ.\n")
    ran = story.types("editor", "terms", "check", text, "--language", "vi", "--json")
    assert (ran.code, ran.json["counts"]["error"]) == (3, 1)
    assert story.gets("editor", "terms", "version")["version"].startswith("v1 ")
    (change,) = story.gets("editor", "terms", "diff", "v0", "v1")
    assert (change["kind"], change["id"], change["severity"]) == ("added", "ban-tin-sang", "error")
    assert story.gets("editor", "audit", "verify")


def test_a_lead_switches_a_warning_off_and_on_again(story: Story) -> None:
    text = story.file("a.txt", "Cán bộ gần gũi nhân dân.\n")
    assert story.gets("lead-1", "terms", "off", "vi", "nhan-dan", "--reason", "x", "--yes")[
        "in_force"
    ]
    ran = story.types("lead-1", "terms", "check", text, "--language", "vi", "--json")
    assert "nhan-dan" not in ran.out
    assert story.gets("lead-1", "terms", "on", "vi", "nhan-dan", "--yes")["number"] == 2
    ran = story.types("lead-1", "terms", "check", text, "--language", "vi", "--json")
    assert "nhan-dan" in ran.out


def test_what_is_wrong_is_not_saved_and_the_entry_is_named(story: Story) -> None:
    error = story.refused("lead-1", "terms", "add", *ENTRY[:-1], "Không có gì.", "--yes")
    assert "vi ban-tin-sang: its example is not found" in error["message"]
    taken = story.refused("lead-1", "terms", "add", "--language", "vi", "--use", "Tổng Bí thư",
                          "--avoid", "TBT", "--from-source", "x", "--match", "TBT.",
                          code=4)  # fmt: skip
    assert taken["message"] == "vi tong-bi-thu"
    near = story.types("lead-1", "terms", "add", "--language", "vi", "--use", "Tổng Bí thu",
                       "--id", "x", "--from-source", "x", "--yes")  # fmt: skip
    assert "did you mean that entry?" in near.err


def test_an_import_is_shown_first_and_then_signed(story: Story) -> None:
    seen = story.gets("lead-1", "terms", "import", str(DATA / "martif.tbx"))
    assert [entry["id"] for entry in seen["new"]] == ["c7", "c7"]
    assert {loss["what"] for loss in seen["losses"]} >= {"subjectField", "partOfSpeech"}
    assert story.gets("lead-1", "terms", "version")["own"] == 0
    done = story.gets("lead-1", "terms", "import", str(DATA / "martif.tbx"), "--save", "--yes")
    assert done["in_force"]
    assert story.gets("lead-1", "terms", "version")["own"] == 2
    text = story.file("a.txt", "The press hold ends at nine.\n")
    ran = story.types("lead-1", "terms", "check", text, "--language", "en", "--json")
    assert '"c7"' in ran.out
    again = story.refused("lead-1", "terms", "import", str(DATA / "martif.tbx"), "--save", "--yes")
    assert "2 are there already" in again["message"]


def test_files_edited_by_hand_are_told_and_proposed(story: Story) -> None:
    story.gets("lead-1", "terms", "add", *ENTRY, "--yes")
    path = story.room / "terms" / "vi.yaml"
    path.write_text(path.read_text("utf-8").replace("warning", "error"), "utf-8")
    assert "not what was accepted" in story.gets("lead-1", "terms", "version")["problems"][0]
    assert not story.gets("lead-1", "terms", "propose", "--files")["in_force"]
    assert story.gets("lead-1", "terms", "version")["problems"] == []


def test_without_a_newsroom_a_file_of_ones_own_can_be_kept(
    desk: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert desk("terms", "version", "--json").json["version"].startswith("v0 ")
    nowhere = desk("terms", "add", *ENTRY, "--json")
    assert (nowhere.code, "two people" in nowhere.json["error"]["hint"]) == (4, True)
    own = ("--file", "own.yaml")
    assert desk("terms", "add", *ENTRY, *own).code == 0
    error = desk("terms", "add", *ENTRY, "--id", "y", "--severity", "error", *own, "--json")
    assert error.json["error"]["details"]["reasons"][0]["rule"] == "two-people"
    (tmp_path / "a.txt").write_text("Xem Bản tin sáng.\n", "utf-8")
    ran = desk("terms", "check", "a.txt", "--terms", "own.yaml", "--language", "vi", "--json")
    assert "ban-tin-sang" in ran.out
    assert desk("terms", "drop", "vi", "ban-tin-sang", *own).code == 0
    assert not (tmp_path / "own.yaml").exists()


def test_a_file_of_ones_own_takes_what_can_be_laid_over_the_shipped_terms(
    desk: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert desk("terms", "export", "all.csv").code == 0
    own = ("--file", "own.yaml")
    again = desk("terms", "import", "all.csv", *own, "--json").json
    assert (again["new"], again["conflicts"]) == ([], [])
    (tmp_path / "house.csv").write_text(
        "wrong,right\nbản tin sáng,Bản tin Sáng\ntòa soạn,toà soạn\nBộ chính trị,Bộ Chính Trị\n",
        "utf-8",
    )
    house = ("terms", "import", "house.csv", "--language", "vi", *own)
    found = desk(*house, "--json").json
    assert [one["id"] for one in found["new"]] == ["ban-tin-sang"]
    assert {one["entry"] for one in found["conflicts"]} == {"bo-chinh-tri", "toa-soan"}
    assert desk(*house, "--save", "--yes").code == 0
    (tmp_path / "a.txt").write_text("Xem bản tin sáng.\n", "utf-8")
    ran = desk("terms", "check", "a.txt", "--terms", "own.yaml", "--language", "vi", "--json")
    assert "ban-tin-sang" in ran.out


def test_errors_that_one_person_imports_become_warnings(
    desk: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "error.yml").write_text(
        "extends: substitution\nmessage: x\nlevel: error\nswap:\n  Bản tin sáng: Bản tin Sáng\n",
        "utf-8",
    )
    ran = desk("terms", "import", "error.yml", "--format", "vale", "--language", "vi",
               "--file", "own.yaml", "--save", "--yes")  # fmt: skip
    assert (ran.code, "1 are added as warnings" in ran.err) == (0, True)
    assert "severity: warning" in (tmp_path / "own.yaml").read_text("utf-8")


def test_exports_say_what_is_lost_and_replace_nothing(
    desk: Callable[..., Ran], tmp_path: Path
) -> None:
    target = str(tmp_path / "g.tbx")
    ran = desk("terms", "export", target, "--language", "vi")
    assert "the format cannot hold: severity" in ran.err
    assert desk("terms", "export", target, "--json").json["error"]["exit_code"] == 4
    assert desk("terms", "export", target, "--force", "--json").json["entries"] >= 500
    back = desk("terms", "import", target, "--json").json
    assert (back["new"], back["conflicts"]) == ([], [])
    assert desk("terms", "export", str(tmp_path / "house"), "--format", "vale").code == 0
    assert (tmp_path / "house" / "error.yml").is_file()


def test_a_broken_file_is_told_with_its_line(desk: Callable[..., Ran], tmp_path: Path) -> None:
    bad = tmp_path / "bad.tbx"
    bad.write_text("<tbx>\n<text></tbx>", "utf-8")
    ran = desk("terms", "import", str(bad), "--json")
    assert ran.code == 2
    (problem,) = ran.json["error"]["details"]["problems"]
    assert (problem["line"], "mismatched tag" in problem["what"]) == (2, True)

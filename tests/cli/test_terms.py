"""`desk terms` as people and scripts run it: reports, fixes, bad files, other formats."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli.output import text_width
from desk.cli.terms_report import excerpt
from desk.terms.files import LARGEST, found, language_of, read_bytes
from tests.cli.running import Ran

BAD = "Sáng nay, Tổng bí thư đến thăm xã. “Tổng bí thư” là tên phim.\n"
GOOD = "Sáng nay, Tổng Bí thư đến thăm xã.\n"
Desk = Callable[..., Ran]


@pytest.fixture(autouse=True)
def texts(folder: Path) -> None:
    """A text with an error and one without in the working folder."""
    (folder / "bad.md").write_text(BAD, "utf-8")
    (folder / "good.txt").write_text(GOOD, "utf-8")


def test_a_report_shows_line_caret_rule_and_source(desk: Desk) -> None:
    ran = desk("terms", "check", "bad.md")
    assert ran.code == 3
    lines = ran.out.splitlines()
    assert lines[0] == (
        "bad.md:1:11: error: Only capitals differ: write “Tổng Bí thư” [tong-bi-thu]"
    )
    assert lines[2].index("^") == lines[1].index("Tổng bí thư")
    assert lines[2].count("^") == len("Tổng bí thư")
    assert "Nghị định số 30/2020/NĐ-CP" in lines[3]
    assert lines[4].startswith("bad.md:1:37: warning:")
    assert lines[-1] == "1 file checked: 1 error, 1 warning, 0 hints"
    assert "One terminology error stands" in ran.err


def test_no_newsroom_is_needed_and_clean_text_is_zero(desk: Desk) -> None:
    assert desk("terms", "check", "good.txt").code == 0
    assert "calendar" not in desk("terms", "check", "bad.md").err


def test_vietnamese_says_it_in_vietnamese(desk: Desk) -> None:
    assert "Chỉ khác chữ hoa, chữ thường" in desk("--lang", "vi", "terms", "check", "bad.md").out


def test_json_is_one_document(desk: Desk) -> None:
    ran = desk("terms", "check", "bad.md", "good.txt", "none.md", "--json")
    data = json.loads(ran.out)
    assert [one["path"] for one in data["files"]] == ["bad.md", "good.txt", "none.md"]
    assert data["counts"] == {"error": 1, "warning": 1, "info": 0}
    assert data["files"][0]["findings"][0]["suggestions"] == ["Tổng Bí thư"]
    assert data["files"][2]["problem"]["what"] == "there is no such file"
    assert ran.code == 3


@pytest.mark.parametrize(
    ("name", "raw", "what"),
    [
        ("cut.md", b"Ch\xc3\xa0o\n\nTh\xe1\xbb x", "cut.md:3:3: ✖ the byte 0xe1"),
        ("latin.md", "Chào\nem \u00e0".encode("latin-1", "replace"), "not UTF-8"),
        ("surrogate.md", b"a \xed\xa0\x80 b", "1:3: ✖ the byte 0xed is not UTF-8"),
        ("utf16.md", "Chào".encode("utf-16"), "UTF-16"),
        ("nul.md", b"a\nbc\x00d", "2:3: ✖ a NUL character"),
    ],
)
def test_a_bad_file_is_told_with_its_place_and_the_others_are_checked(
    desk: Desk, folder: Path, name: str, raw: bytes, what: str
) -> None:
    (folder / name).write_bytes(raw)
    ran = desk("terms", "check", name, "good.txt", "bad.md")
    assert ran.code == 3
    assert re.search(rf"^{name}:\d+:\d+: ✖ ", ran.out, re.MULTILINE)
    assert re.search(what, ran.out)
    assert "bad.md:1:11: error" in ran.out
    assert desk("terms", "check", name, "good.txt").code == 2


def test_places_of_broken_bytes_are_exact() -> None:
    problem = read_bytes("Chào\nạ".encode() + b"\xff", "a").problem
    assert problem is not None
    assert (problem.line, problem.column) == (2, 2)


def test_what_cannot_be_read_is_told(desk: Desk, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "loop").symlink_to("loop")
    os.mkdir(folder / "empty")
    ran = desk("terms", "check", "loop", "/dev/zero", "good.txt")
    assert ran.code == 2
    assert "loop:1:1: ✖ it cannot be read" in ran.out
    assert "/dev/zero:1:1: ✖ this is not a regular file" in ran.out
    assert desk("terms", "check", "empty").code == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_rights_is_told(desk: Desk, folder: Path) -> None:
    (folder / "bad.md").chmod(0)
    assert "cannot be read: Permission denied" in desk("terms", "check", "bad.md").out


def test_an_endless_line_is_refused_before_it_fills_the_memory() -> None:
    file = read_bytes(b"a" * (LARGEST + 1), "big.md")
    assert file.problem is not None
    assert "33,554,432 bytes" in file.problem.what


def test_one_long_line_is_checked(desk: Desk, folder: Path) -> None:
    (folder / "long.txt").write_text("mưa " * 500_000 + "Tổng bí thư" + " mưa" * 500_000, "utf-8")
    ran = desk("terms", "check", "long.txt")
    assert ran.code == 3
    assert "long.txt:1:2000001: error" in ran.out
    assert max(map(len, ran.out.splitlines())) < 200


def test_empty_files_are_clean(desk: Desk, folder: Path) -> None:
    (folder / "empty.md").write_bytes(b"")
    (folder / "bom.md").write_bytes(b"\xef\xbb\xbf\r\n")
    assert desk("terms", "check", "empty.md", "bom.md").code == 0


def test_bidi_controls_are_told_and_never_printed(desk: Desk, folder: Path) -> None:
    (folder / "bidi.md").write_text("Giá \u202e100 đồng\x1b[31m", "utf-8")
    ran = desk("terms", "check", "bidi.md")
    assert "bidi.md:1:5: error" in ran.out
    assert "U+202E" in ran.out
    assert "\u202e" not in ran.out
    assert "\x1b" not in ran.out


def test_a_name_with_a_line_break_makes_no_second_line(desk: Desk, folder: Path) -> None:
    """A report is read by programs, too: a name must not look like another file's finding."""
    (folder / "a\nb.md:1:1: error: forged.md").write_text("Bộ chính trị", "utf-8")
    (folder / "c\nd.md:1:1: error: forged.md").write_bytes(b"\xff")
    ran = desk("terms", "check", ".")
    assert "forged" in ran.out
    lines = (ran.out + ran.err).splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("b.md", "d.md"))]


def test_malformed_terms_are_told_with_line_and_column(desk: Desk, folder: Path) -> None:
    (folder / "own.yaml").write_text("format: 1\nlanguage: vi\nentries:\n  - id: [\n", "utf-8")
    ran = desk("terms", "check", "bad.md", "--terms", "own.yaml")
    assert ran.code == 2
    assert "own.yaml:5:1" in ran.err
    assert desk("terms", "test", "own.yaml").code == 2


OWN = """\
format: 1
language: vi
sources:
  S: {title: "Quy ước của tòa soạn"}
entries:
  - id: mua
    forms: [{text: "mưa rào", status: preferred}, {text: "mưa giông", status: deprecated}]
    severity: error
    rule: "Một cách gọi."
    source: S
    examples: {match: ["Chiều có mưa giông."], clean: ["Chiều có mưa rào."]}
"""


def test_own_terms_are_laid_over_the_shipped_ones(desk: Desk, folder: Path) -> None:
    (folder / "own.yaml").write_text(OWN, "utf-8")
    (folder / "rain.md").write_text("Chiều có mưa giông; Tổng bí thư đến.", "utf-8")
    ran = desk("terms", "check", "rain.md", "--terms", "own.yaml")
    assert "[mua]" in ran.out
    assert "[tong-bi-thu]" in ran.out
    assert desk("terms", "test", "own.yaml").code == 0
    (folder / "own.yaml").write_text(OWN.replace("Chiều có mưa giông", "Chiều nắng"), "utf-8")
    ran = desk("terms", "test", "own.yaml")
    assert ran.code == 3
    assert "vi mua: its example is not found: “Chiều nắng.”" in ran.out
    assert desk("terms", "check", "rain.md", "--terms", "own.yaml").code == 3


def test_fixes_are_shown_then_made(desk: Desk, folder: Path) -> None:
    path = folder / "bad.md"
    path.chmod(0o640)
    ran = desk("terms", "check", "bad.md", "--diff")
    assert ran.code == 0
    assert "+Sáng nay, Tổng Bí thư đến thăm xã. “Tổng bí thư” là tên phim." in ran.out
    assert path.read_text("utf-8") == BAD
    ran = desk("terms", "check", "bad.md", "--fix")
    assert ran.code == 0
    assert "1 fixed" in ran.out
    assert path.read_text("utf-8") == BAD.replace("Tổng bí", "Tổng Bí", 1)
    assert path.stat().st_mode & 0o777 == 0o640
    assert desk("terms", "fix", "bad.md").code == 0


def test_fixing_leaves_newlines_and_composition_alone(desk: Desk, folder: Path) -> None:
    raw = unicodedata.normalize("NFD", "Dòng một\r\nTổng bí thư\r\ncuối\r").encode()
    (folder / "nfd.txt").write_bytes(raw)
    assert desk("terms", "fix", "nfd.txt").code == 0
    wanted = unicodedata.normalize("NFD", "Dòng một\r\nTổng Bí thư\r\ncuối\r")
    assert (folder / "nfd.txt").read_bytes() == wanted.encode()


def test_one_finding_is_fixed_by_its_place(desk: Desk, folder: Path) -> None:
    assert desk("terms", "fix", "bad.md", "--at", "1:40").code == 0
    text = (folder / "bad.md").read_text("utf-8")
    assert text == BAD.replace("“Tổng bí thư”", "“Tổng Bí thư”")
    assert desk("terms", "fix", "bad.md", "--at", "1:40").code == 4
    assert desk("terms", "fix", "bad.md", "--at", "x").code == 2
    assert desk("terms", "fix", "bad.md", "--at", "1:12", "--choice", "9").code == 2


def test_standard_input_goes_to_standard_output(program: Desk, folder: Path) -> None:
    with (folder / "bad.md").open("rb") as text:
        ran = program("terms", "fix", "-", stdin=text)
    assert (ran.code, ran.out) == (0, BAD.replace("Tổng bí", "Tổng Bí", 1))
    with (folder / "bad.md").open("rb") as text:
        ran = program("terms", "check", "-", stdin=text)
    assert ran.code == 3
    assert ran.out.startswith("-:1:11: error")


def test_folders_give_their_text_files_in_order(desk: Desk, folder: Path) -> None:
    for name in ("b/x.md", "b/y.py", "a/z.html", "b/.hidden/q.md", ".h.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(BAD, "utf-8")
    (folder / "b" / "up").symlink_to("..")
    assert list(found(["."])) == ["./bad.md", "./good.txt", "./a/z.html", "./b/x.md"]
    assert desk("terms", "check", ".").out.endswith(
        "4 files checked: 3 errors, 3 warnings, 0 hints\n"
    )


def test_an_ignore_keeps_one_finding(desk: Desk, folder: Path) -> None:
    keep = ["terms", "ignore", "bad.md", "--at", "1:12", "--reason", "tên cũ của phim"]
    assert desk(*keep).code == 2
    assert desk(*keep, "--author", "bien-tap-1").code == 0
    ran = desk("terms", "check", "bad.md", "--ignores", "terms-ignores.yaml")
    assert ran.code == 0
    assert "0 errors, 1 warning" in ran.out
    (folder / "bad.md").write_text(BAD.replace("xã", "phường"), "utf-8")
    assert desk("terms", "check", "bad.md", "--ignores", "terms-ignores.yaml").code == 3


def test_one_format_at_a_time(desk: Desk) -> None:
    assert desk("terms", "check", "bad.md", "--sarif", "--json").code == 2


def test_show_list_stats_and_pairs(desk: Desk, folder: Path) -> None:
    assert "Liên hợp quốc  (preferred)" in desk("terms", "show", "Liên hiệp quốc").out
    assert desk("terms", "show", "zzz").code == 4
    listed = json.loads(
        desk("terms", "list", "--severity", "error", "--language", "vi", "--json").out
    )
    assert len(listed) > 20
    assert {one["severity"] for one in listed} == {"error"}
    stats = desk("terms", "stats", "--json").json
    assert stats["languages"]["vi"]["entries"] > 300
    assert len(stats["termbase"]) == 64
    (folder / "a.vi.md").write_text("Liên hợp quốc họp.", "utf-8")
    (folder / "a.en.md").write_text("A meeting was held.", "utf-8")
    assert "United Nations" in desk("terms", "pairs", "a.vi.md", "a.en.md").out
    assert desk("terms", "pairs", "a.vi.md", "good.txt").code == 2


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("Tổng Bí thư đến thăm.", "", "vi"), ("The Prime Minister came.", "", "en"), ("", "", "vi"),
        ("The Prime Minister", "a.vi.md", "vi"), ("Tổng", "news-en.txt", "en"), ("123", "", "vi"),
        (unicodedata.normalize("NFD", "Tổng Bí thư đến thăm."), "", "vi"),
        ('<html lang="en">Tổng', "", "en"), ("---\ntitle: a\nlang: en\n---\nTổng", "", "en"),
        ("Ho Chi Minh City and Đà Nẵng were visited by the delegation on Monday.", "", "en"),
    ],
)  # fmt: skip
def test_the_language_is_guessed(text: str, name: str, language: str) -> None:
    assert language_of(text, name) == language


@pytest.mark.parametrize(
    "before", ["", "abc ", "e\u0301 ", "漢字 ", "\t", "x" * 500, "한 \u200b", "\U0001f600 "]
)
def test_the_caret_stands_under_the_word(before: str) -> None:
    text = f"dòng trên\n{before}TỪ và sau" + "y" * 500
    start = text.index("TỪ")
    line, caret = excerpt(text, start, start + 2, len(before) + 1)
    assert text_width(line[: line.index("TỪ")]) == caret.index("^")
    assert caret.count("^") == 2
    assert text_width(line) < 90


def test_a_preview_asks_to_save_only_what_is_new(desk: Desk, folder: Path) -> None:
    (folder / "rules.yml").write_text("version: 1\nrules:\n  - expected: jQuery\n", "utf-8")
    ran = desk("terms", "import", "rules.yml", "--language", "en")
    assert (ran.code, "jquery" in ran.out, "--save" in ran.err) == (0, True, True)
    (folder / "rules.yml").write_text("version: 1\nrules:\n  - pattern: x\n", "utf-8")
    ran = desk("terms", "import", "rules.yml", "--language", "en")
    assert (ran.code, "a rule without expected" in ran.out, "--save" in ran.err) == (0, True, False)


def test_a_text_full_of_findings_is_told_in_part_and_says_so(desk: Desk, folder: Path) -> None:
    (folder / "full.txt").write_text("Tổng bí thư đến. " * 1_003, "utf-8")
    told = desk("terms", "check", "full.txt", "good.txt")
    assert told.out.count("full.txt:1:") == 1_000
    assert "full.txt: 3 more findings are not shown; --json has all" in told.out
    assert "1,003" in told.out or "1003 errors" in told.out
    every = json.loads(desk("terms", "check", "full.txt", "--json").out)
    assert len(every["files"][0]["findings"]) == 1_003


def test_what_could_not_be_checked_is_counted_as_people_count(desk: Desk, folder: Path) -> None:
    assert "Could not check the file" in desk("terms", "check", "none.md").err
    assert "Could not check 1 of 2 files" in desk("terms", "check", "none.md", "good.txt").err

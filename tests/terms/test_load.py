"""Reading termbase files: everything that is wrong, each with its line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desk.errors import ConfigError, NotFound, Unavailable
from desk.terms.load import load_file, read

HEAD = """\
format: 1
language: vi
sources:
  D: {title: "Nghị định số 30/2020/NĐ-CP", place: "Phụ lục II", date: 2020-03-05}
entries:
"""
ENTRY = """\
  - id: tong-bi-thu
    forms:
      - {text: "Tổng Bí thư", status: preferred}
      - {text: "Tổng  bí thư", status: deprecated}
    rule: "Viết hoa."
    source: D
    examples: {match: ["Tổng bí thư"]}
"""


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(ConfigError) as told:
        read(text.encode("utf-8", "surrogateescape"))
    return [(one.line, one.column, one.what) for one in told.value.problems]


def test_an_entry_is_read_with_its_defaults() -> None:
    (entry,) = read((HEAD + ENTRY).encode()).entries
    assert [(form.text, form.status) for form in entry.forms] == [
        ("Tổng Bí thư", "preferred"), ("Tổng bí thư", "deprecated"),
    ]  # fmt: skip
    assert (entry.severity, entry.case, entry.concept, entry.line) == (
        "warning", "sentence-start", "tong-bi-thu", 6,
    )  # fmt: skip
    assert str(entry.source) == "Nghị định số 30/2020/NĐ-CP, Phụ lục II"
    assert entry.source.source.date == date(2020, 3, 5)


def test_everything_that_can_be_said_is_read() -> None:
    more = """\
    concept: general-secretary
    severity: error
    case: exact
    scope: [headline, quote]
    unless: {left: ["doanh nghiệp"], right: ["nước ngoài"]}
    from: 2025-03-01
    until: 2026-01-01
    historical: true
    exceptions: ["báo Nhân Dân"]
    owner: terms
"""
    text = HEAD + ENTRY.replace("source: D", "source: {ref: D, place: mục V}") + more
    (entry,) = read(text.encode()).entries
    assert entry.scope == {"headline", "quote"}
    assert (entry.left, entry.right) == (("doanh nghiệp",), ("nước ngoài",))
    assert (entry.since, entry.until) == (date(2025, 3, 1), date(2026, 1, 1))
    assert entry.source.place == "mục V"
    assert entry.holds(date(2025, 3, 1))
    assert not entry.holds(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "what"),
    [
        ("id: tong-bi-thu", "id: Tổng", 6, 9, "not an id"),
        ("status: preferred", "status: good", 8, 39, "unknown status"),
        ('rule: "Viết hoa."', 'rule: ""', 10, 11, "empty"),
        ('rule: "Viết hoa."', "rules: x", 6, 5, "'rule' is missing"),
        ('rule: "Viết hoa."', "rules: x", 10, 5, "unknown key"),
        ("source: D", "source: X", 11, 13, "unknown source"),
        ("    source: D\n", "", 6, 5, "'source' is missing"),
        ('"Tổng Bí thư", s', '"", s', 8, 16, "empty"),
        ("    examples: {match", "    examples: {clean", 12, 15, "no example that must match"),
        ("    source: D", "    from: 2025-13-01\n    source: D", 11, 11, "not a date"),
        ("    source: D", "    historical: true\n    source: D", 11, 17, "needs a date"),
        ("    source: D", "    scope: [heading]\n    source: D", 11, 13, "unknown scope"),
        ("    source: D", "    case: any\n    case: any\n    source: D", 12, 5, "given twice"),
        ("    source: D", "    case: *x\n    source: D", 11, 11, "alias"),
        ("    source: D", "    owner: !x y\n    source: D", 11, 12, "tag"),
        ("    source: D", "    forms: []\n    source: D", 11, 5, "given twice"),
        ("Viết hoa.", "Viết \u202e hoa.", 10, 17, "invisible character"),
        ("format: 1", "format: 2", 1, 9, "format"),
        ("language: vi", "language: vn", 2, 11, "unknown language"),
        ("entries:", "entries: 3\nx:", 5, 10, "needs a list"),
        ("Viết hoa.", "Viết \x00 hoa.", 10, 17, "NUL"),
        ("Viết hoa.", "Viết \udcff hoa.", 10, 17, "not UTF-8"),
        ("- {text", "- [text", 8, 48, "not YAML"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    old: str, new: str, line: int, column: int, what: str
) -> None:
    assert old in HEAD + ENTRY
    told = problems((HEAD + ENTRY).replace(old, new, 1))
    assert any((one[0], one[1]) == (line, column) and what in one[2] for one in told), told


def test_all_problems_are_told_at_once() -> None:
    text = HEAD + ENTRY.replace("preferred", "good").replace("source: D", "source: X") + ENTRY
    assert [one[0] for one in problems(text)] == [8, 11, 13]


@pytest.mark.parametrize("text", ["", "- a", "3", "[" * 100_000, "{a: " * 5_000, "a: [\n" * 2_000])
def test_what_is_no_termbase_is_told(text: str) -> None:
    assert problems(text)


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_file(tmp_path / "none.yaml")
    with pytest.raises(Unavailable):
        load_file(tmp_path)


def test_a_file_with_hundreds_of_mistakes_tells_a_hundred_and_counts_the_rest() -> None:
    with pytest.raises(ConfigError) as told:
        read((HEAD + ENTRY + "    odd: 1\n" + 200 * "  - 1\n").encode())
    assert len(told.value.problems) == 201
    *lines, last = str(told.value.message).splitlines()
    assert len(lines) == 100
    assert last == "and 101 more; --json tells them all"

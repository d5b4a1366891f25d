"""Ignores: one finding at one place, void when the text there changes, expired on its day."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from desk.errors import ConfigError, NotFound, UsageError
from desk.terms.ignores import Ignore, ignore, judge
from desk.terms.kept import read_ignores, text_of
from tests.terms.making import entry, findings

TONG = entry("tong-bi-thu", "Tổng Bí thư", "Tổng bí thư")
TEXT = "Mở đầu.\n\nTổng bí thư và Tổng bí thư.\n\nKết: Tổng bí thư."


def kept(text: str, at: int = 0, **given: object) -> Ignore:
    options = {"reason": "tên phim", "author": "bien-tap-1", **given}
    return ignore(findings(text, TONG)[at], text, **options)  # type: ignore[arg-type]


def left(text: str, *ignores: Ignore, day: date | None = None) -> list[int]:
    return [one.start for one in judge(findings(text, TONG), text, ignores, day).standing]


def test_one_ignore_takes_one_finding() -> None:
    """Vale 261, 198: no way to ignore one span and not the others."""
    places = [one.start for one in findings(TEXT, TONG)]
    for at in range(3):
        assert left(TEXT, kept(TEXT, at)) == [*places[:at], *places[at + 1 :]]


def test_it_moves_with_its_paragraph_and_is_void_when_that_changes() -> None:
    held = kept(TEXT, 1)
    moved = "Thêm một đoạn dài.\n\n" + TEXT
    judged = judge(findings(moved, TONG), moved, [held])
    assert len(judged.standing) == 2
    assert judged.void == ()
    changed = TEXT.replace("Tổng bí thư.", "Tổng bí thư!", 1)
    judged = judge(findings(changed, TONG), changed, [held])
    assert len(judged.standing) == 3
    assert judged.void == (held,)


def test_a_decomposed_copy_keeps_it() -> None:
    nfd = unicodedata.normalize("NFD", TEXT)
    assert len(left(nfd, kept(TEXT, 1))) == 2


def test_of_two_paragraphs_alike_the_nearest_is_taken() -> None:
    text = "Tổng bí thư.\n\nMưa.\n\nTổng bí thư."
    assert left(text, kept(text, 1)) == [0]
    assert left(text, kept(text, 0), kept(text, 1)) == []
    assert left(text, kept(text, 0), kept(text, 0), kept(text, 0)) == []


def test_it_expires_after_its_last_day() -> None:
    held = kept(TEXT, 0, expires=date(2026, 11, 20))
    assert len(left(TEXT, held, day=date(2026, 11, 20))) == 2
    assert len(left(TEXT, held, day=date(2026, 11, 21))) == 3


def test_it_needs_a_reason_and_a_name() -> None:
    for given in ({"reason": " "}, {"author": ""}):
        with pytest.raises(UsageError):
            kept(TEXT, 0, **given)


def test_the_file_of_ignores_gives_back_what_was_kept(tmp_path: Path) -> None:
    made = (kept(TEXT, 0), kept(TEXT, 2, expires=date(2027, 1, 1), reason='“a”: "b" \\ c'))
    path = tmp_path / "terms-ignores.yaml"
    path.write_text(text_of(made), "utf-8")
    assert read_ignores(path) == made
    path.write_text(text_of(()), "utf-8")
    assert read_ignores(path) == ()


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("ignores:\n  - {entry: a}\n", (2, 5)), ("ignores: 3\n", (1, 1)), ("a: [\n", (2, 1)),
        ("", (1, 1)), ("ignores:\n  - x\n", (2, 5)),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(
    tmp_path: Path, raw: str, place: tuple[int, int]
) -> None:
    path = tmp_path / "i.yaml"
    path.write_text(raw, "utf-8")
    with pytest.raises(ConfigError) as told:
        read_ignores(path)
    assert (told.value.problems[0].line, told.value.problems[0].column) == place
    with pytest.raises(NotFound):
        read_ignores(tmp_path / "none.yaml")

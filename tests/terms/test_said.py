"""What testing and exchanging terms tells is told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.locales import set_language, told
from desk.locales.words import typed
from desk.terms.entry import SEVERITIES
from desk.terms.exchange import read, write
from desk.terms.exchange.preview import preview, summed
from desk.terms.validate import problems
from tests.terms.making import entry, of


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    yield
    set_language("en")


@pytest.mark.parametrize("format", ["tbx", "vale", "prh"])
def test_what_a_format_cannot_hold_is_told(format: str) -> None:
    entries = (
        entry("a", "mới", "cũ", match=("một câu cũ",), clean=("a", "b"), owner="tc"),
        entry("b", "không có cách viết sai"),
    )
    losses = summed(write(entries, format).losses)
    assert losses, "each of these formats holds less than an entry"
    assert [what for what, _, _ in losses if told(what) == what] == []


def test_what_was_not_taken_is_told_with_its_line() -> None:
    found = read(b"wrong,right,colour\na,b,red\nx,,\n", "csv", "words.csv", "vi")
    assert {(told(one.entry), told(one.what)) for one in found.losses} == {
        ("dòng 1", "cột colour"),
        ("dòng 3", "không có cách viết đúng để thay thế"),
    }


def test_a_conflict_says_how() -> None:
    found = preview(read(b"wrong,right\nb,a\n", "csv", "words.csv", "vi"), of(entry("x", "b", "c")))
    assert [told(one.what) for one in found.conflicts] == ["b: ở đây sai, ở đó đúng"]


def test_what_is_wrong_with_an_entry_is_told_with_how_to_mend_it() -> None:
    (wrong,) = problems(of(entry("a", "x", "y", match=("zzz",))))
    assert told(wrong.sentence) == "vi a: không phát hiện được ví dụ của mục: “zzz”"
    assert told(wrong.hint) == "Ví dụ này phải bị phát hiện"
    assert str(wrong) == "vi a: its example is not found: “zzz”", "programs read English"


@pytest.mark.parametrize(
    ("text", "code"),
    [("error", "error"), ("LỖI", "error"), ("canh bao", "warning"), ("gợi ý", "info"), ("?", "")],
)
def test_a_severity_is_typed_as_code_or_as_word(text: str, code: str) -> None:
    assert typed("gate says", text, SEVERITIES) == code

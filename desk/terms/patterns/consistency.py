"""One form throughout: words that may be written in two ways, but not both in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from desk.terms.fold import occurrences
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_PAIRS: Final = {
    "vi": (("internet", "Internet"), ("email", "e-mail"), ("website", "web-site"),
           ("COVID-19", "Covid-19"), ("tỷ", "tỉ"), ("quý", "quí")),
    "en": (("internet", "Internet"), ("email", "e-mail"), ("website", "web site"),
           ("COVID-19", "Covid-19"), ("per cent", "percent"), ("programme", "program"),
           ("organisation", "organization"), ("labour", "labor"), ("centre", "center")),
}  # fmt: skip
_OLD = re.compile(r"(?:[òóỏõọ][ae]|(?<![qQ])[ùúủũụÙÚỦŨỤ]y)(?![^\W\d_])")
_TO_NEW: Final = {
    **{f"{a}{b}": f"{c}{d}" for a, b, c, d in (
        *(zip("òóỏõọ", "aaaaa", "ooooo", "àáảãạ", strict=True)),
        *(zip("òóỏõọ", "eeeee", "ooooo", "èéẻẽẹ", strict=True)),
        *(zip("ùúủũụ", "yyyyy", "uuuuu", "ỳýỷỹỵ", strict=True)),
        *(zip("ÙÚỦŨỤ", "yyyyy", "UUUUU", "ỳýỷỹỵ", strict=True)),
    )}
}  # fmt: skip
_TO_OLD: Final = {new: old for old, new in _TO_NEW.items()}
_MOST: Final = 200  # spots told of one text; a text with more needs a decision, not a list
Place = tuple[int, int]


@pattern(
    "one-form", ("vi", "en"), "warning",
    "Trong một bài chỉ dùng một cách viết.",
    "Quy ước biên tập của Desk", whole=True, english="One text keeps to one spelling.",
)  # fmt: skip
def one_form(checking: Checking) -> Iterator[Spot]:
    """The rarer of two spellings of a word; where both are as frequent, the one met later."""
    text, folded = checking.seen.folded.cased, checking.seen.folded.text
    for first, second in _PAIRS[checking.language]:
        if first.casefold() not in folded or second.casefold() not in folded:
            continue
        one = _places(checking, text, first, second)
        other = _places(checking, text, second, first)
        rarer, right = _rarer(one, other, first, second)
        for start, end in rarer[:_MOST]:
            begins = text[start].isupper() and first.casefold() != second.casefold()
            written = right[0].upper() + right[1:] if begins else right
            yield Spot(start, end, (written,), _says(text[start:end], written), safe=False)


def _places(checking: Checking, text: str, word: str, other: str) -> list[Place]:
    """Where a spelling stands, in English with an s behind it too; names are left alone.

    A capital at the start of a sentence says nothing where the two differ in their capitals, and
    hides no spelling where they differ in letters.
    """
    cased = word.casefold() == other.casefold()
    forms = {word} if cased else {word, word[0].upper() + word[1:]}
    found = []
    for form in forms:
        for at in occurrences(text, form):
            end = at + len(form)
            after = end + (checking.language == "en" and text[end : end + 1] == "s")
            if (at and text[at - 1].isalnum()) or text[after : after + 1].isalnum():
                continue
            begins = form[0].isupper() and form[1:].islower() and checking.context.begins(at)
            if form[0].islower() or begins is not cased:
                found.append((at, end))
    return sorted(found)


def _rarer(
    one: list[Place], other: list[Place], first: str, second: str
) -> tuple[list[Place], str]:
    """Where the rarer spelling stands, and the other spelling."""
    if not one or not other:
        return [], first
    fewer = len(one) < len(other) or (len(one) == len(other) and one[0] > other[0])
    return (one, second) if fewer else (other, first)


def _says(written: str, right: str) -> tuple[str, str]:
    return (
        f"“{written}” here and “{right}” elsewhere: keep to one",
        f"Chỗ này viết “{written}”, chỗ khác “{right}”: chọn một cách",
    )


@pattern(
    "tone-placement", ("vi",), "warning",
    "Dấu thanh đặt thống nhất trong một bài: hòa, thủy, ủy hoặc hoà, thuỷ, uỷ.",
    "Quy định về chính tả của Bộ Giáo dục năm 1984; văn bản luật viết ủy, hòa", whole=True,
)  # fmt: skip
def tone_placement(checking: Checking) -> Iterator[Spot]:
    """Syllables with the tone mark where most of the text does not put it. Names are left alone."""
    folded = checking.seen.folded
    text = folded.cased
    new = [at for at in folded.toned if not _in_name(text, at)]
    if not new:
        return
    found = (match.start() for match in _OLD.finditer(text))
    # One more than the others is enough to know which are the rarer.
    old = list(islice((at for at in found if not _in_name(text, at)), len(new) + 1))
    if not old:
        return
    fewer_old = len(old) < len(new) or (len(old) == len(new) and old[0] > new[0])
    rarer, swap = (old, _TO_NEW) if fewer_old else (new, _TO_OLD)
    for at in rarer[:_MOST]:
        start, end = _syllable(text, at), at + 2
        right = text[start:at] + swap.get(text[at:end], text[at:end])
        if right != text[start:end]:
            says = _says(text[start:end], right)
            yield Spot(start, end, (right,), says, safe=False)


def _syllable(text: str, at: int) -> int:
    start = at
    while start > max(0, at - 4) and text[start - 1].isalpha():
        start -= 1
    return start


def _in_name(text: str, at: int) -> bool:
    """Whether the syllable begins with a capital and is no "Ủy": names keep their own spelling."""
    start = _syllable(text, at)
    return text[start].isupper() and start != at

"""Figures: the numbers that a reader takes as a fact, and whether a source vouches for each.

A figure is a number that is no date, time, document number, ordinal, telephone number, label
(Article 5, page 12), list number, version or year. Number words are no figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from desk.items.body import Body
from desk.items.number_words import SCALES
from desk.items.numbers import numbers

_SCALE = re.compile(r"\s{0,2}(?:[^\W\d_]|[\u0300-\u036f]){1,12}")
_PERCENT = re.compile(r"\s{1,2}(?:per ?cent\b|phần trăm)", re.IGNORECASE)
_LONGEST = 40  # digits read of a number; what is longer is no quantity anybody compares
# The separator of decimals: ISO 80000-1 and Vietnamese usage the comma, English the point.
_DECIMAL = {"vi": ",", "en": "."}


@dataclass(frozen=True)
class Figure:
    """A figure at `start:end` (code points) as written, with a per cent sign if it has one.

    `value` is the number with its scale word applied ("7,4 triệu" is 7400000); `percent` says
    whether a per cent sign or the words for it follow.
    """

    start: int
    end: int
    text: str
    value: Decimal
    percent: bool = False

    @property
    def key(self) -> tuple[Decimal, bool]:
        """What two languages must agree in: the value, and whether it is a percentage."""
        return self.value.normalize(), self.percent


def figures(text: str, language: str) -> list[Figure]:
    """The figures of a text, in order. `language` decides how 1.234 is read. Linear time."""
    return [
        Figure(
            n.start,
            n.end,
            n.text,
            _value(text, n.start, n.end, language),
            n.text.endswith("%") or bool(_PERCENT.match(text, n.end)),
        )
        for n in numbers(text)
        if n.kind == "figure"
    ]


def uncovered(body: Body, language: str, sources: Collection[str]) -> list[Figure]:
    """Figures for which no reference to one of `sources` stands in the same sentence or table row.

    Offsets are those of the body's source. Labels of legal texts do not vouch for figures.
    """
    known = frozenset(sources)
    found: list[Figure] = []
    for block in body.blocks:
        for figure in figures(body.text[block.start : block.end], language):
            start, end = figure.start + block.start, figure.end + block.start
            if not known & body.covering(start):
                first, last = body.source_span(start, end)
                found.append(replace(figure, start=first, end=last))
    return found


def amount(text: str, language: str) -> Decimal:
    """The value of a number as written: 1.234,5 in Vietnamese, 1,234.5 in English.

    Both styles are read in both languages where only one reading is possible.
    """
    digits = re.sub(r"[^\d.,]", "", text)[:_LONGEST].strip(".,")
    marks = re.sub(r"\d", "", digits)
    decimal = _DECIMAL.get(language, ".")
    last = marks[-1:]
    if len(set(marks)) == 2:  # 1.234,5: the last mark separates the decimals
        decimal = last
    elif len(marks) > 1:  # 1.234.567: a mark that repeats cannot
        decimal = ""
    elif last and len(digits) - digits.index(last) - 1 != 3:  # 7.4: no group of thousands
        decimal = last
    for mark in {".", ","} - {decimal}:
        digits = digits.replace(mark, "")
    if decimal:
        digits = digits.replace(decimal, ".")
    return Decimal(digits or "0")


def _value(text: str, start: int, end: int, language: str) -> Decimal:
    value = amount(text[start:end], language)
    for _ in range(2):  # "nghìn tỷ" is two
        match = _SCALE.match(text, end)
        word = unicodedata.normalize("NFC", match.group()).strip().casefold() if match else ""
        if not match or word not in SCALES:
            break
        value = value.scaleb(SCALES[word])
        end = match.end()
    return value

"""Sentences: where one ends in Vietnamese and English prose, in time linear in the text.

A full stop ends a sentence when white space and something that can start a sentence follow, and
when the word before it is no abbreviation. Decimal points and document numbers have no white
space after them, so they never split.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desk.items.number_words import words

# Stops, then any closing marks, then white space or the end. The look behind and the possessive
# parts make a run of dots be read once.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|\n\n")
_ABBREVIATIONS = words(
    """tp tx tt gs pgs ts ths ks bs cn ths.bs đ/c đt tel no nos art arts st mr mrs ms dr prof vol
    fig figs approx dept govt jan feb mar apr jun jul aug sep sept oct nov dec p pp tr vs cf
    e.g i.e"""
)
_OPENERS = "\"'“‘«([-–—*"


@dataclass(frozen=True)
class Sentence:
    """Offsets in code points, `end` after the stop and its closing marks."""

    start: int
    end: int


def _word_before(text: str, at: int) -> str:
    start = at
    while start > 0 and at - start < 12 and not text[start - 1].isspace():
        start -= 1
    return unicodedata.normalize("NFC", text[start:at]).strip(_OPENERS).casefold()


def _ends(text: str, match: re.Match[str]) -> bool:
    if match.group() == "\n\n":
        return True
    follow = match.end()
    while follow < len(text) and text[follow].isspace():
        follow += 1
    if follow == len(text):
        return True
    if text[follow].islower():
        return False
    if match.group() != ".":
        return True
    word = _word_before(text, match.start())
    # A single letter is an initial (U.S., Q.1); a lone number is list numbering ("1. ").
    return word not in _ABBREVIATIONS and not (len(word) == 1 and word.isalpha())


def sentences(text: str) -> list[Sentence]:
    """The sentences of a paragraph, in order, without the white space between them."""
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if not _ends(text, match):
            continue
        _add(found, text, start, match.end())
        start = match.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Sentence(start, end))

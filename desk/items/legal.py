"""Legal citations: the legal texts a body names, and whether each has its link.

Found by the number (30/2020/NĐ-CP, 35-NQ/TW), by the noun with a bare number (Nghị định 30), or
by the noun, a name and a year (Luật Báo chí năm 2016, the 2016 Press Law, Constitution of 2013).
Works on tokens, looking at a fixed number of neighbours: linear in the text.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desk.items.body import Body
from desk.items.number_words import words
from desk.items.tokens import Token, tokens

_NOUNS = words(
    """nghị_định nghị_quyết quyết_định thông_tư chỉ_thị kết_luận quy_định công_văn công_điện
    hướng_dẫn pháp_lệnh hiến_pháp bộ_luật luật lệnh sắc_lệnh sắc_luật thông_báo
    decree resolution decision circular directive ordinance constitution code law conclusion
    regulation"""
)
# Texts known by name and year. The others are known by number alone.
_NAMED = words("luật bộ_luật pháp_lệnh hiến_pháp law code ordinance constitution")
_NAMELESS = words("pháp constitution")  # a country has one of these at a time
_NUMBER_WORDS = words("số no nos number")
_YEAR_WORDS = words("năm of in")
_FAR = 14  # words a name may have between its noun and its number or year


@dataclass(frozen=True)
class Citation:
    """A legal text cited at `start:end`; `number` is its number, or its name and year, folded."""

    start: int
    end: int
    text: str
    number: str


def legal_citations(text: str, language: str) -> list[Citation]:
    """The legal texts cited in a text, in order, without overlaps.

    Both languages' nouns are read in either, since texts quote each other; `language` only
    decides whether a year may stand before the name (the 2016 Press Law).
    """
    read = tokens(text)
    found: list[Citation] = []
    index = 0
    while index < len(read):
        span = _at(read, index, language)
        if span is None:
            index += 1
            continue
        first, last, number = span
        start, end = read[first].start, read[last].end
        if not found or start >= found[-1].end:
            found.append(Citation(start, end, text[start:end], number))
        index = last + 1
    return found


def uncovered_citations(body: Body, language: str, legal: Collection[str]) -> list[Citation]:
    """Citations without a `[^l…]` link to one of `legal` in the same sentence or table row.

    A text linked once need not be linked again: one link anywhere in the body serves all
    citations with the same number. Offsets are those of the body's source.
    """
    known = frozenset(legal)
    missing: list[Citation] = []
    linked: set[str] = set()
    for block in body.blocks:
        for cited in legal_citations(body.text[block.start : block.end], language):
            if known & body.covering(block.start + cited.start):
                linked.add(cited.number)
                continue
            first, last = body.source_span(block.start + cited.start, block.start + cited.end)
            missing.append(Citation(first, last, cited.text, cited.number))
    return [cited for cited in missing if cited.number not in linked]


def _at(read: list[Token], index: int, language: str) -> tuple[int, int, str] | None:
    """The citation that starts at this token: first and last token, number."""
    if read[index].kind == "doc":
        return index, index, _fold_number(read[index].word)
    noun = _noun(read, index)
    if noun:
        return _after_noun(read, index, noun)
    if language == "en" and _is_year(read[index]):
        return _year_first(read, index)
    return None


def _noun(read: list[Token], index: int) -> int:
    """How many tokens the noun at this place has, 0 for none. Its first letter may be small."""
    if read[index].kind != "word":
        return 0
    if index + 1 < len(read) and f"{read[index].word} {read[index + 1].word}" in _NOUNS:
        return 2
    return 1 if read[index].word in _NOUNS else 0


def _after_noun(read: list[Token], index: int, size: int) -> tuple[int, int, str] | None:
    named = " ".join(token.word for token in read[index : index + size]) in _NAMED
    at = index + size
    for place in range(at, min(at + _FAR, len(read))):
        token = read[place]
        if token.kind == "doc":
            return index, place, _fold_number(token.word)
        if token.kind == "num":
            return _bare(read, index, at, place, named)
        if token.kind == "mark" and token.word not in "().,-–&/":
            return None
        if token.capital and _noun(read, place):  # the small "luật" of "pháp luật" is no new text
            return None
        if token.word in (".", ",") and read[place - 1].word not in _NUMBER_WORDS:
            return None
    return None


def _bare(
    read: list[Token], index: int, at: int, place: int, named: bool
) -> tuple[int, int, str] | None:
    """A plain number: "Nghị định 30", "Nghị định số 30", or the year of a named law."""
    if named and _is_year(read[place]):
        words_between = [t for t in read[at:place] if t.kind == "word"]
        name = [t.word for t in words_between if t.word not in _YEAR_WORDS]
        first = index if name else _name_before(read, index)
        if first < index:
            name = [t.word for t in read[first:index]]
        elif not (_is_name(words_between) if name else read[at - 1].word in _NAMELESS):
            return None  # "the law was discussed in 2016" names nothing
        close = place + 1 < len(read) and read[place + 1].word == ")"
        noun = " ".join(t.word for t in read[index:at])
        return first, place + int(close), " ".join([noun, *name, read[place].word])
    between = [t.word for t in read[at:place]]
    if [word for word in between if word not in _NUMBER_WORDS and word != "."]:
        return None
    if not read[place].word.isdecimal() or len(read[place].word) > 4 or (named and not between):
        return None
    if not between and not read[index].capital:
        return None  # "quy định 5 nhóm" rules on five groups
    return index, place, read[place].word


def _name_before(read: list[Token], index: int) -> int:
    """Where the capitals begin that stand before an English noun: the Press Law of 2016."""
    first = index
    if read[index].word in ("law", "code", "ordinance") and read[index].capital:
        while first > max(0, index - 6) and read[first - 1].kind == "word":
            if not read[first - 1].capital or read[first - 1].word in ("the", "a", "under", "in"):
                break
            first -= 1
    return first


def _is_name(named: list[Token]) -> bool:
    return named[0].capital or named[0].word in ("on", "of", "về")


def _year_first(read: list[Token], index: int) -> tuple[int, int, str] | None:
    """The 2016 Press Law, the 2013 Constitution: a year, a name in capitals, a noun."""
    for place in range(index + 1, min(index + 8, len(read))):
        token = read[place]
        if token.kind != "word":
            return None
        if token.word in _NAMED and token.capital:
            name = [t.word for t in read[index + 1 : place]]
            return index, place, " ".join([token.word, *name, read[index].word])
    return None


def _is_year(token: Token) -> bool:
    return token.kind == "num" and len(token.word) == 4 and token.word[:2] in ("19", "20")


def _fold_number(number: str) -> str:
    """30/2020/NĐ-CP and its English spelling 30/2020/ND-CP as one."""
    return number.replace("Đ", "D").replace("đ", "d").casefold()

"""Letters that look like others: Ð (U+00D0) and Ɖ (U+0189) for Đ, Cyrillic and Greek for Latin,
letters of full width and of mathematics, and marks that belong to no letter.

They read alike and are found by no search, no sort and no reader's screen voice (UTS #39).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from desk.terms.fold import occurrences
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_BARRED: Final = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
_ALIKE: Final = dict(
    zip("АВЕЅІЈКМНОРСТУХасеѕіјорухԁԛԝһӏкпѵүΑΒΕΖΗΙΚΜΝΟΡΤΥΧοίօոսհցք",
        "ABESIJKMHOPCTYXacesijopyxdqwhlknvyABEZHIKMNOPTYXoíonuhgp", strict=True)
)  # fmt: skip
_ODD = re.compile("[" + "".join((*_BARRED, *_ALIKE)) + "]")
_USUAL: Final = frozenset("ÐðƉ")  # folding does not hold these for unusual
_LETTERS: Final = str.maketrans({**_BARRED, **_ALIKE})
_VIETNAMESE = re.compile("[ăâêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàãèìòõùĩũ]",
                         re.IGNORECASE)  # fmt: skip
_FAR: Final = 40  # code points of a word to each side


@pattern(
    "look-alike", ("vi", "en"), "error",
    "Chữ Đ là U+0110; chữ của bảng chữ cái khác trông giống nhưng không tìm kiếm, sắp xếp được.",
    "Unicode UTS #39; TCVN 6909:2001", over=True,
    english="Đ is U+0110; letters of other alphabets look alike and are found by no search.",
)  # fmt: skip
def look_alikes(checking: Checking) -> Iterator[Spot]:
    """Words with a letter of another alphabet among Latin ones, or with a wrong Đ."""
    text = checking.seen.folded.cased
    done = 0
    odd = checking.seen.folded.odd
    drawn = {ch: plain for ch in odd if (plain := _drawn(ch))}
    letters = {**_LETTERS, **{ord(ch): plain for ch, plain in drawn.items()}}
    present = _USUAL | (_ALIKE.keys() | _BARRED.keys()) & odd | drawn.keys()
    for at in sorted(at for ch in present for at in occurrences(text, ch)):
        if at < done:
            continue
        start, end = _word(text, at)
        done, word = end, text[start:end]
        kinds = drawn.keys() & set(word)
        if not kinds and not _wrong(word, checking.language) and not _amid(text, start, end):
            continue
        right = word.translate(letters)
        wrong = (ch for ch in word if ch in kinds or _ODD.match(ch))
        codes = ", ".join(f"U+{ord(ch):04X}" for ch in dict.fromkeys(wrong))
        says = (
            f"A letter that only looks alike ({codes}): write “{right}”",
            f"Có chữ chỉ trông giống ({codes}): viết “{right}”",
        )
        yield Spot(start, end, (right,), says)


@pattern(
    "stray-mark", ("vi", "en"), "warning",
    "Dấu thanh, dấu phụ đi với một chữ của bảng chữ cái; dấu thừa làm chữ không tìm kiếm được.",
    "Unicode UAX #15; TCVN 6909:2001",
    english="A mark belongs to a letter; one too many makes a word that no search finds.",
)  # fmt: skip
def stray_marks(checking: Checking) -> Iterator[Spot]:
    """Runs of marks that composed with no Latin letter: a word struck out letter by letter."""
    text, done = checking.seen.folded.cased, 0
    present = [ch for ch in checking.seen.folded.odd if "\u0300" <= ch <= "\u036f"]
    for at in sorted(at for ch in present for at in occurrences(text, ch)):
        if at < done or not at or not _latin(text[at - 1]):
            continue
        start, done = _word(text, at, "\u0300", "\u036f")
        right = "".join(ch for ch in text[start:done] if not "\u0300" <= ch <= "\u036f")
        says = (
            f"A mark stands on no letter that has it: write “{right}”",
            f"Có dấu không thuộc chữ nào: viết “{right}”",
        )
        yield Spot(start, done, (right,), says, safe=False)


def _drawn(ch: str) -> str:
    """The Latin letters that a letter of full width or of mathematics is drawn as; "" for none."""
    if unicodedata.category(ch) not in ("Lu", "Ll"):
        return ""
    plain = unicodedata.normalize("NFKC", ch)
    return plain if plain != ch and plain.isascii() and plain.isalpha() else ""


def _latin(ch: str) -> bool:
    return ch.isalpha() and (ord(ch) < 0x250 or 0x1E00 <= ord(ch) < 0x1F00)


def _amid(text: str, start: int, end: int) -> bool:
    """Whether a word of look-alikes alone, in capitals, stands between two words in Latin letters.

    A Russian or a Greek word may stand alone in a text; an abbreviation among Latin words is
    hardly one.
    """
    word = text[start:end]
    if len(word) < 2 or not word.isupper() or not all(ch in _ALIKE for ch in word):
        return False
    before, after = text[start - 2 : start].strip(), text[end : end + 2].strip()
    return bool(before and after) and _latin(before[-1]) and _latin(after[0])


def _word(text: str, at: int, first: str = "", last: str = "") -> tuple[int, int]:
    start, end = at, at + 1
    while start > max(0, at - _FAR) and (
        text[start - 1].isalpha() or first < text[start - 1] <= last
    ):
        start -= 1
    while end < min(len(text), at + _FAR) and (text[end].isalpha() or first < text[end] <= last):
        end += 1
    return start, end


def _wrong(word: str, language: str) -> bool:
    """Whether the word is written in Latin letters but for these."""
    others = _ODD.sub("", word)
    if any(ch in _ALIKE for ch in word):
        return bool(others) and all(ord(ch) < 0x250 or 0x1E00 <= ord(ch) < 0x1F00 for ch in others)
    # Ð is a letter of Icelandic: in English text only a Vietnamese word is wrong with it.
    return language == "vi" or bool(_VIETNAMESE.search(others)) or "Ɖ" in word

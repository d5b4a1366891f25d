"""Letters that look like others: Ð (U+00D0) and Ɖ (U+0189) for Đ, Cyrillic and Greek for Latin.

They read alike and are found by no search, no sort and no reader's screen voice (UTS #39).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from desk.terms.fold import occurrences
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_BARRED: Final = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
_ALIKE: Final = dict(
    zip("АВЕЅІЈКМНОРСТУХасеѕіјорухԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTYXacesijopyxdqwABEZHIKMNOPTYXo", strict=True)
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
    present = _USUAL | (_ALIKE.keys() | _BARRED.keys()) & checking.seen.folded.odd
    for at in sorted(at for ch in present for at in occurrences(text, ch)):
        if at < done:
            continue
        start, end = _word(text, at)
        done, word = end, text[start:end]
        if not _wrong(word, checking.language):
            continue
        right = word.translate(_LETTERS)
        codes = ", ".join(f"U+{ord(ch):04X}" for ch in dict.fromkeys(_ODD.findall(word)))
        says = (
            f"A letter that only looks alike ({codes}): write “{right}”",
            f"Có chữ chỉ trông giống ({codes}): viết “{right}”",
        )
        yield Spot(start, end, (right,), says)


def _word(text: str, at: int) -> tuple[int, int]:
    start, end = at, at + 1
    while start > max(0, at - _FAR) and text[start - 1].isalpha():
        start -= 1
    while end < min(len(text), at + _FAR) and text[end].isalpha():
        end += 1
    return start, end


def _wrong(word: str, language: str) -> bool:
    """Whether the word is written in Latin letters but for these."""
    others = _ODD.sub("", word)
    if any(ch in _ALIKE for ch in word):
        return bool(others) and all(ord(ch) < 0x250 or 0x1E00 <= ord(ch) < 0x1F00 for ch in others)
    # Ð is a letter of Icelandic: in English text only a Vietnamese word is wrong with it.
    return language == "vi" or bool(_VIETNAMESE.search(others)) or "Ɖ" in word

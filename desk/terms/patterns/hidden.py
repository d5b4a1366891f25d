"""Characters nobody sees: bidi controls (UAX #9) show a line in another order than it is, others
part a word for every search and for no eye.

Folding takes them out, so they are looked for in the text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from desk.terms.fold import occurrences
from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pattern(
    "bidi-control", ("vi", "en"), "error",
    "Không dùng ký tự điều khiển chiều chữ: chữ hiện ra khác với chữ được viết.",
    "Unicode UAX #9; UTS #55", raw=True,
    english="No controls of the direction of text: it is shown in another order than it is.",
)  # fmt: skip
def bidi_controls(checking: Checking) -> Iterator[Spot]:
    """Each control that could show text in another order."""
    present = _BIDI & checking.seen.odd
    places = ((at, ch) for ch in present for at in occurrences(checking.text, ch))
    for at, ch in sorted(places):
        code = f"U+{ord(ch):04X}"
        says = (
            f"The invisible control {code} changes the order in which text is shown",
            f"Ký tự điều khiển ẩn {code} làm đổi thứ tự hiển thị của chữ",
        )
        yield Spot(at, at + 1, ("",), says)


# Letters of scripts that draw nothing, tags, and selectors that only Han letters have.
_UNSEEN = re.compile(
    "[\u115f\u1160\u2800\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_FLAG: Final = "\U0001f3f4"  # a flag is told by the tags behind it
_HAN: Final = 0x2E80


@pattern(
    "unseen-character", ("vi", "en"), "error",
    "Không dùng ký tự không hiển thị: chữ trông như cũ mà không tìm kiếm được.",
    "Unicode UTS #39; UAX #31", raw=True,
    english="No characters that draw nothing: a word looks the same and no search finds it.",
)  # fmt: skip
def unseen_characters(checking: Checking) -> Iterator[Spot]:
    """Each run of characters that draw nothing, but for those of flags and of Han letters."""
    if not any(map(_UNSEEN.match, checking.seen.odd)):
        return
    text, last = checking.text, -1
    for match in islice(_UNSEEN.finditer(text), _MOST):
        at, ch = match.start(), match.group()
        before = text[at - 1] if at else " "
        if before == _FLAG or last == at:
            last = at + 1  # the rest of a flag
            continue
        if ch >= "\U000e0100" and ord(before) >= _HAN:
            continue
        code = f"U+{ord(ch):04X}"
        says = (f"The character {code} draws nothing", f"Ký tự {code} không hiển thị gì")
        yield Spot(at, at + 1, (" ",) if ch in _WIDE else ("",), says)


_MOST: Final = 1_000  # looked at in one text: one is enough to block, and no text has as many
_WIDE: Final = frozenset("\u2800\u3164\uffa0")

"""Characters that turn text round: bidi controls (UAX #9) show a line in another order than it is.

Folding takes them out, so they are looked for in the text as it was given.
"""

from __future__ import annotations

from collections.abc import Iterator
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

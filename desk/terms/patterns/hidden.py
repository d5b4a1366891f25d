"""Characters that turn text round: bidi controls (UAX #9) show a line in another order than it is.

Folding takes them out, so they are looked for in the text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desk.terms.patterns.registry import Spot, pattern

if TYPE_CHECKING:
    from desk.terms.check import Checking

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@pattern(
    "bidi-control", ("vi", "en"), "error",
    "Không dùng ký tự điều khiển chiều chữ: chữ hiện ra khác với chữ được viết.",
    "Unicode UAX #9; UTS #55", raw=True,
    english="No controls of the direction of text: it is shown in another order than it is.",
)  # fmt: skip
def bidi_controls(checking: Checking) -> Iterator[Spot]:
    """Each control that could show text in another order."""
    for match in _BIDI.finditer(checking.text):
        code = f"U+{ord(match.group()):04X}"
        says = (
            f"The invisible control {code} changes the order in which text is shown",
            f"Ký tự điều khiển ẩn {code} làm đổi thứ tự hiển thị của chữ",
        )
        yield Spot(match.start(), match.end(), ("",), says)

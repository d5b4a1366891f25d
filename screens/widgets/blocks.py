"""Pictures of numbers as text blocks: for small terminals, for NO_COLOR, for who copies text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from screens.widgets.plain import TONES, line, lines
from screens.widgets.virtual_table import fit

_EIGHTHS = "▏▎▍▌▋▊▉█"
_LEVELS = "▁▂▃▄▅▆▇█"
Bar = tuple[str, float, str]
"""What it is, how much, and how that is written."""


def spark(values: Sequence[float], limit: int = 20) -> str:
    """The last values as small blocks, the largest one full."""
    last = values[-limit:]
    top = max(last, default=0.0) or 1.0
    return "".join(_LEVELS[min(7, int(max(0.0, value) / top * 7.999))] for value in last)


def block(part: float, width: int) -> str:
    """A bar of that part (0 to 1) of so many cells, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, part)) * width * 8)
    if part > 0 and eighths == 0:
        eighths = 1  # little is not nothing
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest - 1] if rest else "")


def bars(rows: Iterable[Bar], width: int, *, top: float = 0.0) -> Content:
    """One bar a line: its name, the bar, the value. `top` is a full bar; 0: the largest value."""
    found = list(rows)
    if not found:
        return Content("")
    most = top or max(value for _name, value, _shown in found) or 1.0
    names = min(20, max(len(name) for name, _value, _shown in found))
    tails = max(len(shown) for _name, _value, shown in found)
    room = max(4, width - names - tails - 2)
    return lines(
        *(
            line(
                (fit(name, names), TONES["dim"]),
                " ",
                (fit(block(value / most, room), room), "$text-accent"),
                " ",
                fit(shown, tails, right=True),
            )
            for name, value, shown in found
        )
    )

"""Plots for terminals that have the room and the colours; `blocks` draws the same as text.

Import this late: plotext takes longer to import than a room to draw.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from textual_plotext import PlotextPlot

from desk.locales import dates

WIDE, HIGH = 60, 12  # cells below which text blocks say more


def drawable(width: int, height: int) -> bool:
    """Whether a plot of that size, in cells, would be legible here."""
    return width >= WIDE and height >= HIGH and not os.environ.get("NO_COLOR")


class BarPlot(PlotextPlot):
    """Upright bars with a title, in the colours of the theme."""

    can_focus = False

    def show(self, title: str, names: Sequence[str], values: Sequence[float]) -> None:
        """Draw these bars instead of what was drawn before."""
        plot = self.plt
        plot.clear_data()
        plot.clear_figure()
        plot.title(title)
        if names:
            colour = self.app.theme_variables.get("accent", "")
            plot.bar(list(names), list(values), width=0.6, marker="sd", color=rgb(colour))
            plot.ylim(0, max(values) or 1)
            plot.yticks(*ticks(max(values)))
        self.refresh()


def ticks(top: float) -> tuple[list[float], list[str]]:
    """Whole numbers from 0 to the top, five at most, and how they are written."""
    step = max(1, -(-int(top) // 4))
    found = list(range(0, int(top) + 1, step))
    return [float(one) for one in found], [dates.number(one) for one in found]


def rgb(colour: str) -> tuple[int, int, int] | str:
    """A theme's colour (`#88c0d0`) as plotext wants it."""
    digits = colour.removeprefix("#")
    try:
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    except ValueError:
        return "default"

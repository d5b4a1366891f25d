"""Plots for terminals that have the room and the colours; `blocks` draws the same as text.

Import this late: plotext takes longer to import than a room to draw.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import RenderResult
from textual_plotext import PlotextPlot

from desk.locales import dates

WIDE, HIGH = 60, 12  # cells below which text blocks say more
SIDES = 8  # cells beside the bars: numbers and frame


def drawable(width: int, height: int) -> bool:
    """Whether a plot of that size, in cells, would be legible here."""
    return width >= WIDE and height >= HIGH and not os.environ.get("NO_COLOR")


class BarPlot(PlotextPlot):
    """Upright bars with a title, in the colours of the theme."""

    can_focus = False
    _shown: tuple[str, Sequence[str], Sequence[float]] = ("", (), ())

    def show(self, title: str, names: Sequence[str], values: Sequence[float]) -> None:
        """Draw these bars instead of what was drawn before."""
        self._shown = title, names, values
        self.refresh()

    def render(self) -> RenderResult:
        """The plot, built anew: which names have room depends on the width."""
        self._build(*self._shown)
        return super().render()

    def _build(self, title: str, names: Sequence[str], values: Sequence[float]) -> None:
        plot = self.plt
        plot.clear_data()
        plot.clear_figure()
        plot.title(title)
        if names:
            colour = self.app.theme_variables.get("accent", "")
            places = list(range(1, len(names) + 1))
            plot.bar(places, list(values), width=0.6, marker="sd", color=rgb(colour))
            plot.xticks(*named(names, self.size.width - SIDES))
            plot.ylim(0, max(values) or 1)
            plot.yticks(*ticks(max(values)))


def named(names: Sequence[str], width: int) -> tuple[list[float], list[str]]:
    """Which bars are named, so that no name touches the next: all of them, or every second.

    plotext would leave some out by itself, other ones each time.
    """
    each = max(1, width // max(1, len(names)))
    longest = max(map(cell_len, names), default=0)
    step = -(-(longest + 1) // each)
    shown = range(0, len(names), step)
    return [place + 1.0 for place in shown], [names[place] for place in shown]


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

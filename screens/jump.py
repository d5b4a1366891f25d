"""Jump mode: every place one could click gets a letter; the letter goes there.

A widget opts in with one method. Widgets without it that can take the focus are one target each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget

LETTERS = "asdfghklqwertyuiopzxcvbnm"


@dataclass(frozen=True)
class Target:
    """A place to jump to: where it stands inside its widget, and what going there does."""

    place: Offset
    go: Callable[[], Awaitable[object] | None]


@runtime_checkable
class Jumpable(Protocol):
    """A widget that has several places to jump to."""

    def jump_targets(self) -> Iterator[Target]:
        """The places that are in sight now."""
        ...


def targets_of(screen: Screen[object]) -> list[Target]:
    """Every target in sight, with places on the screen, from the top down."""
    found: list[Target] = []
    for widget in screen.query("*"):
        if not (widget.display and widget.region and widget.is_on_screen):
            continue
        inside = widget.jump_targets() if isinstance(widget, Jumpable) else _itself(widget)
        corner = widget.content_region.offset
        found += (Target(corner + target.place, target.go) for target in inside)
    seen = {target.place: target for target in found if screen.region.contains_point(target.place)}
    return [seen[place] for place in sorted(seen, key=lambda place: (place.y, place.x))]


def _itself(widget: Widget) -> Iterator[Target]:
    if widget.focusable:
        yield Target(Offset(0, 0), widget.focus)  # type: ignore[arg-type]


def labels(count: int) -> list[str]:
    """So many different labels, all of one length: one letter when that is enough, else two.

    None begins another, so that a label is known when its last letter is typed.
    """
    if count <= len(LETTERS):
        return list(LETTERS[:count])
    pairs = (first + second for first in LETTERS for second in LETTERS)
    return [pair for pair, _number in zip(pairs, range(count), strict=False)]

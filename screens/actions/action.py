"""An action: one thing a person can do, named apart from its keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One thing a person can do. `title` and `tooltip` are messages of the catalogue.

    `place` is a room's name, or `everywhere`. `run` is the Textual action that does it; `twin` the
    command line that does the same, empty for what only makes sense on a screen. `footer` orders
    the footer: 0 is not shown there.
    """

    id: str
    place: str
    run: str
    keys: str
    title: str
    tooltip: str
    twin: str = ""
    footer: int = 0
    priority: bool = False

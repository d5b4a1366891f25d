"""Alt with a letter or digit: a key of its own in every terminal, also while one types.

Terminals without the kitty protocol send Escape and the digit. Textual 8.2 reads that as what
Option types on a Mac (`Escape 2` as `™`), which would put signs into the text instead of going to
a room; and it gives `alt+g` the letter as its character, so that a field would type it.
"""

from __future__ import annotations

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


def claim() -> None:
    """Read Escape and a digit as Alt and the digit from now on. A typed `™` comes as itself."""
    for digit in "0123456789":
        ANSI_SEQUENCES_KEYS.pop(f"\x1b{digit}", None)  # type: ignore[attr-defined]


def untyped(event: events.Key) -> events.Key:
    """The key as one that types nothing, when it was pressed with Alt."""
    if event.key.startswith("alt+") and event.character is not None:
        return events.Key(event.key, None)
    return event

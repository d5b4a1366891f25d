"""A public note: why a date changes or a text is gone, in a plan's acts."""

from __future__ import annotations

from typing import Final

from desk.errors import UsageError
from desk.phrase import phrase
from desk.text import nfc

LONGEST_NOTE: Final = 500
"""Characters that the acts take (`desk.trust.act_kinds`)."""


def public_note(note: str) -> str:
    """A note in NFC, or "". Raises UsageError for one that no act would take."""
    text = nfc(note)
    if len(text) > LONGEST_NOTE:
        raise UsageError(
            "The public note is too long",
            phrase("{count} characters, at most {most}", count=len(text), most=LONGEST_NOTE),
            "Say it shorter: --note TEXT",
        )
    return text

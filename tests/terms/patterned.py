"""What the pattern rules alone say of a text: the termbase is empty."""

from __future__ import annotations

from desk.terms.check import check
from desk.terms.termbase import Termbase

NOTHING = Termbase(())


def told(text: str, language: str = "vi") -> list[tuple[str, str, str]]:
    """Pattern, what is found, the first suggestion."""
    return [
        (one.entry.removeprefix("pattern."), one.found, (one.suggestions or ("",))[0])
        for one in check(text, NOTHING, language=language)
    ]

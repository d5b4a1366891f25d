"""Corrections: a newer revision of a text that is public says which one it corrects, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.errors import Reason, because
from desk.trust.state import ItemState

NOTE_HINT = "Say it: desk item edit ITEM --set edit_note=TEXT"


def corrected(state: ItemState | None, number: int) -> int:
    """The number of the newest public revision below that one; 0 when nothing was public."""
    found = [r.number for r in state.revisions.values() if r.released_in] if state else []
    return max((n for n in found if n < number), default=0)


def bound(document: Mapping[str, Any], state: ItemState | None, number: int) -> dict[str, Any]:
    """The document of that revision as a correction of what is public, or as none.

    It may have been begun before the release, when there was nothing to correct.
    """
    value = {k: v for k, v in document.items() if k != "correction_of"}
    if public := corrected(state, number):
        value["correction_of"] = public
    return value


def begun(document: Mapping[str, Any]) -> dict[str, Any]:
    """A draft of a correction: what an earlier correction told the readers is not said again."""
    return {k: v for k, v in document.items() if k != "edit_note"}


def problems(
    document: Mapping[str, Any], state: ItemState | None, number: int
) -> tuple[Reason, ...]:
    """Why that document may not follow what is public; empty when it may."""
    public = corrected(state, number)
    if not public:
        return ()
    found = []
    if document.get("correction_of") != public:
        found.append(
            because("correction", "revision {public} is public; it has to be named", public=public)
        )
    if not str(document.get("edit_note", "")).strip():
        found.append(Reason("edit_note", "readers must be told what was corrected"))
    return tuple(found)

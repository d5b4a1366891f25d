"""The public part of the calendar: what everybody may know of the newsroom and its releases.

Shape: desk.portal.contract.calendar. Nothing embargoed, no code names: a release is announced by
its slot's name, its agencies and its instant. What was never confirmed was never announced, and
stays unmentioned when it is cancelled or its time passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.newsroom.config import NewsroomConfig
from desk.trust.canonical import canonical
from desk.trust.judge import release_state
from desk.trust.record import Record

_SHOWN = {"confirmed": "confirmed", "signed": "confirmed", "staged": "confirmed"}
_SHOWN |= {"partial": "released", "released": "released", "postponed": "postponed"}
_SHOWN |= {"cancelled": "cancelled", "missed": "postponed"}
AHEAD, GONE = 1500, 500  # entries that are shown of what comes, and of what has passed
MOST_BYTES = 2 * 1024 * 1024  # of one calendar; a portal takes twice that
_AGENCIES = 200  # of one entry, as the contract allows


def within(calendar: Mapping[str, Any], most: int = MOST_BYTES) -> dict[str, Any]:
    """The same with as many of its entries, from the first on, as fit into so many bytes."""
    left = most - len(canonical({**calendar, "entries": []}))
    entries = []
    for entry in calendar["entries"]:
        left -= len(canonical(entry)) + 1
        if left < 0:
            break
        entries.append(entry)
    return {**calendar, "entries": entries}


def public_calendar(
    config: NewsroomConfig, record: Record, releases: Iterable[str]
) -> dict[str, Any]:
    """The calendar as a portal shows it, entries in the order given. What was never confirmed is
    not in it.
    """
    slots = {slot.id: slot for slot in config.slots}
    entries = []
    for release_id in releases:
        release = record.releases[release_id]
        state = _SHOWN.get(release_state(record, release_id))
        if state is None or not release.announced:
            continue
        entry: dict[str, Any] = {
            "release": release.id,
            "at": release.at,
            "state": state,
            "sequence": len(release.plan) - 1,
            "agencies": sorted(
                {record.items[i].agency for i in release.items if i in record.items}
            )[:_AGENCIES],
        }
        slot = slots.get(release.slot)
        if slot is not None and slot.name:
            entry["title"] = dict(slot.name)
        notes = [step.note for step in release.plan if step.note]
        if notes:
            entry["note"] = notes[-1]
        entries.append(entry)
    return {
        "format": 1,
        "newsroom": config.newsroom.id,
        "name": dict(config.newsroom.name),
        "zone": config.newsroom.zone,
        "languages": list(config.newsroom.languages),
        "agencies": {agency.id: dict(agency.name) for agency in config.agencies},
        "kinds": {name: dict(kind.name or {}) for name, kind in config.kinds.items()},
        "entries": entries,
    }

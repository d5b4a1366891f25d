"""The public part of the calendar: what everybody may know of the newsroom and its releases.

Shape: desk.portal.contract.calendar. Nothing embargoed, no code names: a release is announced by
its slot's name, its agencies and its instant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desk.newsroom.config import NewsroomConfig
from desk.trust.judge import release_state
from desk.trust.record import Record

_SHOWN = {"confirmed": "confirmed", "signed": "confirmed", "staged": "confirmed"}
_SHOWN |= {"partial": "released", "released": "released", "postponed": "postponed"}
_SHOWN |= {"cancelled": "cancelled", "missed": "postponed"}


def public_calendar(
    config: NewsroomConfig, record: Record, releases: Iterable[str]
) -> dict[str, Any]:
    """The calendar as a portal shows it. Provisional releases are not announced."""
    slots = {slot.id: slot for slot in config.slots}
    entries = []
    for release_id in releases:
        release = record.releases[release_id]
        state = _SHOWN.get(release_state(record, release_id))
        if state is None:
            continue
        entry: dict[str, Any] = {
            "release": release.id,
            "at": release.at,
            "state": state,
            "sequence": len(release.plan) - 1,
            "agencies": sorted(
                {record.items[i].agency for i in release.items if i in record.items}
            ),
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

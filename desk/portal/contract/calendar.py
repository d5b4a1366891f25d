"""The public part of the calendar: what everybody may know of the newsroom and its releases.

    {"format": 1, "newsroom": "desk-vn", "name": {"vi": …, "en": …}, "zone": "Asia/Ho_Chi_Minh",
     "languages": ["vi", "en"], "agencies": {"thong-ke": {"vi": …, "en": …}},
     "kinds": {"statement": {"vi": …, "en": …}}, "sections": {"documents": {"vi": …, "en": …}},
     "entries": [{"release": "r-…", "at": instant, "state": "confirmed", "sequence": 0,
                  "title": {"vi": …, "en": …}, "note": "…", "agencies": ["thong-ke"]}]}

`sections`, and `title`, `note` and `agencies` of an entry may be absent. Nothing
embargoed belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.clock import zone
from desk.portal.contract.fields import Fields, Malformed

Names = Mapping[str, str]
STATES = ("provisional", "confirmed", "postponed", "cancelled", "released")
_MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class Entry:
    """One release as announced. `sequence` counts its changes (RFC 5545)."""

    release: str
    at: str
    state: str
    sequence: int
    title: Names
    note: str
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class PublicCalendar:
    """Names for readers, and the announced releases in order of time."""

    newsroom: str
    name: Names
    zone: str
    languages: tuple[str, ...]
    agencies: Mapping[str, Names]
    kinds: Mapping[str, Names]
    sections: Mapping[str, Names]
    entries: tuple[Entry, ...]


def read_calendar(value: Any, most: int = _MAX_ENTRIES) -> PublicCalendar:
    """Read it strictly. Raises Malformed, or UsageError for an unknown zone.

    `most` entries are taken: the default is what a portal takes, a newsroom's own may be longer.
    """
    f = Fields(value, "calendar")
    if f.count("format", 1) != 1:
        raise Malformed("Malformed message", "calendar.format is unknown")
    languages = f.array("languages", 20)
    if not languages or not all(isinstance(code, str) for code in languages):
        raise Malformed("Malformed message", "calendar.languages")
    entries = [_entry(entry) for entry in f.each("entries", most)]
    calendar = PublicCalendar(
        f.name("newsroom"),
        _names(f.object("name")),
        f.text("zone", 64),
        tuple(languages),
        {key: _names(entry) for key, entry in f.object("agencies").items()},
        {key: _names(entry) for key, entry in f.object("kinds").items()},
        {key: _names(entry) for key, entry in f.object("sections").items()}
        if f.has("sections")
        else {},
        tuple(sorted(entries, key=lambda entry: (entry.at, entry.release))),
    )
    f.done()
    zone(calendar.zone)
    return calendar


def _names(value: Any) -> Names:
    if not isinstance(value, dict) or not all(
        isinstance(k, str) and isinstance(v, str) and len(v) <= 500 for k, v in value.items()
    ):
        raise Malformed("Malformed message", "calendar: a name is a text per language")
    return value


def _entry(f: Fields) -> Entry:
    agencies = f.array("agencies", 200) if f.has("agencies") else []
    entry = Entry(
        f.release(),
        f.instant("at"),
        f.one_of("state", STATES),
        f.count("sequence"),
        _names(f.object("title")) if f.has("title") else {},
        f.text("note", 500) if f.has("note") else "",
        tuple(str(agency) for agency in agencies),
    )
    f.done()
    return entry


def in_language(names: Names, language: str, otherwise: str = "") -> str:
    """The name in that language, or in any, or the fallback."""
    return names.get(language) or next(iter(names.values()), "") or otherwise

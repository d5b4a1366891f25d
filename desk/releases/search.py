"""Search of the calendar: releases that a filter lets through, counted by day, paged by keyset.

Only what lies in clear is searched by SQL: code names, ids, agencies, states, and the headlines of
what is public. Who may open more gives the items whose headlines fit (`items`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from desk.clock import parse_instant, to_wall
from desk.releases.views import CalendarRow, Cursor
from desk.store.projections import ITEMS, RELEASE_ITEMS, RELEASES, REVISIONS
from models.items import PublicRow

_PUBLIC: Table = PublicRow.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(field.name for field in fields(CalendarRow))


@dataclass(frozen=True)
class Filter:
    """What to look for. Every word must occur; `agencies` and `states` are alternatives.

    `items`: for each word, items that the reader has opened and whose headlines hold it.
    """

    words: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    held: bool = False
    items: tuple[tuple[str, ...], ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.states or self.held:
            state = RELEASES.c.state.in_(self.states)
            found.append(or_(state, RELEASES.c.held.is_(True)) if self.held else state)
        if self.agencies:
            found.append(_holding(ITEMS.c.agency.in_(self.agencies)))
        for number, word in enumerate(self.words):
            opened = self.items[number] if number < len(self.items) else ()
            found.append(_speaking_of(word, opened))
        return found


def _holding(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Releases that hold an item of which the condition is true."""
    query = select(RELEASE_ITEMS.c.release).join(ITEMS, ITEMS.c.id == RELEASE_ITEMS.c.item)
    return RELEASES.c.id.in_(query.where(condition))


def _speaking_of(word: str, opened: Sequence[str]) -> ColumnElement[bool]:
    # SQLite folds the case of ASCII alone, so the usual spellings of a word are tried.
    spelt = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize(), word.title()))
    public = select(REVISIONS.c.released_in).join(_PUBLIC, _PUBLIC.c.revision == REVISIONS.c.digest)
    public = public.where(or_(*(_PUBLIC.c.headline.contains(w, autoescape=True) for w in spelt)))
    alternatives = [
        *(RELEASES.c.code.contains(w, autoescape=True) for w in spelt),
        RELEASES.c.id == word,
        RELEASES.c.id.in_(public),
    ]
    if opened:
        alternatives.append(_holding(ITEMS.c.id.in_(opened[:500])))
    return or_(*alternatives)


def page(
    connection: Connection, wanted: Filter, *, after: Cursor = ("", ""), limit: int = 100
) -> list[CalendarRow]:
    """At most `limit` releases after the cursor, in order of (instant, id)."""
    at, release = after
    query: Select[Any] = select(*(RELEASES.c[name] for name in _COLUMNS))
    query = query.where(*wanted.conditions())
    if at:
        # Two comparisons instead of one of rows, so that the index on the instant is used.
        query = query.where(RELEASES.c.at >= at)
        query = query.where(or_(RELEASES.c.at > at, RELEASES.c.id > release))
    query = query.order_by(RELEASES.c.at, RELEASES.c.id).limit(limit)
    return [CalendarRow(*row) for row in connection.execute(query)]


def days(connection: Connection, wanted: Filter, zone: str) -> dict[date, int]:
    """How many releases each day has, on the clocks of that zone. Days without any are absent."""
    same = RELEASES.c.zone == zone
    day = func.substr(RELEASES.c.wall, 1, 10)
    counted = select(day, func.count()).where(same, *wanted.conditions()).group_by(day)
    found = {date.fromisoformat(str(row[0])): int(row[1]) for row in connection.execute(counted)}
    # Few are planned on other clocks; for those the stored wall time says nothing here.
    elsewhere = select(RELEASES.c.at).where(RELEASES.c.zone != zone, *wanted.conditions())
    for at in connection.scalars(elsewhere):
        there = to_wall(parse_instant(at), zone).date()
        found[there] = found.get(there, 0) + 1
    return found


@dataclass(frozen=True)
class Contents:
    """What a release holds, told without opening anything. `approved` and `returned` are counts."""

    agencies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    by_language: tuple[tuple[str, int], ...] = ()
    items: int = 0
    messages: int = 0
    approved: int = 0
    returned: int = 0


def contents(connection: Connection, releases: Iterable[str]) -> dict[str, Contents]:
    """What each of these releases holds, by release id."""
    names = ("id", "agency", "language", "message", "state")
    rows: dict[str, list[Any]] = {}
    wanted = list(releases)
    for start in range(0, len(wanted), 500):
        query = select(RELEASE_ITEMS.c.release, *(ITEMS.c[name] for name in names))
        query = query.join(ITEMS, ITEMS.c.id == RELEASE_ITEMS.c.item)
        query = query.where(RELEASE_ITEMS.c.release.in_(wanted[start : start + 500]))
        for row in connection.execute(query):
            rows.setdefault(row.release, []).append(row)
    return {release: _contents(several) for release, several in rows.items()}


def _contents(rows: Sequence[Any]) -> Contents:
    languages = [row.language for row in rows]
    return Contents(
        tuple(sorted({row.agency for row in rows})),
        tuple(sorted(set(languages))),
        tuple((language, languages.count(language)) for language in sorted(set(languages))),
        len(rows),
        len({row.message or row.id for row in rows}),
        sum(row.state in ("approved", "released", "withdrawn") for row in rows),
        sum(row.state == "returned" for row in rows),
    )


def taken_instants(connection: Connection, start: str, end: str) -> set[str]:
    """The written instants in [start, end) at which something goes out or did."""
    query = select(RELEASES.c.at).where(RELEASES.c.at >= start, RELEASES.c.at < end)
    query = query.where(RELEASES.c.state.not_in(("cancelled", "postponed")))
    return set(connection.scalars(query))


def latest_of(connection: Connection, items: Iterable[str]) -> dict[str, str]:
    """The digest of each item's newest revision, by item id."""
    wanted = list(items)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        query = select(ITEMS.c.id, ITEMS.c.latest).where(
            ITEMS.c.id.in_(wanted[start : start + 500])
        )
        found |= {row.id: row.latest for row in connection.execute(query)}
    return found

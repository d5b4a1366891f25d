"""Search of the calendar: releases that a filter lets through, counted by day, paged by keyset.

Only what lies in clear is searched by SQL: code names, ids, agencies, states, and the headlines of
what is public. Who may open more gives the items whose headlines fit (`items`). A word without
accents finds all spellings, one with accents only its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, exists, func, or_, select

from desk.clock import parse_instant, to_wall
from desk.releases.views import CalendarRow, Cursor
from desk.text import folded
from models.tables import ITEMS, PUBLIC_TEXTS, RELEASE_CHANNELS, RELEASE_ITEMS, RELEASES, REVISIONS

FEW = 2000  # items whose releases are gathered before a page is looked for
_COLUMNS = tuple(field.name for field in fields(CalendarRow))


@dataclass(frozen=True)
class Filter:
    """What to look for. Every word must occur; the values of each other field are alternatives.

    `items`: for each word, items that the reader has opened and whose headlines hold it. `after`
    and `before` are written instants, `before` excluded; "" sets no bound.
    """

    words: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    held: bool = False
    items: tuple[tuple[str, ...], ...] = ()
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    after: str = ""
    before: str = ""
    only_held: bool = False

    def conditions(self, connection: Connection, whole: bool = False) -> list[ColumnElement[bool]]:
        """The same as SQL for that connection. `whole`: everything that fits will be read."""
        paged = None if whole else connection
        found: list[ColumnElement[bool]] = []
        if self.after:
            found.append(RELEASES.c.at >= self.after)
        if self.only_held:
            found.append(RELEASES.c.held.is_(True))
        if self.before:
            found.append(RELEASES.c.at < self.before)
        if self.states or self.held:
            state = RELEASES.c.state.in_(self.states)
            found.append(or_(state, RELEASES.c.held.is_(True)) if self.held else state)
        if self.agencies:
            found.append(_holding(ITEMS.c.agency.in_(self.agencies), paged))
        if self.kinds:
            found.append(_holding(ITEMS.c.kind.in_(self.kinds), paged))
        if self.languages:
            found.append(_holding(ITEMS.c.language.in_(self.languages), paged))
        if self.channels:
            on = RELEASE_CHANNELS.c
            found.append(RELEASES.c.id.in_(select(on.release).where(on.channel.in_(self.channels))))
        if self.words:
            _teach(connection)
        for number, word in enumerate(self.words):
            opened = self.items[number] if number < len(self.items) else ()
            found.append(_speaking_of(word, opened, connection.dialect.name == "sqlite"))
        return found


def _holding(
    condition: ColumnElement[bool], connection: Connection | None = None
) -> ColumnElement[bool]:
    """Releases that hold an item of which the condition is true.

    Their releases are gathered; with a connection that says that many items fit, each release is
    asked instead, so that a page need not gather them all.
    """
    if connection is not None:
        fitting = select(ITEMS.c.id).where(condition).limit(FEW + 1).subquery()
        if (connection.scalar(select(func.count()).select_from(fitting)) or 0) > FEW:
            own = RELEASE_ITEMS.c.release == RELEASES.c.id
            # Not a join, which the planner might begin at the thousands of items that fit.
            fits = exists(select(ITEMS.c.id).where(ITEMS.c.id == RELEASE_ITEMS.c.item, condition))
            return exists(select(RELEASE_ITEMS.c.item).where(own, fits))
    joined = RELEASE_ITEMS.join(ITEMS, ITEMS.c.id == RELEASE_ITEMS.c.item)
    return RELEASES.c.id.in_(select(RELEASE_ITEMS.c.release).select_from(joined).where(condition))


def holds(text: str, word: str) -> bool:
    """Whether the word occurs: without accents in any spelling, with them as it is written."""
    plain = folded(word)
    return plain in folded(text) if plain == word.casefold() else word.casefold() in text.casefold()


def _teach(connection: Connection) -> None:
    """SQLite folds the case of ASCII alone; it learns ours for this connection."""
    raw = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and raw is not None:
        raw.create_function("desk_holds", 2, holds, deterministic=True)


def _speaking_of(word: str, opened: Sequence[str], taught: bool) -> ColumnElement[bool]:
    # Another database than SQLite is asked for the usual spellings of the word.
    spelt = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize(), word.title()))

    def has(column: Column[Any]) -> ColumnElement[bool]:
        if taught:
            return func.desk_holds(column, word) == 1
        return or_(*(column.contains(one, autoescape=True) for one in spelt))

    public = select(REVISIONS.c.released_in).join(
        PUBLIC_TEXTS, PUBLIC_TEXTS.c.revision == REVISIONS.c.digest
    )
    public = public.where(has(PUBLIC_TEXTS.c.headline))
    alternatives = [has(RELEASES.c.code), RELEASES.c.id == word, RELEASES.c.id.in_(public)]
    if opened:
        alternatives.append(_holding(ITEMS.c.id.in_(opened[:500])))
    return or_(*alternatives)


def page(
    connection: Connection, wanted: Filter, *, after: Cursor = ("", ""), limit: int = 100
) -> list[CalendarRow]:
    """At most `limit` releases after the cursor, in order of (instant, id)."""
    at, release = after
    query: Select[Any] = select(*(RELEASES.c[name] for name in _COLUMNS))
    query = query.where(*wanted.conditions(connection))
    if at:
        # Two comparisons instead of one of rows, so that the index on the instant is used.
        query = query.where(RELEASES.c.at >= at)
        query = query.where(or_(RELEASES.c.at > at, RELEASES.c.id > release))
    query = query.order_by(RELEASES.c.at, RELEASES.c.id).limit(limit)
    return [CalendarRow(*row) for row in connection.execute(query)]


def days(connection: Connection, wanted: Filter, zone: str) -> dict[date, int]:
    """How many releases each day has, on the clocks of that zone. Days without any are absent."""
    only, elsewhere = wanted.conditions(connection, whole=True), RELEASES.c.zone != zone
    day = func.substr(RELEASES.c.wall, 1, 10)
    counted = select(day, elsewhere, func.count()).where(*only).group_by(day, elsewhere)
    rows = connection.execute(counted).all()
    found = {date.fromisoformat(str(row[0])): int(row[2]) for row in rows if not row[1]}
    if len(found) == len(rows):
        return found
    # Few are planned on other clocks; for those the stored wall time says nothing here.
    for at in connection.scalars(select(RELEASES.c.at).where(elsewhere, *only)):
        there = to_wall(parse_instant(at), zone).date()
        found[there] = found.get(there, 0) + 1
    return found


@dataclass(frozen=True)
class HourCount:
    """How many releases of one state an hour has, on the newsroom's clocks.

    `first`: the wall time (HH:MM) of the first of them; `code`, `release`: the code name and the id
    when it is the only one.
    """

    day: date
    hour: int
    state: str
    held: bool
    count: int
    first: str
    code: str = ""
    release: str = ""


def hours(connection: Connection, wanted: Filter, zone: str) -> list[HourCount]:
    """How many releases each hour has, by state. `wanted` bounds it; what is empty is absent."""
    wall, only = RELEASES.c.wall, wanted.conditions(connection)
    hour, state, held = func.substr(wall, 1, 13), RELEASES.c.state, RELEASES.c.held
    query = select(
        hour,
        state,
        held,
        func.count(),
        func.min(wall),
        func.min(RELEASES.c.code),
        func.min(RELEASES.c.id),
    ).where(RELEASES.c.zone == zone, *only)
    found = [
        _hour(datetime.fromisoformat(first), name, bool(stopped), int(count), str(code), str(id))
        for _hour_text, name, stopped, count, first, code, id in connection.execute(
            query.group_by(hour, state, held)
        )
    ]
    elsewhere = select(RELEASES.c.at, state, held, RELEASES.c.code, RELEASES.c.id)
    for at, name, stopped, code, id in connection.execute(
        elsewhere.where(RELEASES.c.zone != zone, *only)
    ):
        first = to_wall(parse_instant(at), zone)
        found.append(_hour(first, name, bool(stopped), 1, str(code), str(id)))
    return sorted(found, key=lambda one: (one.day, one.hour, one.first, one.state))


def _hour(
    first: datetime, state: str, held: bool, count: int, code: str, release: str
) -> HourCount:
    only = (code, release) if count == 1 else ()
    return HourCount(first.date(), first.hour, state, held, count, f"{first:%H:%M}", *only)


def instant_of(connection: Connection, release: str) -> str:
    """The instant (UTC) at which a release stands in the calendar; '' for one there is not."""
    found = connection.scalar(select(RELEASES.c.at).where(RELEASES.c.id == release))
    return str(found or "")


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
    kinds: tuple[str, ...] = ()


def contents(connection: Connection, releases: Iterable[str]) -> dict[str, Contents]:
    """What each of these releases holds, by release id."""
    names = ("id", "agency", "language", "message", "state", "kind")
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
        tuple(sorted({row.kind for row in rows})),
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

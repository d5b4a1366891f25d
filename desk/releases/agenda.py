"""The agenda: releases, free slots and blackouts of a span of time, in one order, and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from desk.clock import now, parse_instant, to_wall, written, zone
from desk.newsroom.room import Room
from desk.newsroom.schedule import blackouts_between, day_starts, slot_times
from desk.releases import views
from desk.spreadsheet import table_csv

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig

Sort = Literal["release", "slot", "blackout"]
CSV_COLUMNS = ("what", "at", "wall", "zone", "id", "code", "state", "held", "items", "channels",
               "note")  # fmt: skip


@dataclass(frozen=True)
class AgendaRow:
    """One line. `at`: written instant (UTC); `wall`: local time of the newsroom's zone.

    A release shows its code name, since what it holds is sealed; a slot shows its name while it
    is free and ahead; a blackout its reason, and `until` when it ends.
    """

    what: Sort
    at: str
    wall: str
    zone: str
    id: str
    code: str = ""
    state: str = ""
    held: bool = False
    items: int = 0
    channels: tuple[str, ...] = ()
    note: str = ""
    until: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "channels": list(self.channels)}


def span(config: NewsroomConfig, room: Room, days: int, start: str = "") -> tuple[str, str]:
    """So many days of the newsroom's zone from a date (YYYY-MM-DD) or today, as written instants.

    Raises ValueError for what is no date.
    """
    tz = zone(config.newsroom.zone)
    first = datetime.fromisoformat(start).date() if start else now(room.clock).astimezone(tz).date()
    begins = datetime.combine(first, time(), tz)
    ends = datetime.combine(first + timedelta(days=days), time(), tz)
    return written(begins.astimezone(UTC)), written(ends.astimezone(UTC))


def agenda(
    room: Room, config: NewsroomConfig, start: str, end: str, language: str, limit: int = 1000
) -> list[AgendaRow]:
    """The rows between two written instants, `end` excluded, in order of time."""
    with room.store.read() as connection:
        releases = views.page(connection, start=start, end=end, limit=limit)
        channels = views.channels_of(connection, releases)
    home = config.newsroom.zone
    rows = [
        AgendaRow("release", r.at, _wall(r.at, home), home, r.id, r.code, r.state, r.held, r.items,
                  tuple(c.channel for c in channels.get(r.id, ())), r.note)
        for r in releases
    ]  # fmt: skip
    gone = ("cancelled", "postponed")
    taken = {(r.slot, r.at) for r in releases if r.slot and r.state not in gone}
    begin, stop = parse_instant(start), parse_instant(end)
    for slot in slot_times(config, max(begin, now(room.clock)), stop):
        at = written(slot.at)
        if (slot.slot_id, at) not in taken:
            rows.append(AgendaRow("slot", at, _wall(at, home), home, slot.slot_id, state="free",
                                  channels=slot.channels, note=slot.label(language)))  # fmt: skip
    for blackout in blackouts_between(config, begin, stop):
        at = written(blackout.start)
        rows.append(AgendaRow(
            "blackout", at, _wall(at, home), home, "", channels=blackout.channels,
            note=config.name(blackout.why, language), until=written(blackout.end),
        ))  # fmt: skip
    return sorted(rows, key=lambda row: (row.at, row.what != "blackout", row.what, row.id))


def on_each_day(rows: Iterable[AgendaRow], start: str, end: str) -> list[AgendaRow]:
    """For people: a blackout once on each day it covers between two written instants.

    Every such row keeps the end of the whole.
    """
    early, late = parse_instant(start), parse_instant(end)
    found: list[AgendaRow] = []
    for row in rows:
        if not row.until:
            found.append(row)
            continue
        whole = parse_instant(row.at), parse_instant(row.until)
        for begin in day_starts(*whole, row.zone, early, late):
            at = written(begin)
            found.append(replace(row, at=at, wall=_wall(at, row.zone)))
    return sorted(found, key=lambda row: (row.at, row.what != "blackout", row.what, row.id))


def _wall(at: str, home: str) -> str:
    return to_wall(parse_instant(at), home).strftime("%Y-%m-%dT%H:%M:%S")


def as_csv(rows: Iterable[AgendaRow]) -> str:
    """The rows as CSV (RFC 4180), with a line of headings.

    A cell that a spreadsheet would compute gets an apostrophe before it, and no cell breaks its
    line (attack 31).
    """
    values = ({**row.as_json(), "channels": " ".join(row.channels)} for row in rows)
    return table_csv(CSV_COLUMNS, ([row[name] for name in CSV_COLUMNS] for row in values))

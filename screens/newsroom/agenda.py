"""The agenda: releases, free slots and blackouts as one list, by day and by keyset.

A row's key is `instant/id`. Releases come from the database a page at a time; slots and blackouts
are few, are worked out when the days are counted, and are merged into every page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from threading import Lock

from desk.clock import parse_instant, to_wall, written, zone
from desk.locales import _, language
from desk.newsroom.room import View
from desk.newsroom.schedule import ScheduleConflict, blackouts_between, slot_times
from desk.people.availability import board_kept
from desk.releases import clashes, query, search, views
from desk.releases.query import Query
from desk.releases.search import Contents
from desk.releases.titles import Title
from screens.newsroom import blackouts
from screens.newsroom.house import House
from screens.source import CalendarRow, DayCount, Progress, ReleaseState
from screens.source.calendar_room import HourCell
from screens.states import RELEASE

AHEAD = timedelta(days=28)  # how far free slots are shown
LONGEST = timedelta(days=400)  # how far a week or month shows them
AROUND = timedelta(days=400)  # how far blackouts are
LONG_AGO, FAR = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
DONE = ("released", "partial")
OVER = (*DONE, "cancelled", "missed")


class Agenda:
    """The calendar's rows for one reader."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._extras: dict[str, list[CalendarRow]] = {}
        self._lock = Lock()

    def days(self, query: str) -> Sequence[DayCount]:
        """Days that have rows. Works out slots and blackouts anew."""
        with self._house.room.reading() as view:
            place = self._house.zone(view.record.policy)
            wanted = self.wanted(query, place)
            extras = self._days_extras(view, wanted, place)
            counts = {}
            if wanted.wants_releases:
                chosen = wanted.filter(self._house.titles.items_with)
                counts = self._counts(view, chosen, place)
        for row in extras:
            day = to_wall(row.at, place).date()
            counts[day] = counts.get(day, 0) + 1
        with self._lock:
            self._extras[query] = extras
        return [DayCount(day, _before(day, place), counts[day]) for day in sorted(counts)]

    def _counts(self, view: View, chosen: search.Filter, place: str) -> dict[date, int]:
        """How many releases each day has; a copy, since slots and blackouts are added."""

        def find() -> dict[date, int]:
            return search.days(view.connection, chosen, place)

        if chosen.words:  # headlines become public without an act
            return find()
        return dict(self._house.kept.get(view.connection, ("days", chosen, place), find))

    def page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """At most `limit` rows after the cursor."""
        with self._lock:
            known = self._extras.get(query)
        if known is None:
            self.days(query)
            known = self._extras[query]
        start = bisect_right([row.key for row in known], after)
        with self._house.room.reading() as view:
            found = []
            wanted = self.wanted(query, self._house.zone(view.record.policy))
            if wanted.wants_releases:
                at, _sign, release = after.partition("/")
                chosen = wanted.filter(self._house.titles.items_with)
                found = search.page(view.connection, chosen, after=(at, release), limit=limit)
            rows = self._rows(view, found)
        every = merge(rows, known[start : start + limit], key=lambda row: row.key)
        return list(islice(every, limit))

    def where(self, release: str) -> tuple[str, datetime] | None:
        """The key of that release's row, and its instant; None for one there is not."""
        with self._house.room.reading() as view:
            at = search.instant_of(view.connection, release)
        return (f"{at}/{release}", parse_instant(at)) if at else None

    @staticmethod
    def wanted(text: str, place: str) -> Query:
        """What was typed into the filter. Raises UsageError for a date that is none."""
        return query.read(text, place)

    def span(self, first: date, days: int, query: str) -> Sequence[HourCell]:
        """What each hour of so many days holds: releases by state, free slots, blackouts."""
        with self._house.room.reading() as view:
            place = self._house.zone(view.record.policy)
            tz = zone(place)
            start = datetime.combine(first, time(), tz).astimezone(UTC)
            end = datetime.combine(first + timedelta(days=days), time(), tz).astimezone(UTC)
            typed = self.wanted(query, place)
            bounds = max(typed.after, written(start)), min(typed.before or "9", written(end))
            wanted = replace(typed, after=bounds[0], before=bounds[1])
            stopped = any(hold.subject == "*" for hold in views.active_holds(view.connection))
            cells = []
            if wanted.wants_releases:
                chosen = wanted.filter(self._house.titles.items_with)
                cells = [
                    HourCell(
                        one.day, one.hour, "release", one.count, one.first, as_state(one.state),
                        one.held or (stopped and one.state not in OVER), one.code,
                        release=one.release,
                    )
                    for one in search.hours(view.connection, chosen, place)
                ]  # fmt: skip
            extras = self._make_extras(view, wanted, start, end)
        for row in extras:
            wall = to_wall(row.at, place)
            if row.kind == "slot":
                cells.append(HourCell(wall.date(), wall.hour, "slot", 1, f"{wall:%H:%M}",
                                      label=row.title))  # fmt: skip
            cells += blackouts.hours(row, first, days, place)
        return sorted(cells, key=lambda one: (one.day, one.hour, one.kind != "release", one.first))

    # Releases

    def _rows(self, view: View, found: Sequence[views.CalendarRow]) -> list[CalendarRow]:
        inside = search.contents(view.connection, (row.id for row in found))
        gone = [row for row in found if row.state in DONE]
        late = {
            release: max((one.late_ms for one in several if one.late_ms is not None), default=None)
            for release, several in views.channels_of(view.connection, gone).items()
        }
        titles = self._house.titles.of(view, [(row.id, row.code) for row in found], language())
        stopped = any(hold.subject == "*" for hold in views.active_holds(view.connection))
        signers = view.record.policy.signers if view.record.policy else 0
        config, crossed = self._house.config(), {}
        if config is not None:
            crossed = clashes.of_rows(view.connection, config, _open(found), inside)
        asked = board_kept(view.connection)
        rows = []
        for row in found:
            holds = inside.get(row.id, Contents())
            at = parse_instant(row.at)
            warnings = self._warnings(row, holds, crossed.get(row.id, ()), asked)
            title = titles[row.id]
            rows.append(
                CalendarRow(
                    f"{row.at}/{row.id}",
                    "release",
                    at,
                    titled(title),
                    row.id,
                    as_state(row.state),
                    held=(row.held or stopped) and row.state not in OVER,
                    sealed=title.sealed,
                    agency=self._agencies(holds.agencies),
                    languages=holds.languages,
                    channels=row.channels,
                    items=row.items,
                    progress=_progress(row, holds, signers),
                    late_ms=late.get(row.id),
                    warnings=warnings,
                )
            )
        return rows

    def _agencies(self, ids: tuple[str, ...]) -> str:
        """The first agency by its name, and how many more there are."""
        if not ids:
            return ""
        name = self._house.called("", ids[0])[1]
        return name if len(ids) == 1 else f"{name} +{len(ids) - 1}"

    def _warnings(
        self,
        row: views.CalendarRow,
        holds: Contents,
        crossed: Sequence[ScheduleConflict],
        asked: bool,
    ) -> tuple[str, ...]:
        if row.state in OVER or row.state == "postponed":
            return ()
        found = [clash_text(one) for one in crossed]
        if holds.returned:
            found.append(_("an item was returned"))
        if not row.items:
            found.append(_("no items"))
        if row.waits_until and row.state in ("confirmed", "signed", "staged"):
            until = to_wall(parse_instant(row.waits_until), row.zone)
            found.append(_("waits for its trigger until {time}").format(time=f"{until:%H:%M}"))
        if asked and not row.speaks:
            found.append(_("no spokesperson for it"))
        return tuple(found)

    # Slots and blackouts

    def _days_extras(self, view: View, wanted: Query, place: str) -> list[CalendarRow]:
        """What the list shows of slots and blackouts, these on each of their days."""
        moment = self._house.now
        early = max(moment - AROUND, parse_instant(wanted.after) if wanted.after else LONG_AGO)
        late = min(moment + AROUND, parse_instant(wanted.before) if wanted.before else FAR)
        return blackouts.on_each_day(self._make_extras(view, wanted), place, early, late)

    def _make_extras(
        self,
        view: View,
        wanted: Query,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[CalendarRow]:
        """Slots and blackouts that the filter lets through, of a span or of what the list shows."""
        config, moment = self._house.config(), self._house.now
        if config is None or wanted.agencies or wanted.languages:
            return []
        late = min(end or moment + AHEAD, moment + LONGEST)
        early = max(start or moment, moment)
        taken = search.taken_instants(view.connection, written(early), written(late))
        spans = blackouts_between(config, start or moment - AROUND, end or moment + AROUND)
        rows = [
            CalendarRow(
                f"{written(slot.at)}/s-{slot.slot_id}",
                "slot",
                slot.at,
                slot.label(language()),
                channels=len(slot.channels),
                slot=slot.slot_id,
            )
            for slot in (slot_times(config, early, late) if early < late else ())
            if written(slot.at) not in taken
            and not any(span.covers(slot.at, slot.channels) for span in spans)
            and _fits(wanted.channels, slot.channels)
            and _fits(wanted.kinds, slot.kinds)
        ]
        rows += [
            CalendarRow(
                f"{written(span.start)}/b-{number}",
                "blackout",
                span.start,
                self._house.named(span.why, _("blackout")),
                channels=len(span.channels),
                until=span.end,
            )
            for number, span in enumerate(spans)
            if _fits(wanted.channels, span.channels)
        ]
        return sorted((row for row in rows if _lets(wanted, row)), key=lambda row: row.key)


def _fits(wanted: Sequence[str], there: Sequence[str]) -> bool:
    """Whether one of these is there; nothing wanted, or nothing named there, means all."""
    return not wanted or not there or not set(wanted).isdisjoint(there)


def _lets(wanted: Query, row: CalendarRow) -> bool:
    """Whether a slot or blackout fits what was asked for."""
    if wanted.states and row.kind not in wanted.states:
        return False
    if written(row.until or row.at) < wanted.after or written(row.at) >= (wanted.before or "9"):
        return False
    return all(search.holds(row.title, word) for word in wanted.words)


def _open(found: Sequence[views.CalendarRow]) -> list[views.CalendarRow]:
    """Those that are still to come."""
    return [row for row in found if row.state not in OVER and row.state != "postponed"]


def clash_text(clash: ScheduleConflict) -> str:
    """What a clash says, in the language of the interface."""
    return clash.text_vi if language() == "vi" and clash.text_vi else clash.text


def titled(title: Title) -> str:
    """A title, with how many more messages the release holds."""
    return f"{title.text} (+{title.more})" if title.more and not title.sealed else title.text


def as_state(state: str) -> ReleaseState:
    """A state of the projections as the rooms know it."""
    known: dict[str, ReleaseState] = {name: name for name in RELEASE}
    return known.get(state, "provisional")


def _progress(row: views.CalendarRow, holds: Contents, signers: int) -> Progress | None:
    """What is missing next: approvals first, then signatures."""
    if row.state in OVER or row.state == "postponed" or not holds.items:
        return None
    if row.state in ("signed", "staged"):
        return Progress("signed", max(row.signed, signers), max(row.signed, signers))
    if holds.approved < holds.items:
        return Progress("approved", holds.approved, holds.items)
    return Progress("signed", min(row.signed, signers), signers)


def _before(day: date, place: str) -> str:
    """The cursor before everything on that day."""
    midnight = datetime.combine(day, time(), zone(place)).astimezone(UTC)
    return f"{written(midnight)}/"

"""The agenda: releases, free slots and blackouts as one list, by day and by keyset.

A row's key is `instant/id`. Releases come from the database a page at a time; slots and blackouts
are few, are worked out when the days are counted, and are merged into every page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from threading import Lock

from desk.clock import parse_instant, to_wall, written, zone
from desk.locales import _, language
from desk.newsroom.room import View
from desk.newsroom.schedule import BlackoutTime, blackouts_between, slot_times
from desk.people.availability import board_kept
from desk.releases import search, views
from desk.releases.search import Contents, Filter
from desk.releases.titles import Title
from screens.newsroom.house import House
from screens.source import CalendarRow, DayCount, Progress, ReleaseState
from screens.states import RELEASE, SLOT

AHEAD = timedelta(days=28)  # how far free slots are shown
AROUND = timedelta(days=400)  # how far blackouts are
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
        wanted = _Query(query)
        with self._house.room.reading() as view:
            place = self._house.zone(view.record.policy)
            extras = [row for row in self._make_extras(view) if wanted.lets_through(row)]
            counts = {}
            if wanted.wants_releases:
                counts = search.days(view.connection, wanted.filter(self._house), place)
        for row in extras:
            day = to_wall(row.at, place).date()
            counts[day] = counts.get(day, 0) + 1
        with self._lock:
            self._extras[query] = extras
        return [DayCount(day, _before(day, place), counts[day]) for day in sorted(counts)]

    def page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """At most `limit` rows after the cursor."""
        with self._lock:
            known = self._extras.get(query)
        if known is None:
            self.days(query)
            known = self._extras[query]
        start = bisect_right([row.key for row in known], after)
        wanted = _Query(query)
        with self._house.room.reading() as view:
            found = []
            if wanted.wants_releases:
                at, _sign, release = after.partition("/")
                found = search.page(
                    view.connection, wanted.filter(self._house), after=(at, release), limit=limit
                )
            rows = self._rows(view, found)
        every = merge(rows, known[start : start + limit], key=lambda row: row.key)
        return list(islice(every, limit))

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
        blackouts = self._blackouts(found)
        asked = board_kept(view.connection)
        rows = []
        for row in found:
            holds = inside.get(row.id, Contents())
            at = parse_instant(row.at)
            warnings = self._warnings(row, holds, at, blackouts, asked)
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
                    agency=_first(holds.agencies),
                    languages=holds.languages,
                    channels=row.channels,
                    items=row.items,
                    progress=_progress(row, holds, signers),
                    late_ms=late.get(row.id),
                    warnings=warnings,
                )
            )
        return rows

    def _warnings(
        self,
        row: views.CalendarRow,
        holds: Contents,
        at: datetime,
        blackouts: Sequence[BlackoutTime],
        asked: bool,
    ) -> tuple[str, ...]:
        if row.state in OVER or row.state == "postponed":
            return ()
        found = []
        if holds.returned:
            found.append(_("an item was returned"))
        if not row.items:
            found.append(_("no items"))
        if row.waits_until and row.state in ("confirmed", "signed", "staged"):
            until = to_wall(parse_instant(row.waits_until), row.zone)
            found.append(_("waits for its trigger until {time}").format(time=f"{until:%H:%M}"))
        if any(one.start <= at < one.end for one in blackouts):
            found.append(_("in a blackout"))
        if asked and not row.speaks:
            found.append(_("nobody speaks to it"))
        return tuple(found)

    # Slots and blackouts

    def _make_extras(self, view: View) -> list[CalendarRow]:
        config, moment = self._house.config(), self._house.now
        if config is None:
            return []
        end = moment + AHEAD
        taken = search.taken_instants(view.connection, written(moment), written(end))
        spans = blackouts_between(config, moment - AROUND, moment + AROUND)
        rows = [
            CalendarRow(
                f"{written(slot.at)}/s-{slot.slot_id}",
                "slot",
                slot.at,
                slot.label(language()),
                channels=len(slot.channels),
            )
            for slot in slot_times(config, moment, end)
            if written(slot.at) not in taken
            and not any(span.covers(slot.at, slot.channels) for span in spans)
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
        ]
        return sorted(rows, key=lambda row: row.key)

    def _blackouts(self, found: Sequence[views.CalendarRow]) -> list[BlackoutTime]:
        config = self._house.config()
        if config is None or not found:
            return []
        first, last = parse_instant(found[0].at), parse_instant(found[-1].at)
        spans = blackouts_between(config, first, last + timedelta(seconds=1))
        return [span for span in spans if not span.channels]


def titled(title: Title) -> str:
    """A title, with how many more messages the release holds."""
    return f"{title.text} (+{title.more})" if title.more and not title.sealed else title.text


def as_state(state: str) -> ReleaseState:
    """A state of the projections as the rooms know it."""
    known: dict[str, ReleaseState] = {name: name for name in RELEASE}
    return known.get(state, "provisional")


def _first(agencies: tuple[str, ...]) -> str:
    if not agencies:
        return ""
    return agencies[0] if len(agencies) == 1 else f"{agencies[0]} +{len(agencies) - 1}"


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


class _Query:
    """What was typed into the filter: words, `agency:ID`, `state:WORD` in either language."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.agencies: list[str] = []
        self.states: list[str] = []
        for part in text.split():
            name, sign, value = part.partition(":")
            if sign and value and name.casefold() == "agency":
                self.agencies.append(value)
            elif sign and value and name.casefold() == "state":
                self.states += _states_named(value) or ["?"]
            else:
                self.words.append(part)

    @property
    def wants_releases(self) -> bool:
        """Whether a release can be among what is wanted at all."""
        return not self.states or any(state not in ("slot", "blackout") for state in self.states)

    def filter(self, house: House) -> Filter:
        """The same for the database, with what this reader has opened."""
        return Filter(
            tuple(self.words),
            tuple(self.agencies),
            tuple(state for state in self.states if state != "held"),
            "held" in self.states,
            tuple(house.titles.items_with(word) for word in self.words),
        )

    def lets_through(self, row: CalendarRow) -> bool:
        """Whether a slot or blackout fits."""
        if self.agencies or (self.states and row.kind not in self.states):
            return False
        return all(word.casefold() in row.title.casefold() for word in self.words)


def _states_named(value: str) -> list[str]:
    """The states whose name, or word in the language of the interface, begins like that."""
    spoken: dict[str, str] = {name: _(state.word) for name, state in RELEASE.items()}
    spoken |= {"held": _("held"), "slot": _(SLOT.word), "blackout": _("blackout")}
    wanted = value.casefold().replace("-", " ").replace("_", " ")
    return [
        name
        for name, word in spoken.items()
        if name.startswith(wanted) or word.casefold().startswith(wanted)
    ]

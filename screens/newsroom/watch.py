"""The monitor's view: the publisher, the releases near now with their channels, the day so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from statistics import median_low
from typing import Literal

from desk.clock import parse_instant, to_wall, written, zone
from desk.locales import language, told
from desk.newsroom.room import View
from desk.releases import search, views
from desk.releases.search import Contents
from desk.releases.titles import Title
from desk.trust.acts import EVERYTHING
from desk.trust.policy import Policy
from screens.newsroom.agenda import as_state, titled
from screens.newsroom.house import House, rules
from screens.newsroom.ringing import alarms
from screens.newsroom.status import Status, barred, read_status
from screens.source import (
    ChannelState,
    DayRecord,
    DueRelease,
    Monitor,
    Phase,
    PublisherState,
)

BEHIND = timedelta(minutes=15)  # how long a release that is over stays on the monitor
NEAR = 60  # seconds before the instant from which a staged release counts as ready
MOST = 6  # releases on the monitor
SHOWN = ("provisional", "confirmed", "signed", "staged", "released", "partial", "missed")
RUNBOOKS: Mapping[str, str] = {
    "log": "log-alarm",
    "silent": "lost-publisher",
    "altered": "attack",
    "clock": "leader-hangs",
    "portal": "lost-portal",
    "takeover": "leader-hangs",
    "": "duty-and-spares",
}
"""What is wrong (`Status.troubles`) and the page of the handbook that tells what to do."""
ChannelOutcome = Literal["waiting", "staged", "opened", "published", "retrying", "failed"]
PUNCTUAL = 1000.0  # ms after the instant up to which a release was on time
RECENT = 40  # openings in the small picture of the day


def monitor(house: House) -> Monitor:
    """Will it go, did it go, is it still right?"""
    status, moment = read_status(house.status), house.now
    with house.room.reading() as view:
        policy = view.record.policy
        start = written(moment - BEHIND)
        rows = views.page(view.connection, start=start, states=SHOWN, limit=MOST)
        channels = views.channels_of(view.connection, rows)
        inside = search.contents(view.connection, (row.id for row in rows))
        titles = house.titles.of(view, [(row.id, row.code) for row in rows], language())
        holds = views.active_holds(view.connection)
        today = _today(view, status, house.zone(policy), moment)
    due = tuple(
        _Due(house, policy, status, moment, row, inside.get(row.id, Contents())).view(
            channels.get(row.id, ()), titles[row.id], holds
        )
        for row in rows
    )
    compared = status.compared
    return Monitor(
        _publisher(house, status, policy, moment),
        due,
        today,
        alarms(house, status),
        status.time if compared.get("same") or compared.get("differs") else None,
        compared.get("same", 0) + compared.get("differs", 0),
        not compared.get("differs", 0),
        next((RUNBOOKS[code] for code in status.troubles(moment)), RUNBOOKS[""]),
    )


def _publisher(
    house: House, status: Status, policy: Policy | None, moment: datetime
) -> PublisherState | None:
    if not status.name:
        return None
    bound = policy.span("clock_bound_ms") if policy else 500
    offset = status.offset_ms
    names = house.channel_names()
    fine = not status.value.get("clock") and (offset is None or abs(offset) <= bound)
    return PublisherState(
        status.name, status.epoch, status.alive(moment), status.standbys, clock_ms=offset,
        clock_ok=fine, offsets=tuple((names.get(i, i), ms) for i, ms in status.offsets.items()),
    )  # fmt: skip


class _Due:
    """One release near now, put together from the projections and the status."""

    def __init__(
        self,
        house: House,
        policy: Policy | None,
        status: Status,
        moment: datetime,
        row: views.CalendarRow,
        inside: Contents,
    ) -> None:
        self._house, self._policy, self._status = house, policy, status
        self._moment, self._row, self._inside = moment, row, inside
        self._names = house.channel_names()
        self._late = status.late_ms()
        self._said = status.planned(row.id)

    def view(
        self,
        channels: Sequence[views.ChannelView],
        title: Title,
        holds: Sequence[views.HoldView],
    ) -> DueRelease:
        """The release with its channels."""
        row = self._row
        over = row.state in ("released", "partial", "missed")
        mine = [hold for hold in holds if hold.subject in (row.id, EVERYTHING)] if not over else []
        order = list(self._names)  # as calendar.yaml has them
        ranked = sorted(
            channels, key=lambda c: order.index(c.channel) if c.channel in order else 99
        )
        states = tuple(self._channel(one) for one in ranked)
        return DueRelease(
            row.id,
            titled(title),
            parse_instant(row.at),
            as_state(row.state),
            bool(mine),
            self._phase(states, held=bool(mine)),
            row.items,
            states,
            any(not self._heard(hold) for hold in mine),
            parse_instant(row.waits_until) if row.waits_until and not over else None,
        )

    def _heard(self, hold: views.HoldView) -> bool:
        """Whether the publisher has acknowledged that hold."""
        with self._house.room.reading(hold.subject) as view:
            return hold.digest in view.record.acked

    def _channel(self, one: views.ChannelView) -> ChannelState:
        given = rules(self._policy, one.channel) if self._policy else {}
        said = self._status.channels.get(one.channel, {})
        spoken = set(given.get("languages", ()))
        items = sum(count for lang, count in self._inside.by_language if lang in spoken)
        opened = one.state == "released"
        late = self._late.get((self._row.id, one.channel), one.late_ms)
        matched = self._matched(said) if opened else None
        outcome: ChannelOutcome = _OUTCOMES.get(one.state, "waiting")
        if outcome == "opened" and matched:
            outcome = "published"
        elif (
            not opened and outcome != "failed" and self._left <= 0 and self._row.state == "partial"
        ):
            outcome = "retrying"
        staged = items if outcome != "waiting" or self._said.get(one.channel) == "staged" else 0
        return ChannelState(
            one.channel,
            self._names.get(one.channel, one.channel),
            bool(given.get("required", True)),
            staged,
            items,
            bool(said.get("sealed", True)),
            outcome,
            matched,
            float(late) if late is not None else None,
            told(said.get("problem") or "") or barred(said),
        )

    def _matched(self, said: Mapping[str, object]) -> bool | None:
        """Whether the public sees what was signed; None while it is still being looked at."""
        if said.get("differing"):
            return False
        waiting = self._status.compared.get("new", 0) + self._status.compared.get("checking", 0)
        return None if waiting or not self._status.compared else True

    @property
    def _left(self) -> float:
        return (parse_instant(self._row.at) - self._moment).total_seconds()

    def _phase(self, states: Sequence[ChannelState], *, held: bool) -> Phase:
        state, left = self._row.state, self._left
        if state == "released":
            return "done" if all(one.matched is not None for one in states) else "comparing"
        if state == "partial" or (left <= 0 and state in ("signed", "staged") and not held):
            return "opening"
        if state == "staged":
            return "ready" if left <= NEAR else "judging"
        ahead = self._policy.span("stage_ahead") if self._policy else 0
        return "staging" if state == "signed" and left <= ahead else "waiting"


_OUTCOMES: Mapping[str, ChannelOutcome] = {
    "released": "opened",
    "staged": "staged",
    "failed": "failed",
    "planned": "waiting",
}


def _today(view: View, status: Status, place: str, moment: datetime) -> DayRecord:
    """How punctual the day was, on the newsroom's clocks."""
    midnight = datetime.combine(to_wall(moment, place).date(), time(), zone(place)).astimezone(UTC)
    start, end = written(midnight), written(midnight + timedelta(days=1))
    rows = views.page(
        view.connection, start=start, end=end, states=("released", "partial", "missed"), limit=2000
    )
    gone = [row for row in rows if row.state != "missed"]
    exact = status.late_ms()
    early, slow, late = set(), set(), []
    for release, channels in views.channels_of(view.connection, gone).items():
        for one in channels:
            if one.late_ms is None:
                continue
            ms = exact.get((release, one.channel), float(one.late_ms))
            late.append((one.opened_ms, ms))
            if one.late_ms < 0:
                early.add(release)
            elif ms > PUNCTUAL:
                slow.add(release)
    values = sorted(ms for _, ms in late)
    return DayRecord(
        len(gone) - len(early | slow),
        len(slow),
        len(early),
        len(rows) - len(gone),
        median_low(values) if values else None,
        values[min(len(values) - 1, int(0.99 * len(values)))] if values else None,
        tuple(ms for _, ms in sorted(late)[-RECENT:]),
    )

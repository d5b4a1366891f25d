"""Views of the calendar: rows for lists, one release in full, what is next, channels and holds.

Lists are read from the projections, selected columns only, and paged by keyset on (instant, id),
so that the calendar may hold any number of releases. One release in full comes from its signed
acts. Everything returned is frozen and holds plain values; nothing sealed is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, or_, select

from desk.clock import epoch_ns
from desk.errors import Reason, Refused
from desk.newsroom.room import Room, View
from desk.releases.plan import find
from desk.store.projections import revision_state
from desk.trust.acts import EVERYTHING
from desk.trust.begun import begun
from desk.trust.judge import counting, judge, release_state, signers_left, steps_of
from desk.trust.record import LIFTERS
from desk.trust.state import ItemState, ReleaseState, RevisionState
from models.tables import HOLDS, RELEASE_CHANNELS, RELEASES

if TYPE_CHECKING:
    from desk.releases.trigger import Triggered

OVER = ("released", "cancelled", "missed", "postponed")
Cursor = tuple[str, str]
"""The instant and id of the last row seen; ("", "") is the start."""
START: Cursor = ("", "")
_COLUMNS = ("id", "at", "zone", "wall", "code", "slot", "state", "held", "confirmed", "signed",
            "items", "channels", "note", "waits_until", "speaks")  # fmt: skip


@dataclass(frozen=True)
class CalendarRow:
    """One release as the calendar lists it. `at`: written instant (UTC); `wall`: as typed.

    `signed`, `items` and `channels` are counts, `signed` of the leads whose signatures the judge
    counts; `note` is the newest public note. `waits_until`: the end of the window in which a
    script opens it, '' when the instant alone does.
    """

    id: str
    at: str
    zone: str
    wall: str
    code: str
    slot: str
    state: str
    held: bool
    confirmed: bool
    signed: int
    items: int
    channels: int
    note: str
    waits_until: str = ""
    speaks: int = 0
    """How many contacts said that they can speak to it."""

    @property
    def cursor(self) -> Cursor:
        """What the next page begins after."""
        return self.at, self.id

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the cursor as `at/id`."""
        return {**self.__dict__, "cursor": f"{self.at}/{self.id}"}


@dataclass(frozen=True)
class DayCount:
    """How many releases a day has: `day` is the wall date, `first` the cursor's instant."""

    day: str
    rows: int
    first: str


@dataclass(frozen=True)
class ChannelView:
    """One channel of a release: planned, staged, released, failed, missed.

    `late_ms`: after its instant, None when a script chose the moment.
    """

    channel: str
    state: str
    opened_ms: int = 0
    late_ms: int | None = None
    required: bool = True
    code: str = ""


@dataclass(frozen=True)
class HoldView:
    """A hold over a release, or over everything (`*`). In force until `needed` people lifted it."""

    digest: str
    subject: str
    person: str
    time: str
    lifts: tuple[str, ...] | int
    needed: int = LIFTERS
    active: bool = True


@dataclass(frozen=True)
class Upcoming:
    """A release that is still to come. `due_ms`: its instant, ms since the epoch."""

    row: CalendarRow
    due_ms: int
    left_ms: int
    channels: tuple[ChannelView, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.row.as_json(), "due_ms": self.due_ms, "left_ms": self.left_ms,
                "channel_states": [one.__dict__ for one in self.channels]}  # fmt: skip


def page(
    connection: Connection,
    *,
    after: Cursor = START,
    start: str = "",
    end: str = "",
    states: Sequence[str] = (),
    held: bool = False,
    channel: str = "",
    limit: int = 100,
) -> list[CalendarRow]:
    """At most `limit` rows after the cursor, in order of (instant, id).

    `start` and `end` are written instants, end excluded.
    """
    query = _ordered(after)
    if start:
        query = query.where(RELEASES.c.at >= start)
    if end:
        query = query.where(RELEASES.c.at < end)
    if states:
        query = query.where(RELEASES.c.state.in_(list(states)))
    if held:
        query = query.where(RELEASES.c.held.is_(True))
    if channel:
        on = RELEASE_CHANNELS.c
        there = select(on.release).where(on.release == RELEASES.c.id, on.channel == channel)
        query = query.where(there.exists())
    return [CalendarRow(*row) for row in connection.execute(query.limit(limit))]


def _ordered(after: Cursor) -> Select[Any]:
    at, release = after
    query = select(*(RELEASES.c[name] for name in _COLUMNS))
    if at:
        # Two comparisons instead of one of rows, so that the index on the instant is used.
        query = query.where(RELEASES.c.at >= at)
        query = query.where(or_(RELEASES.c.at > at, RELEASES.c.id > release))
    return query.order_by(RELEASES.c.at, RELEASES.c.id)


def day_counts(connection: Connection, *, start: str = "", end: str = "") -> list[DayCount]:
    """The days that have releases, by wall date, in order."""
    day = func.substr(RELEASES.c.wall, 1, 10)
    query = select(day, func.count(), func.min(RELEASES.c.at)).group_by(day).order_by(day)
    if start:
        query = query.where(RELEASES.c.at >= start)
    if end:
        query = query.where(RELEASES.c.at < end)
    return [DayCount(str(row[0]), int(row[1]), str(row[2])) for row in connection.execute(query)]


def upcoming(room: Room, limit: int = 5, *, grace: int = 900) -> list[Upcoming]:
    """What goes out next, the nearest first, each with its countdown and channels.

    A release stays listed for `grace` seconds past its instant, or while a script may open it, as
    long as it is not over.
    """
    from datetime import timedelta

    from desk.clock import now, written

    since = written(now(room.clock) - timedelta(seconds=grace))
    near = or_(RELEASES.c.at >= since, RELEASES.c.waits_until >= written(now(room.clock)))
    query = _ordered(START).where(near, RELEASES.c.state.not_in(OVER))
    found = []
    with room.store.read() as connection:
        rows = [CalendarRow(*row) for row in connection.execute(query.limit(limit))]
        channels = channels_of(connection, rows)
    wall_ms = room.clock.time_ns() // 1_000_000
    for row in rows:
        due = epoch_ns(row.at) // 1_000_000
        found.append(Upcoming(row, due, due - wall_ms, channels.get(row.id, ())))
    return found


def channels_of(
    connection: Connection, rows: Sequence[CalendarRow]
) -> Mapping[str, tuple[ChannelView, ...]]:
    """The channels of these releases and how far each is, by release id."""
    at = {row.id: epoch_ns(row.at) // 1_000_000 for row in rows if not row.waits_until}
    found: dict[str, list[ChannelView]] = {}
    names = ("release", "channel", "state", "opened_ms")
    for start in range(0, len(rows), 500):
        ids = [row.id for row in rows[start : start + 500]]
        query = select(*(RELEASE_CHANNELS.c[name] for name in names))
        query = query.where(RELEASE_CHANNELS.c.release.in_(ids)).order_by(
            RELEASE_CHANNELS.c.channel
        )
        for row in connection.execute(query):
            late = row.opened_ms - at[row.release] if row.opened_ms and row.release in at else None
            one = ChannelView(row.channel, row.state, row.opened_ms, late)
            found.setdefault(row.release, []).append(one)
    return {release: tuple(several) for release, several in found.items()}


def active_holds(connection: Connection) -> list[HoldView]:
    """Every hold in force, the general ones first. `lifts` counts who has lifted it so far."""
    names = ("digest", "subject", "person", "time", "lifts")
    query = select(*(HOLDS.c[name] for name in names)).where(HOLDS.c.active.is_(True))
    rows = connection.execute(query.order_by(HOLDS.c.subject, HOLDS.c.time))
    return [HoldView(row.digest, row.subject, row.person, row.time, int(row.lifts)) for row in rows]


@dataclass(frozen=True)
class StepView:
    """One step of an item's chain: who took it and when, or who could."""

    step: str
    by: str
    time: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class ItemReadiness:
    """One item of a release: which revision goes out, its steps, and what its gates said.

    `gates`: gate id -> outcome, as the newest approval carries it.
    """

    item: str
    code: str
    language: str
    kind: str
    agency: str
    number: int
    digest: str
    content: str
    state: str
    steps: tuple[StepView, ...]
    gates: Mapping[str, str]

    @property
    def ready(self) -> bool:
        """Whether every step is taken."""
        return self.state in ("approved", "released") and all(step.by for step in self.steps)


@dataclass(frozen=True)
class Change:
    """One act that made the plan what it is."""

    kind: str
    person: str
    time: str
    note: str


@dataclass(frozen=True)
class ReleaseDetail:
    """One release in full, from its signed acts. `manifest`: digest of what is or would be signed.

    `reasons`: why it may not go out now; `signers_left`: who could still sign. `trigger`: the
    script that opens it, where there is one.
    """

    id: str
    code: str
    at: str
    zone: str
    wall: str
    slot: str
    state: str
    held: bool
    confirmed: bool
    not_after: str
    manifest: str
    signed: tuple[str, ...]
    signers: int
    signers_left: tuple[str, ...]
    items: tuple[ItemReadiness, ...]
    channels: tuple[ChannelView, ...]
    holds: tuple[HoldView, ...]
    reasons: tuple[Reason, ...]
    plan: tuple[Change, ...]
    trigger: Triggered | None = None

    @property
    def ready(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


def detail(room: Room, release_id: str) -> ReleaseDetail:
    """One release in full. Raises NotFound."""
    with room.reading(release_id) as view:
        return detail_of(view, release_id)


def detail_of(view: View, release_id: str) -> ReleaseDetail:
    """One release in full, in a view that is about it. Raises NotFound, Refused."""
    from desk.people.speaking import with_speakers
    from desk.releases import trigger
    from desk.releases.sign import digest_to_sign, preview

    record, release = view.record, find(view, release_id)
    signoff = release.signoffs.get(release.released_signoff) or release.signoff
    fields, planned = preview(view, release_id)
    verdict = judge(record, release_id)
    if signoff is not None and (release.opened or verdict.ok):
        fields = dict(signoff.fields)
    else:
        so_far = begun(record, release)
        if so_far is None and signoff is not None:
            left = signers_left(record, release, None)
            again = Reason("sign-off", "nobody has signed it as it is now", left)
            stale = [one for one in verdict.reasons if one.rule in ("manifest", "policy", "missed")]
            verdict = replace(verdict, reasons=(*stale, *planned.reasons, again))
        signoff, verdict = so_far, with_speakers(view, verdict)
    holds = record.active_holds(release_id)
    script = trigger.standing(view, release_id) if release.grant else None
    refused = script.reasons if script and script.refused else ()
    return ReleaseDetail(
        release.id, release.code, release.at, release.zone, release.wall, release.slot,
        release_state(record, release_id), bool(holds), release.confirmed, fields["not_after"],
        signoff.digest if signoff else digest_to_sign(fields),
        counting(record, release, signoff),
        view.policy.signers,
        () if release.opened else signers_left(record, release, signoff),
        tuple(_readiness(view, entry) for entry in fields["items"]),
        tuple(_channel(view, release, channel) for channel in release.channels),
        tuple(_hold(release, hold.digest, view) for hold in holds),
        () if release.opened else (*verdict.reasons, *refused),
        tuple(Change(step.kind, step.person, step.time, step.note) for step in release.plan),
        script,
    )  # fmt: skip


def _readiness(view: View, entry: Mapping[str, str]) -> ItemReadiness:
    item: ItemState = view.record.items[entry["item"]]
    revision: RevisionState = item.revisions[entry["revision"]]
    try:
        states = steps_of(view.record, item, revision)
    except Refused:  # the policy in force has lost its kind; the verdict says so
        states = ()
    steps = tuple(
        StepView(state.step, state.approval.person if state.approval else "",
                 state.approval.time if state.approval else "", state.who)
        for state in states
    )  # fmt: skip
    gates = {str(gate["id"]): str(gate["outcome"])
             for approval in revision.approvals for gate in approval.gates}  # fmt: skip
    return ItemReadiness(
        item.id, item.code, item.language, item.kind, item.agency, revision.number,
        revision.digest, revision.content, revision_state(view.record, item, revision), steps,
        gates,
    )  # fmt: skip


def _channel(view: View, release: ReleaseState, channel: str) -> ChannelView:
    rules = view.policy.channels.get(channel, {})
    required, opened = bool(rules.get("required", True)), release.opened.get(channel, 0)
    if opened:
        late = None if release.grant else opened - epoch_ns(release.at) // 1_000_000
        return ChannelView(channel, "released", opened, late, required)
    if channel in release.failed:
        return ChannelView(channel, "failed", required=required, code=release.failed[channel])
    state = "staged" if channel in release.staged else "planned"
    if release_state(view.record, release.id) == "missed":
        state = "missed"  # what lies there opens no more
    return ChannelView(channel, state, required=required)


def _hold(release: ReleaseState, digest: str, view: View) -> HoldView:
    own = digest in release.holds
    hold = release.holds[digest] if own else view.record.holds[digest]
    subject = release.id if own else EVERYTHING
    return HoldView(digest, subject, hold.person, hold.time, tuple(sorted(hold.lifts)))

"""Clashes: releases that stand in each other's way, in a blackout, or in a slot for other kinds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, select

from desk.clock import now, parse_instant, written
from desk.errors import DeskError
from desk.newsroom.schedule import ScheduleConflict, Taken, conflicts
from desk.releases.search import Contents
from desk.releases.views import OVER
from desk.trust.state import SEEN
from models.tables import ITEMS, RELEASE_CHANNELS, RELEASE_ITEMS, RELEASES

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig
    from desk.newsroom.room import Room, View
    from desk.releases.plan import Moment

APART = timedelta(hours=6)  # rows further apart than this are asked about one by one
_DONE = ("cancelled", "missed", "postponed")


class Placed(Protocol):
    """A release with its place: a row of the calendar, say."""

    @property
    def id(self) -> str:
        """The release."""
        ...

    @property
    def at(self) -> str:
        """Its written instant."""
        ...

    @property
    def slot(self) -> str:
        """The slot it was planned in, or ''."""
        ...


def of_rows(
    connection: Connection,
    config: NewsroomConfig,
    rows: Sequence[Placed],
    inside: Mapping[str, Contents],
) -> dict[str, tuple[ScheduleConflict, ...]]:
    """What speaks against each of these releases, in order of time; nothing for those without.

    `inside`: what they hold (`search.contents`).
    """
    gap = timedelta(seconds=config.releases.min_gap)
    taken = _taken(connection, [parse_instant(row.at) for row in rows], gap)
    times = [one.at for one in taken]
    channels = {one.release_id: one.channels for one in taken}
    shared = same_items(connection, [row.id for row in rows])
    found = {}
    for row in rows:
        at, kinds = parse_instant(row.at), inside.get(row.id, Contents()).kinds
        near = taken[bisect_left(times, at - gap) : bisect_right(times, at + gap)]
        several = conflicts(config, at, channels.get(row.id, ()), kinds, near, release_id=row.id)
        several += shared.get(row.id, ())
        several += foreign_kinds(config, row.slot, kinds)
        if several:
            found[row.id] = tuple(several)
    return found


def _taken(connection: Connection, ats: Sequence[datetime], gap: timedelta) -> list[Taken]:
    """Every release near one of these instants that still has its place, with its channels."""
    found: dict[tuple[str, str], list[str]] = {}
    for first, last in _spans(ats, gap):
        query = (
            select(RELEASES.c.id, RELEASES.c.at, RELEASE_CHANNELS.c.channel)
            .join(RELEASE_CHANNELS, RELEASE_CHANNELS.c.release == RELEASES.c.id)
            .where(RELEASES.c.at >= written(first), RELEASES.c.at <= written(last))
            .where(RELEASES.c.state.not_in(_DONE))
        )
        for row in connection.execute(query):
            found.setdefault((row.at, row.id), []).append(row.channel)
    return [
        Taken(release, parse_instant(at), tuple(sorted(channels)))
        for (at, release), channels in sorted(found.items())
    ]


def _spans(ats: Iterable[datetime], gap: timedelta) -> list[tuple[datetime, datetime]]:
    spans: list[tuple[datetime, datetime]] = []
    for at in sorted(ats):
        if spans and at - gap <= spans[-1][1] + APART:
            spans[-1] = (spans[-1][0], at + gap)
        else:
            spans.append((at - gap, at + gap))
    return spans


def same_items(
    connection: Connection, releases: Sequence[str], items: Sequence[str] = ()
) -> dict[str, tuple[ScheduleConflict, ...]]:
    """Which of these releases hold an item that another one, still to come, holds as well.

    With `items` the answer is about a release that is not there yet, under the id ''.
    """
    mine, other = RELEASE_ITEMS.alias("mine"), RELEASE_ITEMS.alias("other")
    open_ones = RELEASES.c.state.not_in(OVER)
    found: dict[str, list[Any]] = {}
    for start in range(0, len(releases), 500):
        query = (
            select(mine.c.release, mine.c.item, other.c.release.label("other"), RELEASES.c.code)
            .join(other, other.c.item == mine.c.item)
            .join(RELEASES, RELEASES.c.id == other.c.release)
            .where(mine.c.release.in_(releases[start : start + 500]))
            .where(other.c.release != mine.c.release, open_ones)
        )
        for row in connection.execute(query):
            found.setdefault(row.release, []).append(row)
    if items:
        query = (
            select(RELEASE_ITEMS.c.item, RELEASES.c.id.label("other"), RELEASES.c.code)
            .join(RELEASES, RELEASES.c.id == RELEASE_ITEMS.c.release)
            .where(RELEASE_ITEMS.c.item.in_(items), open_ones)
        )
        found[""] = list(connection.execute(query))
    return {
        release: tuple(
            ScheduleConflict(
                "same-item",
                f"{row.item} also goes out in {row.code} ({row.other})",
                f"{row.item} cũng nằm trong lượt công bố {row.code} ({row.other})",
            )
            for row in several
        )
        for release, several in found.items()
    }


def left_as_they_are(view: View, release: str) -> list[ScheduleConflict]:
    """The channels on which the public sees an earlier text of an item, and goes on seeing it,
    because this release does not go there.

    What was withdrawn is seen nowhere; a channel takes only items in its languages.
    """
    items = select(RELEASE_ITEMS.c.item).where(RELEASE_ITEMS.c.release == release)
    channels = select(RELEASE_CHANNELS.c.channel).where(RELEASE_CHANNELS.c.release == release)
    return _left(view, items, channels, release)


def left_by(
    view: View, items: Sequence[str], channels: Sequence[str], release: str = ""
) -> list[ScheduleConflict]:
    """The same of a plan that is not in the log yet; `release`: the one that would be changed."""
    return _left(view, list(items), list(channels), release)


def _left(view: View, items: Any, channels: Any, release: str) -> list[ScheduleConflict]:
    """`items` and `channels`: ids, or a query that selects them."""
    on = RELEASE_CHANNELS.c
    query = (
        select(RELEASE_ITEMS.c.item, ITEMS.c.language, on.channel)
        .join(ITEMS, ITEMS.c.id == RELEASE_ITEMS.c.item)
        .join(RELEASE_CHANNELS, on.release == RELEASE_ITEMS.c.release)
        .where(RELEASE_ITEMS.c.item.in_(items), RELEASE_ITEMS.c.release != release)
        .where(ITEMS.c.public.in_(SEEN), on.state == "released", on.channel.not_in(channels))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for item, language, channel in view.connection.execute(query):
        if language in view.policy.channels.get(channel, {}).get("languages", ()):
            found.setdefault(item, set()).add(channel)
    return [
        ScheduleConflict(
            "left-as-it-is",
            f"{item} is public on {names} too, where this release does not go: the earlier text "
            "stays there",
            f"{item} cũng đang công khai trên {names}, nơi lượt này không đến: bản cũ vẫn ở đó",
        )
        for item, channels in sorted(found.items())
        for names in [", ".join(sorted(channels))]
    ]


def foreign_kinds(
    config: NewsroomConfig, slot: str, kinds: Iterable[str]
) -> list[ScheduleConflict]:
    """Kinds of items that the slot does not take; nothing for a slot that is no more."""
    try:
        taken = config.slot(slot).kinds if slot else ()
    except DeskError:
        return []
    foreign = sorted(set(kinds) - set(taken)) if slot else []
    if not foreign:
        return []
    names = ", ".join(foreign)
    return [ScheduleConflict("slot-kind", f"the slot {slot} is not for {names}",
                             f"khung giờ {slot} không dành cho {names}")]  # fmt: skip


def before(
    room: Room, config: NewsroomConfig, moment: Moment, channels: Sequence[str],
    items: Sequence[str], *, slot: str = "", release: str = "", kinds: Sequence[str] = (),
) -> list[ScheduleConflict]:  # fmt: skip
    """What would speak against a release there, before anything is signed.

    `release` is itself when it is moved; `kinds` are those of items that are still to be made.
    Raises NotFound for an unknown item.
    """
    from desk.releases.placing import kinds_of, obstacles

    kinds = [*kinds, *kinds_of(room, items)]
    found = obstacles(room, config, moment, channels, kinds, release)
    with room.store.read() as connection:
        shared = same_items(connection, [release]) if release else same_items(connection, [], items)
    found += shared.get(release, ())
    return found + foreign_kinds(config, slot, kinds)


def told_before(view: View, release: str) -> list[ScheduleConflict]:
    """What whoever signs that release has to know of other ones."""
    shared = same_items(view.connection, [release]).get(release, ())
    return [*shared, *left_as_they_are(view, release)]


@dataclass(frozen=True)
class Clash:
    """One release and one thing that speaks against it. `at`: its instant (UTC)."""

    release: str
    code: str
    at: str
    why: ScheduleConflict

    def as_json(self) -> dict[str, Any]:
        """Plain values; the explanation in both languages."""
        return {"release": self.release, "code": self.code, "at": self.at, "rule": self.why.code,
                "text": self.why.text, "text_vi": self.why.text_vi}  # fmt: skip


def ahead(room: Room, config: NewsroomConfig, days: int, limit: int = 1000) -> list[Clash]:
    """Every clash of the releases of the next days, in order of time; of each pair both sides."""
    from desk.releases import search

    start = now(room.clock)
    wanted = search.Filter(after=written(start), before=written(start + timedelta(days=days)))
    with room.store.read() as connection:
        rows = [row for row in search.page(connection, wanted, limit=limit)
                if row.state not in OVER]  # fmt: skip
        found = of_rows(connection, config, rows, search.contents(connection, [r.id for r in rows]))
    return [Clash(row.id, row.code, row.at, why) for row in rows for why in found.get(row.id, ())]

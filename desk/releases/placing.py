"""Placing: the moment that somebody typed, whether it is free, and when a slot is free next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from desk.clock import Fold, now, parse_instant, to_instant, written
from desk.errors import Conflict, NotFound, UsageError
from desk.newsroom.room import Room
from desk.newsroom.schedule import (
    LOOK_AHEAD,
    ScheduleConflict,
    SlotTime,
    Taken,
    conflicts,
    slot_times,
)
from desk.phrase import phrase
from desk.releases.plan import Moment
from desk.releases.views import OVER
from models.tables import RELEASE_CHANNELS, RELEASES

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig

_WALL = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")  # as dates are written in Vietnamese


def read_moment(text: str, zone: str, fold: Fold | None = None) -> Moment:
    """The moment of `2026-11-20 15:00`, wall time in the zone, or of an instant ending in Z.

    `20/11/2026 15:00` is the same, with the day first.

    Raises UsageError for a wall time that does not exist, or occurs twice without `fold`.
    """
    if text.endswith("Z"):
        return Moment.of_instant(text, zone)
    typed = _DAY_FIRST.sub(lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", text.strip(), count=1)
    match = _WALL.fullmatch(typed)
    if match is None:
        raise UsageError(
            "Not a time",
            text[:40],
            phrase(
                "Write wall time in {zone}, such as '2026-11-20 15:00', or UTC with T between and "
                "Z at its end",
                zone=zone,
            ),
        )
    wall_text = f"{match[1]}T{match[2]}{match[3] or ':00'}"
    try:
        wall = datetime.fromisoformat(wall_text)
    except ValueError:
        raise UsageError("No such time", text[:40]) from None
    return Moment(written(to_instant(wall, zone, fold)), zone, wall_text, fold)


def taken_near(room: Room, at: datetime, seconds: int) -> list[Taken]:
    """The releases within so many seconds of an instant that are not over, with their channels."""
    span = timedelta(seconds=seconds)
    query = (
        select(RELEASES.c.id, RELEASES.c.at, RELEASE_CHANNELS.c.channel)
        .join(RELEASE_CHANNELS, RELEASE_CHANNELS.c.release == RELEASES.c.id)
        .where(RELEASES.c.at >= written(at - span), RELEASES.c.at <= written(at + span))
        .where(RELEASES.c.state.not_in([state for state in OVER if state != "released"]))
    )
    found: dict[tuple[str, str], list[str]] = {}
    with room.store.read() as connection:
        for row in connection.execute(query):
            found.setdefault((row.id, row.at), []).append(row.channel)
    return [
        Taken(release, parse_instant(when), tuple(sorted(channels)))
        for (release, when), channels in sorted(found.items())
    ]


def kinds_of(room: Room, items: Iterable[str]) -> list[str]:
    """The kinds of these items. Raises NotFound for one that was never submitted."""
    wanted = list(items)
    with room.reading(*wanted) as view:
        for item in wanted:
            if item not in view.record.items:
                raise NotFound("No such item", item, "Only submitted items can be planned.")
        return sorted({view.record.items[item].kind for item in wanted})


def obstacles(
    room: Room,
    config: NewsroomConfig,
    moment: Moment,
    channels: Sequence[str],
    kinds: Sequence[str],
    release_id: str = "",
) -> list[ScheduleConflict]:
    """What speaks against that moment on these channels: blackouts, other releases, the past."""
    at = parse_instant(moment.at)
    taken = taken_near(room, at, config.releases.min_gap)
    return conflicts(config, at, channels, kinds, taken, now=now(room.clock), release_id=release_id)


def next_in_slot(
    room: Room, config: NewsroomConfig, slot_id: str, kinds: Sequence[str]
) -> SlotTime:
    """The next free time of a slot for items of these kinds.

    Raises NotFound for an unknown slot, Conflict when the slot does not take them or nothing is
    free for 400 days.
    """
    slot = config.slot(slot_id)
    foreign = sorted(set(kinds) - set(slot.kinds))
    if foreign:
        raise Conflict(
            "That slot is for other kinds",
            phrase("{slot} takes {kinds}", slot=slot_id, kinds=", ".join(slot.kinds)),
            "Choose another slot, or a time with --at",
        )
    start = now(room.clock)
    for one in slot_times(config, start, start + LOOK_AHEAD):
        if one.slot_id != slot_id or one.at <= start:
            continue
        taken = taken_near(room, one.at, config.releases.min_gap)
        if not conflicts(config, one.at, one.channels, kinds, taken):
            return one
    raise Conflict(
        "That slot has no free time",
        phrase("{slot_id}, in 400 days", slot_id=slot_id),
        "See: desk calendar agenda",
    )

"""The schedule: when slots fall, when nothing goes out, and whether a time is free.

Slots and blackouts are wall times of the newsroom's zone; everything returned is an instant (UTC).
A slot whose wall time is skipped when clocks go forward does not take place (`skipped_slots` says
so); one that occurs twice takes place the earlier time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from desk.clock import to_instant, to_wall, zone
from desk.errors import NotFound, UsageError
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.config import Blackout, NewsroomConfig, Slot

LOOK_AHEAD = timedelta(days=400)
"""How far `next_free` looks: past the next year's rarest slot."""
_STRIDE = timedelta(days=28)


@dataclass(frozen=True)
class SlotTime:
    """One occurrence of a slot. `at` is the instant in UTC, `wall` the same in the newsroom's zone.

    `name` holds the slot's name by language and may be empty.
    """

    slot_id: str
    name: Mapping[str, str]
    at: datetime
    wall: datetime
    kinds: tuple[str, ...]
    channels: tuple[str, ...]

    def label(self, language: str) -> str:
        """The slot's name in that language, in another one, or its id."""
        return self.name.get(language) or next(iter(self.name.values()), self.slot_id)


@dataclass(frozen=True)
class SkippedSlot:
    """An occurrence that does not take place, since its wall time (naive) does not exist."""

    slot_id: str
    wall: datetime
    text: str


@dataclass(frozen=True)
class BlackoutTime:
    """A blackout as instants, `end` excluded. `channels` is empty when it holds for all."""

    start: datetime
    end: datetime
    why: Mapping[str, str]
    channels: tuple[str, ...] = ()

    def covers(self, at: datetime, channels: Iterable[str]) -> bool:
        """Whether nothing may go out then on (any of) these channels."""
        return self.start <= at < self.end and (
            not self.channels or not set(self.channels).isdisjoint(channels)
        )


@dataclass(frozen=True)
class Taken:
    """A release that has its place already: its instant and channels."""

    release_id: str
    at: datetime
    channels: tuple[str, ...]


@dataclass(frozen=True)
class ScheduleConflict:
    """Why a release does not fit. `code` names the rule; `text_vi` says the same in Vietnamese.

    Codes: past, unknown-channel, unknown-kind, blackout, channel-taken, too-close.
    """

    code: str
    text: str
    text_vi: str = ""


def slot_times(config: NewsroomConfig, start: datetime, end: datetime) -> list[SlotTime]:
    """Every slot from `start` up to but not including `end` (aware), by instant, then file order.

    Raises UsageError for naive times.
    """
    found = []
    for slot, wall in _walls(config, start, end):
        at = _instant(wall, config.newsroom.zone)
        if at is not None and start <= at < end:
            found.append(_occurrence(config, slot, at))
    return sorted(found, key=lambda one: one.at)


def _occurrence(config: NewsroomConfig, slot: Slot, at: datetime) -> SlotTime:
    wall = to_wall(at, config.newsroom.zone)
    return SlotTime(slot.id, slot.name or {}, at, wall, slot.kinds, slot.channels)


def skipped_slots(config: NewsroomConfig, start: datetime, end: datetime) -> list[SkippedSlot]:
    """The slots between two instants that fall into a gap of the zone, with a note to show."""
    first, last = (to_wall(one, config.newsroom.zone).replace(tzinfo=None) for one in (start, end))
    return [
        SkippedSlot(
            slot.id,
            wall,
            f"{slot.id}: {wall:%Y-%m-%d %H:%M} does not exist in {config.newsroom.zone}; "
            "the slot does not take place",
        )
        for slot, wall in _walls(config, start, end)
        if first <= wall < last and _instant(wall, config.newsroom.zone) is None
    ]


def _walls(
    config: NewsroomConfig, start: datetime, end: datetime
) -> Iterator[tuple[Slot, datetime]]:
    """Naive wall times of all slots in the days around two instants."""
    if start.tzinfo is None or end.tzinfo is None:
        span = phrase("{start} to {end}", start=start, end=end)
        raise UsageError("A time without a zone is not an instant", span)
    if start >= end:
        return
    first = to_wall(start, config.newsroom.zone).date()
    last = to_wall(end, config.newsroom.zone).date()
    for slot in config.slots:
        until = min(last, slot.last) if slot.last else last
        for day in slot.rule.iterate(first, until, slot.first):
            yield slot, datetime.combine(day, slot.at)


def _instant(wall: datetime, zone_name: str) -> datetime | None:
    """The instant of a wall time, the earlier of two; None when it does not exist."""
    try:
        return to_instant(wall, zone_name, "earlier")
    except UsageError:
        return None


def blackouts_between(config: NewsroomConfig, start: datetime, end: datetime) -> list[BlackoutTime]:
    """The blackouts that touch the span from `start` to `end` (aware, end excluded), in order."""
    spans = (_blackout(config, one) for one in config.blackouts)
    touching = [one for one in spans if one.start < end and start < one.end]
    return sorted(touching, key=lambda one: one.start)


def day_starts(
    start: datetime, end: datetime, place: str, early: datetime, late: datetime
) -> Iterator[datetime]:
    """When a span is first met on each day that it touches: `start`, then each midnight in it.

    Of the days whose part of it touches the time from `early` to `late`. Days are those of the
    zone `place`; instants in UTC, ends excluded.
    """
    at, day = start, to_wall(start, place).date()
    while at < end:
        day += timedelta(days=1)
        midnight = datetime.combine(day, time(), zone(place)).astimezone(UTC)
        if at < late and min(midnight, end) > early:
            yield at
        at = midnight


def _blackout(config: NewsroomConfig, blackout: Blackout) -> BlackoutTime:
    """As instants. Where a wall time occurs twice, the longer blackout is meant."""
    tz = zone(config.newsroom.zone)
    start = blackout.start.replace(tzinfo=tz, fold=0).astimezone(UTC)
    end = blackout.end.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return BlackoutTime(start, end, blackout.why, blackout.channels or ())


def conflicts(
    config: NewsroomConfig,
    at: datetime,
    channels: Iterable[str],
    kinds: Iterable[str],
    taken: Iterable[Taken] = (),
    *,
    now: datetime | None = None,
    release_id: str = "",
) -> list[ScheduleConflict]:
    """Why a release of these kinds cannot take its place at `at` on these channels; [] if it can.

    `now` lets past times be told; `release_id` is the release itself when it is being moved.
    A release with an urgent kind need not keep `min_gap`, but it keeps out of blackouts and never
    shares an instant on a channel. Raises UsageError for naive times.
    """
    if at.tzinfo is None:
        raise UsageError("A time without a zone is not an instant", repr(at))
    wanted, of_kinds = tuple(dict.fromkeys(channels)), tuple(dict.fromkeys(kinds))
    found = [*_unknown(config, wanted, of_kinds)]
    if now is not None and at <= now:
        found.append(ScheduleConflict("past", "that time has passed", "thời điểm này đã qua"))
    for blackout in blackouts_between(config, at, at + timedelta(seconds=1)):
        if blackout.covers(at, wanted):
            found.append(_blacked_out(config, blackout))
    urgent = any(config.kinds[kind].urgent for kind in of_kinds if kind in config.kinds)
    gap = timedelta(seconds=0 if urgent else config.releases.min_gap)
    for other in sorted(taken, key=lambda one: (one.at, one.release_id)):
        shared = [channel for channel in wanted if channel in other.channels]
        if shared and other.release_id != release_id:
            found += _beside(config, other, at, shared, gap)
    return found


def _unknown(
    config: NewsroomConfig, channels: Iterable[str], kinds: Iterable[str]
) -> Iterator[ScheduleConflict]:
    for channel in channels:
        if not any(one.id == channel for one in config.channels):
            yield ScheduleConflict(
                "unknown-channel", f"there is no channel '{channel}'", f"không có kênh '{channel}'"
            )
    for kind in kinds:
        if kind not in config.kinds:
            text_vi = f"không có loại tin bài '{kind}'"
            yield ScheduleConflict("unknown-kind", f"there is no kind '{kind}'", text_vi)


def _clock(config: NewsroomConfig, at: datetime, form: str = "%Y-%m-%d %H:%M") -> str:
    return to_wall(at, config.newsroom.zone).strftime(form)


def _blacked_out(config: NewsroomConfig, blackout: BlackoutTime) -> ScheduleConflict:
    vi = "%H:%M ngày %d/%m/%Y"
    return ScheduleConflict(
        "blackout",
        f"nothing goes out until {_clock(config, blackout.end)}: {config.name(blackout.why, 'en')}",
        f"ngừng công bố đến {_clock(config, blackout.end, vi)}: {config.name(blackout.why, 'vi')}",
    )


def _beside(
    config: NewsroomConfig, other: Taken, at: datetime, shared: list[str], gap: timedelta
) -> Iterator[ScheduleConflict]:
    on = ", ".join(shared)
    if other.at == at:
        yield ScheduleConflict(
            "channel-taken",
            f"{other.release_id} goes out at the same instant on {on}",
            f"{other.release_id} công bố cùng thời điểm trên kênh {on}",
        )
    elif abs(other.at - at) < gap:
        secs = int(gap.total_seconds())
        when = _clock(config, other.at, "%H:%M:%S")
        yield ScheduleConflict(
            "too-close",
            f"{other.release_id} goes out at {when} on {on}, less than {secs} s away",
            f"{other.release_id} công bố lúc {when} trên kênh {on}, cách chưa đến {secs} giây",
        )


def next_free(
    config: NewsroomConfig, after: datetime, kind: str, taken: Iterable[Taken] = ()
) -> SlotTime | None:
    """The first slot later than `after` that takes items of the kind and has no conflict.

    Looks 400 days ahead. Raises NotFound for an unknown kind, UsageError for a naive time.
    """
    config.kind(kind)
    others = tuple(taken)
    start, end = after, after + LOOK_AHEAD
    while start < end:
        stop = min(start + _STRIDE, end)
        for slot in slot_times(config, start, stop):
            fits = slot.at > after and kind in slot.kinds
            if fits and not conflicts(config, slot.at, slot.channels, [kind], others):
                return slot
        start = stop
    return None


def slot_at(config: NewsroomConfig, slot_id: str, at: datetime) -> SlotTime:
    """The occurrence of a slot at exactly that instant. Raises NotFound."""
    config.slot(slot_id)
    for slot in slot_times(config, at, at + timedelta(seconds=1)):
        if slot.slot_id == slot_id and slot.at == at:
            return slot
    raise NotFound(
        phrase("'{slot_id}' does not fall on that time", slot_id=slot_id),
        _clock(config, at),
        "See when it does: desk calendar agenda",
    )

"""Settling: which of the hits stand that overlap one another, or what is right, or an exception."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.terms.entry import Entry
    from desk.terms.match import Hit

Span = tuple[int, int]


class Cover:
    """Spans, asked whether one of them covers another span."""

    def __init__(self, spans: Iterable[Span]) -> None:
        # No set: a list that is nearly in order is sorted in a fifth of the time.
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate([end for _, end in ordered], max))

    def over(self, start: int, end: int, *, longer: bool) -> bool:
        """Whether a span covers this one, and is longer if asked for."""
        after = bisect_right(self._starts, start)
        reach = self._reach[after - 1] if after else -1
        if reach <= end and longer:  # as long as that only where it begins before
            before = bisect_left(self._starts, start, 0, after)
            return before > 0 and self._reach[before - 1] >= end
        return reach >= end


def outside(hits: list[Hit], shields: list[Span]) -> list[Hit]:
    """The hits that no longer span covers."""
    if not shields:
        return hits
    cover = Cover(shields)
    return [hit for hit in hits if not cover.over(hit.start, hit.end, longer=True)]


def settled(hits: list[Hit], excepted: list[tuple[int, int, Entry]]) -> list[Hit]:
    """Exceptions, then the best of what overlaps."""
    left = hits
    if excepted:
        of_entry: dict[int, list[Span]] = {}
        for start, end, entry in excepted:
            of_entry.setdefault(id(entry), []).append((start, end))
        own = {name: Cover(spans) for name, spans in of_entry.items()}
        nothing = Cover(())
        left = [
            hit
            for hit in left
            if not own.get(id(hit.variant.entry), nothing).over(hit.start, hit.end, longer=False)
        ]
    taken: list[Hit] = []
    ordered = sorted(left, key=attrgetter("start"))
    first = 0
    while first < len(ordered):
        # Hits that meet each other, directly or by others, are settled among themselves.
        reach, last = ordered[first].end, first + 1
        while last < len(ordered) and ordered[last].start < reach:
            reach = max(reach, ordered[last].end)
            last += 1
        taken += ordered[first:last] if last == first + 1 else _best(ordered[first:last])
        first = last
    return taken


def _best(meeting: list[Hit]) -> list[Hit]:
    """The best of hits that meet, and the next best that meets none of those taken."""
    taken: list[Hit] = []
    starts: list[int] = []
    for hit in sorted(meeting, key=attrgetter("order")):
        at = bisect_right(starts, hit.start)
        before = taken[at - 1] if at else None
        after = taken[at] if at < len(taken) else None
        if (before is None or before.end <= hit.start) and (
            after is None or hit.end <= after.start
        ):
            taken.insert(at, hit)
            starts.insert(at, hit.start)
    return taken

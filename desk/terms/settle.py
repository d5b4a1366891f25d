"""Settling: which of the hits stand that overlap one another, or what is right, or an exception."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.terms.entry import Entry
    from desk.terms.match import Hit

Span = tuple[int, int]


Excepted = tuple[int, int, "Entry"]
"""A span that an entry says nothing of."""


class Cover:
    """Spans that are asked whether one of them covers another span.

    They are added in the order in which they end, which is that in which the automaton tells
    them: so nothing has to be sorted, and two lists of numbers hold them.
    """

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def __bool__(self) -> bool:
        return bool(self.ends)

    def add(self, start: int, end: int) -> None:
        """One more span; it ends where the last one does or later."""
        self.starts.append(start)
        self.ends.append(end)

    def asked(self, *, longer: bool) -> Callable[[int, int], bool]:
        """The answer for any span, once all are added: does one cover it, and a longer one?"""
        ends = self.ends
        # Where the first begins of a span and of all that end later, in the order of the spans.
        first = [*accumulate(reversed(self.starts), min)]
        first.reverse()
        first.append(sys.maxsize)

        def over(start: int, end: int) -> bool:
            begins = first[bisect_left(ends, end)]
            if begins == start and longer:  # then it has to end later
                return first[bisect_right(ends, end)] == start
            return begins <= start

        return over


def outside(hits: list[Hit], cover: Cover) -> list[Hit]:
    """The hits that no longer span covers."""
    if not cover:
        return hits
    over = cover.asked(longer=True)
    return [hit for hit in hits if not over(hit[0], hit[1])]


def settled(hits: list[Hit], excepted: list[Excepted]) -> list[Hit]:
    """Exceptions, then the best of what overlaps; hits and spans in the order in which they end."""
    left = hits
    if excepted:
        of_entry: dict[int, Cover] = {}
        for start, end, entry in excepted:
            of_entry.setdefault(id(entry), Cover()).add(start, end)
        own = {name: cover.asked(longer=False) for name, cover in of_entry.items()}
        left = [
            hit
            for hit in left
            if not ((over := own.get(id(hit.variant.entry))) and over(hit.start, hit.end))
        ]
    taken: list[Hit] = []
    ordered = sorted(left, key=itemgetter(0))
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
    """The best of hits that meet, and the next best that meets none of those taken.

    What is taken is told as gravely as the gravest that it pushes aside: a hint over a longer span
    lets no error past the gate.
    """
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
    return [_as_grave(hit, meeting) for hit in taken] if len(taken) < len(meeting) else taken


def _as_grave(hit: Hit, meeting: list[Hit]) -> Hit:
    """A hit with the gravest of those that it meets, where that is graver."""
    beside = (one for one in meeting if one.start < hit.end and hit.start < one.end)
    gravest = min(beside, key=lambda one: one.variant.rank[0])
    if gravest.variant.rank[0] >= hit.variant.rank[0]:
        return hit
    return hit._replace(graver=(gravest.start, gravest.end, gravest.variant))

"""Lateness sorted into steps that people can read: from early to more than a second."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

EDGES = (0, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Milliseconds after the instant at which a step begins; before the first it was early."""


@dataclass(frozen=True)
class Bin:
    """How many openings lie from `since` up to `until` (ms, not included); None has no end."""

    since: int | None
    until: int | None
    count: int = 0

    @property
    def label(self) -> str:
        """`<0`, `5–10`, `≥1000`: the same in every language."""
        if self.since is None:
            return f"<{self.until}"
        return f"≥{self.since}" if self.until is None else f"{self.since}–{self.until}"


def bins(late_ms: Iterable[float]) -> list[Bin]:
    """Every step with its count, the earliest first."""
    counts = [0] * (len(EDGES) + 1)
    for value in late_ms:
        counts[bisect_right(EDGES, value)] += 1
    ends = [None, *EDGES, None]
    return [Bin(ends[n], ends[n + 1], count) for n, count in enumerate(counts)]

"""The agenda: releases that are not over, in the order of their instants.

Looked at ten times a second, so it costs what is due, not what was ever planned.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator


class Agenda:
    """Release ids by instant. Written instants sort as they follow each other."""

    def __init__(self) -> None:
        self._at: dict[str, str] = {}
        self._order: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._order)

    def put(self, release: str, at: str) -> None:
        """Note a release, or that it has moved."""
        if self._at.get(release) == at:
            return
        self.drop(release)
        self._at[release] = at
        insort(self._order, (at, release))

    def drop(self, release: str) -> None:
        """It is over; dropping it twice is no error."""
        at = self._at.pop(release, None)
        if at is not None:
            del self._order[bisect_left(self._order, (at, release))]

    def until(self, instant: str) -> list[str]:
        """Ids of releases due at that instant or before it, earliest first."""
        return [release for _, release in self._order[: bisect_left(self._order, (instant, "~"))]]

    def exactly(self, instant: str) -> list[str]:
        """Ids of releases due at that very instant."""
        start = bisect_left(self._order, (instant, ""))
        end = bisect_left(self._order, (instant, "~"))
        return [release for _, release in self._order[start:end]]

    def first(self, count: int) -> list[str]:
        """Ids of the next releases."""
        return [release for _, release in self._order[:count]]

    def after(self, instant: str, count: int) -> list[str]:
        """Ids of the next releases after that instant, earliest first."""
        start = bisect_left(self._order, (instant, "~"))
        return [release for _, release in self._order[start : start + count]]

    def before(self, instant: str, count: int) -> list[str]:
        """Ids of the last releases until that instant, latest first."""
        end = bisect_left(self._order, (instant, "~"))
        return [release for _, release in self._order[max(0, end - count) : end][::-1]]

    def __iter__(self) -> Iterator[str]:
        return iter([release for _, release in self._order])

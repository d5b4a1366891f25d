"""Waits that never end early, on either clock, and notice when the wall clock was set.

The wall clock decides when an instant has come; the monotonic clock tells whether the wall clock
may be believed. At arming the difference of both is recorded; when it changes by more than the
bound, the guard is unsure until an independent clock agrees. Within the bound the earlier of the
two counts: a small step forward does not make anything early either.
"""

from __future__ import annotations

from collections.abc import Callable

from desk.clock import Clock

STEP = 0.25  # longest single sleep, seconds
JUMP_NS = 500_000_000
FINE_NS = 4_000_000  # below this, sleep in the loop's smallest steps


class Guard:
    """Whether the wall clock runs as it did when it was last believed."""

    def __init__(self, clock: Clock, bound_ns: int = JUMP_NS) -> None:
        self._clock = clock
        self._bound = bound_ns
        self._difference: int | None = None

    def believe(self, difference_ns: int | None = None) -> None:
        """Take the wall clock as it is now for right, or as it was when both differed by that."""
        now = self._clock.time_ns() - self._clock.monotonic_ns()
        self._difference = now if difference_ns is None else difference_ns

    def doubt(self) -> None:
        """Believe nothing until an independent clock agrees."""
        self._difference = None

    @property
    def sure(self) -> bool:
        """Whether the wall clock has only run since, and was not set."""
        return self.earliest_ns() is not None

    def earliest_ns(self) -> int | None:
        """The time by the earlier of both clocks (ns since the epoch); None when not sure.

        One reading of each decides both questions: a step in between cannot slip through.
        """
        if self._difference is None:
            return None
        wall = self._clock.time_ns()
        steady = self._clock.monotonic_ns() + self._difference
        return min(wall, steady) if abs(wall - steady) <= self._bound else None


class Disarmed(Exception):
    """The wait was given up: the clock was set, or somebody said stop."""


async def wait_until(
    clock: Clock, instant_ns: int, guard: Guard, stop: Callable[[], bool] = lambda: False
) -> None:
    """Return at the first wake at which both clocks show the instant or later.

    Sleeps at most 250 ms at a time and looks at both clocks after each. Raises Disarmed when the
    guard is not sure any more, or `stop()` says so.
    """
    while True:
        here = guard.earliest_ns()
        if here is None or stop():
            raise Disarmed
        left = instant_ns - here
        if left <= 0:
            return
        if left > FINE_NS:
            await clock.sleep(min(STEP, (left - FINE_NS // 2) / 1e9))
        else:
            await clock.sleep(0)

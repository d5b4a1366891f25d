"""Waits that never end early, on either clock, and notice when the wall clock was set.

The wall clock decides when an instant has come; the monotonic clock tells whether the wall clock
may be believed. At arming the difference of both is recorded; when it changes by more than the
bound, the guard is unsure until an independent clock agrees.
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

    def believe(self) -> None:
        """Take the wall clock as it is now for right."""
        self._difference = self._clock.time_ns() - self._clock.monotonic_ns()

    def doubt(self) -> None:
        """Believe nothing until an independent clock agrees."""
        self._difference = None

    @property
    def sure(self) -> bool:
        """Whether the wall clock has only run since, and was not set."""
        if self._difference is None:
            return False
        now = self._clock.time_ns() - self._clock.monotonic_ns()
        return abs(now - self._difference) <= self._bound


class Disarmed(Exception):
    """The wait was given up: the clock was set, or somebody said stop."""


async def wait_until(
    clock: Clock, instant_ns: int, guard: Guard, stop: Callable[[], bool] = lambda: False
) -> None:
    """Return at the first wake at which the wall clock shows the instant or later.

    Sleeps at most 250 ms at a time and looks at both clocks after each. Raises Disarmed when the
    guard is not sure any more, or `stop()` says so.
    """
    while True:
        if not guard.sure or stop():
            raise Disarmed
        left = instant_ns - clock.time_ns()
        if left <= 0:
            return
        if left > FINE_NS:
            await clock.sleep(min(STEP, (left - FINE_NS // 2) / 1e9))
        else:
            await clock.sleep(0)

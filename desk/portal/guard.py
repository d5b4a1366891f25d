"""The portal's clock: never early on either of two clocks, and never sure after a jump.

The wall clock can be set by anybody with the right to do so; the monotonic clock cannot. Their
difference is taken at start. While it has moved by more than half a second, nothing opens. For
"has the instant come" the earlier of the two counts, for "is it too late" the later.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.clock import Clock

BOUND_NS = 500_000_000


@dataclass(frozen=True)
class Reading:
    """One look at the clocks: ns since 1970 by the earlier and the later, and whether to trust."""

    earliest_ns: int
    latest_ns: int
    wall_ns: int
    sure: bool


class Guard:
    """Reads the clocks. `kept_ns` is the last wall time written down before this start."""

    def __init__(self, clock: Clock, kept_ns: int = 0) -> None:
        self.clock = clock
        self._kept_ns = kept_ns
        self._offset_ns = clock.time_ns() - clock.monotonic_ns()

    def read(self) -> Reading:
        """The time now. Not sure after a jump, or while it is earlier than it was before."""
        wall = self.clock.time_ns()
        steady = self.clock.monotonic_ns() + self._offset_ns
        sure = abs(wall - steady) <= BOUND_NS and wall >= self._kept_ns
        return Reading(min(wall, steady), max(wall, steady), wall, sure)

"""A kept time: what a clock showed when its program was last sure of it, written down for a start.

A clock that is earlier than that was set back, and nothing is done until the time has passed. That
is a trap when the clock once ran ahead: a hardware clock that keeps local time comes up hours
early. The way out is the word of whoever runs the machine and has compared its clock with another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from desk.clock import Clock, written
from desk.errors import Conflict, Reason, Refused
from desk.phrase import instant, phrase


@dataclass(frozen=True)
class KeptTime:
    """`now` and `kept` are written instants (UTC), `kept` '' before the first.

    `behind`: by how many seconds the clock is earlier than what was written down, or 0.
    """

    now: str
    kept: str
    behind: float

    def forgettable(self, expected: str) -> None:
        """Raise Refused when nothing stands in the way of that clock, and Conflict when what was
        shown to whoever agreed (`expected`) is no longer what is kept.
        """
        if not self.behind:
            text = phrase(
                "it shows {now}, and no later time was written down", now=instant(self.now)
            )
            raise Refused("The clock is behind nothing", [Reason("clock", text)])
        if self.kept != expected:
            raise Conflict("Another time was written down meanwhile", self.kept)


def compare(clock: Clock, kept_ns: int) -> KeptTime:
    """The clock beside a kept time (ns since 1970; 0 for none)."""
    wall = clock.time_ns()
    behind = round(max(0, kept_ns - wall) / 1e9, 1)
    return KeptTime(_written(wall), _written(kept_ns) if kept_ns else "", behind)


def _written(ns: int) -> str:
    return written(datetime.fromtimestamp(ns // 10**9, UTC))

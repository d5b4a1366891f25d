"""The time that a publisher wrote down at its last run, and the word that its clock is right now.

After it the next start takes the clock for one that nobody has confirmed yet: where a channel has
a clock of its own that one still has to agree.
"""

from __future__ import annotations

from desk.clock import Clock
from desk.errors import Unavailable
from desk.kept_time import KeptTime, compare
from desk.publisher.home import WALL, Home


def look(home: Home, clock: Clock) -> KeptTime:
    """What a publisher's directory says; beside a running publisher too."""
    return compare(clock, home.last_clocks().wall_ns)


def believe(home: Home, clock: Clock, expected: str) -> None:
    """Forget a later time. It counts from the next start on.

    `expected`: the kept time that was shown to whoever agreed. Raises Refused when the clock is
    behind nothing, Conflict when another time is kept by now, Unavailable.
    """
    look(home, clock).forgettable(expected)
    try:
        (home.path / WALL).unlink()
    except OSError as error:
        raise Unavailable("The publisher's directory cannot be changed", str(error)) from None

"""The time that a portal wrote down at its last run, and the word that its clock is right now.

To believe an earlier clock opens nothing early: for that the clock and the signed instant count.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from desk.clock import Clock
from desk.kept_time import KeptTime, compare
from desk.portal.home import open_home
from desk.portal.store import Store

WALL = "wall_ns"


def kept_time(store: Store, clock: Clock) -> KeptTime:
    """What an open database says."""
    return compare(clock, int(store.meta(WALL) or 0))


def look(path: Path, clock: Clock) -> KeptTime:
    """What a state directory says; beside a running portal too. Raises NotFound, TrustError."""
    with closing(Store(open_home(path).database)) as store:
        return kept_time(store, clock)


def believe(path: Path, clock: Clock, expected: str) -> None:
    """Write the present time down in place of a later one. It counts from the next start on.

    `expected`: the kept time that was shown to whoever agreed. Raises Refused when the clock is
    behind nothing, Conflict when another time is kept by now, NotFound, TrustError.
    """
    with closing(Store(open_home(path).database)) as store:
        kept_time(store, clock).forgettable(expected)
        store.set_meta(WALL, str(clock.time_ns()))

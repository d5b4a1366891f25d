"""The publisher as a service: lock its directory, run the loop, stop cleanly on SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from desk import garbage
from desk.channels.driver import Driver
from desk.channels.registry import Connection, connect
from desk.clock import Clock, SystemClock
from desk.errors import NotFound, Refused
from desk.errors import Reason as Why
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.live import LiveConfig
from desk.newsroom.room import Room
from desk.phrase import phrase
from desk.publisher.home import LOG, Home
from desk.publisher.journal import Journal
from desk.publisher.loop import Publisher
from desk.publisher.marker import adopt_marker
from desk.publisher.rehearsal import Rehearsal, Rehearser
from desk.trust.roster import Roster


def name_in(roster: Roster, home: Home) -> str:
    """This publisher's id in the roster, by its key. Raises Refused when it is not there."""
    identity = home.identity()
    for name, key in roster.publishers.items():
        if (key.sign, key.read) == (identity.sign_public, identity.read_public):
            return name
    raise Refused(
        "This publisher is not in the roster",
        [
            Why(
                "roster",
                phrase(
                    "no publisher of roster v{version} has the key in {path}",
                    version=roster.version,
                    path=home.path,
                ),
            )
        ],
        "Add it: desk roster publisher NAME --sign … --read … (desk publisher status shows both)",
    )


def run(
    home: Home,
    room: Room,
    *,
    clock: Clock | None = None,
    checkpoints: Path | None = None,
    status: Path | None = None,
    ca: Path | None = None,
) -> None:
    """Run until SIGTERM or SIGINT. Raises Conflict when one runs already, Refused, NotFound.

    A publisher that another one has replaced begins anew, as a standby: nothing that it still
    remembers or has under way is taken along.
    The root that is trusted is the one pinned in `home` at the first run, never the database's.
    """
    with closing(home):
        home.lock()
        _run(home, room, clock or SystemClock(), checkpoints, status, ca)


def _run(
    home: Home,
    room: Room,
    clock: Clock,
    checkpoints: Path | None,
    status: Path | None,
    ca: Path | None,
) -> None:
    adopt_marker(home.path, room.root / "var", fresh=not (home.path / LOG).exists())
    pin = home.pinned_root(room.pin.fingerprint)
    with room.reading() as view:
        roster = view.roster
        zone = str(view.policy.document["zone"])
    name = name_in(roster, home)
    journal = Journal(clock, who=name)
    config = LiveConfig(room.root / "calendar.yaml")
    open_driver = partial(
        open_driver_of, home, config, roster.newsroom, name, room.root, zone, ca, clock
    )

    async def main() -> bool:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        publisher = Publisher(
            home, room.store, pin, name, open_driver, clock=clock, journal=journal,
            calendar=partial(_fresh, config), checkpoints=checkpoints, status=status,
        )  # fmt: skip
        return await publisher.run(stop) or stop.is_set()

    garbage.staying()
    while not asyncio.run(main()):
        journal("again", why="another publisher leads: this one stands by")


def rehearse(home: Home, room: Room, release_id: str, *, ca: Path | None = None) -> Rehearsal:
    """Try everything that a release needs except its commit, beside the running publisher.

    Raises NotFound, Refused when the release is public or this publisher is not in the roster.
    """
    clock = SystemClock()
    with room.reading() as view:
        roster, zone = view.roster, str(view.policy.document["zone"])
    name = name_in(roster, home)
    config = LiveConfig(room.root / "calendar.yaml")
    open_driver = partial(
        open_driver_of, home, config, roster.newsroom, name, room.root, zone, ca, clock
    )
    return Rehearser(home, room, name, open_driver, clock).run(release_id)


def _fresh(config: LiveConfig) -> NewsroomConfig:
    """calendar.yaml as it is now, or the last good one; names only, rules come from the policy."""
    config.refresh()
    return config.current


def open_driver_of(
    home: Home,
    config: LiveConfig,
    newsroom: str,
    name: str,
    root: Path,
    zone: str,
    ca: Path | None,
    clock: Clock,
    channel: str,
    entry: Mapping[str, Any],
) -> Driver:
    """The driver of one channel, with its credential. Raises NotFound, UsageError."""
    try:
        token = home.credential(_fresh(config).channel(channel).credential or channel)
    except NotFound:
        if entry["driver"] == "desk":
            raise
        token = ""
    by = Connection(newsroom, name, home.identity(), root, zone, token, ca, clock)
    return connect(channel, entry, by)

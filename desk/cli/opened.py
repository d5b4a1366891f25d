"""The newsroom that a command works in, opened, and the person who acts in it, unlocked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.cli.context import Run
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.newsroom.config import NewsroomConfig
    from desk.newsroom.pins import PinFile
    from desk.newsroom.room import Actor, Room
    from desk.store.session import Store

_SQLITE = "sqlite:///"


def database(run: Run) -> Path | str:
    """The newsroom's database: a SQLite file, or the URL that the settings name instead."""
    url = run.settings.database
    if url is None:
        return run.folder / "var" / "desk.db"
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else url


def pins(run: Run) -> PinFile:
    """What this user's machine has seen of the newsroom."""
    from desk.newsroom.pins import PinFile
    from desk.settings import state_folder

    return PinFile(state_folder(), run.folder)


def open_room(run: Run, kept: PinFile | None = None) -> Room:
    """The newsroom, under the root pinned on this machine, or by a service in `kept`.

    The first time the root's fingerprint is shown, to be compared by voice. Raises NotFound,
    Unavailable, TrustError.
    """
    from desk.newsroom.room import Room
    from desk.trust.keys import fingerprint

    room = Room.open(run.folder, database(run), pins=kept or pins(run))
    if room.first_time:
        run.out.warn(
            phrase(
                "This machine sees the newsroom for the first time and will trust its root from "
                "now on.\n  Let an administrator read it to you (desk newsroom show):\n"
                "  {fingerprint}",
                fingerprint=fingerprint(room.pin.fingerprint),
            )
        )
    return room


def open_store(run: Run) -> Store:
    """The database alone, with no word about its schema or its root."""
    from desk.store.session import Store

    place = database(run)
    return Store.at(place) if isinstance(place, Path) else Store(place)


def actor(run: Run) -> Actor:
    """Who acts: the person of --key, with the keys unlocked. Never the machine's login name."""
    from desk.newsroom.room import Actor

    return Actor(run.person, run.identity())


def config(run: Run) -> NewsroomConfig:
    """calendar.yaml as it stands. Raises ConfigError with every problem in it."""
    from desk.newsroom.load import load

    return load(run.calendar)

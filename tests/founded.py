"""Newsrooms that a process of the tests founds once, and copies for every test that wants one."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from desk.clock import Clock
from desk.demo import newsroom as demo
from desk.demo.newsroom import DemoNewsroom
from desk.newsroom.room import Room
from desk.publisher.home import Home
from desk.store.session import Store

# A portal that does not run: port 1 on loopback refuses.
NOWHERE = dict.fromkeys(demo.PORTALS, "http://127.0.0.1:1")
FOUNDING = threading.Lock()  # migrations keep their state in a module
_kept: dict[int, tuple[DemoNewsroom, dict[str, str]]] = {}


def with_portals(items: int) -> tuple[DemoNewsroom, dict[str, str]]:
    """A newsroom with two portals and so many approved items, and the keys of its portals.

    Founded once in this process; not to be changed.
    """
    if items not in _kept:
        with FOUNDING:
            if items not in _kept:
                _kept[items] = _with_portals(items)
    return _kept[items]


def _with_portals(items: int) -> tuple[DemoNewsroom, dict[str, str]]:
    newsroom = demo.found(kept_folder())
    keys = demo.make_portals(newsroom)
    if items:
        demo.write_calendar(newsroom.root, NOWHERE, keys)
        demo.adopt(newsroom)
        demo.write_items(newsroom, items, lambda _: None)
    newsroom.room.store.engine.dispose()  # nothing of it stays outside the database's file
    return newsroom, keys


def kept_folder() -> Path:
    """A folder that is there until this process ends."""
    folder = tempfile.TemporaryDirectory(prefix="desk-founded-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)


def copy(built: DemoNewsroom, root: Path, clock: Clock) -> DemoNewsroom:
    """A copy of a newsroom that a test may change: the same people, keys and log."""
    shutil.copytree(built.root, root, dirs_exist_ok=True)
    room = Room(root, Store.at(root / "var" / "desk.db"), built.room.pin, clock=clock)
    home = Home(root / built.home.path.relative_to(built.root))
    return replace(built, root=root, room=room, home=home, items=list(built.items))

"""Presence: who has an item open on this host. Notes that hold ids and times, never a word of text.

A note is a file under `var/open`, locked (flock) for as long as its desk lives. The kernel drops
the lock of a process however it ends, so no heartbeat is needed, and a note that nobody locks is
left over from a desk that was killed: its person is told that a draft was recovered. Notes are
advice to people; nothing is decided by them.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desk.clock import parse_instant
from desk.errors import DeskError

_NAME = re.compile(r"(i-[0-9a-z]{10})\.([a-z0-9][a-z0-9-]{0,63})\.[0-9a-f]{16}")
_LONGEST = 400  # bytes of a note


@dataclass(frozen=True)
class Sitting:
    """Somebody has the item open since then (UTC). `alive`: their desk still runs."""

    item: str
    person: str
    since: str
    alive: bool


def folder(root: Path) -> Path:
    """Where the notes of the newsroom in that folder lie."""
    return root / "var" / "open"


class Presence:
    """This desk's note on one item, from `enter` to `leave`. It may fail: then nobody is told."""

    def __init__(self, root: Path, item: str, person: str) -> None:
        self._folder = folder(root)
        self._name = f"{item}.{person}.{secrets.token_hex(8)}"
        self._path = self._folder / self._name
        self._descriptor = -1
        self.item, self.person = item, person

    def enter(self, since: str) -> bool:
        """Say that the item is open here since that instant. False when no note could be left."""
        if not _NAME.fullmatch(self._name):
            return False
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o770)
            descriptor = os.open(self._path, flags, 0o660)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # others hold it for a glance only
            os.write(descriptor, json.dumps({"since": since}).encode())
        except OSError:
            os.close(descriptor)
            self._path.unlink(missing_ok=True)
            return False
        self._descriptor = descriptor
        return True

    def leave(self) -> None:
        """Take the note away. A second time does nothing."""
        if self._descriptor < 0:
            return
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1

    def others(self) -> tuple[Sitting, ...]:
        """Every other desk that has this item open now, the first to open it first."""
        found = [
            sitting
            for path, sitting in _notes(self._folder, self.item)
            if sitting.alive and path != self._path
        ]
        return tuple(sorted(found, key=lambda sitting: (sitting.since, sitting.person)))


def sittings(root: Path, item: str = "") -> tuple[Sitting, ...]:
    """The notes of an item, or of all items; those of killed desks are not `alive`."""
    return tuple(sitting for _path, sitting in _notes(folder(root), item))


def forget(root: Path, item: str, person: str) -> int:
    """Take away what killed desks of that person left for the item. Returns how many there were."""
    count = 0
    for path, sitting in list(_notes(folder(root), item)):
        if sitting.person == person and not sitting.alive:
            with suppress(OSError):
                path.unlink()
                count += 1
    return count


def _notes(place: Path, item: str) -> Iterator[tuple[Path, Sitting]]:
    try:
        names = sorted(entry.name for entry in os.scandir(place))
    except OSError:
        return
    for name in names:
        found = _NAME.fullmatch(name)
        if found is None or (item and found[1] != item):
            continue
        sitting = _read(place / name, found[1], found[2])
        if sitting is not None:
            yield place / name, sitting


def _read(path: Path, item: str, person: str) -> Sitting | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:  # gone meanwhile, or not a note
        return None
    try:
        alive = _is_locked(descriptor)
        note = json.loads(os.read(descriptor, _LONGEST) or b"{}")
        since = str(note.get("since", "")) if isinstance(note, dict) else ""
        parse_instant(since)
    except (OSError, ValueError, DeskError):  # nothing in it yet: being made just now
        return None
    finally:
        os.close(descriptor)
    return Sitting(item, person, since, alive)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False

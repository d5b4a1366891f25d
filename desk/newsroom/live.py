"""The live configuration: what a running program reads again, keeping the last good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desk.errors import DeskError
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load


class LiveConfig:
    """The configuration of a program that runs on while people edit calendar.yaml.

    `current` is always a configuration that was good. `error` says why the file on disk is not
    in use, or is None.
    """

    def __init__(self, path: Path, loader: Callable[[Path], NewsroomConfig] = load) -> None:
        """Read the file for the first time. Raises as `load` does: there is no last good one."""
        self._path = path
        self._load = loader
        self._seen = self._stamp()
        self.current = loader(path)
        self.error: DeskError | None = None

    def refresh(self) -> bool:
        """Look at the file again; True when `current` has changed. Never raises DeskError.

        Cheap while the file is untouched: it is read again only when its size, inode or time
        of change differ from those before the last reading.
        """
        stamp = self._stamp()
        if stamp == self._seen and stamp is not None:
            return False
        self._seen = stamp
        try:
            fresh = self._load(self._path)
        except DeskError as error:
            self.error = error
            return False
        self.error = None
        changed = fresh != self.current
        self.current = fresh
        return changed

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            facts = self._path.stat()
        except OSError:
            return None
        return facts.st_size, facts.st_ino, facts.st_mtime_ns

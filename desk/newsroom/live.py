"""The live configuration: what a running program reads again, keeping the last good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desk.errors import ConfigError, DeskError
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load_bytes, read_bytes


class LiveConfig:
    """The configuration of a program that runs on while people edit calendar.yaml.

    `current` is always a configuration that was good. `error` says why the file on disk is not
    in use, or is None.
    """

    def __init__(
        self, path: Path, loader: Callable[[bytes, str], NewsroomConfig] = load_bytes
    ) -> None:
        """Read the file for the first time. Raises as `load` does: there is no last good one."""
        self._path = path
        self._load = loader
        self._seen: bytes | None = read_bytes(path)
        self.current = loader(self._seen, str(path))
        self.error: DeskError | None = None

    def refresh(self) -> bool:
        """Look at the file again; True when `current` has changed. Never raises DeskError.

        Compares the bytes, not the time of change: an editor may write twice within one tick.
        """
        try:
            raw = read_bytes(self._path)
            if raw == self._seen:
                return False
            self._seen = raw
            fresh = self._load(raw, str(self._path))
        except DeskError as error:
            if not isinstance(error, ConfigError):
                # The file could not be read, so the next good reading is news.
                self._seen = None
            self.error = error
            return False
        self.error = None
        changed = fresh != self.current
        self.current = fresh
        return changed

"""The watcher: when each bundle was seen open, by the clock of a process that nobody steps."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attacks.harness import Desk
from tests.torture.outcome import Opening
from tests.torture.plan import PORTALS

EVERY = 0.02  # seconds between two looks


class Watch:
    """Looks at all channels until `end`. `openings`: what was seen, once for each bundle."""

    def __init__(self, d: Desk) -> None:
        self._d = d
        self._portals: dict[str, Path] = {name: d.portal_db(name).resolve() for name in PORTALS}
        self._absent = dict.fromkeys((*PORTALS, "press"), time.time_ns())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self.openings: dict[tuple[str, str], Opening] = {}
        self.problem = ""

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        self.look()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            self.look()

    def look(self) -> None:
        """Look once at every channel."""
        for channel in (*PORTALS, "press"):
            before = time.time_ns()
            try:
                found = list(self._open(channel))
            except (OSError, sqlite3.Error):
                continue  # the folder is being moved, or the portal is busy: look again
            after = time.time_ns()
            for address, own_ms in found:
                self.openings.setdefault(
                    (channel, address),
                    Opening(address, channel, self._absent[channel], after, own_ms),
                )
            self._absent[channel] = before

    def _open(self, channel: str) -> Iterator[tuple[str, int]]:
        if channel == "press":
            claims = self._d.press / ".desk" / "opened"
            for file in claims.iterdir() if claims.exists() else ():
                if not file.name.startswith("."):
                    yield file.name, 0
            return
        path = self._portals[channel]
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            yield from db.execute(
                "SELECT k.address, b.opened_ms FROM keys k JOIN bundles b USING (address)"
            )

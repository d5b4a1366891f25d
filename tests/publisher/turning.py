"""A whole publisher over a real newsroom and a real folder channel, turned by hand.

Only the clock is not real, and the portals cannot be reached.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from desk.channels.registry import Connection, connect
from desk.clock import FakeClock, epoch_ns
from desk.demo import newsroom as demo
from desk.publisher.journal import Journal
from desk.publisher.loop import Publisher
from desk.trust.record import Record

NOWHERE = "http://127.0.0.1:1"  # port 1 on loopback refuses


class Newsroom:
    """A newsroom whose portals cannot be reached, and its publisher, turned by hand."""

    def __init__(self, root: Path) -> None:
        self.clock = FakeClock()
        self.n = demo.found(root, clock=self.clock)
        keys = demo.make_portals(self.n)
        path = demo.write_calendar(root, dict.fromkeys(demo.PORTALS, NOWHERE), keys)
        text = path.read_text("utf-8")  # only the folder is required here
        path.write_text(re.sub(r"required: (true|false)", "required: false", text), "utf-8")
        demo.adopt(self.n)
        demo.write_items(self.n, 2, lambda _: None)
        with self.n.room.reading() as view:
            self.press = root / str(view.policy.channels["press"]["path"])
            by = Connection(view.record.newsroom, demo.PUBLISHER, self.n.home.identity(), root,
                            "UTC", "token", None, self.clock)  # fmt: skip
        self.publisher = Publisher(
            self.n.home, self.n.room.store, self.n.fingerprint, demo.PUBLISHER,
            partial(self._open, by), clock=self.clock,
            journal=Journal(self.clock, who=demo.PUBLISHER),
        )  # fmt: skip
        self.publisher._start()
        self.publisher.clocks.guard.believe()  # as if a portal had agreed before it went down

    @staticmethod
    def _open(by: Connection, name: str, entry):
        return connect(name, entry, by)

    def release(self, seconds: int, *channels: str) -> str:
        """All items, planned and signed by both leads."""
        self.n.release = demo.release(self.n, seconds, channels)
        return self.n.release

    @property
    def record(self) -> Record:
        with self.n.room.store.read() as connection:
            return self.n.room.whole_record(connection)

    def claims(self) -> list[str]:
        """Addresses that the folder has opened."""
        folder = self.press / ".desk" / "opened"
        return [f.name for f in folder.iterdir() if f.name[0] != "."] if folder.exists() else []

    def at(self, release: str, seconds: float) -> None:
        """Let the time come that is so many seconds after the release's instant."""
        ahead = (epoch_ns(self.record.releases[release].at) - self.clock.time_ns()) / 1e9 + seconds
        assert ahead > 0
        self.clock.advance(ahead)

    async def turns(self, condition: Callable[[], object]) -> None:
        """Let the publisher turn until that holds; an instant that is near runs in between."""
        async with asyncio.timeout(60):
            while not condition():
                if not self.publisher.quiet:
                    self.publisher._turn()
                    self.publisher.succession.lead.beat()
                self.clock.advance(0.05)
                await asyncio.sleep(0.005)

    def staged(self, *releases: str) -> bool:
        """Whether the folder has their bundles."""
        rows = [r for name in releases for r in self.publisher.ledger.of_release(name)]
        return [r.state for r in rows if r.channel == "press"] == ["staged"] * len(releases)


@contextlib.asynccontextmanager
async def newsroom(root: Path) -> AsyncIterator[Newsroom]:
    """A newsroom in that folder, ended afterwards."""
    one = Newsroom(root)
    yield one
    await one.publisher.duties.end()
    one.publisher.succession.close()
    one.publisher.ledger.close()

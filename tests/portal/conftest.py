"""A real portal on loopback: uvicorn in a thread of its own, with a clock that tests can set."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from desk.channels.desk_portal import Account, DeskPortal
from desk.channels.driver import Governance
from desk.clock import FakeClock
from desk.portal.home import Home, init, open_home
from desk.portal.server import application, config

from .world import World


class Running:
    """A portal that answers on loopback."""

    def __init__(self, home: Home, clock: FakeClock, port: int = 0, **options: float) -> None:
        self.home = home
        self.clock = clock
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.app = application(home, clock, **options)
        self.server = uvicorn.Server(config(self.app, "127.0.0.1", self.port))
        self.thread = threading.Thread(
            target=lambda: asyncio.run(self.server.serve([self.socket])), daemon=True
        )

    def start(self) -> None:
        self.thread.start()
        while not self.server.started:
            if not self.thread.is_alive():
                raise RuntimeError("the portal did not start")
            threading.Event().wait(0.005)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(90)

    @property
    def portal(self):  # type: ignore[no-untyped-def]
        return self.app.state.portal


class Setup:
    """A running portal, the newsroom it serves, and the publisher's driver."""

    def __init__(self, folder: Path, languages: tuple[str, ...] = ("vi", "en")) -> None:
        self.clock = FakeClock("2026-11-20T07:55:00Z")
        self.world = World("0" * 64, languages=languages)
        home, self.token = init(folder / "portal", "desk-vn", self.world.pin)
        self.world.portal_key = home.key
        self.running = Running(home, self.clock)
        self.running.start()
        self.world.url = self.running.url
        self.world.adopt_policy()
        self.drivers: list[DeskPortal] = []
        self.driver = self.new_driver()

    def new_driver(self, publisher: str = "pub-1", token: str = "") -> DeskPortal:
        account = Account(
            self.world.uid, publisher, self.world.people[publisher], token or self.token
        )
        driver = DeskPortal(
            "portal", self.running.url, self.running.home.key, account, clock=self.clock
        )
        self.drivers.append(driver)
        return driver

    async def prepare(self) -> None:
        await self.driver.prepare(Governance(self.world.governance()))
        await self.driver.epoch()
        await self.driver.announce(self.world.calendar(), 1)

    def restart(self, judged: bool = True) -> None:
        """Stop it and start it anew; `judged`: wait until what is staged was judged again, before
        which a commit is asked to come again.
        """
        self.running.stop()
        self.running = Running(open_home(self.running.home.path), self.clock, self.running.port)
        self.running.start()
        while judged and any(one.judging for one in list(self.running.portal.bundles.values())):
            threading.Event().wait(0.005)

    async def published(self, address: str):  # type: ignore[no-untyped-def]
        """The receipt once everything was checked; waits for the portal's own task."""
        while True:
            receipt = await self.driver.receipt(address)
            if receipt is not None and receipt.state == "published":
                return receipt
            await asyncio.sleep(0.005)


@pytest.fixture
async def setup(tmp_path: Path) -> AsyncIterator[Setup]:
    made = Setup(tmp_path)
    await made.prepare()
    yield made
    for driver in made.drivers:
        await driver.aclose()
    made.running.stop()


@pytest.fixture
def world() -> World:
    return World("ab" * 32)

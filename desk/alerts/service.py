"""The alerts as a service: a process of its own that reads, decides what is new, and tells it.

The publisher does not know of it and never waits for it. Around an instant it keeps still, so that
on a small machine even its reading of the log is out of the way.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from desk import garbage
from desk.alerts import certificates, status
from desk.alerts.courier import Courier
from desk.alerts.events import Rules
from desk.alerts.home import Home
from desk.alerts.mail import MailSender
from desk.alerts.message import Voice
from desk.alerts.outbox import Outbox
from desk.alerts.sending import Sender
from desk.alerts.sight import Lookout
from desk.alerts.targets import routes, targets
from desk.alerts.watch import watch
from desk.alerts.webhook import WebhookSender
from desk.clock import Clock, SystemClock, now, parse_instant
from desk.errors import DeskError
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.live import LiveConfig
from desk.newsroom.room import Room
from desk.publisher.journal import Journal

TICK = 0.25  # seconds between two looks at the time
EVERY = timedelta(seconds=2)  # between two looks at the log
BEFORE, AFTER = timedelta(seconds=5), timedelta(seconds=3)  # around an instant: nothing
CERTIFICATES = timedelta(hours=6)
CLEANING = timedelta(hours=1)

Senders = Callable[[NewsroomConfig], dict[str, Sender]]


class Service:
    """One newsroom's alerts. `senders` makes the ways out that a configuration asks for."""

    def __init__(
        self, room: Room, config: LiveConfig, outbox: Outbox, status_file: Path,
        senders: Senders, *, clock: Clock, journal: Journal, ca: Path | None = None,
    ) -> None:  # fmt: skip
        self._config, self._outbox, self._status = config, outbox, status_file
        self._clock, self._journal, self._senders, self._ca = clock, journal, senders, ca
        self._lookout = Lookout(room)
        self._courier = Courier(outbox, senders(config.current), clock, journal)
        self._instants: list[str] = []
        self._due: dict[str, datetime] = {}
        self._said: dict[str, str] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look and tell until told to stop; what is under way then is tried again next time."""
        self._journal("started")
        while not stop.is_set():
            if not self.quiet and self._is_due("look", EVERY):
                await self.turn()
            await self._clock.sleep(TICK)
        for sender in self._courier.senders.values():
            if isinstance(sender, MailSender):
                sender.cut()
        await self._courier.end()
        self._journal("stopped")

    @property
    def quiet(self) -> bool:
        """Whether an instant is so near that nothing may run here."""
        here = now(self._clock)
        return any(
            parse_instant(at) - BEFORE <= here <= parse_instant(at) + AFTER for at in self._instants
        )

    async def turn(self) -> None:
        """One round: read on, put down what is new, send what is due."""
        try:
            self._refresh()
            await self._look()
            self._courier.start(targets(self._config.current), Voice.of(self._config.current))
            self._say("alerts", "")
        except DeskError as error:
            # Titles only: a message may hold what somebody wrote into the database.
            self._say("alerts", error.title)

    async def settle(self) -> None:
        """Wait for what is being sent. For tests and for sending once."""
        await self._courier.settle()

    def _refresh(self) -> None:
        """calendar.yaml as it is now, or the last good one."""
        if self._config.refresh():
            self._courier.senders = self._senders(self._config.current)
        self._say("calendar", self._config.error.title if self._config.error else "")

    async def _look(self) -> None:
        sight = await asyncio.to_thread(self._lookout.look)
        here, config = now(self._clock), self._config.current
        self._instants = sight.instants(here - timedelta(minutes=1))[:100]
        policy = sight.record.policy
        if policy is not None and not self._soon() and self._is_due("certificates", CERTIFICATES):
            sight.certificates = await certificates.ends(policy.channels, self._ca)
        events = watch(sight, status.read(self._status), here, Rules.of(config))
        seconds = int(here.timestamp())
        made = self._outbox.note(events, routes(config), seconds)
        if made:
            self._journal("noted", deliveries=made)
        if self._is_due("cleaning", CLEANING):
            self._outbox.forget(seconds)
        self._outbox.keep_only(targets(config), seconds)

    def _soon(self) -> bool:
        """Whether an instant comes within a minute: nothing slow is begun then."""
        here = now(self._clock)
        return any(here <= parse_instant(at) <= here + timedelta(minutes=1)
                   for at in self._instants)  # fmt: skip

    def _is_due(self, what: str, every: timedelta) -> bool:
        """Whether so much wall time has passed, or the clock was set back."""
        here = now(self._clock)
        due = self._due.get(what)
        if due is not None and due - every <= here < due:
            return False
        self._due[what] = here + every
        return True

    def _say(self, what: str, problem: str) -> None:
        """A problem, once while it lasts."""
        if self._said.get(what, "") != problem:
            self._said[what] = problem
            self._journal(what, problem=problem)


def senders(home: Home, clock: Clock, ca: Path | None = None) -> Senders:
    """The ways out of this machine, with the secrets of that directory."""

    def make(config: NewsroomConfig) -> dict[str, Sender]:
        return {
            "smtp": MailSender(config.mail, home.secret, clock, ca=ca),
            "webhook": WebhookSender(home.secret, clock, ca=ca),
        }

    return make


def run(
    home: Home, room: Room, status_file: Path, *, clock: Clock | None = None,
    ca: Path | None = None,
) -> None:  # fmt: skip
    """Run until SIGTERM or SIGINT. Raises Conflict when one runs already."""
    clock = clock or SystemClock()
    home.lock()
    outbox = Outbox(home.outbox)
    try:
        service = Service(
            room, LiveConfig(room.root / "calendar.yaml"), outbox, status_file,
            senders(home, clock, ca), clock=clock, journal=Journal(clock), ca=ca,
        )  # fmt: skip
        garbage.staying()
        asyncio.run(_until_told(service))
    finally:
        outbox.close()
        home.close()


async def _until_told(service: Service) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await service.run(stop)

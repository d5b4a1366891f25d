"""One channel as the publisher runs it: its driver, and what it knows of its epoch and clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.channels.driver import Driver, FencedOff, Governance, OtherRoster, TimeReading
from desk.clock import Clock
from desk.errors import DeskError, Refused, Unavailable
from desk.locales import N_
from desk.phrase import joined
from desk.portal.contract.bundle import SealedBundle

OpenDriver = Callable[[str, Mapping[str, Any]], Driver]
LOOK_SECONDS = 1.5


@dataclass
class Channel:
    """A channel of the adopted policy. `problem` says why it cannot be used now, or ''."""

    id: str
    entry: Mapping[str, Any]
    driver: Driver
    epoch: int = -1
    governed: tuple[int, int] = (0, 0)
    announced: int = -1
    reading: TimeReading | None = None
    heard_after: TimeReading | None = None
    highest: int = 0
    read_at_ns: int = 0
    looked_at_ns: int = -(10**18)
    leads: Callable[[], bool] = field(default=lambda: True, repr=False)
    rosters: Callable[[], Sequence[str]] = field(default=tuple, repr=False)
    drift_ns: int = 0
    problem: str = ""
    bundles: dict[str, SealedBundle] = field(default_factory=dict)
    # Two epochs asked for at once could be answered in the other order, and fence us off.
    _readying: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def required(self) -> bool:
        """Whether a release waits for this channel."""
        return bool(self.entry["required"])

    @property
    def heard(self) -> bool:
        """Whether it has given us an epoch, or has none to give."""
        return self.epoch >= 0

    @property
    def independent_clock(self) -> bool:
        """Whether the channel's clock is another machine's, or at least another process's."""
        return self.driver.capabilities.receipts and self.entry["driver"] != "folder"

    @property
    def clock_problem(self) -> str:
        """What the channel says of its own clock; it opens nothing while it is unsure."""
        return N_("its clock is unsure") if self.reading and not self.reading.sure else ""

    def off_by_ms(self) -> float:
        """How far its clock is certainly off ours, in ms (half the round trip is in doubt)."""
        if self.reading is None:
            return 0.0
        return max(0.0, abs(self.reading.difference_ms) - self.reading.round_trip_ms / 2 - 1)

    async def look(self, clock: Clock, seconds: float = LOOK_SECONDS) -> None:
        """Read its clock; note whether it answers in time. Warms the connection.

        `read_at_ns`: our monotonic time then; `drift_ns`: our wall clock minus it; `looked_at_ns`:
        the monotonic time of the last look, with or without an answer.
        """
        self.looked_at_ns = clock.monotonic_ns()
        try:
            async with asyncio.timeout(seconds):
                self.reading = await self.driver.time()
        except (DeskError, TimeoutError) as error:
            self.reading = None
            self.problem = N_("it is slow to answer")
            if isinstance(error, DeskError):
                self.problem = error.sentence
            return
        self.read_at_ns = clock.monotonic_ns()
        self.drift_ns = self.reading.here_ms * 1_000_000 - self.read_at_ns
        self.problem = self.clock_problem

    async def be_heard(self) -> None:
        """Get an epoch, once in the life of this publisher. Raises Unavailable, Refused,
        FencedOff, OtherRoster.
        """
        async with self._readying:
            await self._hear()

    async def be_heard_anew(self) -> None:
        """Get another epoch: what was sent under the present one, and is still on its way, is
        refused when it comes. Raises as `be_heard`; nothing is heard from us until it succeeds.
        """
        async with self._readying:
            self.epoch = -1
            await self._hear()

    async def _hear(self) -> None:
        self._order()
        if self.epoch >= 0:
            return
        try:
            self.epoch = await self.driver.epoch(self.rosters())
        except (OtherRoster, Refused):
            self.governed = (0, 0)  # ours has to be pinned there first, which a newer one forbids
            raise
        self.heard_after = self.reading
        if self.epoch <= self.highest:
            self.bundles.clear()  # it was restored from a backup of its own: stage them again
        self.highest = self.epoch

    async def announce(self, governance: Governance) -> None:
        """Show the public calendar there, once for each version; nothing else waits for it.

        Raises Refused, once, when the channel will not have it; Unavailable, FencedOff.
        """
        version = governance.calendar_version
        if governance.calendar is None or self.announced == version or not self.heard:
            return
        self._order()
        try:
            await self.driver.announce(governance.calendar, version)
        except Refused:
            self.announced = version
            raise
        self.announced = version

    async def get_ready(self, governance: Governance, versions: tuple[int, int]) -> bool:
        """Whether the channel can be staged to; `problem` says why not. Raises FencedOff."""
        try:
            async with self._readying:
                if self.epoch < 0 and self.governed == (0, 0):
                    # A new portal knows no publisher before it has a roster: roster first.
                    await self.driver.prepare(governance)
                await self._hear()
                if self.governed != versions:
                    await self.driver.prepare(governance)
                    self.governed = versions
        except FencedOff:
            raise
        except DeskError as error:
            self.problem = error.sentence
            return False
        self.problem = self.clock_problem
        return True

    async def make_ready(self, governance: Governance, versions: tuple[int, int]) -> None:
        """The same before an order: raises Unavailable, or FencedOff.

        An order without an epoch of ours would look like that of a publisher who was replaced.
        """
        if not await self.get_ready(governance, versions):
            raise Unavailable("The channel does not answer", joined(": ", [self.id, self.problem]))
        self._order()

    def _order(self) -> None:
        """Only the leader gives orders: a channel without epochs cannot tell us from it."""
        if not self.leads():
            raise FencedOff("Another publisher has taken over", self.id)

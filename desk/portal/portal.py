"""The portal at run time: what it knows, held in memory, and the checks that every order passes."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from desk.clock import Clock, SystemClock, epoch_ns
from desk.errors import DeskError, Reason
from desk.portal import takedowns
from desk.portal.adoption import GOVERNANCE, Adopted, fold
from desk.portal.answers import conflict, forbidden, malformed, unauthorised
from desk.portal.contract.bundle import Plan
from desk.portal.contract.calendar import PublicCalendar, read_calendar
from desk.portal.contract.fields import Malformed
from desk.portal.contract.wire import Order, StageOrder, State, payload_type
from desk.portal.guard import Guard
from desk.portal.home import Home
from desk.portal.kept_time import WALL
from desk.portal.store import BundleRow, Store, load_acts
from desk.trust.canonical import parse_json
from desk.trust.envelope import Envelope, verify
from desk.trust.policy import Policy
from desk.trust.roster import Roster

log = logging.getLogger("desk.portal")
AnyOrder = TypeVar("AnyOrder", bound=Order)
_KEEP_TIME_EVERY = 30.0


@dataclass
class Staged:
    """One bundle in memory: all that a commit needs to know, so that it reads nothing.

    `trigger`: the grant in its sign-off, when a script has to open it.
    """

    order: StageOrder
    state: State
    items: int
    missing: set[str] = field(default_factory=set)
    reasons: tuple[Reason, ...] = ()
    trigger: Mapping[str, str] | None = None
    judging: bool = False
    opened_ms: int = 0
    late_us: int = 0
    visible: bool = False
    failed: bool = False
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.at_ns = epoch_ns(self.order.at)
        self.not_after_ns = epoch_ns(self.order.not_after)


class Portal:
    """One portal, opened from its directory. Everything happens in one event loop's thread."""

    def __init__(self, home: Home, clock: Clock | None = None) -> None:
        self.home = home
        self.store = Store(home.database)
        self.clock: Clock = clock or SystemClock()
        self.guard = Guard(self.clock, int(self.store.meta(WALL) or 0))
        self.adopted = Adopted(self._pinned_roster(), self._pinned_policy())
        self.epoch, self.holder = self.store.epoch()
        self.withdrawn = takedowns.revisions(self.store)
        self.bundles: dict[str, Staged] = {}
        self.staging = asyncio.Lock()
        self.adopting = asyncio.Lock()
        self.judging = asyncio.Lock()
        self.publishing = asyncio.Semaphore(4)
        self.rendering = asyncio.Semaphore(2)
        self.searching = asyncio.Semaphore(2)  # so that searches leave threads to releases
        self.tasks: set[asyncio.Task[None]] = set()
        self.changes = 0
        self.called_at = 0.0  # the loop's time of the last commit
        self.swept = True
        self.calendar = self._pinned_calendar()
        self.boot = os.urandom(8).hex()
        for row in self.store.bundles():
            self.bundles[row.address] = self._remembered(row)

    def close(self) -> None:
        """Write the time down and close the database."""
        self.keep_time()
        self.store.close()

    # -- memory ----------------------------------------------------------------------------

    def _pinned_roster(self) -> Roster | None:
        pinned = self.store.pin("roster")
        return fold(self.home.root, load_acts(pinned[1])).roster if pinned else None

    def _pinned_policy(self) -> Policy | None:
        pinned = self.store.pin("policy")
        return fold(self.home.root, load_acts(pinned[1])).policy if pinned else None

    def governance(self) -> list[Envelope]:
        """Every roster and policy act that was pinned here, in the log's order."""
        pins = [self.store.pin(name) for name in GOVERNANCE]
        return max((load_acts(pin[1]) for pin in pins if pin), key=len, default=[])

    def _pinned_calendar(self) -> PublicCalendar | None:
        pinned = self.store.pin("calendar")
        return read_calendar(parse_json(pinned[1])) if pinned else None

    def show_calendar(self, calendar: PublicCalendar) -> None:
        """Show a newer public part of the calendar."""
        self.calendar = calendar
        self.changed()

    def _remembered(self, row: BundleRow) -> Staged:
        order = StageOrder.from_value(row.stage.body())
        promises = self.store.promises(row.address)
        staged = Staged(order, row.state, len(promises))
        here = self.store.sealed_assets(row.address)
        staged.missing = {sha for sha, (_, arrived) in here.items() if not arrived}
        staged.opened_ms, staged.late_us = row.opened_ms, row.late_us
        staged.visible = row.visible
        # Judged again before it can open: the roster may have changed while this was written.
        staged.judging = row.state in ("staging", "staged")
        if row.visible:
            staged.shown.set()
        if row.state == "published":
            staged.done.set()
        return staged

    def changed(self) -> None:
        """Something that the public sees is different now."""
        self.changes += 1

    def keep_time(self) -> None:
        """Write the wall time down, when it is sure, so that a start before it is noticed."""
        reading = self.guard.read()
        if reading.sure:
            self.store.set_meta(WALL, str(reading.wall_ns))

    def sweep(self) -> None:
        """Leave nothing of what was erased in the database's log; tried again while it is read."""
        self.swept = self.swept or self.store.sweep()

    async def keep_time_always(self) -> None:
        """Write the wall time down every half minute, and end what was left to be swept."""
        while True:
            await asyncio.sleep(_KEEP_TIME_EVERY)
            try:
                self.keep_time()
                self.sweep()
            except DeskError as error:
                log.warning("time not kept", extra={"code": error.code})

    def start(self, work: Any, name: str) -> None:
        """Run a coroutine in the background and log it if it fails."""
        task: asyncio.Task[None] = asyncio.create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # The type only: a message might hold text from a bundle.
            log.error("task failed", extra={"task": task.get_name(), "type": type(error).__name__})

    # -- who and what ----------------------------------------------------------------------

    @property
    def channel(self) -> tuple[str, Mapping[str, Any]]:
        """The channel that this portal is, by its key in the adopted policy. Raises Answer 403."""
        found = self.adopted.channel_of(self.home.key)
        if found is None:
            raise forbidden(
                "This portal is no channel of the adopted policy",
                "no channel there names its key; adopt a policy that does",
            )
        return found

    @property
    def base(self) -> str:
        """The address of the public pages, without a final slash; '' before a policy is adopted."""
        found = self.adopted.channel_of(self.home.key)
        return str(found[1].get("url", "")).rstrip("/") if found else ""

    def plan(self, order: StageOrder) -> Plan:
        """Where and when a staged bundle goes, as its check needs it."""
        return Plan(
            order.newsroom, order.channel, order.release, order.at, order.not_after,
            order.manifest, self.base,
        )  # fmt: skip

    def check_token(self, header: str) -> None:
        """Raise Answer 401 unless the Authorization header carries the bearer token (RFC 6750)."""
        if not self.has_token(header):
            raise unauthorised()

    def has_token(self, header: str) -> bool:
        """Whether it does."""
        scheme, _, token = header.partition(" ")
        return scheme.lower() == "bearer" and self.home.token_is(token.strip())

    def read_order(self, kind: type[AnyOrder], envelope: Envelope) -> tuple[AnyOrder, set[str]]:
        """The signed order and the publishers that signed it. Raises Answer 400, 403."""
        roster = self.adopted.roster
        if roster is None:
            raise forbidden("Nothing is adopted yet", "the portal has no roster")
        if envelope.payload_type != payload_type(kind):
            raise forbidden("Another kind of message", envelope.payload_type[:80])
        keys = {key.sign: name for name, key in roster.publishers.items()}
        try:
            publishers = {keys[key] for key in verify(envelope, keys)}
            if not publishers:
                raise forbidden("Not signed by a publisher of the roster")
            order: AnyOrder = kind.from_value(envelope.body())  # type: ignore[assignment]
        except Malformed as error:
            raise malformed(error) from None
        except DeskError as error:
            raise forbidden(error.title, error.message) from None
        if order.newsroom != self.home.newsroom:
            raise forbidden("This is another newsroom's portal")
        return order, publishers

    def check_epoch(self, epoch: int, publishers: set[str]) -> None:
        """Fence: only the publisher that holds the newest epoch is heard. Raises Answer 409."""
        if epoch != self.epoch or self.holder not in publishers:
            raise conflict(
                "epoch", "Another publisher has taken over", f"epoch {self.epoch}",
                epoch=self.epoch,
            )  # fmt: skip

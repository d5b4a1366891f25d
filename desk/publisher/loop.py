"""The reconcile loop: read what the log says is due, do the next step, write what happened.

It never relies on having been awake: every step follows from the record, the ledger and the
clock, so a restart at any point goes on where things stand. The loop itself never waits for a
channel; whatever does is a task of its own, and at most one of each kind runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from desk.channels.driver import Fenced, FencedOff
from desk.clock import Clock, now, written
from desk.errors import DeskError, TrustError, Unavailable
from desk.locales import N_
from desk.newsroom.room import Actor
from desk.publisher.after import Aftercare
from desk.publisher.agenda import Agenda
from desk.publisher.archive import Archive
from desk.publisher.bundles import Vault
from desk.publisher.channel import Channel, OpenDriver
from desk.publisher.clocks import Clocks
from desk.publisher.due import START_NS, Due
from desk.publisher.duties import Duties, where
from desk.publisher.fencing import Fencing
from desk.publisher.follower import Follower
from desk.publisher.governing import Governing
from desk.publisher.home import Home, this_boot
from desk.publisher.instant import Instant, Outcome, settle
from desk.publisher.journal import Journal
from desk.publisher.leader import Lead
from desk.publisher.ledger import Ledger
from desk.publisher.outbox import Outbox
from desk.publisher.quarantine import Quarantine
from desk.publisher.stager import Stager
from desk.publisher.status import Status
from desk.publisher.succession import Succession
from desk.publisher.tending import Tending
from desk.publisher.timer import Disarmed
from desk.store.sealed import Opener
from desk.store.session import Store
from desk.trust.judge import Verdict, judge
from desk.trust.record import Applied, Record
from desk.trust.state import ReleaseState

TICK = 0.1
DEEP_NS = 20_000_000_000  # between two readings of the whole log, at least
DEEP_SHARE = 50  # and so many times as long as one takes
SETTLED_NS = 1_000_000_000  # after T, when the loop goes on whatever still runs
BUSY_MS = 50  # how long the log may keep the loop waiting
NEAR = 200  # entries read at once while an instant is near


class Publisher:
    """One publisher of one newsroom. `run` ends when `stop` is set."""

    def __init__(
        self,
        home: Home,
        store: Store,
        pin: str,
        name: str,
        open_driver: OpenDriver,
        *,
        clock: Clock,
        journal: Journal,
        calendar: Any = None,
        checkpoints: Path | None = None,
        status: Path | None = None,
        lead: Lead | None = None,
    ) -> None:
        self.home, self.store, self.clock, self.journal = home, store, clock, journal
        self.name = name
        self.identity = home.identity()
        self.secret = home.secret()
        self.ledger = Ledger(home.path / "ledger.db")
        quick = Store(store.url, busy_ms=BUSY_MS) if store.sqlite else store
        self.follower = Follower(home, quick, Record(pin), clock)
        self.archive, self.agenda, self.announced = Archive(), Agenda(), Agenda()
        self.channels: dict[str, Channel] = {}
        self.instants: dict[str, Instant] = {}
        self.fenced = False
        self.fencing = Fencing(self)
        self.succession = Succession(self, lead or Lead(home.lead, name, home.path, clock))
        self.quarantine = Quarantine(self)
        self.duties = Duties(clock, journal, self._failed)
        self.outbox = Outbox(
            self.ledger, store, pin, Actor(name, self.identity), clock, lambda: self.leading
        )
        self.after = Aftercare(self, checkpoints)
        self.clocks = Clocks(
            clock, home, self.channels, bound_ms=self._bound_ms, asked=self._clocks_to_ask,
            journal=journal, alarm=self.after.alarm, boot=this_boot(),
        )  # fmt: skip
        self.stager, self.due, self.governing = Stager(self), Due(self), Governing(self)
        self.tending = Tending(self, calendar)
        self.status = Status(self, status)
        self._open_driver = open_driver
        self._verdicts: dict[str, tuple[int, Verdict]] = {}
        self._next_deep = 0

    # -- what is known ------------------------------------------------------------------------

    @property
    def record(self) -> Record:
        """What the publisher's own copy of the log says."""
        return self.follower.record

    @property
    def halted(self) -> str:
        """Why nothing may go out at all, or ''."""
        return self.unsound or self.quarantine.why or self.governing.why

    @property
    def unsound(self) -> str:
        """Why not even the log may be written, or ''."""
        taken = self.fenced or self.succession.deposed
        return N_("another publisher has taken over") if taken else self.follower.halted

    @property
    def leading(self) -> bool:
        """Whether this publisher leads now; a standby orders nothing."""
        return self.succession.leading

    @property
    def vault(self) -> Vault:
        """Opens sealed revisions."""
        return Vault(self.store, self.record.newsroom, Opener(self.name, self.identity))

    @property
    def quiet(self) -> bool:
        """Whether an instant is so near that nothing else may run."""
        here = self.clock.time_ns()
        near = [i.t for i in self.instants.values()] + list(self.succession.armed.values())
        return any(-SETTLED_NS < t - here < START_NS for t in near)

    def verdict(self, release: str) -> Verdict:
        """The judge's word, asked anew whenever the log has grown."""
        cached = self._verdicts.get(release)
        if cached is None or cached[0] != self.record.seq:
            verdict = judge(self.record, release)
            kept = self.quarantine.against(release)
            verdict = replace(verdict, reasons=(*verdict.reasons, *kept)) if kept else verdict
            cached = (self.record.seq, verdict)
            self._verdicts[release] = cached
        return cached[1]

    def forget_verdicts(self) -> None:
        """Judge everything anew: something beside the log has changed."""
        self._verdicts.clear()

    def _bound_ms(self) -> int:
        return self.record.policy.span("clock_bound_ms") if self.record.policy else 0

    def _clocks_to_ask(self) -> bool:
        policy = self.record.policy
        return policy is None or any(c["driver"] != "folder" for c in policy.channels.values())

    def instant_now(self) -> str:
        """The present instant in its written form."""
        return written(now(self.clock))

    # -- running --------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> bool:
        """Reconcile until told to stop; an instant that is near is finished first.

        False when another publisher has taken over: then this one is over, and its process may
        begin again as a standby.
        """
        self._start()
        self.succession.watch()
        beat = asyncio.create_task(self.succession.beat())
        while not self.succession.deposed and (not stop.is_set() or self._finishing):
            if not self.quiet:
                self._turn()
            await self.due.triggers.rest(TICK)
        deposed = self.succession.deposed
        await self.duties.end()
        for channel in self.channels.values():
            await channel.driver.aclose()
        if self.leading:
            self.status.write(stopping=True)
        beat.cancel()
        self.succession.close()
        self.ledger.close()
        self.journal("deposed" if deposed else "stopped", term=self.succession.term)
        return not deposed

    @property
    def _finishing(self) -> bool:
        return self.quiet and bool(self.instants)

    def _start(self) -> None:
        for entry in self.home.entries():
            self._note(self.follower.load(entry))
        self.clocks.start()
        self.journal("started", head=self.follower.head.seq)
        self.succession.start()

    def _turn(self) -> None:
        every: tuple[Callable[[], Any], ...] = (
            self.listen, self._open_channels, self._look_at_clocks, self._deep_check
        )  # fmt: skip
        leader: tuple[Callable[[], Any], ...] = (
            self.succession.turn, self._acknowledge, self.quarantine.turn, self._reconcile,
            self.tending.turn, self.after.turn, self.status.write,
        )  # fmt: skip
        standby = (self.succession.follow, self.succession.say)
        for step in (*every, *(leader if self.leading else standby)):
            if self.quiet or self.succession.deposed:
                return
            self.duties.step(step.__qualname__, step)

    def _failed(self, key: str, error: Exception) -> None:
        """A duty ended with an error: some need more than another try."""
        if isinstance(error, FencedOff):
            self.duties.spawn("fenced", self.fencing.check)
        elif isinstance(error, TrustError):
            self.after.alarm_once(key, "trust", error.sentence)
        elif not isinstance(error, DeskError):
            self.after.alarm_once(key, "bug", f"{key[:40]}: {where(error)}")

    # -- the log --------------------------------------------------------------------------------

    def listen(self, limit: int = 2000) -> bool:
        """Read the log once. True when anything new was heard."""
        self.governing.look()
        self.fencing.look()
        before = self.unsound
        try:
            heard = self.follower.poll(limit)
        except Unavailable as error:
            self.duties.say("database", str(error))
            return False
        self.hear(heard, before)
        return bool(heard) or self.unsound != before

    def hear(self, heard: Iterable[Applied], before: str) -> None:
        """Index what was heard; tell when it stops everything, or no longer does (`before`)."""
        for one in heard:
            self._note(one)
        if self.unsound == before:
            return
        self.journal("alarm" if self.unsound else "resumed", why=self.unsound)
        if self.unsound:
            self.after.alarm("log", self.unsound)

    def _note(self, applied: Applied) -> None:
        """Index an act that counts, and keep the agenda."""
        self.quarantine.heard(applied)
        act = applied.act
        if act is None or applied.void:
            return
        self.archive.keep(applied.seq, act)
        if act.kind.name in ("item.withdraw", "item.restore"):
            self.tending.withdrawn(act)
        if act.kind.name == "release.trigger":
            self.due.triggers.heard(act)
        release = self.record.releases.get(act.subject)
        if release is None:
            return
        if release.announced:
            self.announced.put(release.id, release.at)
        if self._over(release):
            self.agenda.drop(release.id)
        else:
            self.agenda.put(release.id, release.at)

    def _over(self, release: ReleaseState) -> bool:
        if release.opened:
            signed = release.signoffs.get(release.released_signoff)
            channels = set(signed.fields["channels"]) if signed else set(release.channels)
            return channels <= set(release.opened)
        basis = release.signoff.digest if release.signoff else release.basis
        return release.status == "cancelled" or basis in release.missed

    def _acknowledge(self) -> None:
        if self.follower.caught_up:
            self.after.acknowledge(self.follower)

    def _deep_check(self) -> None:
        moment = self.clock.monotonic_ns()
        if moment >= self._next_deep and not self.due.soon():
            self.duties.spawn("deep", self._check_whole_log)

    async def _check_whole_log(self) -> None:
        began, before = self.clock.monotonic_ns(), self.unsound
        self._next_deep = began + DEEP_NS
        self.follower.altered = await asyncio.to_thread(self.follower.deep_check)
        self.hear((), before)
        ended = self.clock.monotonic_ns()
        self._next_deep = ended + max(DEEP_NS, DEEP_SHARE * (ended - began))

    # -- channels and clocks ------------------------------------------------------------------

    def _open_channels(self) -> None:
        """Have a driver for each channel of the policy in force."""
        policy = self.record.policy
        if policy is None or self.unsound:
            return
        for name, known in list(self.channels.items()):
            if name not in policy.channels or dict(known.entry) != dict(policy.channels[name]):
                del self.channels[name]
                self.duties.spawn(f"close {name}", known.driver.aclose)
        for name, entry in policy.channels.items():
            if name in self.channels:
                continue
            try:
                driver = self._open_driver(name, entry)
                self.channels[name] = Channel(
                    name, entry, driver, leads=lambda: self.leading,
                    rosters=lambda: self.governing.rosters,
                )  # fmt: skip
            except DeskError as error:
                self.duties.say(f"channel {name}", str(error))

    def _look_at_clocks(self) -> None:
        if self.clocks.due:
            self.duties.spawn("clocks", self.clocks.look)

    # -- what is due ----------------------------------------------------------------------------

    def _reconcile(self) -> None:
        if self.halted or self.record.policy is None or not self.follower.caught_up:
            return
        ahead = self.record.policy.span("stage_ahead")
        for name in self.agenda.until(written(now(self.clock) + timedelta(seconds=ahead))):
            self.due.step(self.record.releases[name], self.begin)
        self.stager.take_back()
        self.stager.settle()

    # -- the instant ----------------------------------------------------------------------------

    def begin(self, at: str) -> None:
        """Carry out an instant, in a task of its own."""
        self.duties.spawn(f"instant {at}", self._carry_out, at)

    async def _carry_out(self, at: str) -> None:
        instant = Instant(
            at, clock=self.clock, guard=self.clocks.guard, ledger=self.ledger,
            channels=self.channels, ready=partial(self.due.ready, at),
            listen=partial(self.listen, NEAR), settle=self._settle, journal=self.journal,
            leads=lambda: self.leading, known=self._known,
        )  # fmt: skip
        self.instants[at] = instant
        try:
            await instant.run()
        except Disarmed:
            why = self.clocks.problem() or self.unsound or "stopped"
            self.journal("disarmed", at=at, why=why)
        finally:
            self.instants.pop(at, None)
        self.duties.rest(f"instant {at}")

    def _known(self) -> object:
        """What stands between now and a release, as far as the log and this directory say."""
        return self.follower.head, self.follower.caught_up, self.halted

    def _settle(self, outcomes: list[Outcome]) -> None:
        """What came back, into the ledger. What cannot be written is asked for again later."""
        rows = []
        for outcome in outcomes:
            for address, result in outcome.results.items():
                if isinstance(result, Fenced):
                    self.duties.spawn("fenced", self.fencing.check)
                row = self.ledger.get(address)
                if row is not None:
                    rows.append(settle(row, result))
        try:
            self.ledger.put(*rows)
        except Unavailable as error:
            self.duties.say("ledger", str(error))
            return
        for row in rows:
            self.journal(row.state, release=row.release, channel=row.channel,
                         late_ms=row.late_us / 1000, code=row.code)  # fmt: skip
            if row.state == "failed":
                self.after.failed(row)

"""The reconcile loop: read what the log says is due, do the next step, write what happened.

It never relies on having been awake: every step follows from the record, the ledger and the
clock, so a restart at any point goes on where things stand.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from desk.channels.driver import Governance
from desk.clock import Clock, epoch_ns, now, written
from desk.errors import DeskError, Unavailable
from desk.newsroom.room import Actor
from desk.publisher.after import Aftercare
from desk.publisher.bundles import Vault, Wanted, build_bundle, wanted
from desk.publisher.channel import Channel, OpenDriver
from desk.publisher.follower import Follower
from desk.publisher.home import Home
from desk.publisher.instant import Instant, Outcome, ask, settle
from desk.publisher.journal import Journal
from desk.publisher.ledger import Ledger, Row
from desk.publisher.outbox import Outbox
from desk.publisher.timer import Disarmed, Guard
from desk.store.sealed import Opener
from desk.store.session import Store
from desk.trust.acts import FIELDS
from desk.trust.envelope import Envelope
from desk.trust.judge import Verdict, judge
from desk.trust.record import Applied, Record
from desk.trust.state import ReleaseState, RevisionState

TICK = 0.1
CLOCK_EVERY_NS = 10_000_000_000
DEEP_EVERY_NS = 300_000_000_000
START_NS = 2_500_000_000  # before T, when the instant's own task takes over
RETRY_NS = 2_000_000_000
BOOT_BACK_NS = 5_000_000_000


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
    ) -> None:
        self.home, self.store, self.clock, self.journal = home, store, clock, journal
        self.name = name
        self.identity = home.identity()
        self.secret = home.secret()
        self.ledger = Ledger(home.path / "ledger.db")
        self.follower = Follower(home, store, Record(pin))
        self.guard = Guard(clock)
        self.channels: dict[str, Channel] = {}
        self.instants: dict[str, Instant] = {}
        self.outbox = Outbox(self.ledger, store, pin, Actor(name, self.identity), clock)
        self.after = Aftercare(self, checkpoints=checkpoints, status=status, calendar=calendar)
        self._open_driver = open_driver
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._open: set[str] = set()
        self._acts: dict[str, list[bytes]] = {}
        self._verdicts: dict[str, tuple[int, Verdict]] = {}
        self._retry: dict[str, int] = {}
        self._deep_problem = ""
        self._next_clock = self._next_deep = 0
        self.fenced = False

    # -- what is known ------------------------------------------------------------------------

    @property
    def record(self) -> Record:
        """What the publisher's own copy of the log says."""
        return self.follower.record

    @property
    def halted(self) -> str:
        """Why nothing may go out at all, or ''."""
        if self.fenced:
            return "another publisher has taken over"
        return self.follower.halted or self._deep_problem

    @property
    def vault(self) -> Vault:
        """Opens sealed revisions."""
        return Vault(self.store, self.record.newsroom, Opener(self.name, self.identity))

    @property
    def quiet(self) -> bool:
        """Whether an instant is so near that nothing else may run."""
        return any(i.t - self.clock.time_ns() < START_NS for i in self.instants.values())

    @property
    def open_releases(self) -> list[ReleaseState]:
        """Releases that are not over, earliest first."""
        found = [self.record.releases[r] for r in self._open if r in self.record.releases]
        return sorted(found, key=lambda release: (release.at, release.id))

    def verdict(self, release: str) -> Verdict:
        """The judge's word, asked anew whenever the log has grown."""
        cached = self._verdicts.get(release)
        if cached is None or cached[0] != self.record.seq:
            cached = (self.record.seq, judge(self.record, release))
            self._verdicts[release] = cached
        return cached[1]

    def acts_about(self, release: ReleaseState) -> list[Envelope]:
        """The acts that justify a release, from the publisher's own copy, in the log's order."""
        subjects = {release.id, *release.items}
        for item in release.items:
            state = self.record.items.get(item)
            if state:
                subjects |= {r.released_in for r in state.revisions.values() if r.released_in}
        rows = [row for subject in subjects for row in self._acts.get(subject, [])]
        ordered = sorted(rows, key=lambda row: int.from_bytes(row[:8], "big"))
        return [Envelope.from_json(row[8:]) for row in ordered]

    def governance(self) -> Governance:
        """Roster and policy acts for channels that judge for themselves."""
        rows = self._acts.get("roster", []) + self._acts.get("policy", [])
        rows.sort(key=lambda row: int.from_bytes(row[:8], "big"))
        calendar, version = self.after.public_calendar()
        every = (Envelope.from_json(row[8:]) for row in rows)
        kinds = {FIELDS["roster"].payload_type, FIELDS["policy"].payload_type}
        acts = [envelope for envelope in every if envelope.payload_type in kinds]
        return Governance(acts, calendar, version)

    # -- running --------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Reconcile until told to stop; an instant that is near is finished first."""
        self._start()
        while not stop.is_set() or self.quiet:
            if not self.quiet:
                await self._turn()
            await self.clock.sleep(TICK)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for channel in self.channels.values():
            await channel.driver.aclose()
        self.after.write_status(stopping=True)
        self.ledger.close()
        self.journal("stopped")

    def _start(self) -> None:
        for entry in self.home.entries():
            self._note(self.follower.load(entry))
        self.follower.to_acknowledge.clear()
        last = self.home.last_wall()
        if self.clock.time_ns() + BOOT_BACK_NS >= last:
            self.guard.believe()
        else:
            self.journal("clock", problem="earlier than at the last run")
        self.journal("started", head=self.follower.head.seq)

    async def _turn(self) -> None:
        steps = (
            self.listen, self._open_channels, self._look_at_clocks, self._reconcile,
            self._finish_claims, self.after.turn, self._deep_check,
        )  # fmt: skip
        for step in steps:
            try:
                result = step()
                if asyncio.iscoroutine(result):
                    await result
            except DeskError as error:
                self.journal("problem", step=step.__name__, error=str(error))
            if self.quiet:
                return

    def listen(self) -> bool:
        """Read the log once. True when anything new was heard."""
        before = self.halted
        try:
            heard = self.follower.poll()
        except Unavailable as error:
            self.journal("database", error=str(error))
            return False
        for one in heard:
            self._note(one)
        if self.halted != before:
            self.journal("alarm" if self.halted else "resumed", why=self.halted)
            if self.halted:
                self.after.alarm("log", self.halted)
        self.after.acknowledge(self.follower)
        return bool(heard) or self.halted != before

    def _note(self, applied: Applied) -> None:
        """Index a kept act by its subject, and keep the set of open releases."""
        act = applied.act
        if act is None:
            return
        row = applied.seq.to_bytes(8, "big") + act.envelope.to_json()
        self._acts.setdefault(act.subject, []).append(row)
        release = self.record.releases.get(act.subject)
        if release is None:
            return
        signed = release.signoffs.get(release.released_signoff)
        channels = set(signed.fields["channels"]) if signed else set(release.channels)
        over = release.status == "cancelled" or (
            bool(release.opened) and channels <= set(release.opened)
        )
        (self._open.discard if over else self._open.add)(release.id)

    async def _open_channels(self) -> None:
        """Have a driver for each channel of the policy in force."""
        policy = self.record.policy
        if policy is None or self.halted:
            return
        for name, entry in policy.channels.items():
            known = self.channels.get(name)
            if known is not None and dict(known.entry) == dict(entry):
                continue
            if known is not None:
                await known.driver.aclose()
            try:
                self.channels[name] = Channel(name, entry, self._open_driver(name, entry))
            except DeskError as error:
                self.journal("channel", channel=name, error=str(error))
        for name in set(self.channels) - set(policy.channels):
            await self.channels.pop(name).driver.aclose()

    # -- the clock ----------------------------------------------------------------------------

    async def _look_at_clocks(self) -> None:
        now_ns = self.clock.monotonic_ns()
        if now_ns < self._next_clock and self.guard.sure:
            return
        self._next_clock = now_ns + CLOCK_EVERY_NS
        await asyncio.gather(*(c.look(self.clock.time_ns()) for c in self.channels.values()))
        self.home.keep_wall(max(self.clock.time_ns() if self.guard.sure else 0,
                                self.home.last_wall()))  # fmt: skip
        if self.guard.sure:
            return
        agreeing = [
            c
            for c in self.channels.values()
            if c.independent_clock and c.reading and c.reading.sure and not self._off(c)
        ]
        if agreeing:
            self.guard.believe()
            self.journal("clock", agreed=agreeing[0].id)
        else:
            self.journal("clock", problem="the wall clock was set, and no channel agrees with it")
            self.after.alarm("clock", "the wall clock was set")
            self._next_clock = now_ns + RETRY_NS

    def _off(self, channel: Channel) -> bool:
        assert self.record.policy is not None
        return channel.off_by_ms() > self.record.policy.span("clock_bound_ms")

    def clock_problem(self) -> str:
        """Why no instant may be acted upon now, or ''."""
        if not self.guard.sure:
            return "the wall clock was set"
        for channel in self.channels.values():
            if channel.independent_clock and channel.reading is not None and self._off(channel):
                return f"the clock of {channel.id} differs"
        return ""

    # -- what is due ----------------------------------------------------------------------------

    async def _reconcile(self) -> None:
        if self.halted or self.record.policy is None:
            return
        moment = self.clock.time_ns()
        ahead = self.record.policy.span("stage_ahead") * 1_000_000_000
        for release in self.open_releases:
            t = epoch_ns(release.at)
            if moment < t - ahead:
                break  # the rest is later still
            await self._step(release, t, moment)
        await self._take_back()

    async def _step(self, release: ReleaseState, t: int, moment: int) -> None:
        verdict = self.verdict(release.id)
        signoff = release.signoff
        if verdict.ok and signoff is not None:
            for name in signoff.fields["channels"]:
                self._ensure_staged(wanted(self.record, signoff, name))
            near = moment >= t - START_NS and release.at not in self.instants
            if near and self.ready(release.at):
                self._begin(release.at)
        window = signoff.fields["publish_within"] if signoff else self._publish_within()
        if moment > t + int(window) * 1_000_000_000 and release.status == "planned":
            self._miss(release, verdict)

    def _publish_within(self) -> int:
        assert self.record.policy is not None
        return self.record.policy.span("publish_within")

    def _miss(self, release: ReleaseState, verdict: Verdict) -> None:
        """Its time is over. Not when the clock is in doubt, or anything of it went out."""
        basis = verdict.signoff or (release.signoff.digest if release.signoff else release.basis)
        if (
            self.clock_problem() or release.opened or basis in release.missed
            or any(r.state in ("claimed", "opened") for r in self._rows(release.id))
        ):  # fmt: skip
            return
        code = verdict.reasons[0].rule if verdict.reasons else "not-staged"
        self.ledger.owe(
            f"missed {release.id} {basis}", "publisher.missed", release.id,
            {"signoff": basis, "code": code.replace(" ", "-")[:60]},
        )  # fmt: skip
        self.journal("missed", release=release.id, code=code)

    def _rows(self, release: str) -> list[Row]:
        return self.ledger.of_release(release)

    def _ensure_staged(self, facts: Wanted) -> None:
        """Start staging a bundle unless it is there, on its way, or failed for good."""
        if not facts.parts or facts.channel not in self.channels:
            return
        address, channel = facts.address, self.channels[facts.channel]
        row = self.ledger.get(address)
        held = address in channel.bundles
        if row and (
            row.state in ("opened", "published", "recalled", "failed")
            or (row.state in ("staged", "claimed") and held)
        ):
            return
        key = f"stage {address}"
        if key in self._tasks or self._retry.get(key, 0) > self.clock.monotonic_ns():
            return
        self._spawn(key, self._stage(facts, channel, row))

    def _spawn(self, key: str, work: Any) -> None:
        async def guarded() -> None:
            try:
                await work
            except DeskError as error:
                self.journal(
                    "problem", task=key.split(maxsplit=1)[0], error=str(error), id=key[-64:][:12]
                )
                self._retry[key] = self.clock.monotonic_ns() + RETRY_NS
            except Exception as error:  # a bug in one release must not end the loop
                self.journal("bug", task=key.split(maxsplit=1)[0], error=type(error).__name__)
                self._retry[key] = self.clock.monotonic_ns() + RETRY_NS
            finally:
                self._tasks.pop(key, None)

        self._tasks[key] = asyncio.create_task(guarded(), name=key)

    async def _stage(self, facts: Wanted, channel: Channel, known: Row | None) -> None:
        """Build, stage, read back; then say so in the ledger and in the log."""
        bundle = await asyncio.to_thread(build_bundle, facts, self.vault, self.secret)
        governance = self.governance()
        versions = self.versions(governance)
        if not await channel.get_ready(governance, versions):
            raise Unavailable("The channel does not answer", f"{channel.id}: {channel.problem}")
        release = self.record.releases[facts.release]
        state = await channel.driver.stage(bundle, self.acts_about(release))
        if state.state in ("opened", "published"):
            channel.bundles[facts.address] = bundle
            self.ledger.put(await ask(channel, self._row(facts, "claimed")))
            return
        if not state.complete:
            raise Unavailable("The channel lacks parts of the bundle", channel.id)
        await channel.driver.readback(bundle)
        channel.bundles[facts.address] = bundle
        if known is None or known.state != "claimed":
            self.ledger.put(self._row(facts, "staged"))
        self.ledger.owe(
            f"staged {facts.address}", "publisher.staged", facts.release,
            {"signoff": facts.signoff, "channel": facts.channel, "address": facts.address},
        )  # fmt: skip
        self.journal("staged", release=facts.release, channel=facts.channel,
                     address=facts.address[:16], bytes=len(bundle.ciphertext))  # fmt: skip

    def _row(self, facts: Wanted, state: str) -> Row:
        return Row(
            facts.address, facts.release, facts.channel, facts.signoff, facts.at,
            facts.not_after, state,
        )  # fmt: skip

    def versions(self, governance: Governance) -> tuple[int, int, int]:
        assert self.record.roster is not None
        assert self.record.policy is not None
        return (
            self.record.roster.version, self.record.policy.version, governance.calendar_version
        )  # fmt: skip

    # -- the instant ----------------------------------------------------------------------------

    def ready(self, at: str) -> list[Row]:
        """Bundles that may go out at that T: judged good, staged, nothing in doubt."""
        if self.halted or self.clock_problem():
            return []
        found: list[Row] = []
        for release in self.open_releases:
            signoff = release.signoff
            if release.at != at or signoff is None or not self.verdict(release.id).ok:
                continue
            late = self.clock.time_ns() - epoch_ns(at)
            if late > int(signoff.fields["publish_within"]) * 1_000_000_000 and not release.opened:
                continue
            found += self._complete(signoff.fields["channels"], release)
        return found

    def _complete(self, channels: list[str], release: ReleaseState) -> list[Row]:
        """The staged bundles of a release, or none when a required channel is not ready."""
        assert release.signoff is not None
        rows = []
        for name in channels:
            channel = self.channels.get(name)
            facts = wanted(self.record, release.signoff, name)
            if not facts.parts or name in release.opened:
                continue
            row = self.ledger.get(facts.address)
            if row and row.state in ("opened", "published"):
                continue
            here = channel is not None and facts.address in channel.bundles
            if row and row.state in ("staged", "claimed") and here:
                rows.append(row)
            elif (channel is None or channel.required) and not self._begun(release):
                return []
        return rows

    def _begun(self, release: ReleaseState) -> bool:
        """Whether any channel has opened: then the others are finished, each by itself."""
        return bool(release.opened) or any(
            row.state in ("opened", "published") for row in self._rows(release.id)
        )

    def _begin(self, at: str) -> None:
        if self._retry.get(f"instant {at}", 0) > self.clock.monotonic_ns():
            return
        instant = Instant(
            at, clock=self.clock, guard=self.guard, ledger=self.ledger, channels=self.channels,
            ready=lambda: self.ready(at), listen=self.listen, journal=self.journal,
        )  # fmt: skip
        self.instants[at] = instant
        self._spawn(f"instant {at}", self._carry_out(instant))

    async def _carry_out(self, instant: Instant) -> None:
        try:
            outcomes = await instant.run()
        except Disarmed:
            self.journal("disarmed", at=instant.at, why=self.clock_problem() or "stopped")
            outcomes = []
        finally:
            self.instants.pop(instant.at, None)
        self._retry[f"instant {instant.at}"] = self.clock.monotonic_ns() + RETRY_NS
        self._settle(outcomes)

    def _settle(self, outcomes: list[Outcome]) -> None:
        """Into the ledger, then into the log; the checkpoint and comparisons follow."""
        rows = []
        for outcome in outcomes:
            for address, result in outcome.results.items():
                row = self.ledger.get(address)
                if row is not None:
                    rows.append(settle(row, result))
                if type(result).__name__ == "Fenced":
                    self.fenced = True
        if rows:
            self.ledger.put(*rows)
        for row in rows:
            self.journal(row.state, release=row.release, channel=row.channel,
                         late_ms=row.late_us / 1000, code=row.code)  # fmt: skip
            if row.state == "failed":
                self.after.failed(row)
        self.after.opened([row for row in rows if row.state == "opened"])

    async def _finish_claims(self) -> None:
        """Ask what became of calls whose answer never came."""
        for row in self.ledger.in_state("claimed"):
            channel = self.channels.get(row.channel)
            if channel is None or row.at in self.instants:
                continue
            after = await ask(channel, row)
            if after != row:
                self.ledger.put(after)
                if after.state == "opened":
                    self.after.opened([after])
        self.after.opened(
            [r for r in self.ledger.in_state("opened") if not self.after.known(r)], again=True
        )

    async def _take_back(self) -> None:
        """Recall bundles whose sign-off no longer stands (moved, recalled, cancelled)."""
        for row in self.ledger.in_state("staging", "staged"):
            release = self.record.releases.get(row.release)
            if release is None or row.at in self.instants:
                continue
            signoff = release.signoff
            stands = signoff is not None and signoff.digest == row.signoff
            if stands and release.status == "planned" and row.signoff not in release.missed:
                continue
            channel = self.channels.get(row.channel)
            if channel is None:
                continue
            await channel.driver.recall(row.address)
            channel.bundles.pop(row.address, None)
            self.ledger.put(replace(row, state="recalled"))
            self.journal("recalled", release=row.release, channel=row.channel)

    def withdrawal_act(self, revision: RevisionState) -> Envelope:
        """The signed act that withdrew a revision."""
        for rows in self._acts.values():
            for row in rows:
                envelope = Envelope.from_json(row[8:])
                if envelope.digest == revision.withdrawal:
                    return envelope
        raise Unavailable("The withdrawal is not in this copy of the log")

    async def _deep_check(self) -> None:
        if self.clock.monotonic_ns() < self._next_deep or "deep" in self._tasks:
            return
        self._next_deep = self.clock.monotonic_ns() + DEEP_EVERY_NS
        self._spawn("deep", self._check_whole_log())

    async def _check_whole_log(self) -> None:
        problem = await asyncio.to_thread(self.follower.deep_check)
        if problem and problem != self._deep_problem:
            self.journal("alarm", why=problem)
            self.after.alarm("log", problem)
        self._deep_problem = problem

    def instant_now(self) -> str:
        """The present instant in its written form."""
        return written(now(self.clock))

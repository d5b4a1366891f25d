"""The succession: what a standby does while another leads, and how it takes over.

A standby follows the log and the leader's ledger, keeps its verdicts and clocks, and builds the
bundles that the leader has staged; the same secret gives the same bytes. Around an instant it is
armed like the leader, only that its commits wait for the lead. It orders nothing anywhere: no
bundle, no act, no withdrawal is its own before it leads.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk.clock import epoch_ns, now, written
from desk.errors import Unavailable
from desk.phrase import as_phrase, phrase
from desk.publisher import copies
from desk.publisher.bundles import Wanted
from desk.publisher.channel import Channel
from desk.publisher.due import START_NS
from desk.publisher.feed import Source
from desk.publisher.instant import AHEAD_NS, DEAF_NS, WARM_SECONDS
from desk.publisher.leader import BEAT, POLL, POLL_ARMED, Lead, Term
from desk.publisher.stager import DONE, WAITING
from desk.publisher.timer import wait_until

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

SAY_NS = 500_000_000
ARMED_NS = 3_000_000_000  # after T, until when a standby stays armed: silence, and a little more
PATIENCE_NS = 5_000_000_000  # how long a former leader's ledger is asked for
LISTEN = 0.05  # seconds between two looks at the log while armed
NEAR = 200  # entries read at once then
STOPPED = "it was stopped"


class Succession:
    """One publisher's part in the group. `term`: the one it has taken up, 0 while it follows.

    `whole`: whether what the former leader knew is here.
    """

    def __init__(self, publisher: Publisher, lead: Lead) -> None:
        self._p = publisher
        self.lead = lead
        self.term = 0
        self.whole = False
        self.copied = False
        self.armed: dict[str, int] = {}
        self._learned: dict[str, int] = {}  # how long whose copy of the log was when it was read
        self._heard = False
        self._source: Source | None = None
        self._told = False
        self._taken_at = self._next_word = 0

    # -- the lead -----------------------------------------------------------------------------

    @property
    def leading(self) -> bool:
        """Whether this publisher leads now; asked before each order."""
        return self.term > 0 and self.lead.leads

    @property
    def deposed(self) -> bool:
        """Whether it led and another leads now: then it is over for this run."""
        return self.term > 0 and not self.lead.leads

    @property
    def fit(self) -> bool:
        """Whether this publisher could publish if it led."""
        p = self._p
        roster = p.record.roster
        listed = roster is not None and p.name in roster.publishers
        knows = p.follower.caught_up and (self.copied or self.term > 0)
        return listed and knows and not (p.unsound or p.governing.why)

    def start(self) -> None:
        """Join the others; lead at once when there are none. Raises Conflict, Unavailable."""
        self.lead.join()
        if self.lead.look():
            self.take_over()
        else:
            leader = self.lead.current()
            self._p.journal("standby", leader=leader.name if leader else "")

    def watch(self) -> None:
        """Have `take_over` called on this loop as soon as the lead is ours."""
        if self.term:
            return
        loop = asyncio.get_running_loop()

        def changed() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self.take_over)

        self.lead.watch(changed)

    async def beat(self) -> None:
        """Give signs of life as long as the loop turns."""
        while True:
            self.lead.beat(fit=self.fit)
            await self._p.clock.sleep(BEAT)

    def take_over(self) -> None:
        """Lead from now on: know what the former leader knew, have it fenced off, go on."""
        p, lead = self._p, self.lead
        if self.term or not lead.term:
            return
        self.term, self._taken_at = lead.term, p.clock.monotonic_ns()
        before = lead.before.name if lead.before else ""
        p.journal("leading", term=self.term, after=before, why=lead.why)
        self._hear_the_others()
        self._inherit()
        if not self.whole:
            self._doubt()
        if not p.halted:
            for channel in p.channels.values():
                p.duties.spawn(f"epoch {channel.id}", channel.be_heard)
            for at in list(self.armed):
                p.begin(at)

    def turn(self) -> None:
        """The leader's round: what could not be done in the moment of taking over."""
        p, before = self._p, self.lead.before
        self._hear_the_others()
        if not self.whole:
            self._inherit()
        if self._told or not self.whole:
            return
        self._told = True
        p.ledger.begin_term(self.term)
        if before is not None and before.name != p.name and self.lead.why != STOPPED:
            p.after.alarm(
                "takeover",
                phrase(
                    "{name} leads after {before}: {why}",
                    name=p.name,
                    before=before.name,
                    why=as_phrase(self.lead.why),
                ),
            )

    # -- what the former leader knew ----------------------------------------------------------

    def _hear_the_others(self) -> None:
        """Hear, once our own log is read, what those have heard who led before us: a database
        that was rolled back meanwhile no longer says it.
        """
        if self._heard or not self._p.follower.caught_up:
            return
        try:
            for term in self.lead.others_terms():
                self._learn(term)
        except Unavailable as error:
            self._p.duties.say("learn", str(error))
            return
        self._heard = True

    def _learn(self, term: Term) -> None:
        """Hear what one of them has heard. Raises Unavailable."""
        p, home = self._p, Path(term.home)
        length = copies.size(home)
        if self._learned.get(term.home) == length:
            return
        before = p.unsound
        kept = copies.kept_since(home, p.follower.head.seq)
        new = p.follower.learn(kept)
        p.hear(new, before)
        self._learned[term.home] = length
        if new:
            p.listen()  # does the database say so, too? Before anything is done, or written there

    def _inherit(self) -> None:
        """Have the ledger of the newest term that has one. A stopped process may be in its way."""
        p = self._p
        try:
            self._copy_newest()
            self.whole = True  # that it is ours now is written later: an instant may be near
        except Unavailable as error:
            if not self._taken_at or p.clock.monotonic_ns() - self._taken_at < PATIENCE_NS:
                p.duties.say("inherit", str(error))
            else:
                p.after.alarm(
                    "inherit",
                    phrase(
                        "{name} goes on without the ledger before: {why}",
                        name=p.name,
                        why=error.sentence,
                    ),
                )
                self.whole = True
        p.stager.forget()
        p.quarantine.reload()

    def _copy_newest(self) -> None:
        """Copy it, unless it is ours. Raises Unavailable."""
        p, before = self._p, self.lead.before
        for number in range(before.number if before else 0, 0, -1):
            term = self.lead.read(number)
            if term is None:
                break
            if term.name == p.name:
                if p.ledger.term == number:
                    return
                continue  # that run did not get as far as taking the ledger over
            source = self._open(term)
            if source.term() == number:
                self._copy(source)
                return
        if before is not None and p.ledger.term == 0:
            raise Unavailable("No ledger of a term before", self.lead.why)

    def _open(self, term: Term) -> Source:
        home = Path(term.home)
        if self._source is None or self._source.home != home:
            if self._source is not None:
                self._source.close()
            self._source = None
            self._source = Source(home)
        return self._source

    def _copy(self, source: Source) -> int:
        rows, everything = self._p.ledger.follow(source)
        while not everything:
            more, everything = self._p.ledger.follow(source)
            rows += more
        return rows

    def _doubt(self) -> None:
        """What is near may have gone out already: ask before anything is said about it."""
        p = self._p
        for name in p.agenda.until(written(now(p.clock) + timedelta(seconds=START_NS / 1e9))):
            signoff = p.record.releases[name].signoff
            for channel in signoff.fields["channels"] if signoff else ():
                facts = p.stager.wanted(signoff, channel) if signoff else None
                row = p.ledger.get(facts.address) if facts else None
                if facts and facts.parts and (row is None or row.state not in DONE):
                    p.ledger.put(replace(row or p.stager.row(facts, "staged"), state="claimed"))

    # -- following ----------------------------------------------------------------------------

    def follow(self) -> None:
        """The standby's round: the leader's ledger, the bundles that wait, the next instant."""
        p = self._p
        self._copy_leader()
        p.follower.forget_acknowledged()
        if p.unsound or p.record.policy is None:
            return
        ahead = p.record.policy.span("stage_ahead")
        for name in p.agenda.until(written(now(p.clock) + timedelta(seconds=ahead))):
            self._arm(name)

    def _copy_leader(self) -> None:
        """Repeat what the leader wrote since."""
        p, leader = self._p, self.lead.current()
        if leader is None or leader.name == p.name:
            return
        if p.follower.caught_up:
            self._learn(leader)
        source = self._open(leader)
        if (source.changed() or not self.copied) and source.term() == leader.number:
            rows, self.copied = p.ledger.follow(source)
            if rows:
                p.quarantine.follow()
                p.stager.forget()
                self._drop_done()

    def _drop_done(self) -> None:
        """Bundles that are over need no memory here."""
        for channel in self._p.channels.values():
            for address in list(channel.bundles):
                row = self._p.ledger.get(address)
                if row is None or row.state in DONE:
                    del channel.bundles[address]

    def _arm(self, name: str) -> None:
        """Have the bundles of a release that are staged, and be there at its instant."""
        p = self._p
        release = p.record.releases[name]
        if release.signoff is None or not p.verdict(name).ok:
            return
        for id_ in release.signoff.fields["channels"]:
            channel, facts = p.channels.get(id_), p.stager.wanted(release.signoff, id_)
            if channel is None or not facts.parts or facts.address in channel.bundles:
                continue
            row = p.ledger.get(facts.address)
            if row is not None and row.state in WAITING:
                p.duties.spawn(f"build {facts.address}", self._build, channel, facts)
        left = epoch_ns(release.at) - p.clock.time_ns()
        if -ARMED_NS < left <= START_NS and release.at not in self.armed:
            p.duties.spawn(f"armed {release.at}", self._stand_by, release.at)

    async def _build(self, channel: Channel, facts: Wanted) -> None:
        channel.bundles[facts.address] = await self._p.stager.build(facts)
        self._p.journal("built", release=facts.release, channel=channel.id,
                        address=facts.address[:16])  # fmt: skip

    async def _stand_by(self, at: str) -> None:
        """Be as ready as the leader from T - 2 s on; `take_over` begins the instant itself."""
        p, t = self._p, epoch_ns(at)
        self.armed[at] = t
        try:
            await wait_until(p.clock, t - AHEAD_NS, p.clocks.guard)
            await asyncio.gather(*(c.look(p.clock, WARM_SECONDS) for c in p.channels.values()))
            gc.collect()
            gc.disable()
            self.lead.poll = POLL_ARMED
            while not self.term and p.clock.time_ns() < t + ARMED_NS:
                p.listen(NEAR)
                if p.clock.time_ns() < t - DEAF_NS:
                    # Its claims: then taking over has nothing to write.
                    p.duties.step("copy", self._copy_leader)
                p.due.ready(at)  # so that the verdicts are there
                await p.clock.sleep(LISTEN)
        finally:
            if at not in p.instants:
                gc.enable()
            self.armed.pop(at, None)
            self.lead.poll = POLL

    # -- being seen ---------------------------------------------------------------------------

    def say(self) -> None:
        """Tell the leader, and through it people, how this standby is."""
        p, moment = self._p, self._p.clock.monotonic_ns()
        if moment < self._next_word:
            return
        self._next_word = moment + SAY_NS
        try:
            self.lead.say({
                "time": p.instant_now(), "pid": os.getpid(), "head": p.follower.head.seq,
                "ready": self.fit and not p.halted,
                "problem": p.halted or (p.clocks.problem() if p.record.policy else ""),
            })  # fmt: skip
        except OSError as error:
            p.duties.say("standby", error.strerror or "cannot be written")

    def close(self) -> None:
        """Go; the next one leads at once."""
        if self._source is not None:
            self._source.close()
        self.lead.leave()

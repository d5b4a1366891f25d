"""The stager: gets bundles to their channels ahead of time, takes them back, asks what became of
calls whose answer never came. One task per bundle and channel: a slow one holds up nobody else.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.channels.driver import FencedOff, StageState
from desk.errors import Conflict, Refused, Unavailable
from desk.phrase import joined, phrase
from desk.portal.contract.bundle import SealedBundle
from desk.publisher.bundles import Wanted, build_bundle, wanted
from desk.publisher.channel import Channel
from desk.publisher.instant import ask
from desk.publisher.ledger import Row
from desk.trust.state import SignOff

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

DONE = ("opened", "published", "recalled", "failed")
WAITING = ("staged", "claimed")


class Stager:
    """Stages, takes back and settles for one publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher
        self._wanted: dict[tuple[str, str], Wanted] = {}
        self._wanted_at = 0

    def wanted(self, signoff: SignOff, channel: str) -> Wanted:
        """The facts of one bundle, as they were when it was first staged."""
        if self._wanted_at != self._p.record.seq:
            self._wanted.clear()
            self._wanted_at = self._p.record.seq
        key = (signoff.digest, channel)
        if key not in self._wanted:
            facts = wanted(self._p.record, signoff, channel)
            row = self._p.ledger.get(facts.address)
            self._wanted[key] = facts.with_firsts(json.loads(row.firsts)) if row else facts
        return self._wanted[key]

    def forget(self) -> None:
        """The ledger was changed by the leader's: work the facts out anew."""
        self._wanted.clear()

    # -- there ----------------------------------------------------------------------------------

    def ensure(self, signoff: SignOff, name: str) -> None:
        """Start staging a bundle unless it is there, on its way, or failed for good."""
        channel = self._p.channels.get(name)
        facts = self.wanted(signoff, name)
        if channel is None or not facts.parts:
            return
        row = self._p.ledger.get(facts.address)
        if row is not None and row.state in WAITING and facts.address in channel.bundles:
            if row.state == "staged" and row.roster != self._p.governing.versions[0]:
                # Under the new one a portal may miss a signature or an approval that was replaced
                # since. The ledger says so to whoever takes over, too.
                self._p.duties.spawn(f"stage {facts.address}", self._justify, facts, channel, row)
            return
        if row is not None and row.state in DONE:
            return
        self._p.duties.spawn(f"stage {facts.address}", self._stage, facts, channel, row)

    async def _justify(self, facts: Wanted, channel: Channel, row: Row) -> None:
        """Send a staged bundle again, with the acts of now. What is refused is not staged."""
        p, version = self._p, self._p.governing.versions[0]
        await channel.make_ready(p.governing.acts, p.governing.versions)
        try:
            await self._send(channel, channel.bundles[facts.address])
        except FencedOff:
            raise
        except (Refused, Conflict):
            self._undisturbed(row)
            channel.bundles.pop(facts.address, None)
            p.ledger.put(replace(row, state="staging"))
            raise
        p.ledger.justified(facts.address, version)
        p.journal("justified", release=facts.release, channel=facts.channel, roster=version)

    async def _stage(self, facts: Wanted, channel: Channel, known: Row | None) -> None:
        """Build, note, stage, read back; then say so in the ledger and in the log."""
        p, version = self._p, self._p.governing.versions[0]
        bundle = await self.build(facts)
        governance = p.governing.acts
        await channel.make_ready(governance, p.governing.versions)
        row = known or self.row(facts, "staging")
        if known is None:
            p.ledger.put(row)
        state = await self._send(channel, bundle)
        if state.state in ("opened", "published"):
            channel.bundles[facts.address] = bundle
            p.ledger.put(await ask(channel, replace(row, state="claimed")))
            return
        if not state.complete:
            raise Unavailable("The channel lacks parts of the bundle", channel.id)
        await channel.driver.readback(bundle)
        channel.bundles[facts.address] = bundle
        if row.state == "claimed":
            p.ledger.justified(facts.address, version)
        else:
            p.ledger.put(replace(row, state="staged", code="", roster=version))
        p.ledger.owe(
            f"staged {facts.address}", "publisher.staged", facts.release,
            {"signoff": facts.signoff, "channel": facts.channel, "address": facts.address},
        )  # fmt: skip
        p.journal("staged", release=facts.release, channel=facts.channel,
                  address=facts.address[:16], bytes=len(bundle.ciphertext))  # fmt: skip

    async def _send(self, channel: Channel, bundle: SealedBundle) -> StageState:
        """Stage a bundle with the acts of now. A channel that will not have it raises an alarm."""
        p, plan = self._p, bundle.plan
        acts = p.archive.justifying(p.record, p.record.releases[plan.release])
        try:
            return await channel.driver.stage(bundle, acts)
        except FencedOff:
            raise
        except (Refused, Conflict) as error:
            why = joined(": ", [channel.id, error.sentence])
            p.after.alarm_once(f"stage {plan.address}", "refused", why)
            raise

    async def build(self, facts: Wanted) -> SealedBundle:
        """The bundle's bytes, from the signed revisions. Raises TrustError, Unavailable."""
        return await asyncio.to_thread(build_bundle, facts, self._p.vault, self._p.secret)

    def row(self, facts: Wanted, state: str) -> Row:
        """A new row for the ledger."""
        return Row(
            facts.address, facts.release, facts.channel, facts.signoff, facts.at,
            facts.not_after, state, firsts=json.dumps(facts.firsts, sort_keys=True),
        )  # fmt: skip

    # -- back -----------------------------------------------------------------------------------

    def take_back(self) -> None:
        """Recall bundles whose sign-off no longer stands (moved, recalled, cancelled, missed)."""
        for row in self._p.ledger.in_state("staging", "staged"):
            channel = self._p.channels.get(row.channel)
            if channel is None or row.at in self._p.instants or self._stands(row):
                continue
            if self._p.duties.runs(f"stage {row.address}"):
                continue  # taken back once it is there: both at once would get in their way
            self._p.duties.spawn(f"recall {row.address}", self._recall, channel, row)

    def _stands(self, row: Row) -> bool:
        if self._p.quarantine.bars(row.release, row.signoff):
            return False
        release = self._p.record.releases.get(row.release)
        if release is None:
            return True  # the copy of the log is not read yet
        signoff = release.signoff
        return (
            signoff is not None
            and signoff.digest == row.signoff
            and release.status == "planned"
            and row.signoff not in release.missed
        )

    async def _recall(self, channel: Channel, row: Row) -> None:
        governance = self._p.governing.acts
        await channel.make_ready(governance, self._p.governing.versions)
        try:
            await channel.driver.recall(row.address)
        except FencedOff:
            raise
        except Conflict:
            # It opened there after all: what became of it is asked like any unknown outcome.
            self._p.ledger.put(replace(row, state="claimed"))
            return
        channel.bundles.pop(row.address, None)
        self._p.ledger.put(replace(row, state="recalled"))
        self._p.journal("recalled", release=row.release, channel=row.channel)

    # -- what became of it ------------------------------------------------------------------------

    def settle(self) -> None:
        """Ask about unknown outcomes; deal with what opened and was not dealt with yet."""
        for row in self._p.ledger.in_state("claimed"):
            channel = self._p.channels.get(row.channel)
            if channel is not None and row.at not in self._p.instants:
                self._p.duties.spawn(f"ask {row.address}", self._ask, channel, row)
        for row in self._p.ledger.in_state("opened"):  # also while another channel is waited for
            self._p.duties.spawn(f"publish {row.address}", self._opened, row)

    async def _ask(self, channel: Channel, row: Row) -> None:
        after = await ask(channel, row)
        if after.state in ("staging", "staged") and channel.driver.capabilities.fencing:
            # Not open yet: but a call of ours may still be under way, and would open it after a
            # hold was answered "in force". From here on it is refused, so what comes now is final.
            if self._p.quiet or self._p.duties.runs("fenced"):
                raise Unavailable("An instant is near", "its commits are signed already")
            self._undisturbed(row)
            await channel.be_heard_anew()
            after = await ask(channel, row)
        self._undisturbed(row)
        if after == row:
            raise Unavailable(
                "The outcome is not known yet",
                phrase("{release} on {channel}", release=row.release, channel=row.channel),
            )
        self._p.ledger.put(after)

    def _undisturbed(self, row: Row) -> None:
        """Raise Unavailable when the bundle was called, or dealt with, while it was asked about."""
        if row.at in self._p.instants or self._p.ledger.get(row.address) != row:
            raise Unavailable("It has moved on meanwhile", row.release)

    async def _opened(self, row: Row) -> None:
        """Owe the act to the log, begin to compare what the public sees; then it is done."""
        p = self._p
        channel = p.channels.get(row.channel)
        release = p.record.releases.get(row.release)
        signoff = release.signoffs.get(row.signoff) if release else None
        if channel is None or signoff is None:
            raise Unavailable("The channel is not there", row.channel)
        p.after.opened(row)
        bundle = channel.bundles.get(row.address)
        if bundle is None:
            facts = wanted(p.record, signoff, row.channel).with_firsts(json.loads(row.firsts))
            bundle = await self.build(facts)
        await p.after.watch(row, bundle)
        p.ledger.put(replace(row, state="published"))
        channel.bundles.pop(row.address, None)

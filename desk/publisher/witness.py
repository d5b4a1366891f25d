"""Witnesses: what each channel has seen of a newsroom whose log was restored from a backup.

What a channel can prove with signed acts is appended to the log; what it only says is kept, and
stands against a release. It never makes anything go out.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desk.audit.files import read_checkpoints
from desk.channels.standing import Seen, Standing
from desk.errors import DeskError, NotFound
from desk.locales import N_
from desk.phrase import Phrase, instant, phrase
from desk.portal.contract.receipt import Receipt
from desk.portal.contract.stagecrypt import bundle_address
from desk.publisher.bundles import wanted
from desk.publisher.channel import Channel
from desk.publisher.kept import Kept
from desk.publisher.ledger import Row
from desk.trust.acts import read as read_act
from desk.trust.envelope import Envelope
from desk.trust.log import read_checkpoint
from desk.trust.state import SignOff

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

OPEN = ("opened", "published")
_NEWER = {
    "roster": N_("{channel} has roster v{theirs}, and this log only knows v{ours}: supply it"),
    "policy": N_("{channel} has policy v{theirs}, and this log only knows v{ours}: supply it"),
}
_ANOTHER = {
    "roster": N_("{channel} has roster v{theirs}, and another one was signed here since"),
    "policy": N_("{channel} has policy v{theirs}, and another one was signed here since"),
}
_STRAY = {
    "roster": N_("{channel} has a roster v{theirs} that does not follow here"),
    "policy": N_("{channel} has a policy v{theirs} that does not follow here"),
}
_TAKEN_BACK = N_("{channel} gave {release} back: it was moved, changed or stopped after the backup")
_MOVED = N_("{channel} had {release} ready for {at}: it was moved, and here it is due at {ours}")
_SAME_TIME = N_("{channel} had {release} ready under a sign-off that is lost: its items may differ")
_UNPLANNED = N_("{channel} had {release} ready for {at}, and this log has no such release")


@dataclass(frozen=True)
class Finding:
    """Something that a channel knows and the restored log does not. `blocking`: bars `resume`."""

    code: str
    channel: str
    text: Phrase
    blocking: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"code": self.code, "channel": self.channel, "text": self.text,
                "blocking": self.blocking}  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """A bundle address that follows from a sign-off in the log."""

    release: str
    signoff: SignOff


class Witness:
    """Asks channels for one publisher. Fills `kept` with what must not be forgotten."""

    def __init__(self, publisher: Publisher, kept: Kept) -> None:
        self._p = publisher
        self._kept = kept

    async def ask(self, channel: Channel) -> list[Finding] | None:
        """What one channel knows. None when it gave acts that have first to be read in the log.

        Raises Unavailable, Refused, TrustError: then nothing is known of it.
        """
        p, driver = self._p, channel.driver
        standing = await driver.standing()
        self._kept.lift = max(self._kept.lift, standing.calendar)
        known = self._addresses(channel.id)
        acts = await driver.acts()
        for seen in standing.bundles:
            if seen.address not in known:
                given = await driver.acts(seen.address)
                acts += given if seen.state in OPEN else self._plans(given)
        added = await asyncio.to_thread(p.outbox.take_up, acts)
        if added:
            p.journal("taken-up", channel=channel.id, acts=added)
            return None
        found = self._versions(channel.id, standing, acts)
        for seen in standing.bundles:
            if seen.state in OPEN:
                found += await self._opened(channel, seen, known.get(seen.address))
                continue
            found += self._planned(channel.id, seen, known.get(seen.address))
            if seen.state == "recalled":
                self._recalled(channel, seen)
            else:
                await self._staged(channel, seen, known.get(seen.address))
        return found + self._withdrawn(channel.id, standing)

    def _addresses(self, channel: str) -> dict[str, _Known]:
        record = self._p.record
        return {
            bundle_address(record.newsroom, channel, digest): _Known(release.id, signoff)
            for release in record.releases.values()
            for digest, signoff in release.signoffs.items()
            if channel in signoff.fields["channels"]
        }

    # -- versions -----------------------------------------------------------------------------

    def _versions(self, name: str, standing: Standing, acts: list[Envelope]) -> list[Finding]:
        """A newer roster or policy, or another one of the same number, bars `resume`."""
        record = self._p.record
        assert record.roster is not None
        assert record.policy is not None
        found = []
        pairs = (("roster", standing.roster, record.roster.version),
                 ("policy", standing.policy, record.policy.version))  # fmt: skip
        for kind, theirs, ours in pairs:
            if theirs > ours:
                text = phrase(_NEWER[kind], channel=name, theirs=theirs, ours=ours)
                found.append(Finding(kind, name, text, True))
            elif self._signed_since(kind, theirs, acts):
                text = phrase(_ANOTHER[kind], channel=name, theirs=theirs)
                found.append(Finding("fork", name, text, True))
        for envelope in acts:
            act = read_act(envelope)
            kind = act.kind.name
            if kind in ("roster", "policy") and not self._p.archive.find(kind, act.digest):
                text = phrase(_STRAY[kind], channel=name, theirs=act.fields["version"])
                found.append(Finding("fork", name, text, True))
        return found

    def _signed_since(self, kind: str, theirs: int, given: list[Envelope]) -> bool:
        """Whether one of the versions that a channel has seen was made up anew after the restore.

        Then the one it saw is lost, with every key that it ended.
        """
        same = {envelope.digest for envelope in given}
        new = self._p.archive.after(kind, self._kept.seq)
        acts = [read_act(envelope) for envelope in new if envelope.digest not in same]
        return any(
            act.kind.name == kind
            and act.fields["version"] <= theirs
            and act.time >= self._kept.restored
            for act in acts
        )

    # -- bundles ------------------------------------------------------------------------------

    async def _opened(self, channel: Channel, seen: Seen, known: _Known | None) -> list[Finding]:
        """It went out. Say so in the log, or remember it where the log cannot."""
        row = self._p.ledger.get(seen.address)
        if row is not None and row.state in OPEN:
            return []
        receipt = await channel.driver.receipt(seen.address)
        if receipt is None or receipt.state not in OPEN:
            text = phrase("{channel} opened {bundle} and gives no receipt",
                          channel=channel.id, bundle=seen.address[:12])  # fmt: skip
            return [Finding("receipt", channel.id, text, True)]
        if known is not None:
            await self._released(channel, known, receipt)
            return []
        for verified in receipt.verified:
            self._kept.public[verified.content] = channel.id
        self._kept.closed[receipt.release] = channel.id
        self._p.ledger.unwatch(channel.id, [verified.item for verified in receipt.verified])
        text = phrase("{channel} released {release} ({at}) after the backup",
                      channel=channel.id, release=receipt.release,
                      at=instant(receipt.at))  # fmt: skip
        return [Finding("released", channel.id, text)]

    async def _released(self, channel: Channel, known: _Known, receipt: Receipt) -> None:
        p = self._p
        facts = wanted(p.record, known.signoff, channel.id)
        state = "opened" if await asyncio.to_thread(self._readable, facts.parts) else "published"
        row = Row(
            receipt.address, known.release, channel.id, known.signoff.digest, facts.at,
            facts.not_after, state, receipt.opened_ms, receipt.late_us,
        )  # fmt: skip
        p.after.opened(row)
        if state == "published":  # its text went with the newsroom: there is nothing to compare
            p.ledger.unwatch(channel.id, [part[0] for part in facts.parts])
        p.ledger.put(row)

    def _readable(self, parts: tuple[tuple[str, str, int, str, str, str], ...]) -> bool:
        """Whether the sealed text of a release came with the backup."""
        try:
            for item, _, _, revision, digest, _ in parts:
                self._p.vault.content(item, revision, digest)
        except DeskError:
            return False
        return True

    def _plans(self, given: list[Envelope]) -> list[Envelope]:
        """What was planned, moved and held of a release that did not go out, if all its items are
        here. Of the items nothing: a revision without its text would bar its author from another.
        """
        acts = [act for act in map(read_act, given) if act.kind.name.startswith("release.")]
        items = {item for act in acts for item in act.fields.get("items", ()) if type(item) is str}
        return [act.envelope for act in acts] if items <= self._p.record.items.keys() else []

    def _planned(self, name: str, seen: Seen, known: _Known | None) -> list[Finding]:
        """What was meant to go out there, and how that differs from what this log says."""
        release = self._p.record.releases.get(seen.release)
        if known is not None:
            planned = self._p.record.releases[known.release]
            stands = planned.signoff is known.signoff and planned.status == "planned"
            over = planned.opened or known.signoff.digest in planned.missed
            if seen.state != "recalled" or not stands or over:
                return []
            text = _TAKEN_BACK
        elif not seen.release:
            return []
        else:
            text = _UNPLANNED if release is None else _SAME_TIME
            text = _MOVED if release is not None and release.at != seen.at else text
        said = phrase(text, channel=name, release=known.release if known else seen.release,
                      at=instant(seen.at), ours=instant(release.at if release else ""))  # fmt: skip
        return [Finding("planned", name, said)]

    def _recalled(self, channel: Channel, seen: Seen) -> None:
        self._kept.recalled[seen.address] = channel.id
        row = self._p.ledger.get(seen.address)
        if row is not None and row.state in ("staging", "staged", "claimed"):
            self._p.ledger.put(replace(row, state="recalled"))

    async def _staged(self, channel: Channel, seen: Seen, known: _Known | None) -> None:
        """It waits there. After `resume` it is taken back, since its sign-off is from before."""
        if self._p.ledger.get(seen.address) is not None:
            return
        if known is not None:
            fields = known.signoff.fields
            row = Row(seen.address, known.release, channel.id, known.signoff.digest,
                      str(fields["at"]), str(fields["not_after"]), "staged")  # fmt: skip
        else:
            receipt = await channel.driver.receipt(seen.address)
            if receipt is None:
                return
            row = Row(seen.address, receipt.release, channel.id, receipt.manifest, receipt.at,
                      receipt.at, "staged")  # fmt: skip
        self._p.ledger.put(row)

    # -- withdrawals --------------------------------------------------------------------------

    def _withdrawn(self, name: str, standing: Standing) -> list[Finding]:
        found = []
        for digest in sorted(standing.withdrawn):
            revision = self._p.record.revisions.get(digest)
            if revision is not None and revision.withdrawn:
                continue
            self._kept.withdrawn[digest] = name
            text = phrase("{channel} withdrew revision {revision}, and this log does not say so",
                          channel=name, revision=digest[:12])  # fmt: skip
            found.append(Finding("withdrawn", name, text))
        return found


def behind_checkpoint(p: Publisher) -> Finding | None:
    """What the newest checkpoint says that the restored log lacks. It cannot be brought back."""
    envelopes: list[Envelope] = []
    for path in p.after.checkpoints:
        try:
            envelopes += read_checkpoints(path)
        except NotFound:
            continue
        except DeskError as error:
            text = phrase("the checkpoints cannot be read: {why}", why=error.sentence)
            return Finding("checkpoint", "", text)
    roster = p.record.roster
    keys = {key.sign for key in roster.publishers.values()} if roster else set()
    newest, time = 0, ""
    for envelope in envelopes:
        try:
            head = read_checkpoint(envelope, p.record.newsroom, keys)
        except DeskError:
            continue
        if head.seq > newest:
            newest, time = head.seq, str(envelope.body()["time"])
    lost = newest - p.follower.head.seq
    if lost <= 0:
        return None
    text = phrase("the checkpoint of {time} has {count} entries: at least {lost} are lost",
                  time=instant(time), count=newest, lost=lost)  # fmt: skip
    return Finding("checkpoint", "", text)

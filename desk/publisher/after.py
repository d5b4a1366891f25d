"""After and around a release: acts for the log, acknowledgements, alarms, comparisons to come,
checkpoints. Nothing here stands in the way of an instant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.audit.files import append_checkpoint
from desk.clock import epoch_ns
from desk.errors import Unavailable
from desk.phrase import phrase
from desk.portal.contract.bundle import SealedBundle
from desk.publisher import joiners, readback
from desk.publisher.ledger import Row
from desk.store.sealed import Opener
from desk.trust.acts import EVERYTHING, Act
from desk.trust.log import checkpoint

if TYPE_CHECKING:
    from desk.publisher.follower import Follower
    from desk.publisher.loop import Publisher

CHECKPOINT_EVERY_NS = 300_000_000_000
JUST_NS = 10_000_000_000


class Aftercare:
    """The publisher's slower duties."""

    def __init__(self, publisher: Publisher, checkpoints: Path | None) -> None:
        self._p = publisher
        # Its own copy, which editors cannot reach, and the one that people compare the log with.
        own = publisher.home.path / "checkpoints.jsonl"
        self.checkpoints = tuple(dict.fromkeys([own, checkpoints or own]))
        self._next_checkpoint = 0
        self._raised: set[str] = set()
        self._welcomed = ""
        self._released = False
        self.alarms: list[dict[str, str]] = []

    def turn(self) -> None:
        """One round of everything that is due."""
        if not self._p.unsound and self._p.ledger.owed(1):
            self._p.duties.spawn("pay", self._pay)
        self._welcome()
        self._checkpoint()

    # -- the log --------------------------------------------------------------------------------

    async def _pay(self) -> None:
        p = self._p
        stop = lambda: p.quiet or bool(p.unsound)  # noqa: E731
        refused = await asyncio.to_thread(p.outbox.pay, p.vault, stop)
        for pending, why in refused:
            p.journal("not-appended", act=pending.name, why=why)

    def acknowledge(self, follower: Follower) -> None:
        """Owe a signed answer for each act that stops, takes back or changes what goes out, once.

        After a start that is every one that the log does not answer: a crash may have come
        between hearing an act and answering it. What the channels have to be told is answered
        when they were (`Tending`).
        """
        waiting = []
        while follower.to_acknowledge:
            act = follower.to_acknowledge[0].act
            if act is not None and self._unknown(act):
                waiting.append(follower.to_acknowledge[0])
            elif act is not None and act.kind.name not in ("item.withdraw", "item.restore"):
                late = self._too_late(act) or any(self._in_doubt(act))
                outcome = "too-late" if late else "in-force"
                if act.digest not in self._p.record.acked:
                    self.owe_ack(act.digest, act.subject, outcome)
            follower.to_acknowledge.pop(0)
        follower.to_acknowledge += waiting

    def owe_ack(self, digest: str, subject: str, outcome: str) -> None:
        """Owe the acknowledgement of one act."""
        self._p.ledger.owe(
            f"ack {digest}", "publisher.ack", subject, {"act": digest, "outcome": outcome}
        )

    def _unknown(self, act: Act) -> bool:
        """Whether its subject may be out, by a call of ours or a former leader's that nobody has
        answered. A stop of everything is answered all the same once that is some seconds ago: as
        too late, while the call may still arrive.
        """
        if self._too_late(act):
            return False
        just = self._p.clock.time_ns() - JUST_NS
        doubted = self._in_doubt(act)
        return any(act.subject != EVERYTHING or epoch_ns(row.at) > just for row in doubted)

    def _in_doubt(self, act: Act) -> Iterator[Row]:
        """Bundles of its subject about which a call is without an answer, and may still arrive."""
        p, item = self._p, act.kind.name == "item.return"
        here = p.instant_now()
        for row in p.ledger.in_state("claimed"):
            release, instant = p.record.releases.get(row.release), p.instants.get(row.at)
            if release is None or (instant is not None and instant.claims(row.address)):
                continue
            about = act.subject == release.id or (item and act.subject in release.items)
            if about or (act.subject == EVERYTHING and here <= row.not_after):
                yield row

    def _too_late(self, act: Act) -> bool:
        """Whether what the act is about went out, or is on its way."""
        p, subject = self._p, act.subject
        leaving = {name for i in p.instants.values() if i.deaf for name in i.claimed}
        if subject == EVERYTHING:
            return bool(leaving)
        if subject in p.record.releases:
            return subject in leaving or p.due.begun(p.record.releases[subject])
        if act.kind.name != "item.return":
            return False
        near = leaving | set(p.agenda.until(p.instant_now()))
        revision = p.record.revisions.get(str(act.fields["revision"]))
        return bool(revision and revision.released_in) or any(
            subject in p.record.releases[name].items
            and (name in leaving or p.due.begun(p.record.releases[name]))
            for name in near
        )

    # -- alarms ---------------------------------------------------------------------------------

    def alarm(self, code: str, detail: str) -> None:
        """Remember an alarm for the status, and owe it to the log."""
        time = self._p.instant_now()
        self.alarms = [*self.alarms[-19:], {"time": time, "code": code, "detail": detail}]
        self._p.journal("alarm", code=code, detail=detail)
        if not self._p.leading:
            return  # the leader sees it too, or will not lead for long
        self._p.ledger.owe(
            f"alarm {code} {time} {detail[:80]}", "publisher.alarm", "newsroom",
            {"code": code, "detail": detail[:300] or code},
        )  # fmt: skip

    def alarm_once(self, key: str, code: str, detail: str) -> None:
        """The same, once in the life of this process for each key."""
        if key not in self._raised:
            self._raised.add(key)
            self.alarm(code, detail)

    def failed(self, row: Row) -> None:
        """A channel refused at the instant: visible, with an alarm."""
        self._p.ledger.owe(
            f"failed {row.address}", "publisher.failed", row.release,
            {"signoff": row.signoff, "channel": row.channel, "code": _name(row.code)},
        )  # fmt: skip
        self.alarm_once(f"failed {row.address}", "failed",
                        phrase("{release} on {channel}: {code}", release=row.release,
                               channel=row.channel, code=row.code))  # fmt: skip

    def fail(self, row: Row, code: str) -> None:
        """Give a bundle up, and say so."""
        row = replace(row, state="failed", code=code)
        self._p.ledger.put(row)
        self.failed(row)

    # -- what opened ------------------------------------------------------------------------------

    def opened(self, row: Row) -> None:
        """Owe `released` for what opened."""
        p = self._p
        signoff = p.record.releases[row.release].signoffs[row.signoff]
        languages = p.channels[row.channel].entry["languages"]
        revisions = [e["revision"] for e in signoff.fields["items"] if e["language"] in languages]
        fields: dict[str, Any] = {
            "signoff": row.signoff, "channel": row.channel, "address": row.address,
            "opened_ms": row.opened_ms, "revisions": revisions,
        }  # fmt: skip
        if row.receipt:
            fields["receipt"] = row.receipt
        p.ledger.owe(f"released {row.address}", "publisher.released", row.release, fields)
        if row.early:
            where = phrase("{release} on {channel}", release=row.release, channel=row.channel)
            self.alarm_once(f"early {row.address}", "early", where)
        self._released = True

    async def watch(self, row: Row, bundle: SealedBundle) -> None:
        """Begin to compare what the public sees with what is in the bundle."""
        due = self._p.clock.time_ns() // 1_000_000_000
        items = bundle.bundle.items
        expected = await asyncio.to_thread(lambda: [readback.expectation(i) for i in items])
        self._p.ledger.watch(
            (row.channel, item.item, item.act, row.address, text, due)
            for item, text in zip(items, expected, strict=True)
        )

    def _welcome(self) -> None:
        """Let those read what waits or is public who joined by roster, policy or delegation."""
        p = self._p
        if p.halted or p.record.roster is None or p.record.policy is None:
            return
        deputies = next(reversed(p.record.delegations), "")[:16]
        version = f"{p.record.roster.version} {p.record.policy.version} {deputies}"
        if version != self._welcomed:
            self._welcomed = self._welcomed or p.ledger.meta(joiners.DONE)
            if version != self._welcomed:
                p.duties.spawn("welcome", self._wrap, version)

    async def _wrap(self, version: str) -> None:
        p = self._p
        opener, revisions = Opener(p.name, p.identity), joiners.readable(p.record)

        def wrap() -> list[tuple[joiners.Sealed, str]]:
            stop = lambda: p.quiet or bool(p.halted)  # noqa: E731
            return list(joiners.wrap_missing(p.store, opener, revisions, stop))

        done = await asyncio.to_thread(wrap)
        for one, why in done:
            p.journal("wrapped", item=one.name.subject, problem=why)
        if p.quiet or p.halted:
            raise Unavailable("Not every reader has a key yet")
        self._welcomed = version  # what could not be opened is tried again at the next start
        if not any(why for _, why in done):
            p.ledger.set_meta(joiners.DONE, version)

    # -- checkpoints ------------------------------------------------------------------------------

    def _checkpoint(self) -> None:
        """Sign the head, every five minutes and after each release once its acts are logged."""
        p = self._p
        moment = p.clock.monotonic_ns()
        after_release = self._released and not p.ledger.owed(1)
        if p.halted or not p.follower.head.seq:
            return
        if moment < self._next_checkpoint and not after_release:
            return
        self._next_checkpoint = moment + CHECKPOINT_EVERY_NS
        self._released = self._released and not after_release
        signed = checkpoint(p.record.newsroom, p.follower.head, p.instant_now(), p.identity)
        for path in self.checkpoints:
            try:
                append_checkpoint(path, signed)
            except Unavailable as error:
                p.duties.say("checkpoint", error.message)


def _name(code: str) -> str:
    """A code as an act may hold it: lower case, digits, hyphens."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in code.lower())
    return kept.strip("-")[:60] or "failed"

"""After and around a release: acts for the log, acknowledgements, comparisons, withdrawals,
checkpoints, the public calendar, the status file. Nothing here stands in the way of an instant.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.errors import DeskError
from desk.publisher import readback
from desk.publisher.ledger import Row
from desk.trust.log import checkpoint
from desk.trust.state import RevisionState

if TYPE_CHECKING:
    from desk.publisher.follower import Follower
    from desk.publisher.loop import Publisher

CHECKPOINT_EVERY_NS = 300_000_000_000
STATUS_EVERY_NS = 500_000_000
CALENDAR_EVERY_NS = 2_000_000_000


class Aftercare:
    """The publisher's slower duties."""

    def __init__(
        self,
        publisher: Publisher,
        *,
        checkpoints: Path | None,
        status: Path | None,
        calendar: Any,
    ) -> None:
        self._p = publisher
        self._checkpoints = checkpoints or publisher.home.path / "checkpoints.jsonl"
        self._status = status
        self._config = calendar
        self._next_checkpoint = self._next_status = self._next_calendar = 0
        self._calendar: tuple[Mapping[str, Any] | None, int] = (None, 0)
        self._owed_open: set[str] = set()
        self._alarms: list[dict[str, str]] = []
        self._release_since_checkpoint = False

    async def turn(self) -> None:
        """One round of everything that is due."""
        await self._pay()
        await self._withdraw()
        await self._compare()
        self._checkpoint()
        await self._announce()
        self.write_status()

    # -- the log --------------------------------------------------------------------------------

    async def _pay(self) -> None:
        if self._p.halted or not self._p.ledger.owed(1):
            return
        _, refused = await asyncio.to_thread(self._p.outbox.pay, self._p.vault)
        for pending, why in refused:
            self._p.journal("not-appended", act=pending.name, why=why)

    def acknowledge(self, follower: Follower) -> None:
        """Owe a signed answer for each act that stops or takes back."""
        waiting, follower.to_acknowledge = follower.to_acknowledge, []
        for applied in waiting:
            act = applied.act
            if act is None or act.kind.name == "item.withdraw":
                continue
            outcome = "too-late" if self._too_late(act.subject) else "in-force"
            self.owe_ack(act.digest, act.subject, outcome)

    def owe_ack(self, digest: str, subject: str, outcome: str) -> None:
        """Owe the acknowledgement of one act."""
        self._p.ledger.owe(
            f"ack {digest}", "publisher.ack", subject, {"act": digest, "outcome": outcome}
        )

    def _too_late(self, subject: str) -> bool:
        """Whether what the act is about went out, or is on its way."""
        record = self._p.record
        releases = [r for r in record.releases.values() if subject == r.id or subject in r.items]
        deaf = {at for at, instant in self._p.instants.items() if instant.deaf}
        return any(r.opened or r.at in deaf for r in releases)

    def alarm(self, code: str, detail: str) -> None:
        """Remember an alarm for the status, and owe it to the log."""
        time = self._p.instant_now()
        self._alarms = [*self._alarms[-19:], {"time": time, "code": code, "detail": detail}]
        self._p.ledger.owe(
            f"alarm {code} {time}", "publisher.alarm", "newsroom",
            {"code": code, "detail": detail[:300]},
        )  # fmt: skip

    def failed(self, row: Row) -> None:
        """A channel refused at the instant: visible, with an alarm."""
        self._p.ledger.owe(
            f"failed {row.address}", "publisher.failed", row.release,
            {"signoff": row.signoff, "channel": row.channel,
             "code": row.code.replace("_", "-") or "failed"},
        )  # fmt: skip
        self.alarm("failed", f"{row.release} on {row.channel}: {row.code}")

    def known(self, row: Row) -> bool:
        """Whether this opening was dealt with in this run."""
        return row.address in self._owed_open

    def opened(self, rows: Sequence[Row], *, again: bool = False) -> None:
        """Owe `released` for what opened, and begin to compare what the public sees."""
        for row in rows:
            self._owed_open.add(row.address)
            release = self._p.record.releases.get(row.release)
            signoff = release.signoffs.get(row.signoff) if release else None
            channel = self._p.channels.get(row.channel)
            if signoff is None or channel is None:
                continue
            languages = channel.entry["languages"]
            revisions = [
                e["revision"] for e in signoff.fields["items"] if e["language"] in languages
            ]
            fields: dict[str, Any] = {
                "signoff": row.signoff, "channel": row.channel, "address": row.address,
                "opened_ms": row.opened_ms, "revisions": revisions,
            }  # fmt: skip
            if row.receipt:
                fields["receipt"] = row.receipt
            self._p.ledger.owe(f"released {row.address}", "publisher.released", row.release, fields)
            self._watch(row)
            self._release_since_checkpoint = not again or self._release_since_checkpoint

    # -- comparing --------------------------------------------------------------------------------

    def _watch(self, row: Row) -> None:
        bundle = self._p.channels[row.channel].bundles.get(row.address)
        if bundle is None:
            return
        due = self._p.clock.time_ns() // 1_000_000_000
        for item in bundle.bundle.items:
            self._p.ledger.watch(
                row.channel, item.item, item.act, row.address,
                f"{item.language} {readback.expectation(dict(item.ninjs))}", due,
            )  # fmt: skip

    async def _compare(self) -> None:
        now = self._p.clock.time_ns() // 1_000_000_000
        for watched in self._p.ledger.watched(now, 20):
            channel = self._p.channels.get(watched["channel"])
            revision = self._p.record.revisions.get(watched["revision"])
            if channel is None:
                continue
            language, expected = watched["expected"].split(" ")
            gone = bool(revision and revision.withdrawn)
            try:
                found = await readback.compare(channel, watched["item"], language, expected, gone)
            except DeskError:
                self._p.ledger.compared(
                    watched["channel"], watched["item"], watched["state"], now + 10,
                    watched["round"],
                )  # fmt: skip
                continue
            if found == "not-live-checking" or (found == "not-live-absent" and not watched["round"]
                                                and watched["state"] == "new"):  # fmt: skip
                # A portal shows an item only after it has checked it: look again at once.
                self._p.ledger.compared(watched["channel"], watched["item"], "checking", now + 1, 0)
                continue
            if found and watched["state"] != "differs":
                self.alarm("altered", f"{watched['item']} on {watched['channel']}: {found}")
                self._p.journal("altered", item=watched["item"], channel=watched["channel"],
                                code=found)  # fmt: skip
            self._p.ledger.compared(
                watched["channel"], watched["item"], "differs" if found else "same",
                readback.next_due(now, watched["round"]), watched["round"] + 1,
            )  # fmt: skip
            if self._p.quiet:
                return

    # -- withdrawals ----------------------------------------------------------------------------

    async def _withdraw(self) -> None:
        """Carry signed withdrawals to every channel that has the item; then acknowledge."""
        for revision in self._p.record.revisions.values():
            if not revision.withdrawal or self._p.ledger.meta(f"withdrawn {revision.withdrawal}"):
                continue
            await self._withdraw_one(revision)

    async def _withdraw_one(self, revision: RevisionState) -> None:
        release = self._p.record.releases.get(revision.released_in)
        act = self._p.withdrawal_act(revision)
        for name in release.opened if release else ():
            channel = self._p.channels.get(name)
            done = f"withdrawn {revision.withdrawal} {name}"
            if channel is None or self._p.ledger.meta(done):
                continue
            await channel.driver.withdraw([act])
            self._p.ledger.set_meta(done, self._p.instant_now())
            self._p.journal("withdrawn", channel=name, release=revision.released_in)
        self._p.ledger.set_meta(f"withdrawn {revision.withdrawal}", self._p.instant_now())
        self.owe_ack(revision.withdrawal, act.body()["subject"], "in-force")

    # -- what others see --------------------------------------------------------------------------

    def public_calendar(self) -> tuple[Mapping[str, Any] | None, int]:
        """The public part of the calendar and its version."""
        return self._calendar

    async def _announce(self) -> None:
        """Show changes of the public calendar on every channel that has one."""
        p = self._p
        if self._config is None or p.halted or p.record.policy is None:
            return
        if p.clock.monotonic_ns() < self._next_calendar:
            return
        self._next_calendar = p.clock.monotonic_ns() + CALENDAR_EVERY_NS
        from desk.newsroom.public import public_calendar

        calendar = public_calendar(self._config(), p.record, self._shown())
        if calendar != self._calendar[0]:
            self._calendar = (calendar, p.follower.head.seq)
        governance = p.governance()
        for channel in p.channels.values():
            if not p.quiet:
                await channel.get_ready(governance, p.versions(governance))

    def _shown(self) -> list[str]:
        """Releases worth announcing: the open ones and the latest that are over."""
        every = sorted(self._p.record.releases.values(), key=lambda r: r.at)
        return [release.id for release in every[-2000:]]

    def _checkpoint(self) -> None:
        """Sign the head, every five minutes and after each release."""
        p = self._p
        moment = p.clock.monotonic_ns()
        if p.halted or not p.follower.head.seq:
            return
        if moment < self._next_checkpoint and not self._release_since_checkpoint:
            return
        if self._release_since_checkpoint and p.ledger.owed(1):
            return  # after the acts of the release are in the log
        self._next_checkpoint = moment + CHECKPOINT_EVERY_NS
        self._release_since_checkpoint = False
        signed = checkpoint(p.record.newsroom, p.follower.head, p.instant_now(), p.identity)
        try:
            self._checkpoints.parent.mkdir(parents=True, exist_ok=True)
            with self._checkpoints.open("ab") as file:
                file.write(signed.to_json() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            p.journal("checkpoint", error=error.strerror or "")

    def write_status(self, *, stopping: bool = False) -> None:
        """What monitors read: ids, code names, states and numbers; nothing sealed."""
        p = self._p
        if self._status is None or (p.clock.monotonic_ns() < self._next_status and not stopping):
            return
        self._next_status = p.clock.monotonic_ns() + STATUS_EVERY_NS
        value = self.status(stopping=stopping)
        temporary = self._status.with_name(self._status.name + ".new")
        try:
            temporary.write_text(json.dumps(value, ensure_ascii=False))
            os.replace(temporary, self._status)
        except OSError:
            return  # the next round writes it again

    def status(self, *, stopping: bool = False) -> dict[str, Any]:
        """The same as plain values."""
        p = self._p
        return {
            "publisher": p.name,
            "pid": os.getpid(),
            "time": p.instant_now(),
            "stopping": stopping,
            "head": p.follower.head.seq,
            "halted": p.halted,
            "clock": p.clock_problem() if p.record.policy else "",
            "channels": [
                {
                    "id": c.id,
                    "driver": c.entry["driver"],
                    "required": c.required,
                    "epoch": max(c.epoch, 0),
                    "problem": c.problem,
                    "offset_ms": round(c.reading.difference_ms, 1) if c.reading else None,
                    "sealed": c.driver.capabilities.sealed_staging,
                    "differing": p.ledger.differing(c.id),
                }
                for c in p.channels.values()
            ],
            "next": [self._next(release.id) for release in p.open_releases[:10]],
            "latest": [
                {"release": r.release, "channel": r.channel, "at": r.at,
                 "opened_ms": r.opened_ms, "late_ms": r.late_us / 1000}
                for r in p.ledger.latest(200)
            ],
            "compared": p.ledger.watch_states(),
            "owed": len(p.ledger.owed(1000)),
            "alarms": self._alarms,
        }  # fmt: skip

    def _next(self, release_id: str) -> dict[str, Any]:
        p = self._p
        release = p.record.releases[release_id]
        rows = {row.channel: row for row in p.ledger.of_release(release_id)
                if release.signoff and row.signoff == release.signoff.digest}  # fmt: skip
        return {
            "release": release.id,
            "code": release.code,
            "at": release.at,
            "channels": [
                {"id": c, "state": rows[c].state if c in rows else "planned",
                 "code": rows[c].code if c in rows else ""}
                for c in release.channels
            ],
            "reasons": [r.rule for r in p.verdict(release_id).reasons],
        }  # fmt: skip

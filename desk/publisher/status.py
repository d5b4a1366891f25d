"""The status file: what monitors and the desk read: ids, code names, states and numbers only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk import shared_files
from desk.kept_phrase import with_phrases
from desk.locales import N_

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

EVERY_NS = 500_000_000


class Status:
    """Writes the state of one publisher twice a second; nothing sealed is in it."""

    def __init__(self, publisher: Publisher, file: Path | None) -> None:
        self._p = publisher
        self._file = file
        self._next = 0

    def write(self, *, stopping: bool = False) -> None:
        """Replace the file as a whole. A full disk under it stops nothing."""
        p = self._p
        if self._file is None or (p.clock.monotonic_ns() < self._next and not stopping):
            return
        self._next = p.clock.monotonic_ns() + EVERY_NS
        value = json.dumps(with_phrases(self.value(stopping=stopping)), ensure_ascii=False)
        try:
            shared_files.replace(self._file, value.encode("utf-8", "replace"))
        except OSError as error:
            p.duties.say("status", error.strerror or N_("cannot be written"))

    def value(self, *, stopping: bool = False) -> dict[str, Any]:
        """The state as plain values."""
        p = self._p
        return {
            "publisher": p.name,
            "term": p.succession.term,
            "standbys": self._standbys(),
            "pid": os.getpid(),
            "time": p.instant_now(),
            "stopping": stopping,
            "head": p.follower.head.seq,
            "halted": p.halted,
            "quarantine": p.quarantine.report(),
            "clock": p.clocks.problem() if p.record.policy else "",
            "channels": [
                {
                    "id": c.id,
                    "driver": c.entry["driver"],
                    "required": c.required,
                    "epoch": max(c.epoch, 0),
                    "problem": c.problem,
                    "barred": p.due.barred(c.id),
                    "offset_ms": round(c.reading.difference_ms, 1) if c.reading else None,
                    "sealed": c.driver.capabilities.sealed_staging,
                    "differing": p.ledger.differing(c.id),
                }
                for c in p.channels.values()
            ],
            "next": [self._next_one(name) for name in p.agenda.first(10)],
            "latest": [
                {"release": r.release, "channel": r.channel, "at": r.at,
                 "opened_ms": r.opened_ms, "late_ms": r.late_us / 1000}
                for r in p.ledger.latest(200)
            ],
            "compared": p.ledger.watch_states(),
            "owed": len(p.ledger.owed(1000)),
            "alarms": p.after.alarms,
        }  # fmt: skip

    def _standbys(self) -> list[dict[str, Any]]:
        """Who would take over, as far as the roster knows them."""
        roster = self._p.record.roster
        known = roster.publishers if roster else {}
        return [
            {
                "name": one.name,
                "alive": one.alive,
                "age_s": one.age_s,
                "head": one.said.get("head", 0) if one.alive else 0,
                "ready": one.alive and one.said.get("ready") is True,
                "problem": one.said.get("problem", "") if one.alive else N_("does not run"),
            }
            for one in self._p.succession.lead.others()
            if one.name in known
        ]

    def _next_one(self, name: str) -> dict[str, Any]:
        p = self._p
        release = p.record.releases[name]
        rows = {row.channel: row for row in p.ledger.of_release(name)
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
            "reasons": [
                *(r.rule for r in p.verdict(name).reasons),
                *(["item-elsewhere"] if p.due.rivals(release.at).of(release) else []),
            ],
        }  # fmt: skip

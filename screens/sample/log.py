"""The sample's log: an afternoon of signed acts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from desk.errors import NotFound
from screens.sample.memory import Memory, digest
from screens.source.log_room import LogAct, LogProof, LogRow, LogStretch

_ACTS = (
    ("roster", "*", ""),
    ("policy", "*", ""),
    ("release.plan", "r-quy3", "planner-1"),
    ("contacts.change", "contacts", "admin-1"),
    ("item.revise", "i-1", "editor-tk"),
    ("item.approve", "i-1", "appraise-1"),
    ("item.return", "i-1", "review-1"),
    ("item.revise", "i-1", "editor-tk"),
    ("item.approve", "i-1", "appraise-1"),
    ("item.approve", "i-1", "review-1"),
    ("item.approve", "i-1", "check-1"),
    ("release.confirm", "r-quy3", "lead-1"),
    ("enquiry.open", "q-2", "editor-tk"),
    ("publisher.alarm", "*", "pub-1"),
    ("release.sign", "r-quy3", "lead-1"),
    ("release.sign", "r-quy3", "lead-2"),
    ("publisher.staged", "r-quy3", "pub-1"),
    ("release.hold", "r-sao-mai", "lead-2"),
    ("publisher.ack", "r-sao-mai", "pub-1"),
    ("terms.change", "terms", "editor-tk"),
)
FIRST = 1181  # the number of the oldest act of the sample


class SampleLog(Memory):
    """Answers the log room. A filter takes words of the kind, the subject and the person."""

    def _rows(self, query: str) -> list[LogRow]:
        self._check()
        words = [word.partition(":")[2] or word for word in query.casefold().split()]
        rows = [
            LogRow(str(FIRST + n), FIRST + n, self.ago(11 * (len(_ACTS) - n)), kind, subject, who,
                   digest(3 * n))
            for n, (kind, subject, who) in enumerate(_ACTS)
        ]  # fmt: skip
        found = [
            row for row in rows if all(w in f"{row.kind} {row.subject} {row.actor}" for w in words)
        ]
        return found[::-1]

    def log_stretches(self, query: str) -> Sequence[LogStretch]:
        """One stretch."""
        rows = self._rows(query)
        return [LogStretch("", len(rows))] if rows else []

    def log_page(self, after: str, limit: int, query: str) -> Sequence[LogRow]:
        """The acts older than a number."""
        rows = [row for row in self._rows(query) if not after or row.seq < int(after)]
        return rows[:limit]

    def log_act(self, seq: int) -> LogAct:
        """One act in full."""
        row = next((row for row in self._rows("") if row.seq == seq), None)
        if row is None:
            raise NotFound("No such entry", str(seq))
        fields = {"release": row.subject, "manifest": digest(8), "at": "2026-11-20T08:00:00Z"}
        return LogAct(
            row, ((row.actor, "4f1c 90ab 77d2 03e5"),), json.dumps(fields, indent=2), "", "",
            digest(seq), digest(seq - 1),
        )  # fmt: skip

    def log_verify(self) -> LogProof:
        """It holds."""
        return LogProof(True, FIRST + len(_ACTS) - 1, digest(1), 3, (), 0)

    def log_export(self, query: str) -> str:
        """Nothing is written."""
        self._done("export", query)
        return "log-1200.csv"

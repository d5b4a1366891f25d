"""The log room over the log itself: browse, look closely, prove, export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from desk.audit import browse
from desk.audit.browse import Line
from desk.audit.files import read_checkpoints
from desk.audit.verify import verify
from desk.clock import parse_instant
from desk.newsroom.find import NewsroomPaths
from desk.spreadsheet import table_csv, write_new
from desk.store import log
from screens.newsroom.part import Part
from screens.source.log_room import LogAct, LogProof, LogRow, LogStretch

EXPORTED = 100_000  # acts in one file
COLUMNS = ("seq", "time", "not_before", "actor", "kind", "subject", "digest", "signed")


class LogPart(Part):
    """Answers the log room."""

    def log_stretches(self, query: str) -> Sequence[LogStretch]:
        """Where acts are that the filter lets through."""
        with self._house.room.store.read() as connection:
            found = browse.buckets(connection, browse.parse(query))
        return [LogStretch(str(bucket.above), bucket.count) for bucket in found]

    def log_page(self, after: str, limit: int, query: str) -> Sequence[LogRow]:
        """Acts after a cursor."""
        below = int(after) if after else None
        with self._house.room.reading() as view:
            found = browse.page(view.connection, browse.parse(query), below=below, limit=limit)
            codes = browse.codes(view.connection, {line.subject for line in found})
            shared = [line.seq for line in found if not line.actor]
            names = browse.key_names(view.roster)
            signed = browse.signers(view.connection, shared, names)
        return [
            replace(_row(line), code=codes.get(line.subject, ""), signed=signed.get(line.seq, ()))
            for line in found
        ]

    def log_act(self, seq: int) -> LogAct:
        """One act in full. Raises NotFound, TrustError."""
        one = browse.act_in_full(self._house.room, seq)
        return LogAct(
            _row(one.line), tuple((each.person, each.key) for each in one.signed),
            json.dumps(one.fields, ensure_ascii=False, indent=2), one.void, one.acknowledged,
            one.hash, one.previous, _instant(one.line.time), _instant(one.not_after),
        )  # fmt: skip

    def log_verify(self) -> LogProof:
        """Prove the whole log."""
        room = self._house.room
        places = NewsroomPaths(self._house.calendar.parent, self._house.calendar)
        file = places.checkpoints
        checkpoints = read_checkpoints(file) if file.exists() else []
        with room.store.read() as connection:
            report = verify(room.pin.fingerprint, log.every_entry(connection), checkpoints)
        return LogProof(
            report.ok, report.entries, report.head, report.checkpoints,
            tuple(finding.text for finding in report.findings), len(report.voids),
        )  # fmt: skip

    def log_export(self, query: str) -> str:
        """Write a CSV file beside the newsroom's own files. Raises Unavailable, Conflict."""
        room = self._house.room
        with room.store.read() as connection:
            found = browse.page(connection, browse.parse(query), limit=EXPORTED)
            head = log.head(connection).seq
            shared = [one.seq for one in found if not one.actor]
            signed = browse.signers(connection, shared, browse.names_in(connection))
        path = self._house.calendar.parent / f"log-{head}.csv"
        rows = ({**asdict(one), "signed": " ".join(signed.get(one.seq, (one.actor,)))}
                for one in found)  # fmt: skip
        text = table_csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
        return str(write_new(path, text))


def _row(line: Line) -> LogRow:
    at = _instant(line.not_before or line.time)
    return LogRow(str(line.seq), line.seq, at, line.kind, line.subject, line.actor, line.digest,
                  open_ended=bool(line.not_before))  # fmt: skip


def _instant(written: str) -> datetime | None:
    return parse_instant(written) if written else None

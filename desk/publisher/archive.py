"""The archive: acts that count, by their subject, from the publisher's own copy of the log.

Void acts are not in it: whoever floods the log with forgeries does not get them carried to a
portal, and cannot make an order to a portal too large to send.
"""

from __future__ import annotations

from collections.abc import Iterable

from desk.trust.acts import EVERYTHING, PEOPLE, Act
from desk.trust.envelope import Envelope
from desk.trust.record import Record
from desk.trust.state import ReleaseState


class Archive:
    """Envelopes by subject, each with its place in the log. `rosters`: the digests of all, by
    their versions from 1 on.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[int, str, bytes]]] = {}
        self.rosters: list[str] = []

    def keep(self, seq: int, act: Act) -> None:
        """Remember an act that is in force."""
        row = (seq, act.digest, act.envelope.to_json())
        self._rows.setdefault(act.subject, []).append(row)
        if act.kind.name == "roster":
            self.rosters.append(act.digest)

    def about(self, subjects: Iterable[str]) -> list[Envelope]:
        """The acts about these subjects, in the log's order."""
        rows = sorted(row for subject in set(subjects) for row in self._rows.get(subject, ()))
        return [Envelope.from_json(data) for _, _, data in rows]

    def justifying(self, record: Record, release: ReleaseState) -> list[Envelope]:
        """The acts that justify a release, in the log's order, as a portal wants to see them."""
        subjects = {EVERYTHING, PEOPLE, release.id, *release.items}
        for item in release.items:
            state = record.items.get(item)
            if state:
                subjects |= {r.released_in for r in state.revisions.values() if r.released_in}
        return self.about(subjects)

    def after(self, subject: str, seq: int) -> list[Envelope]:
        """The acts about a subject that stand after that place in the log."""
        rows = sorted(row for row in self._rows.get(subject, ()) if row[0] > seq)
        return [Envelope.from_json(data) for _, _, data in rows]

    def find(self, subject: str, digest: str) -> Envelope | None:
        """One act by its subject and digest."""
        rows = self._rows.get(subject, ())
        return next((Envelope.from_json(data) for _, d, data in rows if d == digest), None)

"""Rivals: releases that hold the same revision. A text goes out once, with one of them.

The judge refuses a revision that is public already, but knows of it only when the log says so.
Between a commit and its act the publisher has to know by itself: what is out, or on its way, goes
with no other release; of several that may go, the earliest does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.trust.state import ReleaseState, SignOff

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

JUST_MS = 3_600_000  # what is out for so long is in the log, so that the judge knows of it


class Rivals:
    """Which release of one publisher's agenda a revision goes out with, as things stand now.

    Made anew whenever it is asked: for all releases due until `at`.
    """

    def __init__(self, publisher: Publisher, at: str) -> None:
        self._p = publisher
        self._gone: dict[str, str] = {}
        self._waiting: dict[str, list[ReleaseState]] = {}
        record = publisher.record
        since = publisher.clock.time_ns() // 1_000_000 - JUST_MS
        for row in publisher.ledger.leaving(since):
            release = record.releases.get(row.release)
            signoff = release.signoffs.get(row.signoff) if release else None
            for revision in _revisions(signoff):
                self._gone[revision] = row.release
        for name in publisher.agenda.until(at):
            for revision in _revisions(record.releases[name].signoff):
                self._waiting.setdefault(revision, []).append(record.releases[name])

    def of(self, release: ReleaseState) -> str:
        """The release that has a revision of this one and goes before it, or ''."""
        mine = _revisions(release.signoff)
        gone = {self._gone[revision] for revision in mine if revision in self._gone}
        if gone:
            return "" if release.id in gone else min(gone)
        for revision in mine:
            for other in self._waiting.get(revision, ()):
                if other is release:
                    break
                if self._p.due.may_go(other) and not self._refused(other):
                    return other.id
        return ""

    def _refused(self, release: ReleaseState) -> bool:
        """Whether every channel has refused it."""
        signoff = release.signoff
        states = {r.channel: r.state for r in self._p.ledger.of_release(release.id)
                  if signoff and r.signoff == signoff.digest}  # fmt: skip
        return signoff is not None and all(
            states.get(name) == "failed" for name in signoff.fields["channels"]
        )


def _revisions(signoff: SignOff | None) -> list[str]:
    return [entry["revision"] for entry in signoff.fields["items"]] if signoff else []

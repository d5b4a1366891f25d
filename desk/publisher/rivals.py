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

LEAVING = ("claimed", "opened", "published")


class Rivals:
    """Which release of one publisher's agenda a revision goes out with."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher

    def of(self, release: ReleaseState) -> str:
        """The release that has a revision of this one and goes before it, or ''."""
        signoff = release.signoff
        if signoff is None:
            return ""
        p, mine, earlier = self._p, _revisions(signoff), True
        for name in p.agenda.until(max(release.at, p.instant_now())):
            other = p.record.releases[name]
            earlier = earlier and other is not release
            signed = p.due.signed(other)
            if other is release or signed is None or mine.isdisjoint(_revisions(signed)):
                continue
            if self._leaving(release):
                return ""
            if self._leaving(other):
                return name
            if earlier and p.due.may_go(other) and not self._ended(other, signed):
                return name
        return ""

    def _leaving(self, release: ReleaseState) -> bool:
        """Whether anything of it is out, or may be."""
        rows = self._p.ledger.of_release(release.id)
        return bool(release.opened) or any(row.state in LEAVING for row in rows)

    def _ended(self, release: ReleaseState, signed: SignOff) -> bool:
        """Whether every channel has refused it."""
        rows = {r.channel: r for r in self._p.ledger.of_release(release.id)
                if r.signoff == signed.digest}  # fmt: skip
        return all(
            name in rows and rows[name].state == "failed" for name in signed.fields["channels"]
        )


def _revisions(signoff: SignOff) -> frozenset[str]:
    return frozenset(entry["revision"] for entry in signoff.fields["items"])

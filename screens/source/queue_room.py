"""The queue's views and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.shared import Gate, Outcome


@dataclass(frozen=True)
class QueueEntry:
    """A revision that waits for a step this reader may take. Ordered by the time it is due."""

    revision: str
    headline: str
    language: str
    number: int
    step: str
    step_number: int
    steps: int
    agency: str
    due: datetime | None = None
    urgent: bool = False

    @property
    def key(self) -> str:
        """The revision, under the name that tables use."""
        return self.revision


@dataclass(frozen=True)
class DiffLine:
    """A line of a comparison: kept, taken out, put in, or a gap where nothing changed."""

    sign: Literal[" ", "-", "+", "…"]
    text: str


@dataclass(frozen=True)
class Approval:
    """A step that was taken: by whom; `by` is empty when it is still open."""

    step: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Review:
    """Everything a person needs to approve a revision or send it back."""

    revision: str
    item: str
    headline: str
    language: str
    kind: str
    number: int
    digest: str
    since: int | None
    """The revision compared with, None when there was none."""
    since_by: str
    """Who approved that one; empty when nobody did."""
    diff: tuple[DiffLine, ...]
    text: str
    """The whole text: headline, short and full version, sources, legal basis, assets."""
    gates: tuple[Gate, ...]
    authors: tuple[str, ...]
    approvals: tuple[Approval, ...]
    due: datetime | None
    channels: tuple[str, ...]
    refusals: tuple[Reason, ...] = ()
    """Why this reader may not approve; each names the rule and who could. Empty: they may."""
    who: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each open step and the people who could take it."""


class QueueSource(Protocol):
    """What waits for this reader, and the two answers to it."""

    def queue(self) -> Sequence[QueueEntry]:
        """What waits for this reader, soonest first."""
        ...

    def review(self, revision: str) -> Review:
        """One revision of the queue, opened. Raises NotFound."""
        ...

    def approve(self, revision: str, digest: str, passphrase: str) -> Outcome:
        """Approve exactly those bytes. Raises Refused, Conflict when they have changed."""
        ...

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Return the revision to its authors with a reason. Raises Refused."""
        ...

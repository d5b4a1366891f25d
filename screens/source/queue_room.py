"""The queue's views and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.shared import Gate, Outcome


@dataclass(frozen=True)
class ReleaseWaits:
    """A release for a signature: who has signed, of how many, and what changed since it was signed
    before (`anew`): items that were left out, items that were mended; by their headlines.
    """

    release: str
    items: int
    signers: tuple[str, ...]
    needed: int
    anew: bool
    left_out: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueueEntry:
    """What waits for this reader: a revision for a step, one that came back to them, or a release
    for their signature. Ordered by the time it is due. `quick_fix`: only a slip was mended.
    """

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
    what: Literal["approve", "returned", "sign"] = "approve"
    quick_fix: bool = False
    release: ReleaseWaits | None = None
    corrects: bool = False
    """What is public of it would be corrected."""

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
class Asked:
    """A question of a journalist that an item answers; '' for what is sealed to this reader."""

    outlet: str
    question: str
    due: datetime


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
    quick_fix: bool = False
    warnings: tuple[str, ...] = ()
    """What the terminology warns of and nobody has answered: approving wants a reason."""
    pair: tuple[str, ...] = ()
    """Other language versions of the same message that wait for the same step."""
    returned_by: str = ""
    reason: str = ""
    """Why it came back."""
    notes: str = ""
    """What its author says to those who approve it."""
    corrects: int = 0
    """The public revision that it corrects; 0: none."""
    asked: tuple[Asked, ...] = ()
    """The questions of journalists that it answers."""


@dataclass(frozen=True)
class CouldAct:
    """One person at an open step: whether they can, why not, in whose place, away until when."""

    person: str
    name: str
    can: bool
    why: str = ""
    stands_for: tuple[str, ...] = ()
    away_until: datetime | None = None


@dataclass(frozen=True)
class OpenStep:
    """An open step of an item. `now`: whether it is its turn."""

    step: str
    now: bool
    people: tuple[CouldAct, ...]


@dataclass(frozen=True)
class StandIn:
    """A delegation by or to this reader. `state`: in-force, later, or void with the reason."""

    id: str
    giver: str
    to: str
    role: str
    agency: str
    until: datetime
    state: str
    why: str = ""


@dataclass(frozen=True)
class Deputies:
    """What this reader could delegate, to whom, and what is delegated. Roles are `ROLE:AGENCY`."""

    roles: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    standing: tuple[StandIn, ...]


class QueueSource(Protocol):
    """What waits for this reader, and the two answers to it."""

    def queue(self) -> Sequence[QueueEntry]:
        """What waits for this reader, soonest first."""
        ...

    def review(self, revision: str) -> Review:
        """One revision of the queue, opened. Raises NotFound."""
        ...

    def approve(self, revision: str, digest: str, passphrase: str, warnings: str = "") -> Outcome:
        """Approve exactly those bytes. `warnings`: why those stay that nobody has answered.

        Raises Refused, Conflict when the bytes have changed.
        """
        ...

    def queue_approve_pair(
        self, digests: Mapping[str, str], passphrase: str, warnings: str = ""
    ) -> Outcome:
        """Approve all of these revisions (revision to digest), or none. Raises as `approve`."""
        ...

    def queue_who(self, revision: str) -> Sequence[OpenStep]:
        """Who could take the open steps, deputies with them. Raises NotFound."""
        ...

    def queue_remind(self, revision: str, people: Sequence[str], passphrase: str) -> Outcome:
        """Ask these people for the step that is open now. Raises Refused, UsageError."""
        ...

    def queue_deputies(self) -> Deputies:
        """What this reader could delegate, and what is delegated."""
        ...

    def queue_delegate(
        self, role: str, to: str, since: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Delegate a role (`ROLE:AGENCY`) until a wall time; `since` empty: from now on.

        Raises Refused, UsageError.
        """
        ...

    def queue_undelegate(self, id: str, passphrase: str) -> Outcome:
        """End a delegation. Raises Refused, NotFound."""
        ...

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Return the revision to its authors with a reason. Raises Refused."""
        ...

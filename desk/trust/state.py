"""What the log says of items and releases: the plain state that a Record keeps for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from desk.trust.contact_state import Availability
from desk.trust.standing import Delegation, Seat

LIFTERS = 2  # a hold or a takedown takes one person, lifting it takes two


@dataclass(frozen=True)
class Approval:
    """One signed approval of one revision at one step.

    `time`: when it says it was made, and not before the revision says it was. `given`: the
    delegations in force at its place in the log, under which it may count.
    """

    digest: str
    person: str
    key: str
    step: str
    gates: tuple[Mapping[str, Any], ...]
    time: str
    seq: int
    acknowledged: tuple[str, ...] = ()
    given: tuple[Delegation, ...] = ()


@dataclass(frozen=True)
class Returned:
    """Why a revision stopped: by whom, at which step, and where the sealed reason lies."""

    digest: str
    person: str
    step: str
    reason: str
    time: str


@dataclass
class RevisionState:
    """One sealed snapshot. `digest` is that of its act; `content` of the signed document.

    `withdrawal`: the newest act that took it down, `withdrawn`: how it is down now, if it is.
    `restores`: who has signed to put it back (person -> key); `restored`: the withdrawal that was
    taken back by enough of them.
    """

    digest: str
    id: str
    number: int
    parent: str
    author: str
    key: str
    content: str
    notes: str
    time: str
    seq: int
    approvals: list[Approval] = field(default_factory=list)
    returned: Returned | None = None
    released_in: str = ""
    withdrawn: str = ""
    withdrawal: str = ""
    restores: dict[str, str] = field(default_factory=dict)
    restored: str = ""
    quick_fix: bool = False


Public = Literal["none", "live", "corrected", "withdrawn"]
SEEN: Final = ("live", "corrected")
"""`ItemState.public` of what the public sees."""


@dataclass
class ItemState:
    """One publishable piece in one language, with its revisions in order."""

    id: str
    language: str
    kind: str
    agency: str
    message: str
    code: str
    revisions: dict[str, RevisionState] = field(default_factory=dict)
    latest: str = ""

    @property
    def current(self) -> RevisionState:
        """The newest revision."""
        return self.revisions[self.latest]

    @property
    def public(self) -> Public:
        """As the public sees it."""
        released = [r for r in self.revisions.values() if r.released_in]
        if not released:
            return "none"
        if released[-1].withdrawn:
            return "withdrawn"
        return "corrected" if len(released) > 1 else "live"

    def authors(self, revision: str) -> frozenset[str]:
        """All who signed a revision since the last released one, up to this one."""
        people = set()
        digest = revision
        while digest and (state := self.revisions.get(digest)):
            if digest != revision and state.released_in:
                break
            people.add(state.author)
            digest = state.parent
        return frozenset(people)


@dataclass
class SignOff:
    """A manifest and who signed it: person -> key, and the seats they could fill when they did.

    `trigger`: the act with which a script opened it, `fired`: when, as that says; or ''.
    """

    digest: str
    fields: Mapping[str, Any]
    signers: dict[str, str] = field(default_factory=dict)
    seats: dict[str, tuple[Seat, ...]] = field(default_factory=dict)
    recalled: bool = False
    trigger: str = ""
    fired: str = ""


def lasts(fields: Mapping[str, Any]) -> str:
    """Until which instant a role and a key that sign a manifest must last: T, or the window."""
    return str(fields["not_after"] if "trigger" in fields else fields["at"])


@dataclass(frozen=True)
class Grant:
    """A lead's word that a script may open a release, once, inside a window that begins at `at`.

    `key`: the script's signing key (hex); `until`: the window's last instant; `used`: the sign-off
    that it opened; `ended`: the kind of act that ended it. Either is '' until then.
    """

    digest: str
    script: str
    key: str
    until: str
    used: str = ""
    ended: str = ""

    def fields(self) -> dict[str, str]:
        """As leads sign it in a manifest."""
        return {"grant": self.digest, "key": self.key, "script": self.script}


@dataclass(frozen=True)
class Voice:
    """One signature beside others: by which key, in whose seat, when."""

    key: str
    seat: Seat
    time: str


@dataclass
class Hold:
    """A stop laid over a release, or over all. Lifting takes distinct people."""

    digest: str
    person: str
    time: str
    reason: str
    lifts: dict[str, Voice] = field(default_factory=dict)

    def lifted(self, needed: int) -> bool:
        """Whether enough people have lifted it."""
        return len(self.lifts) >= needed


@dataclass(frozen=True)
class Step:
    """One act that made the plan what it is: its digest, kind, person and key."""

    digest: str
    kind: str
    person: str
    key: str
    note: str
    time: str


@dataclass
class ReleaseState:
    """One calendar entry: the only date there is. `basis`: the act its sign-off must rest on.

    `refused`: the granted script's triggers that came when they could open nothing.
    """

    id: str
    code: str
    at: str
    zone: str
    wall: str
    channels: tuple[str, ...]
    items: tuple[str, ...]
    basis: str
    slot: str = ""
    confirmed: bool = False
    status: str = "planned"
    plan: list[Step] = field(default_factory=list)
    signoffs: dict[str, SignOff] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    staged: dict[str, str] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)
    released_signoff: str = ""
    left: set[tuple[str, str]] = field(default_factory=set)
    available: dict[str, Availability] = field(default_factory=dict)
    grant: Grant | None = None
    refused: set[str] = field(default_factory=set)

    @property
    def announced(self) -> bool:
        """Whether the public was ever told of it: it was confirmed once."""
        return any(step.kind == "release.confirm" for step in self.plan)

    @property
    def resting(self) -> list[SignOff]:
        """The sign-offs that rest on the present basis and were not recalled, oldest first."""
        return [
            s for s in self.signoffs.values() if s.fields["parent"] == self.basis and not s.recalled
        ]

    @property
    def signoff(self) -> SignOff | None:
        """The sign-off in force: of those on the present basis, the one most people stand behind.

        The newest of several with as many. So nobody alone displaces what a quorum has signed.
        """
        found = None
        for candidate in self.resting:
            if candidate.signers and (
                found is None or len(candidate.signers) >= len(found.signers)
            ):
                found = candidate
        return found

    def sign(self, signoff: SignOff, person: str, key: str) -> bool:
        """Add a signature. A person stands behind one manifest of a basis, the last one signed.

        Who has left a manifest for another cannot be brought back to it with the old signature:
        False then. For that the release is recalled, which makes a new basis.
        """
        if (person, signoff.digest) in self.left:
            return False
        for other in self.resting:
            if other is not signoff and person in other.signers:
                del other.signers[person]
                self.left.add((person, other.digest))
        signoff.signers[person] = key
        return True

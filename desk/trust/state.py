"""What the log says of items and releases: the plain state that a Record keeps for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Approval:
    """One signed approval of one revision at one step."""

    digest: str
    person: str
    key: str
    step: str
    gates: tuple[Mapping[str, Any], ...]
    time: str
    seq: int
    acknowledged: tuple[str, ...] = ()


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
    """One sealed snapshot. `digest` is that of its act; `content` of the signed document."""

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
    def public(self) -> str:
        """As the public sees it: none, live, corrected, withdrawn."""
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
    """A manifest and who signed it: person -> key."""

    digest: str
    fields: Mapping[str, Any]
    signers: dict[str, str] = field(default_factory=dict)
    recalled: bool = False


@dataclass
class Hold:
    """A stop laid over a release, or over all. Lifting takes distinct people."""

    digest: str
    person: str
    time: str
    reason: str
    lifts: dict[str, str] = field(default_factory=dict)

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
    """One calendar entry: the only date there is. `basis`: the act its sign-off must rest on."""

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

    @property
    def signoff(self) -> SignOff | None:
        """The newest sign-off that rests on the present basis and was not recalled."""
        found = None
        for candidate in self.signoffs.values():
            if candidate.fields["parent"] == self.basis and not candidate.recalled:
                found = candidate
        return found

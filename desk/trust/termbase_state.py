"""The newsroom's own termbase in the log: changes that wait for a signature, and those in force.

The entries lie in files; the log holds their digests. A change names the number that it makes,
the digest of the newsroom's entries before and after it, and how many people it takes. Who agrees
signs the same fields. It is in force when so many distinct people have signed whose keys count,
one of them a lead or an administrator; whatever else was waiting then is stale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.trust.acts import Act
from desk.trust.roster import sound
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record

DECIDERS = ("lead", "admin")
PROPOSERS = ("author", "appraise", "review", "check", "spokesperson", *DECIDERS)
FIELDS = ("number", "base", "after", "change", "people")


@dataclass
class TermChange:
    """One change. `change` is the digest of its document, `after` of the entries that it makes.

    `signed`: person -> key; `time`: that of the newest signature.
    """

    number: int
    base: str
    after: str
    change: str
    people: int
    signed: dict[str, str] = field(default_factory=dict)
    proposer: str = ""
    time: str = ""


@dataclass
class TermbaseState:
    """The changes in force, in order, and those that wait, by the digest of the change."""

    accepted: list[TermChange] = field(default_factory=list)
    waiting: dict[str, TermChange] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The version: how many changes are in force."""
        return len(self.accepted)

    @property
    def digest(self) -> str:
        """The digest of the newsroom's entries, '' before the first change."""
        return self.accepted[-1].after if self.accepted else ""


def change(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Propose a change, or agree to one."""
    (person,) = signers
    record.must_hold(person, PROPOSERS, time=act.time)
    key = record.must_be_sound(act, person)
    state, given = record.termbase, {name: act.fields[name] for name in FIELDS}
    if given["number"] != state.number + 1 or (state.number and given["base"] != state.digest):
        raise Void("Stale", "the termbase was changed in between")
    known = state.waiting.get(given["change"])
    found = known or TermChange(**given, proposer=person)
    if any(getattr(found, name) != value for name, value in given.items()):
        raise Void("Malformed", "it says something else of the change than its proposer")
    if person in found.signed and found.signed[person] == key:
        raise Void("Replayed", "they have signed it already")
    found.signed[person], found.time = key, act.time
    state.waiting[found.change] = found
    if enough(record, found):
        state.accepted.append(found)
        state.waiting = {}


def enough(record: Record, found: TermChange) -> bool:
    """Whether those who signed are enough now: keys and roles are counted anew."""
    roster = record.roster
    assert roster is not None
    good = [person for person, key in found.signed.items() if not sound(roster, person, key)]
    decided = any(record.holds_role(person, role) for person in good for role in DECIDERS)
    return decided and len(good) >= found.people

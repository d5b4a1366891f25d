"""Standing: in whose right somebody acts: in a role of their own, or for who delegated it to them.

A deputy sits in the seat of whoever delegated the role. So where several people are needed, the
two of them count as one, the seat of an author approves and signs nothing, and one seat is filled
once, whoever sits in it. Nothing is delegated any further, and what an administrator is for not at
all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from desk.trust.roster import ANY, Roster, counts, sound

LONGEST = timedelta(days=31)  # a role that is needed elsewhere for longer is given by the roster
NEVER = frozenset({"admin"})

Seat = frozenset[str]
"""Everybody whom one signature uses up: who signed and, for a deputy, for whom."""


@dataclass(frozen=True)
class Delegation:
    """One role, given to another for a time. `digest` and `key`: of the act, `time`: as it says."""

    digest: str
    giver: str
    key: str
    to: str
    role: str
    agency: str
    since: str
    until: str
    time: str

    def covers(self, role: str, agency: str, time: str) -> bool:
        """Whether it is about that role there (`*`: somewhere) at that instant."""
        return (
            self.role == role
            and (agency == ANY or self.agency in (ANY, agency))
            and self.since <= time <= self.until
        )

    def why_not(self, roster: Roster, at: str = "") -> str:
        """'' while its giver holds the role under that roster, by a key that counts; else why."""
        giver = roster.people.get(self.giver)
        at = max(at, self.time)
        why = counts(
            roster, self.giver, self.key, role=self.role, agency=self.agency, time=self.time, at=at
        )
        if not why and giver is not None and not giver.grants(self.role, self.agency, at):
            why = f"{self.giver} does not hold the role {self.role} for all of {self.agency}"
        return why


def in_force(
    delegations: Iterable[Delegation], roster: Roster, person: str, role: str, agency: str,
    time: str,
) -> tuple[Delegation, ...]:  # fmt: skip
    """The delegations by which that person has the role there at that instant."""
    return tuple(
        d
        for d in delegations
        if d.to == person and d.covers(role, agency, time) and not d.why_not(roster, time)
    )


def seats(
    roster: Roster,
    person: str,
    key: str,
    role: str,
    agencies: Sequence[str],
    delegations: Iterable[Delegation],
    *,
    time: str = "",
    at: str = "",
) -> tuple[Seat, ...]:
    """The seats that a signature can fill; empty when it counts for nothing.

    One's own when the roster gives the role for every agency. Else one seat for each person who
    delegated what is missing. `time`, `at`: see `counts`; the later says which delegations cover.
    """
    missing = [
        agency
        for agency in agencies
        if counts(roster, person, key, role=role, agency=agency, time=time, at=at)
    ]
    if not missing:
        return (frozenset({person}),)
    if sound(roster, person, key, time=time, at=at):
        return ()
    given: dict[str, set[str]] = {}
    for agency in missing:
        for d in in_force(delegations, roster, person, role, agency, at or time):
            given.setdefault(d.giver, set()).add(agency)
    return tuple(
        frozenset({person, giver})
        for giver, covered in sorted(given.items())
        if covered >= set(missing)
    )


def quorum(options: Mapping[str, Sequence[Seat]]) -> dict[str, Seat]:
    """The most people who can sign beside each other, each with the seat that they fill.

    Who signed in a role of their own counts. For a deputy a seat is looked for whose owner has
    not signed (bipartite matching by augmenting paths, Kuhn 1955).
    """
    found = {person: seat for person, given in options.items() for seat in given if len(seat) == 1}
    taken: dict[str, str] = {}  # whose seat -> the deputy in it

    def place(deputy: str, tried: set[str]) -> bool:
        for seat in options[deputy]:
            (owner,) = seat - {deputy}
            if owner in options or owner in tried:
                continue
            tried.add(owner)
            if owner not in taken or place(taken[owner], tried):
                taken[owner] = deputy
                return True
        return False

    for deputy in sorted(options.keys() - found.keys()):
        place(deputy, set())
    return found | {deputy: frozenset({deputy, owner}) for owner, deputy in taken.items()}

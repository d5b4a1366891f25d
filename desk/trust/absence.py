"""Absence: what the acts about people do to a record: a role delegated, taken back, a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.clock import parse_instant
from desk.locales.words import said
from desk.phrase import phrase
from desk.trust.acts import Act
from desk.trust.standing import LONGEST, NEVER, Delegation
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record


def delegate(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """A role that its giver holds by the roster, to another person, for a time."""
    assert record.roster is not None
    (giver,) = signers
    f = act.fields
    key = record.must_be_sound(act, giver)
    if f["role"] in NEVER:
        raise Void(
            "Never delegated",
            phrase("the role {role} stays with its holder", role=said("role", f["role"])),
        )
    if f["to"] == giver:
        raise Void("Malformed", "a deputy is another person")
    if not f["from"] <= f["until"] or act.time > f["until"]:
        raise Void("Malformed", "it ends before it begins")
    if parse_instant(f["until"]) - parse_instant(f["from"]) > LONGEST:
        raise Void(
            "Too long", phrase("a role is delegated for at most {days} days", days=LONGEST.days)
        )
    made = Delegation(
        act.digest, giver, key, f["to"], f["role"], f["agency"], f["from"], f["until"], act.time
    )
    if not record.pinned:
        deputy = record.roster.people.get(made.to)
        if deputy is None or deputy.key is None:
            raise Void("Not in the roster", phrase("{to} has no key in use", to=made.to))
        if why := made.why_not(record.roster):
            raise Void("Not allowed", why)
    record.delegations[act.digest] = made


def undelegate(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Ends a delegation early, by either of the two."""
    (person,) = signers
    record.must_be_sound(act, person)
    found = record.delegations.get(act.fields["delegation"])
    if found is None:
        raise Void("No such delegation", "it was never made, or has been ended")
    if person not in (found.giver, found.to):
        raise Void(
            "Not allowed", phrase("it is between {giver} and {to}", giver=found.giver, to=found.to)
        )
    del record.delegations[found.digest]


def remind(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Changes nothing: whoever watches the log tells the people whom it names."""
    record.must_be_sound(act, signers[0])
    if act.subject not in record.items and act.subject not in record.releases:
        raise Void("No such thing", act.subject)

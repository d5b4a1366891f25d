"""Readers: for whom the key of a sealed revision is wrapped; one rule wherever that is done."""

from __future__ import annotations

from collections.abc import Iterable

from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import Roster
from desk.trust.seal import Name, Reader


def readers_of(
    record: Record, kind: str, agency: str, authors: Iterable[str], time: str = ""
) -> list[Reader]:
    """The same with those who stand in for one of them now or later, under that record.

    `time`: the present instant; without it the latest that the record knows. A deputy reads from
    the moment the delegation is made, and keeps the keys of what was sealed until it ended.
    """
    assert record.roster is not None
    assert record.policy is not None
    roles = {*record.policy.kinds.get(kind, {}).get("chain", ()), "lead", "author"}
    others = deputies_of(record, roles, agency, time)
    return revision_readers(record.roster, record.policy, kind, agency, {*authors, *others})


BOARD = ("spokesperson", "lead", "admin")  # who may know private numbers, and who has asked
QUESTION = (*BOARD, "author")  # who may read a question: somebody has to write the answer


def role_readers(
    record: Record, roles: tuple[str, ...], agency: str, time: str = "", also: tuple[str, ...] = ()
) -> list[Reader]:
    """Who holds one of the roles there or stands in for a holder, and these people as well."""
    assert record.roster is not None
    others = deputies_of(record, roles, agency, time)
    return record.roster.readers(roles, agency, tuple(sorted({*also, *others})))


def contact_name(record: Record, id: str, digest: str) -> Name:
    """What the seal of a contact's private part is bound to: the contact, and its version."""
    return Name(record.newsroom, "contact", id, f"{id}:{digest[:32]}")


def enquiry_name(record: Record, id: str, part: str) -> Name:
    """What the seal of an enquiry's part (question, enquirer, reason) is bound to."""
    return Name(record.newsroom, "enquiry", id, f"{id}:{part}")


def sealed_beside(record: Record) -> list[tuple[Name, tuple[Reader, ...]]]:
    """All that lies sealed of contacts and enquiries, and who may read it by this record."""
    found = [
        (contact_name(record, one.id, one.private), role_readers(record, BOARD, one.agency))
        for one in record.contacts.values()
        if one.private
    ]
    for one in record.enquiries.values():
        parts = {"question": one.question, "enquirer": one.enquirer, "reason": one.reason}
        found += [
            (
                enquiry_name(record, one.id, part),
                role_readers(record, QUESTION if part == "question" else BOARD, one.agency),
            )
            for part, digest in parts.items()
            if digest and not one.forgotten
        ]
    return [(name, tuple(who)) for name, who in found]


def deputies_of(record: Record, roles: Iterable[str], agency: str, time: str = "") -> set[str]:
    """Who stands in for a holder of one of these roles there, now or later."""
    assert record.roster is not None
    time, wanted = time or record.latest, set(roles)
    return {
        d.to
        for d in record.delegations.values()
        if d.role in wanted
        and d.covers(d.role, agency, d.until)
        and d.until >= time
        and not d.why_not(record.roster, max(d.since, time))
    }


def revision_readers(
    roster: Roster, policy: Policy, kind: str, agency: str, authors: Iterable[str]
) -> list[Reader]:
    """Its authors, the agency's authors, the chain's roles, the leads, publishers, recovery.

    A kind that the policy no longer has has no chain. Only keys in use, of that very roster.
    """
    chain = tuple(policy.kinds.get(kind, {}).get("chain", ()))
    return roster.readers((*chain, "lead", "author"), agency, tuple(sorted(set(authors))))

"""Readers: for whom the key of a sealed revision is wrapped; one rule wherever that is done."""

from __future__ import annotations

from collections.abc import Iterable

from desk.trust.policy import Policy
from desk.trust.roster import Roster
from desk.trust.seal import Reader


def revision_readers(
    roster: Roster, policy: Policy, kind: str, agency: str, authors: Iterable[str]
) -> list[Reader]:
    """Its authors, the agency's authors, the chain's roles, the leads, publishers, recovery.

    A kind that the policy no longer has has no chain. Only keys in use, of that very roster.
    """
    chain = tuple(policy.kinds.get(kind, {}).get("chain", ()))
    return roster.readers((*chain, "lead", "author"), agency, tuple(sorted(set(authors))))

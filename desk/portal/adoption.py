"""What the portal has adopted: the pinned roster and policy, judged from the root by itself.

The acts come from outside, in the order of the log; only a chain that starts at the pinned root,
runs through what is pinned already, and ends higher replaces it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk.errors import DeskError
from desk.portal.answers import conflict, forbidden
from desk.portal.contract.fields import Malformed
from desk.trust.acts import Act
from desk.trust.acts import read as read_act
from desk.trust.envelope import Envelope, verify
from desk.trust.judge import counts
from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import ANY, Roster

GOVERNANCE = ("roster", "policy")
MAX_GOVERNANCE = 2000


@dataclass(frozen=True)
class Adopted:
    """What is pinned: either may be missing on a new portal."""

    roster: Roster | None = None
    policy: Policy | None = None

    def version(self, kind: str) -> int:
        """The version of what is pinned of that kind, 0 before the first."""
        pinned = self.roster if kind == "roster" else self.policy
        return pinned.version if pinned else 0

    def channel_of(self, portal_key: str) -> tuple[str, dict[str, Any]] | None:
        """The channel (id and policy entry) whose receipts that key signs."""
        if self.policy is None:
            return None
        for name, entry in self.policy.channels.items():
            if entry.get("driver") == "desk" and entry.get("key") == portal_key:
                return name, dict(entry)
        return None


def read_chain(values: Sequence[Any]) -> list[Envelope]:
    """The governance acts of a PUT, in the order given. Raises Malformed for other acts."""
    envelopes = [Envelope.from_value(value) for value in values]
    for envelope in envelopes:
        if read_act(envelope).kind.name not in GOVERNANCE:
            raise Malformed("Malformed message", "only roster and policy acts belong here")
    return envelopes


def adopt(
    kind: str, adopted: Adopted, root: str, known: Sequence[Envelope], given: Sequence[Envelope]
) -> tuple[Adopted, list[Envelope]]:
    """What is adopted after a call that brings `given`, and the chain that shows it. Pure.

    The chain is given whole from the root, or as what follows on what is known; whatever it is,
    it is judged from the root on. The same object again when it changes nothing. Raises Answer
    403 or 409.
    """
    pinned = adopted.roster if kind == "roster" else adopted.policy
    _must_be_newest(kind, pinned, given)
    digests = {envelope.digest for envelope in known}
    nothing_new = bool(given) and all(act.digest in digests for act in given)
    if pinned is not None and nothing_new and _newest(kind, known) == pinned.version:
        return adopted, list(known)
    whole = not given or read_act(given[0]).fields["version"] == 1
    new = [envelope for envelope in given if envelope.digest not in digests]
    chain = list(given) if whole else [*known, *new]
    if kind == "roster":
        roster = next_roster(adopted.roster, root, chain)
        return (Adopted(roster, adopted.policy) if roster else adopted), chain
    policy = next_policy(adopted.policy, root, chain)
    return (Adopted(adopted.roster, policy) if policy else adopted), chain


def _must_be_newest(kind: str, pinned: Roster | Policy | None, given: Sequence[Envelope]) -> None:
    """Raise Answer 409 when what is given of that kind ends before what is pinned."""
    if pinned is not None and 0 < _newest(kind, given) < pinned.version:
        raise conflict(
            "older", f"A newer {kind} is pinned", f"version {pinned.version}",
            version=pinned.version,
        )  # fmt: skip


def _newest(kind: str, chain: Sequence[Envelope]) -> int:
    """The highest version of that kind in a chain, 0 when it has none."""
    acts = map(read_act, chain)
    return max((act.fields["version"] for act in acts if act.kind.name == kind), default=0)


def fold(root: str, envelopes: Sequence[Envelope]) -> Record:
    """Judge a chain from the root. Raises Answer 403 when any link does not hold."""
    record = Record(root)
    for envelope in envelopes:
        applied = record.apply(envelope)
        if applied.void:
            raise forbidden("The chain does not hold", applied.void)
    return record


def next_roster(pinned: Roster | None, root: str, envelopes: Sequence[Envelope]) -> Roster | None:
    """The roster to pin now, or None when it is pinned already. Raises Answer 403 or 409."""
    roster = fold(root, envelopes).roster
    if roster is None:
        raise forbidden("The chain holds no roster")
    _must_continue("roster", pinned, envelopes)
    return None if pinned and roster.version == pinned.version else roster


def next_policy(pinned: Policy | None, root: str, envelopes: Sequence[Envelope]) -> Policy | None:
    """The policy to pin now, or None when it is pinned already. Raises Answer 403 or 409."""
    policy = fold(root, envelopes).policy
    if policy is None:
        raise forbidden("The chain holds no policy")
    _must_continue("policy", pinned, envelopes)
    return None if pinned and policy.version == pinned.version else policy


def _must_continue(
    kind: str, pinned: Roster | Policy | None, envelopes: Sequence[Envelope]
) -> None:
    """An older version, or another history of the same versions, is refused."""
    if pinned is None:
        return
    _must_be_newest(kind, pinned, envelopes)
    digests = {act.digest for act in map(read_act, envelopes) if act.kind.name == kind}
    if pinned.digest not in digests:
        raise forbidden(f"Another {kind} of that version is pinned")


def withdrawal_act(adopted: Adopted, envelope: Envelope, agency: str = ANY) -> Act:
    """A withdrawal, or one person's word that a takedown is lifted, signed by somebody whom
    roster and policy allow it (for that agency's items). Raises Answer 403.

    The portal need not know the revision: one withdrawn before it arrived stays away too.
    """
    roster, policy = adopted.roster, adopted.policy
    if roster is None or policy is None:
        raise forbidden("Nothing is adopted yet", "the portal has no roster or policy")
    try:
        act = read_act(envelope)
        known = act.kind.name in ("item.withdraw", "item.restore")
        if not known or act.fields["newsroom"] != roster.newsroom:
            raise forbidden("Not a withdrawal of this newsroom")
        good = verify(envelope, roster.keys)
        keys = [key for key in good if roster.keys[key].person == act.actor]
        roles = tuple(policy.document["withdraw_roles"])
        whys = [
            counts(roster, act.actor, key, role=role, agency=agency, time=act.time)
            for key in keys
            for role in roles
        ]
    except DeskError as error:
        raise forbidden(error.title, error.message) from None
    if "" not in whys:
        raise forbidden("Not allowed to withdraw", whys[0] if whys else "not signed by its actor")
    return act

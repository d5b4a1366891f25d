"""Deciding: a signed approval of one revision at one step, or sending it back with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desk.errors import Reason, Refused
from desk.items import content, correction, kept, quick_fix, revisions
from desk.items.terminology import findings
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.phrase import both, phrase
from desk.store import sealed
from desk.store.projections import revision_state
from desk.terms.ignores import ignore
from desk.trust.acts import Act
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.ids import new_salt
from desk.trust.judge import steps_of
from desk.trust.permission import may_approve
from desk.trust.seal import Name, SealKey
from desk.trust.state import ItemState, RevisionState
from models.tables import ITEMS

if TYPE_CHECKING:
    from desk.gates import GateResult
    from desk.items.kept import Kept
    from desk.items.terminology import Terms


@dataclass(frozen=True)
class Decision:
    """What was decided. `act`: its digest; `state`: the revision's state now."""

    item: str
    number: int
    step: str
    act: str
    state: str
    open_steps: tuple[str, ...]
    already: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "open_steps": list(self.open_steps)}


def approve(
    room: Room, actor: Actor, item: str, *, step: str = "", digest: str = "", warnings: str = ""
) -> Decision:
    """Approve the newest revision (or the one that `digest` begins) at the open step.

    The text is opened and the gates are run in the approver's process; the act carries each
    gate's id, version, outcome and the digest of what it saw, the version of the termbase, and
    the digests of the decisions by which warnings of the terminology stay. `warnings` says why
    those stay that no author has answered. Raises Refused with the rule and who could act,
    Conflict when a newer revision came.
    """
    with room.acting(item) as tx:
        room.require_person(tx, actor)
        return _approve(tx, actor, item, step, digest, warnings)


def language_versions(view: View, item: str) -> tuple[str, ...]:
    """The items of the same message, that item first. Raises NotFound, Refused when it is alone."""
    state, _ = revisions.find(view, item)
    query = select(ITEMS.c.id).where(ITEMS.c.message == state.message, ITEMS.c.id != item)
    others = sorted(view.connection.scalars(query)) if state.message else []
    if not others:
        text = phrase(
            "{item} ({language}) has no version in another language",
            item=item,
            language=state.language,
        )
        raise Refused(
            "There is no pair",
            [Reason("pair", text)],
            phrase("desk item approve {item}", item=item),
        )
    return (item, *others)


def approve_pair(
    room: Room, actor: Actor, item: str, *, step: str = "",
    digests: Mapping[str, str] | None = None, warnings: str = "",
) -> tuple[Decision, ...]:  # fmt: skip
    """Approve all language versions of a message at the same step: all of them or none.

    `digests`: what the approver looked at, by item. Raises what `approve` raises, and then
    nothing is approved.
    """
    with room.reading(item) as view:
        items = language_versions(view, item)
    with room.acting(*items) as tx:
        room.require_person(tx, actor)
        seen = digests or {}
        done: list[Decision] = []
        for one in items:
            chosen = step or (done[0].step if done else "")
            done.append(_approve(tx, actor, one, chosen, seen.get(one, ""), warnings))
        return tuple(done)


def _approve(
    tx: Transaction, actor: Actor, item: str, step: str, digest: str, warnings: str
) -> Decision:
    state, revision = revisions.find(tx, item, digest)
    steps = steps_of(tx.record, state, revision)
    mine = next((s.step for s in steps if s.approval and s.approval.person == actor.id), "")
    if mine and step in ("", mine):
        return _decision(tx, item, revision.digest, mine, "", already=True)
    step = step or next((s.step for s in steps if s.approval is None), steps[-1].step)
    may_approve(tx.record, item, revision.digest, actor.id, step, tx.time)
    document = revisions.load(tx, actor, item, revision.digest)
    fields = {
        "revision": revision.digest,
        "step": step,
        **_gates(tx, actor, state, revision, document, warnings),
        "roster": tx.roster.version,
    }
    act = tx.append("item.approve", item, fields, actor)
    return _decision(tx, item, revision.digest, step, act.digest)


def _gates(
    tx: Transaction, actor: Actor, state: ItemState, revision: RevisionState,
    document: dict[str, Any], warnings: str,
) -> dict[str, Any]:  # fmt: skip
    """What each gate says to this approver. Raises Refused when one of them fails."""
    terms = revisions.terms_of(tx, state.kind)
    decided = kept.of_revision(tx, actor, state.id, revision) if terms else ()
    results = revisions.check(tx, actor, document, decided)
    failed = [
        Reason(f"gate {result.id}", both(finding.message, finding.message_vi))
        for result in results
        if result.outcome == "fail"
        for finding in result.findings
        if finding.severity == "error"
    ]
    failed += correction.problems(document, state, revision.number)
    if failed:
        raise Refused(
            "A gate is not passed", failed, phrase("Return it: desk item return {id}", id=state.id)
        )
    found: list[dict[str, Any]] = [
        {"id": r.id, "version": r.version, "outcome": r.outcome, "input": r.input_digest}
        for r in results
    ]
    if revision.quick_fix:
        found.append(quick_fix.gate(tx, actor, state.id, revision, document))
    fields: dict[str, Any] = {"gates": found}
    if terms is not None:
        fields["termbase"] = terms.version
        own = _own(tx, actor, state, revision, document, results, warnings, terms, decided)
        seen = sorted(one.digest for one in (*revisions.in_use(results, decided), *own))
        fields["acknowledged"] = seen or None
    return fields


def _own(
    tx: Transaction, actor: Actor, state: ItemState, revision: RevisionState,
    document: dict[str, Any], results: Sequence[GateResult], why: str, terms: Terms,
    decided: tuple[Kept, ...],
) -> list[Kept]:  # fmt: skip
    """The approver's own answers to warnings without one, sealed. Raises Refused without a reason.

    Such warnings come from a termbase newer than the one the author submitted with.
    """
    if not (open_ones := revisions.unanswered(results)):
        return []
    if not why.strip():
        reasons = [
            Reason("gate terms", both(found.message, found.message_vi)) for found in open_ones
        ]
        hint = phrase("Return it, or say why they stay: desk item approve {item} --warnings TEXT",
                      item=state.id)  # fmt: skip
        raise Refused("Warnings need an answer", reasons, hint)
    found = [
        kept.decide(one.piece.key, ignore(one.finding, one.piece.text, reason=why, author=actor.id))
        for one in findings(document, replace(terms, kept=decided))
        if one.kept is None and one.finding.severity == "warning"
    ]
    who = revisions.readers(tx, state, state.kind, state.agency, revision.author)
    for one in found:
        kept.seal_own(tx, state.id, one, who)
    return found


def _decision(
    tx: Transaction, item: str, digest: str, step: str, act: str, *, already: bool = False
) -> Decision:
    state, revision = revisions.find(tx, item, digest)
    steps = steps_of(tx.record, state, revision)
    return Decision(
        item,
        revision.number,
        step,
        act,
        revision_state(tx.record, state, revision),
        tuple(s.step for s in steps if s.approval is None),
        already,
    )


def give_back(room: Room, actor: Actor, item: str, reason: str, *, digest: str = "") -> Act:
    """Return a revision to its authors with a reason, which is sealed for them and the chain."""
    if not reason.strip():
        raise Refused(
            "A return needs a reason",
            [Reason("reason", "the authors must know what to mend")],
            "Say it: --reason TEXT",
        )
    with room.acting(item) as tx:
        room.require_person(tx, actor)
        state, revision = revisions.find(tx, item, digest)
        data = canonical({"format": 1, "reason": content.cleaned(reason), "salt": new_salt()})
        step = next(
            (s.step for s in steps_of(tx.record, state, revision) if s.approval is None), ""
        )
        fields = {"revision": revision.digest, "reason": digest_bytes(data), "step": step or None}
        act = tx.append("item.return", item, fields, actor)
        name = Name(tx.record.newsroom, "note", item, act.fields["reason"])
        who = revisions.readers(tx, state, state.kind, state.agency, revision.author)
        sealed.put(tx.connection, SealKey.fresh(name), {"reason": data}, who)
    return act


def reason_of(room: Room, actor: Actor, item: str, digest: str = "") -> str:
    """Why a revision was returned, opened by one of its readers; '' when it was not."""
    from desk.trust.canonical import parse

    with room.reading(item) as view:
        _, revision = revisions.find(view, item, digest)
        if revision.returned is None or not revision.returned.reason:
            return ""
        name = Name(view.record.newsroom, "note", item, revision.returned.reason)
        key = sealed.key_for(view.connection, name, actor.opener)
        data = sealed.get(view.connection, key, "reason")
        if digest_bytes(data) != revision.returned.reason:
            raise Refused("The reason is not the signed one", [Reason("seal", "altered")])
        return str(parse(data)["reason"])

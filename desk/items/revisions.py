"""Revisions: submit a draft as a sealed, signed snapshot; open one again; list and compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desk.errors import NotFound, Reason, Refused, TrustError, because
from desk.items import content, correction, kept, merge
from desk.newsroom.room import Actor, Room, View
from desk.phrase import both, phrase
from desk.store import sealed
from desk.trust.canonical import digest_bytes, parse
from desk.trust.ids import new_revision
from desk.trust.judge import StepState, steps_of
from desk.trust.readers import readers_of
from desk.trust.seal import Name, Reader, SealKey
from desk.trust.state import ItemState, RevisionState
from models.tables import ITEMS

if TYPE_CHECKING:
    from desk.gates import Finding, GateResult, Limits
    from desk.items.kept import Kept
    from desk.items.terminology import Terms

LATER_GATES = frozenset({"translation"})  # cannot hold yet when the first language is submitted


@dataclass(frozen=True)
class Submitted:
    """What a submit made: the revision's act, and what the gates said."""

    item: str
    number: int
    digest: str
    content: str
    gates: tuple[GateResult, ...]


def name_of(view: View, item: str, revision_id: str) -> Name:
    """What a revision's seal is bound to."""
    return Name(view.record.newsroom, "revision", item, revision_id)


def readers(
    view: View, item: ItemState | None, kind: str, agency: str, author: str
) -> list[Reader]:
    """Who may read a revision: its authors, the agency's authors, the chain's roles, the leads."""
    authors = {author} | ({r.author for r in item.revisions.values()} if item else set())
    return readers_of(view.record, kind, agency, authors, view.time)


def _state(view: View, item: str) -> ItemState:
    state = view.record.items.get(item)
    if state is None:
        raise NotFound("No such item", item, "List them: desk item list")
    return state


def find(view: View, item: str, digest: str = "") -> tuple[ItemState, RevisionState]:
    """An item and one revision of it (the newest, or by a digest's beginning). Raises NotFound."""
    state = _state(view, item)
    if not digest:
        return state, state.current
    found = [r for r in state.revisions.values() if r.digest.startswith(digest)]
    if len(found) != 1:
        raise NotFound("No such revision", f"{item}, {digest[:16]}")
    return state, found[0]


def load(view: View, actor: Actor, item: str, digest: str = "") -> dict[str, Any]:
    """Open the content of a revision and check it against the signed digest.

    Raises Refused for who may not read it, TrustError when bytes are not those signed.
    """
    state, revision = find(view, item, digest)
    data = open_part(view, actor, item, revision, "content")
    if digest_bytes(data) != revision.content:
        raise TrustError(
            "Not the signed bytes", phrase("{item} rev {number}", item=item, number=revision.number)
        )
    document: dict[str, Any] = parse(data)
    # The act's kind gives the chain, the text's kind is what the public reads: they are the same.
    signed = {"item": state.id, "language": state.language, "kind": state.kind,
              "agency": state.agency}  # fmt: skip
    if any(document.get(name) != value for name, value in signed.items()):
        raise TrustError(
            "The text is not of that item",
            phrase("{item} rev {number}", item=item, number=revision.number),
        )
    return document


def open_part(view: View, actor: Actor, item: str, revision: RevisionState, part: str) -> bytes:
    """One sealed part of a revision, opened by that actor."""
    name = name_of(view, item, revision.id)
    key = sealed.key_for(view.connection, name, actor.opener)
    return sealed.get(view.connection, key, part)


def asset(view: View, actor: Actor, item: str, digest: str, asset_id: str) -> bytes:
    """The bytes of one asset, checked against the digest in the signed content."""
    document = load(view, actor, item, digest)
    entry = next((a for a in document["assets"] if a["id"] == asset_id), None)
    if entry is None:
        raise NotFound("No such asset", asset_id)
    _, revision = find(view, item, digest)
    data = open_part(view, actor, item, revision, content.asset_part(asset_id))
    if digest_bytes(data) != entry["sha256"]:
        raise TrustError(
            "Not the signed bytes", phrase("{item}, asset {id}", item=item, id=entry["id"])
        )
    return data


def counterparts(view: View, actor: Actor, item: str, message: str) -> list[dict[str, Any]]:
    """The newest contents of the same message in other languages, as far as one may read them."""
    if not message:
        return []
    ids = view.connection.scalars(
        select(ITEMS.c.id).where(ITEMS.c.message == message, ITEMS.c.id != item)
    )
    found = []
    for other in sorted(ids):
        with_other = view.with_subjects(other)
        found.append(load(with_other, actor, other))
    return found


def check(
    view: View, actor: Actor, document: dict[str, Any], decided: tuple[Kept, ...] = ()
) -> tuple[GateResult, ...]:
    """Run the gates that the policy names for the document's kind.

    `decided` are the decisions about findings of its terminology.
    """
    from desk import gates

    policy = view.policy.kinds[document["kind"]]
    others = counterparts(view, actor, document["item"], document.get("message", ""))
    given = gates.GateInput(
        content=document, kind_policy=policy, counterparts=tuple(others),
        limits=limits_of(policy), terms=terms_of(view, document["kind"], decided),
    )  # fmt: skip
    return tuple(gates.run(policy["gates"], given))


def terms_of(view: View, kind: str, decided: tuple[Kept, ...] = ()) -> Terms | None:
    """What the terminology of an item of that kind is judged by; None where no gate asks."""
    if "terms" not in view.policy.kinds[kind]["gates"]:
        return None
    from desk.items.terminology import in_force

    return in_force(view, decided)


def limits_of(kind: Mapping[str, Any]) -> Limits:
    """The lengths that the adopted policy allows a kind; it may leave any of them out."""
    from desk.gates import Limits

    usual = Limits()
    given: Mapping[str, Sequence[int]] = kind.get("limits", {})
    _, headline = given.get("headline", (1, usual.headline))
    summary = given.get("summary", (usual.summary_least, usual.summary_most))
    body = given.get("body", (usual.body_least, usual.body_most))
    return Limits(headline, *summary, *body)


def submit(
    room: Room, actor: Actor, item: str, *, notes: str = "", version: int | None = None
) -> Submitted:
    """Make a sealed, signed revision of the actor's draft and hand it to the first step.

    Raises Refused when a gate fails, Conflict when a newer revision came in between, or when
    `version` is not the stored draft's.
    """
    from desk.items import drafts

    with room.acting(item) as tx:
        room.require_person(tx, actor)
        draft, draft_key = drafts.load(tx, actor, item)
        if version is not None and version != draft.version:
            raise drafts.saved_elsewhere(version, draft.version)
        state = tx.record.items.get(item)
        number = state.current.number + 1 if state else 1
        document, data, digest = content.finished(
            correction.bound(_current_source(tx, draft.document), state, number)
        )
        _refuse_silent_correction(document, state, number)
        decisions = kept.of_draft(tx, draft_key)
        results = check(tx, actor, document, decisions)
        merge.refuse_unresolved(document)
        refuse_bad_body(document["body"])
        refuse_failed(results)
        refuse_unanswered(results, item)
        revision_id = new_revision()
        notes_data = kept.notes_document(content.cleaned(notes), in_use(results, decisions))
        act = tx.append(
            "item.revise",
            item,
            {
                "revision": revision_id,
                "number": number,
                "parent": draft.base or None,
                "language": document["language"],
                "message": document.get("message"),
                "item_kind": document["kind"],
                "agency": document["agency"],
                "code": draft.code or None if state is None else None,
                "content": digest,
                "notes": digest_bytes(notes_data) if notes_data else None,
            },
            actor,
        )
        parts = {"content": data}
        if notes_data:
            parts["notes"] = notes_data
        for entry in document["assets"]:
            part = content.asset_part(entry["id"])
            parts[part] = sealed.get(tx.connection, draft_key, part)
            if digest_bytes(parts[part]) != entry["sha256"]:
                raise TrustError("An asset changed under its name", str(entry["name"]))
        key = SealKey.fresh(name_of(tx, item, revision_id))
        who = readers(tx, state, document["kind"], document["agency"], actor.id)
        sealed.put(tx.connection, key, parts, who)
        drafts.remove(tx.connection, tx, draft)
    return Submitted(item, number, act.digest, digest, results)


def _current_source(view: View, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document, bound to what it translates as that is now: submitting says it still fits."""
    translates = document.get("translates")
    if not translates:
        return document
    source = view.with_subjects(translates["item"]).record.items.get(translates["item"])
    if source is None:
        return document
    return {**document, "translates": {**translates, "content": source.current.content}}


def _refuse_silent_correction(
    document: Mapping[str, Any], state: ItemState | None, number: int
) -> None:
    if reasons := correction.problems(document, state, number):
        raise Refused("A correction tells its readers so", reasons, correction.NOTE_HINT)


def refuse_bad_body(body: str) -> None:
    """Raw HTML, refused links and the like never enter a revision, whatever gates a kind has."""
    from desk.items.body import parse as parse_body

    reasons = [
        because(
            f"body {problem.code}",
            "line {line}: {message}",
            line=problem.line,
            message=both(problem.message, problem.message_vi),
        )
        for problem in parse_body(body).problems
        if problem.severity == "error"
    ]
    if reasons:
        raise Refused("The body cannot be used", reasons, "Mend what is named, then submit again.")


def refuse_failed(results: Sequence[GateResult]) -> None:
    """Raise Refused with what failed, apart from gates that cannot hold yet."""
    reasons = [
        Reason(f"gate {result.id}", both(finding.message, finding.message_vi))
        for result in results
        if result.outcome == "fail" and result.id not in LATER_GATES
        for finding in result.findings
        if finding.severity == "error"
    ]
    if reasons:
        raise Refused("The item is not ready", reasons, "Mend what is named, then submit again.")


def in_use(results: Sequence[GateResult], decisions: Sequence[Kept]) -> list[Kept]:
    """The decisions that a gate still found a use for; the others are void."""
    used = {found.kept for result in results for found in result.findings}
    return [one for one in decisions if one.digest in used]


def unanswered(results: Sequence[GateResult]) -> list[Finding]:
    """Warnings of the terminology that nobody has answered: mended, or kept with a reason."""
    return [
        found
        for result in results
        if result.id == "terms"
        for found in result.findings
        if found.severity == "warning" and not found.kept
    ]


def refuse_unanswered(results: Sequence[GateResult], item: str) -> None:
    """Raise Refused while a warning of the terminology has no answer."""
    reasons = [
        Reason("gate terms", both(found.message, found.message_vi)) for found in unanswered(results)
    ]
    if reasons:
        hint = phrase("Mend them, or say why they stay: desk item ack {item}", item=item)
        raise Refused("Warnings need an answer", reasons, hint)


@dataclass(frozen=True)
class ItemView:
    """An item as lists show it. `state`: draft, submitted, approved, returned, released, …"""

    id: str
    code: str
    language: str
    kind: str
    agency: str
    message: str
    number: int
    state: str
    waiting_for: str
    public: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


def listing(
    room: Room, *, agency: str = "", kind: str = "", state: str = "", limit: int = 200
) -> list[ItemView]:
    """Submitted items, newest ids last, filtered by plain fields."""
    query = select(ITEMS)
    for column, wanted in (("agency", agency), ("kind", kind), ("state", state)):
        if wanted:
            query = query.where(ITEMS.c[column] == wanted)
    with room.store.read() as connection:
        rows = connection.execute(query.order_by(ITEMS.c.id).limit(limit)).all()
    names = ItemView.__dataclass_fields__
    return [ItemView(**{name: getattr(row, name) for name in names}) for row in rows]


def progress(view: View, item: str, digest: str = "") -> tuple[StepState, ...]:
    """The steps of the item's chain for a revision, with who did or could do each."""
    state, revision = find(view, item, digest)
    return steps_of(view.record, state, revision)

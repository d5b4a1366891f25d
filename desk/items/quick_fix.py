"""Quick fix: a slip mended minutes before the release, approved once instead of by the whole chain.

At most 40 characters of one field, no figures, names or document numbers (`is_quick_fix`). The
revision says that it is one; who approves it at the chain's last step is shown the difference,
and his own process makes sure that there is no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.errors import Reason, Refused, TrustError
from desk.items import content, drafts, kept, revisions
from desk.items.diff import diff_content, is_quick_fix, render
from desk.locales.words import said
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.phrase import phrase
from desk.store import sealed
from desk.trust.approval import QUICK_FIX_GATE, judge_revision, steps_of
from desk.trust.canonical import digest, digest_bytes
from desk.trust.ids import new_revision
from desk.trust.seal import SealKey
from desk.trust.state import ItemState, RevisionState

VERSION = 1
WHOLE_CHAIN = "Write it as a new revision: desk item edit ITEM, then desk item submit ITEM"


@dataclass(frozen=True)
class QuickFix:
    """The mended revision: its act, the step that is left, who can take it, and what changed.

    `releases`: those that hold the item and are announced; they are signed anew.
    """

    item: str
    number: int
    digest: str
    step: str
    who: tuple[str, ...]
    diff: tuple[str, ...]
    releases: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "who": list(self.who), "diff": list(self.diff),
                "releases": list(self.releases)}  # fmt: skip


def mend(room: Room, actor: Actor, item: str, changes: Mapping[str, Any]) -> QuickFix:
    """Make a quick fix of the newest revision, which passed its whole chain.

    Raises Refused with the rule (too much changed, not approved, public, too late, nobody left to
    approve it), UsageError for a field, NotFound.
    """
    from desk.releases.deadline import must_be_changeable, near_releases

    with room.acting(item) as tx:
        state, base = revisions.find(tx, item)
        drafts.may_write(room, tx, actor, state.kind, state.agency, state.language)
        _must_be_approved(tx, state, base)
        near = near_releases(tx, item)
        for name in near[:1]:
            must_be_changeable(room, tx.record.releases[name].at, phrase("mend an item"))
        old = revisions.load(tx, actor, item)
        document, data, of_content = content.finished(content.changed(old, changes))
        _must_be_small(old, document)
        decisions = kept.of_revision(tx, actor, item, base)
        results = revisions.check(tx, actor, document, decisions)
        revisions.refuse_bad_body(document["body"])
        revisions.refuse_failed(results)
        notes = kept.notes_document("", revisions.in_use(results, decisions))
        made = _submit(tx, actor, state, base, document, data, of_content, notes)
        step, who = _left(tx, item, made)
        lines = tuple(render(diff_content(old, document)))
        number = state.revisions[made].number
    return QuickFix(item, number, made, step, who, lines, tuple(near))


def _must_be_approved(tx: View, state: ItemState, base: RevisionState) -> None:
    if base.released_in:
        text = phrase("revision {number} is public", number=base.number)
        raise Refused("That is a correction", [Reason(QUICK_FIX_GATE, text)], WHOLE_CHAIN)
    if reasons := judge_revision(tx.record, state.id, base.digest):
        raise Refused("Only an approved text takes a quick fix", reasons, WHOLE_CHAIN)


def _must_be_small(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    small, why = is_quick_fix(old, new)
    if not small:
        raise Refused("This is not a quick fix", [Reason(QUICK_FIX_GATE, why)], WHOLE_CHAIN)


def _submit(
    tx: Transaction, actor: Actor, state: ItemState, base: RevisionState,
    document: Mapping[str, Any], data: bytes, of_content: str, notes: bytes | None,
) -> str:  # fmt: skip
    """Append the act and seal the text with the assets of the revision below. The act's digest."""
    revision_id = new_revision()
    fields = {
        "revision": revision_id,
        "number": base.number + 1,
        "parent": base.digest,
        "language": state.language,
        "message": state.message or None,
        "item_kind": state.kind,
        "agency": state.agency,
        "content": of_content,
        "notes": digest_bytes(notes) if notes else None,
        "quick_fix": True,
    }
    act = tx.append("item.revise", state.id, fields, actor)
    parts = {"content": data} | ({"notes": notes} if notes else {})
    for entry in document["assets"]:
        part = content.asset_part(entry["id"])
        parts[part] = revisions.open_part(tx, actor, state.id, base, part)
        if digest_bytes(parts[part]) != entry["sha256"]:
            raise TrustError("An asset changed under its name", str(entry["name"]))
    key = SealKey.fresh(revisions.name_of(tx, state.id, revision_id))
    who = revisions.readers(tx, state, state.kind, state.agency, actor.id)
    sealed.put(tx.connection, key, parts, who)
    return act.digest


def _left(tx: View, item: str, made: str) -> tuple[str, tuple[str, ...]]:
    """The one step that is left and who can take it. Raises Refused when the chain has a gap."""
    state, revision = revisions.find(tx, item, made)
    steps = steps_of(tx.record, state, revision)
    gaps = [step.step for step in steps[:-1] if step.approval is None]
    if gaps:
        text = phrase(
            "whoever mends a text may not have approved it ({names})", names=", ".join(gaps)
        )
        raise Refused("You approved this text", [Reason("author-approves", text)], WHOLE_CHAIN)
    if not steps[-1].who:
        text = phrase("nobody is left for step {step}", step=said("step", steps[-1].step))
        raise Refused("Nobody could approve it", [Reason("chain", text)], WHOLE_CHAIN)
    return steps[-1].step, steps[-1].who


def gate(
    view: View, actor: Actor, item: str, revision: RevisionState, document: Mapping[str, Any]
) -> dict[str, Any]:
    """The gate `quick-fix` of an approval, worked out by the approver from the two signed texts.

    Raises Refused when more than a slip changed, whatever the revision says of itself.
    """
    old = revisions.load(view, actor, item, revision.parent)
    _must_be_small(old, document)
    _, below = revisions.find(view, item, revision.parent)
    seen = {"gate": QUICK_FIX_GATE, "version": VERSION, "old": below.content,
            "new": revision.content}  # fmt: skip
    return {"id": QUICK_FIX_GATE, "version": VERSION, "outcome": "pass", "input": digest(seen)}


def difference(room: Room, actor: Actor, item: str, of: str = "") -> tuple[str, ...]:
    """What a quick fix changed, as lines for a terminal; empty when it is none."""
    with room.reading(item) as view:
        _, revision = revisions.find(view, item, of)
        if not revision.quick_fix:
            return ()
        old = revisions.load(view, actor, item, revision.parent)
        new = revisions.load(view, actor, item, revision.digest)
    return tuple(render(diff_content(old, new)))

"""Kept findings: what somebody decided about one finding of the terminology checker in one text.

A decision names the field, the entry, the place and the digest of the paragraph there, and says
why and by whom. It lies sealed with the draft, then in the signed notes of the revision; a change
of the paragraph voids it. Approvers are shown each, and sign that they have seen it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from desk.errors import Refused, TrustError
from desk.phrase import phrase
from desk.store import sealed
from desk.terms.ignores import Ignore
from desk.trust.canonical import canonical, digest, digest_bytes, parse
from desk.trust.ids import new_salt
from desk.trust.seal import Name, Reader, SealKey

if TYPE_CHECKING:
    from desk.newsroom.room import Actor, View
    from desk.trust.state import RevisionState

PART: Final = "kept"
"""The sealed part of a draft that holds its decisions."""
MOST: Final = 500
"""Decisions of one text; an approval names at most as many."""


@dataclass(frozen=True)
class Kept:
    """One decision: the field it is about (`body`, `assets:ID:alt`), and what was decided.

    The salt keeps its digest, which approvals show in clear, from giving the text away.
    """

    field: str
    ignore: Ignore
    salt: str

    @property
    def document(self) -> dict[str, Any]:
        """The decision as plain values with a canonical form."""
        return {"field": self.field, "salt": self.salt, **self.ignore.as_json()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: what an approval names as acknowledged."""
        return digest(self.document)


def decide(field: str, ignore: Ignore) -> Kept:
    """A decision about a field, with a fresh salt."""
    return Kept(field, ignore, new_salt())


def read(value: Mapping[str, Any]) -> Kept:
    """A decision from its document. Raises TrustError for another shape."""
    given = dict(value)
    try:
        field, salt = str(given.pop("field")), str(given.pop("salt"))
        expires = given.pop("expires", None)
        ignore = Ignore(**given, expires=date.fromisoformat(expires) if expires else None)
    except (KeyError, TypeError, ValueError):
        raise TrustError("A decision about a finding cannot be read") from None
    return Kept(field, ignore, salt)


def of_draft(view: View, key: SealKey) -> tuple[Kept, ...]:
    """The decisions that lie with a draft."""
    if PART not in sealed.parts(view.connection, key.name):
        return ()
    return _listed(parse(sealed.get(view.connection, key, PART)))


def keep_in_draft(view: View, key: SealKey, decisions: Iterable[Kept]) -> None:
    """Put the decisions of a draft in place of those before, inside a write transaction."""
    listed = [one.document for one in decisions][:MOST]
    if listed or PART in sealed.parts(view.connection, key.name):
        data = canonical({"format": 1, PART: listed})
        sealed.put_part(view.connection, key, PART, data)


def notes_document(notes: str, decisions: Sequence[Kept]) -> bytes | None:
    """The internal notes of a revision with its decisions, as they are signed; None: nothing."""
    if not notes and not decisions:
        return None
    value: dict[str, Any] = {"format": 1, "notes": notes, "salt": new_salt()}
    if decisions:
        value[PART] = [one.document for one in decisions]
    return canonical(value)


def of_revision(view: View, actor: Actor, item: str, revision: RevisionState) -> tuple[Kept, ...]:
    """The decisions signed with a revision, opened by one of its readers.

    Raises Refused for who may not read it, TrustError when they are not those signed.
    """
    return _listed(_notes(view, actor, item, revision))


def notes_of(view: View, actor: Actor, item: str, revision: RevisionState) -> str:
    """The author's notes to the approvers, "" for none. Raises as `of_revision`."""
    return str(_notes(view, actor, item, revision).get("notes", ""))


def _notes(view: View, actor: Actor, item: str, revision: RevisionState) -> Mapping[str, Any]:
    if not revision.notes:
        return {}
    from desk.items import revisions

    data = revisions.open_part(view, actor, item, revision, "notes")
    if digest_bytes(data) != revision.notes:
        what = phrase("{item} rev {number}", item=item, number=revision.number)
        raise TrustError("Not the signed notes", what)
    found: Mapping[str, Any] = parse(data)
    return found


def _listed(document: Mapping[str, Any]) -> tuple[Kept, ...]:
    return tuple(read(one) for one in document.get(PART, ()))


def acknowledged(view: View, actor: Actor, item: str, digests: Iterable[str]) -> tuple[Kept, ...]:
    """The decisions that approvers took themselves, of those that their approvals name."""
    found = []
    for one in digests:
        try:
            key = sealed.key_for(view.connection, note_name(view, item, one), actor.opener)
        except Refused:
            continue  # the author's: it lies with the revision
        decision = read(parse(sealed.get(view.connection, key, PART)))
        if decision.digest != one:
            raise TrustError("Not what an approver acknowledged", item)
        found.append(decision)
    return tuple(found)


def seal_own(view: View, item: str, decision: Kept, readers: Iterable[Reader]) -> None:
    """Seal an approver's own decision for the readers of the revision."""
    key = SealKey.fresh(note_name(view, item, decision.digest))
    sealed.put(view.connection, key, {PART: canonical(decision.document)}, readers)


def note_name(view: View, item: str, of: str) -> Name:
    """What the seal of an approver's own decision is bound to."""
    return Name(view.record.newsroom, "note", item, of)

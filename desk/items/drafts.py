"""Drafts: one sealed, autosaved piece of work per author and item, until it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from desk.errors import Conflict, NotFound, Refused, UsageError, because
from desk.items import content, correction, kept, revisions
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.store import sealed
from desk.text import nfc
from desk.trust.canonical import canonical, parse
from desk.trust.ids import new_asset, new_item, new_message
from desk.trust.seal import Name, Reader, SealKey
from models.tables import DRAFTS


@dataclass(frozen=True)
class Draft:
    """One author's draft: its document (no salt), the revision it began from, the lock."""

    item: str
    author: str
    base: str
    version: int
    saved: str
    document: Mapping[str, Any]
    code: str = ""
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """The draft as plain values."""
        return {
            "item": self.item,
            "author": self.author,
            "base": self.base,
            "version": self.version,
            "saved": self.saved,
            "code": self.code,
            "message": self.message,
            "document": dict(self.document),
        }


def name_of(view: View, item: str, author: str) -> Name:
    """What a draft's seal is bound to."""
    return Name(view.record.newsroom, "draft", item, f"{item}:{author}")


def _readers(view: View, room: Room, actor: Actor) -> list[Reader]:
    room.require_person(view, actor)
    recovery = [Reader("recovery", view.roster.recovery)] if view.roster.recovery else []
    return [Reader(actor.id, actor.identity.read_public), *recovery]


def new(
    room: Room,
    actor: Actor,
    *,
    kind: str,
    agency: str,
    language: str,
    code: str = "",
    message: str = "",
    translates: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Draft:
    """Begin an item. With `translates` (an item id) it becomes that item's other language.

    Raises Refused (role, kind), UsageError (fields), NotFound.
    """
    related = [translates] if translates else []
    with room.reading(*related) as view:
        may_write(room, view, actor, kind, agency, language)
        if translates:
            source = view.record.items.get(translates)
            if source is None:
                raise NotFound("No such item", translates, "List them: desk item list")
            if source.language == language:
                raise UsageError("A translation is in another language", language)
            message, code = source.message, code or source.code
            if (source.kind, source.agency) != (kind, agency):
                raise UsageError("A translation keeps kind and agency of its source")
            original = {"item": source.id, "content": source.current.content}
    item = new_item()
    document = content.blank(
        item=item, kind=kind, agency=agency, language=language, message=message or new_message()
    )
    if translates:
        document["translates"] = original
    document = content.changed(document, changes or {})
    with room.store.write() as connection:
        draft = Draft(
            item, actor.id, "", 1, room.instant(), document, nfc(code), document["message"]
        )
        key = SealKey.fresh(name_of(view, item, actor.id))
        sealed.put(connection, key, {"content": canonical(document)}, _readers(view, room, actor))
        connection.execute(insert(DRAFTS).values(**_row(draft)))
    return draft


def may_write(room: Room, view: View, actor: Actor, kind: str, agency: str, language: str) -> None:
    """Raise UsageError or Refused unless the actor may write such an item."""
    room.require_person(view, actor)
    policy = view.policy.document
    if kind not in policy["kinds"]:
        raise UsageError(
            "Unknown kind", kind, phrase("Kinds: {names}", names=", ".join(sorted(policy["kinds"])))
        )
    if agency not in policy["agencies"]:
        raise UsageError(
            "Unknown agency",
            agency,
            phrase("Agencies: {names}", names=", ".join(sorted(policy["agencies"]))),
        )
    if language not in policy["kinds"][kind]["languages"]:
        allowed = ", ".join(policy["kinds"][kind]["languages"])
        raise UsageError("That kind is not written in this language", language, allowed)
    if not view.record.holds_role(actor.id, "author", agency, view.time):
        authors = view.roster.holders("author", agency)
        told = "{person} is not an author of {agency}"
        why = because("role", told, person=actor.id, agency=agency, who=authors)
        raise Refused("You do not write for this agency", [why])


def _row(draft: Draft) -> dict[str, Any]:
    document = draft.document
    return {
        "item": draft.item,
        "author": draft.author,
        "base": draft.base,
        "version": draft.version,
        "language": document["language"],
        "kind": document["kind"],
        "agency": document["agency"],
        "message": draft.message,
        "code": draft.code,
        "saved": draft.saved,
    }


def edit(room: Room, actor: Actor, item: str) -> Draft:
    """The actor's draft of an item; begun from the newest revision when there is none yet."""
    with room.reading(item) as view:
        if found := _load(view, actor, item):
            return found[0]
        state = view.record.items.get(item)
        if state is None:
            raise NotFound("No such item", item, "List them: desk item list")
        may_write(room, view, actor, state.kind, state.agency, state.language)
        revision = revisions.load(view, actor, item, state.latest)
        assets = {
            content.asset_part(a["id"]): revisions.asset(view, actor, item, state.latest, a["id"])
            for a in revision["assets"]
        }
        decisions = kept.of_revision(view, actor, item, state.current)
        readers = _readers(view, room, actor)
    document = {k: v for k, v in revision.items() if k != "salt"}
    if state.current.released_in:
        document = correction.begun(document)
    document = correction.bound(document, state, state.current.number + 1)
    draft = Draft(
        item, actor.id, state.latest, 1, room.instant(), document, state.code, state.message
    )
    with room.store.write() as connection:
        key = SealKey.fresh(name_of(view, item, actor.id))
        sealed.put(connection, key, {"content": canonical(document), **assets}, readers)
        kept.keep_in_draft(View(connection, view.record), key, decisions)
        connection.execute(insert(DRAFTS).values(**_row(draft)))
    return draft


def _load(view: View, actor: Actor, item: str) -> tuple[Draft, SealKey] | None:
    row = view.connection.execute(
        select(DRAFTS).where(DRAFTS.c.item == item, DRAFTS.c.author == actor.id)
    ).first()
    if row is None:
        return None
    key = sealed.key_for(view.connection, name_of(view, item, actor.id), actor.opener)
    document = parse(sealed.get(view.connection, key, "content"))
    draft = Draft(item, actor.id, row.base, row.version, row.saved, document, row.code, row.message)
    return draft, key


def load(view: View, actor: Actor, item: str) -> tuple[Draft, SealKey]:
    """The actor's draft and its key. Raises NotFound."""
    found = _load(view, actor, item)
    if found is None:
        raise NotFound(
            "You have no draft of this item",
            item,
            phrase("Begin one: desk item edit {item}", item=item),
        )
    return found


def save(
    room: Room, actor: Actor, item: str, changes: Mapping[str, Any], *, version: int | None = None
) -> Draft:
    """Store changes to the free fields. Raises Conflict when `version` is not the stored one."""
    with room.store.write() as connection:
        view = view_in(room, connection, item)
        draft, key = load(view, actor, item)
        document = content.changed(draft.document, changes)
        return put(room, connection, draft, document, key, version)


def view_in(room: Room, connection: Connection, item: str) -> View:
    """A view of the item inside a write transaction that is open already."""
    return View(connection, room.record_about(connection, item))


def put(
    room: Room,
    connection: Connection,
    draft: Draft,
    document: Mapping[str, Any],
    key: SealKey,
    version: int | None,
    base: str | None = None,
) -> Draft:
    """Store the draft's document, inside a write transaction; `base` when it rests on another.

    Raises Conflict when `version` is not the stored one.
    """
    seen = draft.version if version is None else version
    result = connection.execute(
        update(DRAFTS)
        .where(
            DRAFTS.c.item == draft.item,
            DRAFTS.c.author == draft.author,
            DRAFTS.c.version == seen,
        )
        .values(version=seen + 1, saved=room.instant(), base=draft.base if base is None else base)
    )
    if result.rowcount != 1:
        raise saved_elsewhere(seen, draft.version)
    sealed.put_part(connection, key, "content", canonical(dict(document)))
    return Draft(
        draft.item, draft.author, draft.base if base is None else base, seen + 1, room.instant(),
        document, draft.code, draft.message,
    )  # fmt: skip


def saved_elsewhere(seen: int, stored: int) -> Conflict:
    """What to raise when another desk of the same author has saved the draft."""
    return Conflict(
        "This draft was saved elsewhere meanwhile",
        phrase("you saw version {seen}, the stored one is {stored}", seen=seen, stored=stored),
        "Nothing was overwritten. Open it again and bring your changes over.",
    )


def attach(
    room: Room,
    actor: Actor,
    item: str,
    path: Path,
    *,
    role: str,
    alt: str,
    caption: str = "",
    version: int | None = None,
) -> Draft:
    """Add a file to the draft: type by content, size by role, name made harmless.

    Raises UsageError for a file that is not what its role wants, Conflict when `version` is not
    the stored one.
    """
    from desk.items.assets import inspect_file, safe_name

    facts, data = inspect_file(path, role)
    entry = {
        "id": new_asset(),
        "name": safe_name(path.name),
        "media_type": facts.media_type,
        "size": facts.size,
        "sha256": facts.sha256,
        "role": role,
        "alt": nfc(alt),
    }
    if caption:
        entry["caption"] = nfc(caption)
    with room.store.write() as connection:
        view = view_in(room, connection, item)
        draft, key = load(view, actor, item)
        if any(a["name"] == entry["name"] for a in draft.document["assets"]):
            raise Conflict("A file of that name is attached already", str(entry["name"]))
        document = {**draft.document, "assets": [*draft.document["assets"], entry]}
        sealed.put_part(connection, key, content.asset_part(str(entry["id"])), data)
        return put(room, connection, draft, document, key, version)


def detach(
    room: Room, actor: Actor, item: str, asset_id: str, *, version: int | None = None
) -> Draft:
    """Take a file off the draft. Raises NotFound, Conflict when `version` is not the stored one."""
    with room.store.write() as connection:
        view = view_in(room, connection, item)
        draft, key = load(view, actor, item)
        kept = [a for a in draft.document["assets"] if a["id"] != asset_id]
        if len(kept) == len(draft.document["assets"]):
            raise NotFound("No such asset", asset_id)
        sealed.remove_part(connection, key.name, content.asset_part(asset_id))
        document = {**draft.document, "assets": kept}
        return put(room, connection, draft, document, key, version)


def discard(room: Room, actor: Actor, item: str) -> None:
    """Throw the draft away. Its sealed bytes are deleted."""
    with room.store.write() as connection:
        view = view_in(room, connection, item)
        draft, _ = load(view, actor, item)
        remove(connection, view, draft)


def remove(connection: Connection, view: View, draft: Draft) -> None:
    """Delete a draft's row and sealed bytes, inside a write transaction."""
    sealed.drop(connection, name_of(view, draft.item, draft.author))
    connection.execute(
        delete(DRAFTS).where(DRAFTS.c.item == draft.item, DRAFTS.c.author == draft.author)
    )


def mine(connection: Connection, author: str) -> list[Any]:
    """Rows of an author's drafts: item, version, language, kind, agency, code, saved."""
    return list(connection.execute(select(DRAFTS).where(DRAFTS.c.author == author)))


def open_by(connection: Connection, item: str) -> list[str]:
    """Who has a draft of this item now."""
    return sorted(connection.scalars(select(DRAFTS.c.author).where(DRAFTS.c.item == item)))


def base_of(connection: Connection, item: str, author: str) -> str | None:
    """The digest of the revision that the author's draft rests on ("" for none); None: no draft."""
    return connection.scalars(
        select(DRAFTS.c.base).where(DRAFTS.c.item == item, DRAFTS.c.author == author)
    ).first()

"""Settling: a draft that two desks changed, or that a newer revision overtook, and its one answer.

Whatever gives way is kept: the words that were not taken stay sealed in the draft until it is
settled again or submitted, and can be had back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from desk.errors import Conflict, NotFound
from desk.items import content, correction, drafts, revisions
from desk.items.drafts import Draft
from desk.items.merge import Merged, merge
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.store import sealed
from desk.trust.canonical import canonical, parse
from desk.trust.seal import SealKey

Keep = Literal["mine", "theirs", "both"]
BEFORE = "before"  # the sealed part that holds the words that gave way


@dataclass(frozen=True)
class Overtaken:
    """A draft and the newer revision that somebody submitted meanwhile.

    Documents carry no salt. `by` signed revision `number`, whose act's digest is `onto`.
    """

    draft: Draft
    base: Mapping[str, Any]
    theirs: Mapping[str, Any]
    number: int
    by: str
    onto: str

    @property
    def merged(self) -> Merged:
        """Both brought together."""
        return merge(self.base, self.draft.document, self.theirs)


def overtaken(view: View, actor: Actor, item: str) -> Overtaken | None:
    """The newer revision that the actor's draft does not rest on; None when it rests on the newest.

    Raises NotFound without a draft, Refused for who may not read the revision.
    """
    draft, _key = drafts.load(view, actor, item)
    state = view.record.items.get(item)
    if state is None or draft.base == state.latest:
        return None
    base: Mapping[str, Any] = {}
    if draft.base:
        base = _unsalted(revisions.load(view, actor, item, draft.base))
    theirs = _unsalted(revisions.load(view, actor, item, state.latest))
    newest = state.current
    return Overtaken(draft, base, theirs, newest.number, newest.author, state.latest)


def _unsalted(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "salt"}


def rebase(room: Room, actor: Actor, item: str, keep: Keep) -> Draft:
    """Put the actor's draft on the newest revision, keeping their words, the other's, or both.

    Raises Conflict when there is nothing to settle.
    """
    with room.reading(item) as view:
        found = overtaken(view, actor, item)
    if found is None:
        raise Conflict(
            "Nothing to settle",
            phrase("your draft of {item} rests on the newest revision", item=item),
        )
    chosen: Mapping[str, Any] = found.draft.document
    if keep == "theirs":
        chosen = found.theirs
    elif keep == "both":
        chosen = found.merged.document
    return settle(
        room, actor, item, chosen, version=found.draft.version, onto=found.onto,
        before=found.draft.document,
    )  # fmt: skip


def settle(
    room: Room,
    actor: Actor,
    item: str,
    document: Mapping[str, Any],
    *,
    version: int,
    onto: str = "",
    before: Mapping[str, Any] | None = None,
) -> Draft:
    """Store the settled text: its free fields, and of its assets those whose bytes are at hand.

    `onto` is the digest of the newest revision when the draft is to rest on it; `before` is kept
    as the words that gave way. Raises Conflict when either has changed again.
    """
    free = {name: document.get(name) for name in content.FREE_FIELDS if name in document}
    with room.store.write() as connection:
        view = drafts.view_in(room, connection, item)
        draft, key = drafts.load(view, actor, item)
        gone = {name: None for name in content.FREE_FIELDS
                if name in draft.document and name not in document}  # fmt: skip
        result = content.changed(draft.document, _plain(free))
        result = {name: value for name, value in result.items() if name not in gone}
        state = view.record.items.get(item)
        if onto:
            if state is None or state.latest != onto:
                raise Conflict("Somebody submitted again meanwhile", item, "Look at it once more.")
            result["assets"] = _with_bytes(view, actor, key, document, onto)
            result = correction.bound(result, state, state.current.number + 1)
        if before is not None:
            sealed.put_part(connection, key, BEFORE, canonical(dict(before)))
        return drafts.put(room, connection, draft, result, key, version, onto or None)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in fields.items() if value is not None}  # fmt: skip


def _with_bytes(
    view: View, actor: Actor, key: SealKey, document: Mapping[str, Any], onto: str
) -> list[Any]:
    """The document's assets; bytes that only the newest revision has come into the draft."""
    here = set(sealed.parts(view.connection, key.name))
    theirs = {a["id"] for a in revisions.load(view, actor, key.name.subject, onto)["assets"]}
    found = []
    for entry in document.get("assets", ()):
        part = content.asset_part(entry["id"])
        if part not in here:
            if entry["id"] not in theirs:
                continue
            data = revisions.asset(view, actor, key.name.subject, onto, entry["id"])
            sealed.put_part(view.connection, key, part, data)
        found.append(entry)
    return found


def files_of_both(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Any]:
    """The files of both documents: mine, then those that only the other one has."""
    own = list(mine.get("assets", ()))
    known = {one["id"] for one in own}
    return own + [one for one in theirs.get("assets", ()) if one["id"] not in known]


def before(view: View, actor: Actor, item: str) -> Mapping[str, Any]:
    """The words that gave way when the draft was last settled. Raises NotFound."""
    _draft, key = drafts.load(view, actor, item)
    if BEFORE not in sealed.parts(view.connection, key.name):
        raise NotFound("Nothing gave way", item, "No draft of yours of it was settled")
    document: Mapping[str, Any] = parse(sealed.get(view.connection, key, BEFORE))
    return document


def has_before(view: View, actor: Actor, item: str) -> bool:
    """Whether words of the actor's draft gave way and are kept."""
    return BEFORE in sealed.parts(view.connection, drafts.name_of(view, item, actor.id))


def reset(room: Room, actor: Actor, item: str) -> Draft:
    """Give the draft the text of the newest revision; its own words are kept as those before.

    An item without a revision becomes empty. Raises NotFound, Refused.
    """
    with room.reading(item) as view:
        draft, _key = drafts.load(view, actor, item)
        state = view.record.items.get(item)
        document: Mapping[str, Any] = dict.fromkeys(content.TEXT_FIELDS, "")
        if state is not None:
            document = _unsalted(revisions.load(view, actor, item, state.latest))
        onto = state.latest if state else ""
    return settle(
        room, actor, item, document, version=draft.version, onto=onto, before=draft.document
    )


def put_back(room: Room, actor: Actor, item: str) -> Draft:
    """Exchange the draft's text with the words that gave way. Doing it twice changes nothing."""
    with room.reading(item) as view:
        draft, _key = drafts.load(view, actor, item)
        earlier = before(view, actor, item)
    return settle(room, actor, item, earlier, version=draft.version, before=draft.document)

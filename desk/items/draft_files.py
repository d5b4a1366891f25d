"""The files of a draft: their bytes opened, their role and description changed."""

from __future__ import annotations

from typing import Any

from desk.errors import NotFound, TrustError
from desk.items import content, drafts
from desk.items.assets import inspect
from desk.items.drafts import Draft
from desk.newsroom.room import Actor, Room, View
from desk.store import sealed
from desk.text import nfc
from desk.trust.canonical import digest_bytes


def data_of(view: View, actor: Actor, item: str, asset_id: str) -> tuple[dict[str, Any], bytes]:
    """The entry and the bytes of one file of the actor's draft. Raises NotFound, TrustError."""
    draft, key = drafts.load(view, actor, item)
    entry = _entry(draft, asset_id)
    data = sealed.get(view.connection, key, content.asset_part(asset_id))
    if digest_bytes(data) != entry["sha256"]:
        raise TrustError("An asset changed under its name", str(entry["name"]))
    return entry, data


def describe(
    room: Room,
    actor: Actor,
    item: str,
    asset_id: str,
    *,
    role: str | None = None,
    alt: str | None = None,
    caption: str | None = None,
    version: int | None = None,
) -> Draft:
    """Change what a file of the draft is for and how it is described; None leaves it.

    Raises NotFound, UsageError for a role that its bytes do not fit, Conflict when `version` is
    not the stored one.
    """
    with room.store.write() as connection:
        view = drafts.view_in(room, connection, item)
        draft, key = drafts.load(view, actor, item)
        entry, data = data_of(view, actor, item, asset_id)
        changed = dict(entry)
        if role is not None and role != entry["role"]:
            inspect(data, role, name=str(entry["name"]))
            changed["role"] = role
        if alt is not None:
            changed["alt"] = nfc(alt).strip()
        if caption is not None:
            changed |= {"caption": nfc(caption).strip()}
        if not changed.get("caption"):
            changed.pop("caption", None)
        kept = [changed if a["id"] == asset_id else a for a in draft.document["assets"]]
        document = {**draft.document, "assets": kept}
        return drafts.put(room, connection, draft, document, key, version)


def _entry(draft: Draft, asset_id: str) -> dict[str, Any]:
    for entry in draft.document["assets"]:
        if entry["id"] == asset_id:
            return dict(entry)
    raise NotFound("No such asset", asset_id)

"""Preview: what the public will get of an item, before it is public; for its readers alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.errors import NotFound, Refused
from desk.items import board, drafts, revisions
from desk.newsroom.room import Actor, View
from desk.trust.judge import release_state

OVER = ("released", "cancelled", "missed", "postponed", "partial")


def newest(view: View, actor: Actor, item: str) -> dict[str, Any]:
    """The actor's draft of an item, or else its newest revision. Raises NotFound, Refused."""
    try:
        return dict(drafts.load(view, actor, item)[0].document)
    except NotFound:
        return revisions.load(view, actor, item)


def texts(view: View, actor: Actor, item: str) -> dict[str, dict[str, Any]]:
    """The documents of the item's message by language, as far as the actor may read them."""
    own = newest(view, actor, item)
    found = {str(own["language"]): own}
    for row in board.of_message(view.connection, str(own.get("message") or ""), actor.id):
        if row.language not in found:
            try:
                found[row.language] = newest(view.with_subjects(row.id), actor, row.id)
            except Refused:  # sealed for others: shown as not there
                continue
    return found


def places(view: View, kind: str) -> list[tuple[str, str]]:
    """Channels and the languages of that kind which each of them carries, in the policy's order."""
    languages = view.policy.kinds.get(kind, {}).get("languages", ())
    return [
        (channel, code)
        for channel, rules in view.policy.channels.items()
        for code in rules["languages"]
        if code in languages
    ]


def instant_of(view: View, item: str) -> str:
    """When the item goes out: the written instant of its next release, or ""."""
    found = [
        release.at
        for id, release in view.record.releases.items()
        if item in release.items and release_state(view.record, id) not in OVER
    ]
    return min(found, default="")


def instants(view: View, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The same for each language, by the item that holds it."""
    return {code: instant_of(view, str(one["item"])) for code, one in documents.items()}

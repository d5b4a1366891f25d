"""Titles: what a release is called for one reader.

What is public has its headline. What is not is opened in memory, checked against its author's
signature, and kept there only; who may not open it gets the release's code name.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from desk.errors import DeskError
from desk.newsroom.room import Actor, View
from desk.releases.search import holds
from desk.store import sealed
from desk.trust import acts
from desk.trust.canonical import digest_bytes, parse
from desk.trust.envelope import Envelope, verify
from desk.trust.roster import Roster
from desk.trust.seal import Name
from models.tables import ITEMS, LOG, PUBLIC_TEXTS, RELEASE_ITEMS, REVISIONS

KEEP = 5_000  # opened headlines


@dataclass(frozen=True)
class Title:
    """A headline, or the code name when `sealed`. `more`: messages that it does not name."""

    text: str
    sealed: bool = False
    more: int = 0


class Titles:
    """The titles for one reader. May be asked from several threads."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._opened: OrderedDict[str, tuple[str, str]] = OrderedDict()  # digest: item, headline
        self._lock = Lock()

    def of(
        self, view: View, releases: Sequence[tuple[str, str]], language: str
    ) -> dict[str, Title]:
        """The titles of these releases (id, code name), preferably in that language."""
        connection, ids = view.connection, [release for release, _ in releases]
        public, inside = _public(connection, ids), _inside(connection, ids)
        found = {}
        for release, code in releases:
            rows = inside.get(release, [])
            messages = len({row.message or row.id for row in rows})
            text = _preferred(public.get(release, []), language)
            if not text and rows:
                first = min(rows, key=_rank(language))
                text = self.headline(view, first.id, first.latest)
            found[release] = (
                Title(text, False, max(0, messages - 1)) if text else Title(code, bool(rows))
            )
        return found

    def headline(self, view: View, item: str, digest: str) -> str:
        """The headline of one revision (by its act's digest); '' when it is not for this reader."""
        with self._lock:
            if digest in self._opened:
                self._opened.move_to_end(digest)
                return self._opened[digest][1]
        try:
            text = _open(view, self._actor, item, digest)
        except DeskError:  # not for this reader, or not what was signed: shown as sealed
            return ""
        with self._lock:
            self._opened[digest] = (item, text)
            while len(self._opened) > KEEP:
                self._opened.popitem(last=False)
        return text

    def items_with(self, word: str) -> tuple[str, ...]:
        """The items opened so far whose headlines hold the word (`search.holds`)."""
        with self._lock:
            opened = list(self._opened.values())
        return tuple(item for item, text in opened if holds(text, word))


def _preferred(rows: Sequence[Any], language: str) -> str:
    if not rows:
        return ""
    return str(min(rows, key=_rank(language)).headline)


def _rank(language: str) -> Callable[[Any], tuple[bool, str, str]]:
    """What orders the items of a release: the same before and after it goes out."""
    return lambda row: (row.language != language, row.code, row.id)


def _public(connection: Connection, releases: Sequence[str]) -> dict[str, list[Any]]:
    """The public headlines of these releases."""
    columns = (REVISIONS.c.released_in, ITEMS.c.id, ITEMS.c.code, ITEMS.c.language,
               PUBLIC_TEXTS.c.headline)  # fmt: skip
    found: dict[str, list[Any]] = {}
    for start in range(0, len(releases), 500):
        query = select(*columns).join(PUBLIC_TEXTS, PUBLIC_TEXTS.c.revision == REVISIONS.c.digest)
        query = query.join(ITEMS, ITEMS.c.id == REVISIONS.c.item)
        query = query.where(REVISIONS.c.released_in.in_(releases[start : start + 500]))
        for row in connection.execute(query):
            found.setdefault(row.released_in, []).append(row)
    return found


def _inside(connection: Connection, releases: Sequence[str]) -> dict[str, list[Any]]:
    """The items of these releases."""
    names = ("id", "language", "latest", "code", "message")
    found: dict[str, list[Any]] = {}
    for start in range(0, len(releases), 500):
        query = select(RELEASE_ITEMS.c.release, *(ITEMS.c[name] for name in names))
        query = query.join(ITEMS, ITEMS.c.id == RELEASE_ITEMS.c.item)
        query = query.where(RELEASE_ITEMS.c.release.in_(releases[start : start + 500]))
        for row in connection.execute(query):
            found.setdefault(row.release, []).append(row)
    return found


def _open(view: View, actor: Actor, item: str, digest: str) -> str:
    content = content_of(view, actor, item, digest)
    return str(content["headline"]) if content else ""


def content_of(view: View, actor: Actor, item: str, digest: str) -> dict[str, Any] | None:
    """One revision's content by the author's signed act (its digest), without folding the item's
    whole history; None when it is not what was signed. Raises DeskError when it does not open."""
    query = select(LOG.c.envelope).where(LOG.c.digest == digest)
    stored = view.connection.scalars(query).first()
    if stored is None:
        return None
    envelope = Envelope.from_json(stored)
    act = acts.read(envelope)
    if act.digest != digest or act.kind.name != "item.revise" or act.subject != item:
        return None
    if not verify(envelope, _keys_of(view.roster, act.actor)):
        return None
    name = Name(view.record.newsroom, "revision", item, str(act.fields["revision"]))
    key = sealed.key_for(view.connection, name, actor.opener)
    data = sealed.get(view.connection, key, "content")
    if digest_bytes(data) != act.fields["content"]:
        return None
    content: dict[str, Any] = parse(data)
    return content


def _keys_of(roster: Roster, person: str) -> set[str]:
    """The signing keys that the roster ever gave that person, compromised ones left out."""
    return {
        sign
        for sign, key in roster.keys.items()
        if key.person == person and key.state != "compromised"
    }

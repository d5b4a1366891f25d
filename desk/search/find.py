"""Finding: one list of hits over items, releases, contacts, enquiries, handbook, terms and log.

Each place is one function from a query to hits. What is sealed is opened with the reader's key,
in memory; what the reader may not open is found by its code name, id and fields alone.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Select, select

from desk.errors import DeskError
from desk.locales import language
from desk.newsroom.room import Actor, Room, View
from desk.people.contact_entries import Contact, Topic
from desk.releases.titles import Titles, content_of
from desk.search.public_index import FILE, PublicIndex, text_of
from desk.search.query import Query, Text, parse, snippet
from desk.text import one_line
from desk.trust.state import SEEN
from models.tables import ITEMS, PUBLIC_TEXTS, RELEASES, REVISIONS

_NAMES = ("id", "language", "kind", "agency", "code", "latest", "state", "public")
_ITEMS = select(*(ITEMS.c[name] for name in _NAMES), REVISIONS.c.time, REVISIONS.c.author).join(
    REVISIONS, REVISIONS.c.item == ITEMS.c.id
)
KEEP = 2_000  # opened texts in memory
LOOKED_AT = 2_000  # sealed items that one search opens, newest first
CANDIDATES = 1_000  # public texts that one search compares


@dataclass(frozen=True)
class Hit:
    """One thing found. `place` as in `query.PLACES`; `key` is what opens it: an id or a name.

    `at` is a written UTC instant or ''; `sealed`: found by what lies in clear alone.
    """

    place: str
    key: str
    title: str
    snippet: str = ""
    state: str = ""
    agency: str = ""
    language: str = ""
    at: str = ""
    sealed: bool = False
    score: int = 0


class Finder:
    """Searches for one reader. `forget` drops all opened text (when the desk is locked)."""

    def __init__(self, room: Room, actor: Actor, index: Path | None = None) -> None:
        self._room, self._actor = room, actor
        self._index = PublicIndex(index or room.root / "var" / FILE)
        self._opened: OrderedDict[str, Text | None] = OrderedDict()
        self._titles = Titles(actor)
        self._lock = Lock()

    def forget(self) -> None:
        """Drop every opened text."""
        with self._lock:
            self._opened.clear()
        self._titles = Titles(self._actor)

    def find(self, text: str, limit: int = 200) -> list[Hit]:
        """At most `limit` hits, the best first and the newest among equals. Raises UsageError."""
        query = parse(text)
        if query.empty:
            return []
        hits: list[Hit] = []
        with self._room.reading() as view:
            for place, search in self._places().items():
                if query.looks_in(place):
                    hits += search(view, query)
        hits.sort(key=lambda hit: (hit.score, hit.at), reverse=True)
        return hits[:limit]

    def _places(self) -> dict[str, Callable[[View, Query], Iterable[Hit]]]:
        return {
            "items": self._items, "releases": self._releases, "contacts": self._contacts,
            "enquiries": self._enquiries, "handbook": self._handbook, "terms": self._terms,
            "log": self._log,
        }  # fmt: skip

    # Items

    def _items(self, view: View, query: Query) -> Iterator[Hit]:
        seen = set()
        for row, text in self._public(view, query):
            if row.id not in seen:
                seen.add(row.id)
                yield _of_item(row, query, text, sealed=False)
        unreleased = _ITEMS.where(
            REVISIONS.c.digest == ITEMS.c.latest, ITEMS.c.state.not_in(("released", "withdrawn"))
        )
        rows = view.connection.execute(_narrowed(unreleased, query).limit(LOOKED_AT)).all()
        for row in rows:
            if row.id in seen or not row.latest or not _wanted(row, query):
                continue
            opened = self._sealed_text(view, row.id, row.latest)
            text = _in_clear(row) if opened is None else opened
            if text.has_all(query.words):
                yield _of_item(row, query, text, sealed=opened is None)

    def _public(self, view: View, query: Query) -> Iterator[tuple[Any, Text]]:
        """Public texts that have all the words with their items, the newest first."""
        texts = _ITEMS.add_columns(PUBLIC_TEXTS.c.content).join(
            PUBLIC_TEXTS, PUBLIC_TEXTS.c.revision == REVISIONS.c.digest
        )
        texts = _narrowed(texts, query).limit(CANDIDATES)
        if query.words:
            self._index.refresh(view.connection)
            found = list(self._index.candidates(query, CANDIDATES))
            texts = texts.where(PUBLIC_TEXTS.c.revision.in_(found))
        for row in view.connection.execute(texts).all():
            if _wanted(row, query):
                text = Text(text_of(json.loads(row.content)))
                if text.has_all(query.words):
                    yield row, text

    def _sealed_text(self, view: View, item: str, digest: str) -> Text | None:
        """The text of an unreleased revision, opened once; None when it is not for this reader."""
        with self._lock:
            if digest in self._opened:
                self._opened.move_to_end(digest)
                return self._opened[digest]
        try:
            content = content_of(view, self._actor, item, digest)
        except DeskError:  # not for this reader, or not what was signed
            content = None
        text = Text(text_of(content)) if content else None
        with self._lock:
            self._opened[digest] = text
            while len(self._opened) > KEEP:
                self._opened.popitem(last=False)
        return text

    # Releases

    def _releases(self, view: View, query: Query) -> Iterator[Hit]:
        if any(name in query.fields for name in ("agency", "kind", "lang", "by")):
            return
        rows = view.connection.execute(
            select(RELEASES.c.id, RELEASES.c.at, RELEASES.c.code, RELEASES.c.state)
            .order_by(RELEASES.c.at.desc())
            .limit(LOOKED_AT)
        ).all()
        rows = [r for r in rows if query.allows("state", r.state) and query.within(r.at)]
        titles = self._titles.of(view, [(row.id, row.code) for row in rows], language())
        for row in rows:
            title = titles[row.id]
            text = Text(f"{title.text}\n{row.code}\n{row.id}")
            if query.fields.get("is") is None and text.has_all(query.words):
                yield Hit("releases", row.id, title.text, "", row.state, at=row.at,
                          sealed=title.sealed, score=20 + text.count(query.words))  # fmt: skip

    # People

    def _contacts(self, _view: View, query: Query) -> Iterator[Hit]:
        from desk.people import contacts

        if set(query.fields) - {"in", "agency"}:
            return
        board = contacts.board(self._room)
        entries: list[Contact | Topic] = [*board.contacts.values(), *board.topics.values()]
        for entry in entries:
            if not query.allows("agency", entry.agency):
                continue
            words = "\n".join(_strings([entry.id, *vars(entry).values()]))
            text = Text(words)
            if text.has_all(query.words):
                yield Hit(
                    "contacts", entry.id, entry.called(language()), snippet(words, query.words),
                    agency=entry.agency, score=15 + text.count(query.words),
                )  # fmt: skip

    def _enquiries(self, _view: View, query: Query) -> Iterator[Hit]:
        from desk.people import enquiry_views

        if set(query.fields) - {"in", "agency", "state", "after", "before", "lang"}:
            return
        for one in enquiry_views.listed(self._room, self._actor):
            row = one.row
            words = "\n".join((one.question, one.outlet, row.topic, row.id))
            asked = query.allows("agency", row.agency) and query.allows("lang", row.language)
            if not (asked and query.allows("state", row.state) and query.within(row.opened)):
                continue
            text = Text(words)
            if text.has_all(query.words):
                title = one_line(one.question) or row.id
                yield Hit("enquiries", row.id, title, one.outlet, row.state, row.agency,
                          row.language, row.opened, one.sealed,
                          15 + text.count(query.words))  # fmt: skip

    # What is no secret

    def _handbook(self, view: View, query: Query) -> Iterator[Hit]:
        from desk.handbook.pages import Handbook

        if set(query.fields) - {"in"}:
            return
        for page in Handbook(self._room.root, language()).pages():
            text = Text(page.text)
            if text.has_all(query.words):
                bonus = 20 if Text(page.title).has_all(query.words) else 0
                yield Hit("handbook", page.name, page.title, snippet(page.text, query.words),
                          score=10 + bonus + text.count(query.words))  # fmt: skip

    def _terms(self, view: View, query: Query) -> Iterator[Hit]:
        from desk.terms.overlay import effective

        if set(query.fields) - {"in", "lang"}:
            return
        for entry in effective(self._room.root).entries:
            if not query.allows("lang", entry.language):
                continue
            forms = " · ".join(form.text for form in entry.forms)
            text = Text(f"{entry.id}\n{forms}\n{entry.rule}")
            if text.has_all(query.words):
                yield Hit("terms", entry.id, entry.forms[0].text if entry.forms else entry.id,
                          snippet(f"{forms}\n{entry.rule}", query.words), str(entry.severity),
                          language=entry.language, score=8)  # fmt: skip

    def _log(self, view: View, query: Query) -> Iterator[Hit]:
        from desk.audit import browse
        from desk.audit.words import kind_word

        if not (set(query.fields) & {"in", "by"}) or set(query.fields) - {
            "in", "by", "after", "before", "kind"
        }:  # fmt: skip
            return  # acts are many: they are searched when asked for
        wanted = browse.Filter(
            kinds=query.fields.get("kind", ()), people=query.fields.get("by", ()),
            words=tuple(word.text for word in query.words),
            since=query.fields.get("after", ("",))[-1], until=query.fields.get("before", ("",))[-1],
        )  # fmt: skip
        for line in browse.page(view.connection, wanted, limit=100):
            yield Hit("log", str(line.seq), f"{kind_word(line.kind)} · {line.subject}", line.actor,
                      at=line.not_before or line.time, score=1)  # fmt: skip


def _narrowed(chosen: Select[Any], query: Query) -> Select[Any]:
    """What the database can tell apart by itself, newest first."""
    for name, column in (("agency", ITEMS.c.agency), ("kind", ITEMS.c.kind),
                         ("lang", ITEMS.c.language), ("by", REVISIONS.c.author)):  # fmt: skip
        if name in query.fields:
            chosen = chosen.where(column.in_(query.fields[name]))
    return chosen.order_by(REVISIONS.c.time.desc(), ITEMS.c.id)


def _wanted(row: Any, query: Query) -> bool:
    """Whether the plain fields of an item are asked for."""
    states = {row.state, row.public}
    flags = {flag for flag, holds in (
        ("released", row.public in SEEN), ("corrected", row.public == "corrected"),
        ("withdrawn", row.public == "withdrawn"), ("unreleased", row.public == "none"),
    ) if holds}  # fmt: skip
    return (
        (query.fields.get("state") is None or bool(states & set(query.fields["state"])))
        and (query.fields.get("is") is None or bool(flags & set(query.fields["is"])))
        and query.within(row.time or "")
    )


def _in_clear(row: Any) -> Text:
    return Text(f"{row.code}\n{row.id}")


def _of_item(row: Any, query: Query, text: Text, *, sealed: bool) -> Hit:
    lines = text.whole.split("\n")
    title = (row.code or row.id) if sealed else lines[0]
    state = row.public if row.public != "none" else row.state
    bonus = 30 if Text(title).has_all(query.words) else 0
    return Hit(
        "items", row.id, title, "" if sealed else snippet("\n".join(lines[1:]), query.words),
        state, row.agency, row.language, row.time or "", sealed,
        10 + bonus + min(text.count(query.words), 20),
    )  # fmt: skip


def _strings(value: object) -> Iterator[str]:
    """Every text in a value of the board."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)

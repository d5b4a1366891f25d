"""The board: every item and draft of one author by what lies in clear, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Table, func, select

from desk.store.projections import ITEMS, REVISIONS
from models.sealed import DraftRow

_DRAFTS: Table = DraftRow.__table__  # type: ignore[attr-defined]
_NAMES = ("id", "language", "kind", "agency", "message", "code", "latest", "number", "state",
          "waiting_for", "public")  # fmt: skip
_AT_ONCE = 500  # ids in one query
_BETWEEN = " "  # an instant and an id; below what stands in either
_PART = 2000  # rows taken from the database together


@dataclass(frozen=True)
class BoardRow:
    """One item. `at`: when the author's draft, or else the newest revision, was written (UTC).

    `version` is that of the author's draft, 0 without one; `state` is then `draft`.
    """

    id: str
    language: str
    kind: str
    agency: str
    message: str
    code: str
    latest: str
    number: int
    state: str
    waiting_for: str
    public: str
    at: str
    version: int = 0


def ids(connection: Connection, author: str, wanted: Wanted | None = None) -> list[str]:
    """The items that a filter lets through by their plain fields, newest first.

    Ids alone, since there may be 100,000; `rows` has the fields of those that are looked at.
    """
    drafts = [row for row in _drafted(connection, author) if wanted is None or wanted.lets(row)]
    found = sorted((f"{row.at}{_BETWEEN}{row.id}" for row in drafts), reverse=True)
    if wanted is None or not wanted.mine:
        # One text for both: 100,000 rows of two would be as many objects for the collector.
        at = func.coalesce(REVISIONS.c.time, "")
        query = (
            select(at.concat(_BETWEEN).concat(ITEMS.c.id))
            .outerjoin(REVISIONS, REVISIONS.c.digest == ITEMS.c.latest)
            .where(ITEMS.c.id.not_in(select(_DRAFTS.c.item).where(_DRAFTS.c.author == author)))
            .order_by(at.desc(), ITEMS.c.id.desc())
        )
        for name, values in wanted.fields if wanted else ():
            if values:
                query = query.where(ITEMS.c[name].in_(values))
        others = (str(one) for part in connection.scalars(query).partitions(_PART) for one in part)
        found = list(merge(found, others, reverse=True)) if found else list(others)
    return [one.rpartition(_BETWEEN)[2] for one in found]


def rows(connection: Connection, author: str, items: Sequence[str] | None = None) -> list[BoardRow]:
    """Items in the order of their ids; without ids all, also drafts of the author that are none
    yet, newest first.
    """
    listed = ids(connection, author) if items is None else items
    columns = (*(ITEMS.c[name] for name in _NAMES), REVISIONS.c.time)
    found = {row.id: row for row in _drafted(connection, author)}
    left = [item for item in listed if item not in found]
    for start in range(0, len(left), _AT_ONCE):
        query = select(*columns).outerjoin(REVISIONS, REVISIONS.c.digest == ITEMS.c.latest)
        query = query.where(ITEMS.c.id.in_(left[start : start + _AT_ONCE]))
        found |= {row.id: _of_item(row) for row in connection.execute(query)}
    return [found[item] for item in listed if item in found]


def drafts_of(connection: Connection, author: str) -> tuple[tuple[str, str], ...]:
    """The author's drafts, item and when saved. `ids` changes with these and with the log alone."""
    query = select(_DRAFTS.c.item, _DRAFTS.c.saved).where(_DRAFTS.c.author == author)
    return tuple(
        (item, saved) for item, saved in connection.execute(query.order_by(_DRAFTS.c.item))
    )


def _drafted(connection: Connection, author: str) -> list[BoardRow]:
    """What the author has a draft of: an item that was submitted before, or none yet."""
    query = (
        select(_DRAFTS, *(ITEMS.c[name].label(f"item_{name}") for name in _NAMES))
        .outerjoin(ITEMS, ITEMS.c.id == _DRAFTS.c.item)
        .where(_DRAFTS.c.author == author)
    )
    return [
        _of_draft(row) if row.item_id is None else BoardRow(
            **{name: getattr(row, f"item_{name}") for name in _NAMES if name != "state"},
            state="draft", at=row.saved, version=row.version,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _of_item(row: Any) -> BoardRow:
    return BoardRow(**{name: getattr(row, name) for name in _NAMES}, at=row.time or "")


def _of_draft(row: Any) -> BoardRow:
    return BoardRow(
        row.item, row.language, row.kind, row.agency, row.message, row.code, row.base, 0, "draft",
        "", "none", row.saved, row.version,
    )  # fmt: skip


def of_message(connection: Connection, message: str, author: str) -> list[BoardRow]:
    """The language versions of one message: items, and the author's drafts that are none yet."""
    if not message:
        return []
    items = connection.execute(
        select(*(ITEMS.c[name] for name in _NAMES)).where(ITEMS.c.message == message)
    )
    found = [BoardRow(**{name: getattr(row, name) for name in _NAMES}, at="") for row in items]
    known = {row.id for row in found}
    drafts = connection.execute(
        select(_DRAFTS).where(_DRAFTS.c.message == message, _DRAFTS.c.author == author)
    )
    found += [_of_draft(row) for row in drafts if row.item not in known]
    return sorted(found, key=lambda row: (row.language, row.id))


@dataclass(frozen=True)
class Wanted:
    """A filter: `agency:ID kind:ID state:WORD lang:CODE mine`, and words of what can be read."""

    words: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    mine: bool = False

    def lets(self, row: BoardRow) -> bool:
        """Whether the plain fields of the row are wanted; words are looked at elsewhere."""
        return (not self.mine or bool(row.version)) and all(
            not values or getattr(row, name) in values for name, values in self.fields
        )

    @property
    def fields(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The values that each plain field may have, none for any."""
        return (
            ("agency", self.agencies), ("kind", self.kinds), ("state", self.states),
            ("language", self.languages),
        )  # fmt: skip


def wanted(query: str, states: Sequence[tuple[str, str]] = ()) -> Wanted:
    """Read a filter. `states` gives further words for states, as people see them."""
    fields: dict[str, list[str]] = {"agency": [], "kind": [], "state": [], "lang": []}
    words: list[str] = []
    mine = False
    known = {word.casefold().replace(" ", "-"): state for state, word in states}
    for part in query.split():
        name, colon, value = part.partition(":")
        if colon and name.casefold() in fields and value:
            folded = value.casefold()
            fields[name.casefold()].append(known.get(folded, folded))
        elif part.casefold() == "mine":
            mine = True
        else:
            words.append(part.casefold())
    agencies, kinds, wanted_states, languages = (tuple(found) for found in fields.values())
    return Wanted(tuple(words), agencies, kinds, wanted_states, languages, mine)


def holding(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each word occurs in one of the texts, whatever its case."""
    folded = [text.casefold() for text in texts]
    return all(any(word in text for text in folded) for word in words)

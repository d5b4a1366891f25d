"""The board: every item and draft of one author by what lies in clear, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from desk.text import folded, nfc
from models.tables import DRAFTS, ITEMS

_NAMES = ("id", "language", "kind", "agency", "message", "code", "latest", "number", "state",
          "waiting_for", "public")  # fmt: skip
_AT_ONCE = 500  # ids in one query
_DAY = 10  # characters of a written instant that name its day (UTC)
_BETWEEN = " "  # between an instant and an id in a cursor; stands in neither
_LATE = "Z"  # behind a day: later than every instant of it, whatever the collation
_TOP = "\U0010ffff"  # later than everything


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


def ids(
    connection: Connection,
    author: str,
    wanted: Wanted | None = None,
    *,
    after: str = "",
    limit: int | None = None,
) -> list[str]:
    """The items that a filter lets through by their plain fields, newest first.

    At most `limit` that follow `after`: an item's id, or a cursor of `stretches`; "" is the
    start. None follow an item that is not there.
    """
    place = _place(connection, author, after)
    if place is None:
        return []
    found = [row for row in _wanted_drafts(connection, author, wanted) if _key(row) < place]
    keys = sorted(map(_key, found), reverse=True)
    if wanted is None or not wanted.mine:
        query = _listed(select(ITEMS.c.at, ITEMS.c.id), author, wanted)
        if after:
            # Two comparisons instead of one of rows, so that the index is used.
            query = query.where(ITEMS.c.at <= place[0])
            query = query.where(or_(ITEMS.c.at < place[0], ITEMS.c.id < place[1]))
        query = query.order_by(ITEMS.c.at.desc(), ITEMS.c.id.desc()).limit(limit)
        others = [(str(at), str(item)) for at, item in connection.execute(query)]
        keys = list(merge(keys, others, reverse=True))
    return [item for _at, item in keys[:limit]]


def stretches(
    connection: Connection, author: str, wanted: Wanted | None = None
) -> list[tuple[str, int]]:
    """The days of the same list, newest first: a cursor before each, and how many items it has.

    The index of the list alone is read, so that 100,000 items are counted at once.
    """
    counts: dict[str, int] = {}
    for row in _wanted_drafts(connection, author, wanted):
        counts[row.at[:_DAY]] = counts.get(row.at[:_DAY], 0) + 1
    if wanted is None or not wanted.mine:
        day = func.substr(ITEMS.c.at, 1, _DAY)
        query = _listed(select(day, func.count()), author, wanted).group_by(day)
        for at, count in connection.execute(query):
            counts[str(at)] = counts.get(str(at), 0) + int(count)
    return [(f"{day}{_LATE}{_BETWEEN}", counts[day]) for day in sorted(counts, reverse=True)]


def _listed(query: Select[Any], author: str, wanted: Wanted | None) -> Select[Any]:
    """Only items without a draft of the author that the filter lets through."""
    drafted = select(DRAFTS.c.item).where(DRAFTS.c.author == author)
    query = query.where(ITEMS.c.id.not_in(drafted))
    for name, values in wanted.fields if wanted else ():
        if values:
            query = query.where(ITEMS.c[name].in_(values))
    return query


def _place(connection: Connection, author: str, after: str) -> tuple[str, str] | None:
    """The place in the list, as instant and id, that a cursor or an item's id names."""
    at, cursor, item = after.partition(_BETWEEN)
    if cursor:
        return at, item
    if not after:
        return _TOP, ""
    saved = select(DRAFTS.c.saved).where(DRAFTS.c.item == after, DRAFTS.c.author == author)
    for query in (saved, select(ITEMS.c.at).where(ITEMS.c.id == after)):
        if (found := connection.scalar(query)) is not None:
            return str(found), after
    return None


def _wanted_drafts(connection: Connection, author: str, wanted: Wanted | None) -> list[BoardRow]:
    drafts = _drafted(connection, author)
    return [row for row in drafts if wanted is None or wanted.lets(row)]


def _key(row: BoardRow) -> tuple[str, str]:
    return row.at, row.id


def rows(connection: Connection, author: str, items: Sequence[str] | None = None) -> list[BoardRow]:
    """Items in the order of their ids; without ids all, also drafts of the author that are none
    yet, newest first.
    """
    listed = ids(connection, author) if items is None else items
    columns = [ITEMS.c[name] for name in (*_NAMES, "at")]
    found = {row.id: row for row in _drafted(connection, author)}
    left = [item for item in listed if item not in found]
    for start in range(0, len(left), _AT_ONCE):
        query = select(*columns).where(ITEMS.c.id.in_(left[start : start + _AT_ONCE]))
        found |= {row.id: _of_item(row) for row in connection.execute(query)}
    return [found[item] for item in listed if item in found]


def drafts_of(connection: Connection, author: str) -> tuple[tuple[str, str], ...]:
    """The author's drafts, item and when saved. `ids` changes with these and with the log alone."""
    query = select(DRAFTS.c.item, DRAFTS.c.saved).where(DRAFTS.c.author == author)
    return tuple((item, saved) for item, saved in connection.execute(query.order_by(DRAFTS.c.item)))


def _drafted(connection: Connection, author: str) -> list[BoardRow]:
    """What the author has a draft of: an item that was submitted before, or none yet."""
    query = (
        select(DRAFTS, *(ITEMS.c[name].label(f"item_{name}") for name in _NAMES))
        .outerjoin(ITEMS, ITEMS.c.id == DRAFTS.c.item)
        .where(DRAFTS.c.author == author)
    )
    return [
        _of_draft(row) if row.item_id is None else BoardRow(
            **{name: getattr(row, f"item_{name}") for name in _NAMES if name != "state"},
            state="draft", at=row.saved, version=row.version,
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def _of_item(row: Any) -> BoardRow:
    return BoardRow(**{name: getattr(row, name) for name in _NAMES}, at=row.at)


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
        select(DRAFTS).where(DRAFTS.c.message == message, DRAFTS.c.author == author)
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


FIELDS = {
    "agency": "agency", "co-quan": "agency", "kind": "kind", "loai": "kind",
    "state": "state", "trang-thai": "state", "lang": "lang", "language": "lang",
    "ngon-ngu": "lang",
}  # fmt: skip
"""The fields that a filter may name, folded, in both languages."""
MINE = ("mine", "cua-toi")


def wanted(query: str, states: Sequence[tuple[str, str]] = ()) -> Wanted:
    """Read a filter. `states` gives further words for states, as people see them. Fields and
    `mine` may be said in Vietnamese, accents left out or not: `cơ-quan:thong-ke của-tôi`.
    """
    fields: dict[str, list[str]] = {"agency": [], "kind": [], "state": [], "lang": []}
    words: list[str] = []
    mine = False
    known = {word.casefold().replace(" ", "-"): state for state, word in states}
    for part in nfc(query).split():
        name, colon, value = part.partition(":")
        field = FIELDS.get(folded(name)) if colon and value else None
        if field is not None:
            plain = value.casefold()
            fields[field].append(known.get(plain, plain))
        elif folded(part) in MINE:
            mine = True
        else:
            words.append(part.casefold())
    agencies, kinds, wanted_states, languages = (tuple(found) for found in fields.values())
    return Wanted(tuple(words), agencies, kinds, wanted_states, languages, mine)


def holding(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each word occurs in one of the texts, whatever its case."""
    plain = [text.casefold() for text in texts]
    return all(any(word in text for text in plain) for word in words)

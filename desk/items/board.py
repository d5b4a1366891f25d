"""The board: every item and draft of one author by what lies in clear, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from desk.store.projections import ITEMS, REVISIONS
from models.sealed import DraftRow

_DRAFTS: Table = DraftRow.__table__  # type: ignore[attr-defined]
_NAMES = ("id", "language", "kind", "agency", "message", "code", "latest", "number", "state",
          "waiting_for", "public")  # fmt: skip


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


def rows(connection: Connection, author: str) -> list[BoardRow]:
    """All items, those that the author alone has a draft of as well, newest first."""
    columns = (*(ITEMS.c[name] for name in _NAMES), REVISIONS.c.time)
    query = select(*columns).outerjoin(REVISIONS, REVISIONS.c.digest == ITEMS.c.latest)
    drafts = {
        row.item: row
        for row in connection.execute(select(_DRAFTS).where(_DRAFTS.c.author == author))
    }
    found = [_of_item(row, drafts.pop(row.id, None)) for row in connection.execute(query)]
    found += [_of_draft(row) for row in drafts.values()]
    return sorted(found, key=lambda row: (row.at, row.id), reverse=True)


def _of_item(row: Any, draft: Any) -> BoardRow:
    known = {name: getattr(row, name) for name in _NAMES}
    if draft is None:
        return BoardRow(**known, at=row.time or "")
    return BoardRow(**{**known, "state": "draft"}, at=draft.saved, version=draft.version)


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
        return (
            (not self.agencies or row.agency in self.agencies)
            and (not self.kinds or row.kind in self.kinds)
            and (not self.states or row.state in self.states)
            and (not self.languages or row.language in self.languages)
            and (not self.mine or bool(row.version))
        )


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

"""The items room's views and calls: what I write, and what I may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

ItemState = Literal["draft", "submitted", "approved", "returned", "released", "withdrawn"]


@dataclass(frozen=True)
class ItemStretch:
    """How many items a stretch of the list has; `after` is the cursor before its newest, or ""."""

    after: str
    count: int


@dataclass(frozen=True)
class ItemRow:
    """One item as the list shows it. `saved`: when this reader's draft, or else the newest
    revision, was written; None where nothing says.
    """

    item: str
    title: str
    sealed: bool
    language: str
    kind: str
    agency: str
    number: int
    state: ItemState
    mine: bool
    """This reader has a draft of it."""
    recovered: bool
    """A desk of this reader ended while it was open."""
    others: tuple[str, ...]
    """Who else has it open now."""
    at: datetime | None
    waiting_for: str = ""
    public: str = "none"
    kind_name: str = ""
    agency_name: str = ""
    """What kind and agency are called; '' where nothing says."""

    @property
    def key(self) -> str:
        """The item, under the name that tables use."""
        return self.item


@dataclass(frozen=True)
class ItemChoices:
    """What this reader may begin: ids with their names, in the calendar's order."""

    kinds: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, tuple[str, ...]], ...]
    """The languages of each kind."""


class ItemsSource(Protocol):
    """The list of items, and the beginning of one."""

    def items_stretches(self, query: str) -> Sequence[ItemStretch]:
        """Where items are that the filter lets through (`agency:ID kind:ID state:WORD lang:CODE
        mine` and words of titles), newest first; reads them anew."""
        ...

    def items_page(self, after: str, limit: int, query: str) -> Sequence[ItemRow]:
        """At most `limit` rows after an item's id or a stretch's cursor, newest first."""
        ...

    def items_choices(self) -> ItemChoices:
        """What this reader may write. Raises Refused when that is nothing."""
        ...

    def items_new(self, kind: str, agency: str, language: str, code: str) -> str:
        """Begin an item. Returns its id. Raises Refused, UsageError."""
        ...

    def items_translation(self, item: str, language: str) -> str:
        """The same message in that language, or "" where nobody whom this reader sees began it.

        Raises NotFound for an item that is not submitted yet.
        """
        ...

    def items_translate(self, item: str, language: str) -> str:
        """Begin the translation of an item, or find this reader's. Returns its id."""
        ...

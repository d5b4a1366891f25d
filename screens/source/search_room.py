"""The search's views and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Found:
    """One thing found. `place`: items, releases, contacts, enquiries, handbook, terms or log.

    `opens`: the id or name that its room opens. A sealed one was found by what lies in clear.
    """

    key: str
    place: str
    opens: str
    title: str
    snippet: str
    state: str
    agency: str
    language: str
    at: datetime | None
    sealed: bool


class SearchSource(Protocol):
    """One search over everything that this reader may see."""

    def search_find(self, query: str) -> Sequence[Found]:
        """What fits, the best first. Raises UsageError for a query that cannot be."""
        ...

    def search_forget(self) -> None:
        """Drop what was opened in memory: the desk is locked."""
        ...

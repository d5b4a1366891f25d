"""The handbook's views and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class PageRow:
    """One page in the list; `heading` and `snippet` tell where a search found its words.

    `own`: written by this newsroom, not shipped with Desk.
    """

    key: str
    title: str
    own: bool
    heading: str = ""
    snippet: str = ""


@dataclass(frozen=True)
class PageView:
    """One page to read: Markdown as it is written."""

    key: str
    title: str
    own: bool
    text: str


class HandbookSource(Protocol):
    """The newsroom's pages and the shipped runbooks."""

    def handbook_pages(self, query: str) -> Sequence[PageRow]:
        """All pages in reading order; with a query those that have its words, the best first."""
        ...

    def handbook_page(self, name: str) -> PageView:
        """One page. Raises NotFound."""
        ...

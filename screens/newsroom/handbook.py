"""The handbook room over the newsroom's pages, in the language of the interface."""

from __future__ import annotations

from collections.abc import Sequence

from desk.handbook.pages import Handbook
from desk.handbook.search import search
from desk.locales import language
from screens.newsroom.part import Part
from screens.source.handbook_room import PageRow, PageView


class HandbookPart(Part):
    """Answers the handbook room. Pages are read when asked for: a page saved is a page shown."""

    @property
    def _handbook(self) -> Handbook:
        return Handbook(self._house.calendar.parent, language())

    def handbook_pages(self, query: str) -> Sequence[PageRow]:
        """All pages, or those with these words."""
        pages = self._handbook.pages()
        if not query.strip():
            return [PageRow(page.name, page.title, page.own) for page in pages]
        return [
            PageRow(hit.page.name, hit.page.title, hit.page.own, hit.heading, hit.snippet)
            for hit in search(pages, query)
        ]

    def handbook_page(self, name: str) -> PageView:
        """One page. Raises NotFound."""
        page = self._handbook.page(name)
        return PageView(page.name, page.title, page.own, page.text)

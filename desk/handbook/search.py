"""Searching the handbook: every word must occur on the page, with or without its accents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.handbook.pages import Page, headings
from desk.search.query import Text, Word, parse, snippet


@dataclass(frozen=True)
class Hit:
    """A page that has all the words: under which heading, and the line that has the most of them.

    `line` counts from 1.
    """

    page: Page
    heading: str
    line: int
    snippet: str
    score: int


def search(pages: Iterable[Page], query: str) -> list[Hit]:
    """The pages that hold every word of the query (`desk.search.query`), the best first."""
    words = parse(query).words
    if not words:
        return []
    hits = [hit for page in pages if (hit := _hit(page, words)) is not None]
    return sorted(hits, key=lambda hit: -hit.score)


def _hit(page: Page, words: tuple[Word, ...]) -> Hit | None:
    whole = Text(page.text)
    if not whole.has_all(words):
        return None
    lines = page.text.splitlines()
    counts = [sum(Text(line).has(word) for word in words) for line in lines]
    best = counts.index(max(counts))
    above = [text for number, _depth, text in headings(page.text) if number <= best]
    title = Text(page.title)
    return Hit(
        page,
        above[-1] if above else page.title,
        best + 1,
        snippet(lines[best], words),
        sum(title.has(word) for word in words) * 100 + counts[best] * 10 + whole.count(words),
    )

"""Searching the handbook: every word must occur on the page, with or without its accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.handbook.pages import Page, headings
from desk.text import nfc

_D = str.maketrans({"đ": "d", "Đ": "d"})  # a letter of its own: it never decomposes
SNIPPET = 160  # characters


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


def folded(text: str) -> str:
    """Text without case and accents, as people type it in a hurry: `Bộ Y tế` is `bo y te`."""
    plain = unicodedata.normalize("NFD", text.casefold().translate(_D))
    return "".join(char for char in plain if not unicodedata.combining(char))


def search(pages: Iterable[Page], query: str) -> list[Hit]:
    """The pages that hold every word of the query, the best first.

    A word with an accent is looked for as it is written, one without finds both. A phrase in
    double quotes must stand together.
    """
    words = _words(nfc(query).casefold())
    if not words:
        return []
    hits = [hit for page in pages if (hit := _hit(page, words)) is not None]
    return sorted(hits, key=lambda hit: -hit.score)


def _words(query: str) -> list[str]:
    parts = query.split('"')
    phrases = [" ".join(part.split()) for part in parts[1::2]]
    return [word for word in (*phrases, *" ".join(parts[::2]).split()) if word]


def _hit(page: Page, words: list[str]) -> Hit | None:
    title, text = nfc(page.title).casefold(), nfc(page.text).casefold()
    if not all(_has(text, word) for word in words):
        return None
    lines = page.text.splitlines()
    best, count = max(_counted(lines, words), key=lambda pair: pair[1])
    in_title = sum(_has(title, word) for word in words)
    heading = [words_ for number, _depth, words_ in headings(page.text) if number <= best]
    return Hit(
        page,
        heading[-1] if heading else page.title,
        best + 1,
        _snippet(lines[best], words),
        in_title * 100 + count * 10 + sum(_occurs(text, word) for word in words),
    )


def _counted(lines: list[str], words: list[str]) -> Iterator[tuple[int, int]]:
    """Each line and how many of the words it has."""
    for number, line in enumerate(lines):
        lowered = nfc(line).casefold()
        yield number, sum(_has(lowered, word) for word in words)


def _has(text: str, word: str) -> bool:
    return word in (text if folded(word) != word else folded(text))


def _occurs(text: str, word: str) -> int:
    return (text if folded(word) != word else folded(text)).count(word)


def _snippet(line: str, words: list[str]) -> str:
    """The line, cut around the first word when it is long. Folding keeps places near enough."""
    line = " ".join(line.split())
    if len(line) <= SNIPPET:
        return line
    at = max(folded(line).find(folded(words[0])), 0)
    start = max(0, min(at - SNIPPET // 3, len(line) - SNIPPET))
    cut = line[start : start + SNIPPET]
    return ("…" if start else "") + cut + ("…" if start + SNIPPET < len(line) else "")

"""Findings while somebody types: only paragraphs that changed are scanned again.

`update(text)` gives what `check` would give for the same text. Paragraphs are remembered by their
text, so moving one, undoing, or typing in another costs nothing for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from desk.terms.check import Checking
from desk.terms.entry import Scope
from desk.terms.finding import Finding, Lines, in_order
from desk.terms.markup import Markup
from desk.terms.patterns.registry import run
from desk.terms.termbase import Termbase

_BLANK_LINES: Final = re.compile(r"\n(?:[ \t\r]*\n)+")


@dataclass(frozen=True, slots=True)
class _Scanned:
    """What was found in a paragraph, counted from its start, and how many lines it has."""

    findings: tuple[Finding, ...]
    lines: int


class Live:
    """The findings of one text that keeps changing. Not for use by several threads at once."""

    def __init__(
        self,
        termbase: Termbase,
        *,
        language: str,
        markup: Markup = "plain",
        scope: Scope = "body",
        dated: date | None = None,
        whole_up_to: int = 200_000,
    ) -> None:
        """`whole_up_to`: code points up to which rules that compare far places run each time."""
        self.termbase = termbase
        self.language = language
        self.markup = markup
        self.scope = scope
        self.dated = dated
        self.whole_up_to = whole_up_to
        self.scanned = 0
        """How many paragraphs the last update had to scan."""
        self._known: dict[str, _Scanned] = {}

    def update(self, text: str) -> tuple[Finding, ...]:
        """The findings of the text as it is now."""
        known: dict[str, _Scanned] = {}
        found: list[Finding] = []
        self.scanned = 0
        start = line = 0
        for end in ends(text, self.markup):
            piece = text[start:end]
            scanned = known.get(piece) or self._known.get(piece) or self._scan(piece)
            known[piece] = scanned
            found += (one.moved(start, one.line + line, one.column) for one in scanned.findings)
            start, line = end, line + scanned.lines
        self._known = known
        if len(text) <= self.whole_up_to:
            found += run(self._checking(text), whole=True)
        return in_order(found)

    def _scan(self, piece: str) -> _Scanned:
        self.scanned += 1
        checking = self._checking(piece)
        return _Scanned(tuple(checking.findings(whole=False)), len(Lines(piece).starts) - 1)

    def _checking(self, text: str) -> Checking:
        return Checking(text, self.termbase, self.language, self.markup, self.scope, self.dated)


def ends(text: str, markup: Markup) -> list[int]:
    """Where the parts of a text end that can be checked one by one; the last is its length."""
    if markup == "html":
        return [len(text)]
    found = [match.end() for match in _BLANK_LINES.finditer(text)]
    if markup == "markdown" and found:
        from desk.terms.markdown import clean_starts

        clean = clean_starts(text)
        found = [end for end in found if end in clean]
    return [*(end for end in found if end < len(text)), len(text)]

"""One document that an editor has open: its findings while it changes, and what mends them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from desk.terms.files import LARGEST, language_of
from desk.terms.finding import Finding
from desk.terms.fix import fix_safe, replacement
from desk.terms.ignores import Ignore, standing
from desk.terms.live import Live
from desk.terms.lsp_text import Text
from desk.terms.markup import Markup, markup_of
from desk.terms.termbase import Termbase

MARKUP_OF: Final[dict[str, Markup]] = {
    "markdown": "markdown", "html": "html", "plaintext": "plain",
}  # fmt: skip
Edit = tuple[int, int, str]
"""A span of code points and what comes in its place."""


@dataclass
class Opened:
    """A document and the findings of its newest scan. Scanned by one task at a time."""

    uri: str
    text: Text
    version: int
    markup: Markup
    live: Live
    ignores: Callable[[], Sequence[Ignore]]
    findings: tuple[Finding, ...] = ()
    scanned: int | None = None
    """The version that `findings` are of."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def scan(self) -> bool:
        """Find what the text has now; False when it changed meanwhile. Only changed paragraphs
        are scanned."""
        async with self.lock:
            version, text = self.version, self.text.text
            if self.scanned == version:
                return True
            found = await asyncio.to_thread(self._find, text)
            if version != self.version:
                return False
            self.findings, self.scanned = found, version
            return True

    def forget(self) -> None:
        """Findings must be found again: what is ignored has changed."""
        self.scanned = None

    def _find(self, text: str) -> tuple[Finding, ...]:
        if len(text) > LARGEST:
            return ()
        return standing(self.live.update(text), text, tuple(self.ignores()), self.live.dated)

    def within(self, start: int, end: int) -> list[Finding]:
        """The findings that a span touches; a mark between letters touches both sides."""
        return [one for one in self.findings if one.start <= end and start <= one.end]

    def fixes(self, finding: Finding) -> list[Edit]:
        """Each suggestion of a finding as an edit."""
        return [
            (finding.start, finding.end, replacement(self.text.text, finding, choice))
            for choice in range(len(finding.suggestions))
        ]

    def safe_fixes(self) -> list[Edit]:
        """Every safe fix, none of which meets another."""
        applied = fix_safe(self.text.text, self.findings).applied
        return [self.fixes(one)[0] for one in applied]


def opened(
    uri: str, name: str, kind: str, text: Text, version: int, termbase: Termbase, *,
    language: str | None, ignores: Callable[[], Sequence[Ignore]], day: date,
) -> Opened:  # fmt: skip
    """A document that was opened: its markup by the editor's word for it, else by its name."""
    markup = MARKUP_OF.get(kind) or markup_of(name)
    if kind == "plaintext" and markup_of(name) != "plain":
        markup = markup_of(name)
    chosen = language or language_of(text.text, name)
    live = Live(termbase, language=chosen, markup=markup, dated=day)
    return Opened(uri, text, version, markup, live, ignores)

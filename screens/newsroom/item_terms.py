"""Terminology while somebody types: the fields of one text, each checked paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from desk.locales import language
from screens.source.item_room import ItemFinding, ItemText

if TYPE_CHECKING:
    from desk.terms.finding import Finding
    from desk.terms.live import Live

_SCOPES: tuple[tuple[str, str, str], ...] = (
    ("headline", "plain", "headline"),
    ("summary", "plain", "body"),
    ("body", "markdown", "body"),
)


class LiveTerms:
    """The terms of one item while it is open. May be asked from several threads, one at a time.

    Only paragraphs that changed since the last question are scanned. The termbase is the
    newsroom's at the time when the item was opened. Raises what loading it raises.
    """

    def __init__(self, folder: Path, text_language: str) -> None:
        self._folder, self._language = folder, text_language
        self._live: dict[str, Live] = {}
        self._lock = Lock()

    def findings(self, text: ItemText) -> tuple[ItemFinding, ...]:
        """What the terminology checker says of the three texts."""
        with self._lock:
            if not self._live:
                self._live = self._begun()
            return tuple(self._found(text))

    def _begun(self) -> dict[str, Live]:
        from desk.terms.live import Live  # late: the termbase takes a moment to read
        from desk.terms.overlay import effective

        termbase = effective(self._folder)
        return {
            field: Live(termbase, language=self._language, markup=markup, scope=scope)  # type: ignore[arg-type]
            for field, markup, scope in _SCOPES
        }

    def _found(self, text: ItemText) -> Iterator[ItemFinding]:
        for field, _markup, _scope in _SCOPES:
            for one in self._live[field].update(str(getattr(text, field))):
                yield _as_finding(field, one)


def _as_finding(field: str, one: Finding) -> ItemFinding:
    hint = f"[{one.rule}] {one.source}".strip() if one.source else ""
    return ItemFinding(
        "terms", one.severity, field, one.said(language()), hint, one.start, one.end, one.line,
        one.column, suggestions=one.suggestions,
    )  # fmt: skip

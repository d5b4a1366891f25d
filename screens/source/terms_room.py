"""The terms room's views and calls: the termbase in force, what waits, what it speaks against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from screens.source.shared import Outcome

if TYPE_CHECKING:
    from desk.terms.drafted import Drafted

TermState = Literal["shipped", "own", "waits"]


@dataclass(frozen=True)
class TermRow:
    """One entry, or a change that waits for a second person (`waits`: `key` is its id)."""

    key: str
    language: str
    severity: str
    use: str
    avoid: str
    state: TermState


@dataclass(frozen=True)
class TermsBoard:
    """The entries that a search lets through, changes that wait first."""

    version: str
    entries: int
    rows: tuple[TermRow, ...]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermView:
    """One entry, or one change that waits, as lines of label and text."""

    key: str
    facts: tuple[tuple[str, str], ...]
    draft: Drafted | None = None
    """What the form shows; None for a change that waits."""


@dataclass(frozen=True)
class AffectedRow:
    """A text that the termbase in force speaks against."""

    item: str
    state: str
    errors: int
    warnings: int
    headline: str
    first: str


class TermsSource(Protocol):
    """The termbase and its keeping."""

    def terms_board(self, query: str) -> TermsBoard:
        """Entries with these letters, with or without accents, in any form or rule."""
        ...

    def terms_entry(self, key: str) -> TermView:
        """One row in full. Raises NotFound."""
        ...

    def terms_near(self, draft: Drafted, key: str) -> Sequence[str]:
        """Entries that it may be confused with; raises what is wrong with the draft itself."""
        ...

    def terms_put(self, draft: Drafted, key: str, reason: str, passphrase: str) -> Outcome:
        """Sign the entry; one of severity error waits for a second person. Raises Refused."""
        ...

    def terms_accept(self, key: str, passphrase: str) -> Outcome:
        """Agree to a change that waits. Raises Refused, TrustError."""
        ...

    def terms_affected(self) -> Sequence[AffectedRow]:
        """Unreleased items and public texts that the termbase speaks against."""
        ...

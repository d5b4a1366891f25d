"""Unsent words of forms: kept while they are typed, offered again, deleted when they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class UnsentView:
    """What this reader typed into a form before and did not send. `at`: when it was kept (UTC)."""

    words: Mapping[str, str]
    at: datetime


class UnsentSource(Protocol):
    """The words of open forms, sealed to this reader. `form` names a form and what it is about."""

    def unsent_keep(self, form: str, words: Mapping[str, str]) -> None:
        """Keep what stands in the form now."""
        ...

    def unsent_words(self, form: str) -> UnsentView | None:
        """What was kept of it."""
        ...

    def unsent_forget(self, forms: Sequence[str]) -> None:
        """Delete what was kept of them."""
        ...

"""Urgent items: the views and calls of the action that writes, submits and plans one at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class UrgentChoices:
    """What an urgent item can be: kinds and agencies, ids with their names; a kind's languages."""

    kinds: tuple[tuple[str, str], ...]
    agencies: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class UrgentPlace:
    """What was chosen of it."""

    kind: str
    agency: str
    language: str


@dataclass(frozen=True)
class UrgentDone:
    """The new item in its release. `confirmed`: announced, so that leads can sign it."""

    item: str
    release: str
    confirmed: bool


class UrgentSource(Protocol):
    """From a text to the signers."""

    def urgent_choices(self) -> UrgentChoices:
        """What this reader may write at once. Raises Refused, and UsageError when no kind is."""
        ...

    def urgent_clashes(self, place: UrgentPlace) -> Sequence[str]:
        """What speaks against a release as soon as possible on the channels of its language."""
        ...

    def urgent(self, place: UrgentPlace, texts: Mapping[str, str], passphrase: str) -> UrgentDone:
        """Write (`code`, `headline`, `summary`, `body`), submit, plan, confirm. Raises Refused
        for a gate or a role, UsageError for a field, TrustError; then nothing was begun."""
        ...

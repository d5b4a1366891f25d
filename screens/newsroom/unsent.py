"""Unsent words of forms over the verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.clock import parse_instant
from desk.people import unsent
from screens.newsroom.part import Part
from screens.source.unsent import UnsentView


class UnsentPart(Part):
    """Answers what forms ask of their own words."""

    def unsent_keep(self, form: str, words: Mapping[str, str]) -> None:
        """Seal it to this reader."""
        unsent.keep(self._house.room, self._house.actor, form, words)

    def unsent_words(self, form: str) -> UnsentView | None:
        """Open it."""
        found = unsent.kept(self._house.room, self._house.actor, form)
        return UnsentView(found.words, parse_instant(found.at)) if found else None

    def unsent_forget(self, forms: Sequence[str]) -> None:
        """Drop them, with their key."""
        unsent.forget(self._house.room, self._house.actor, forms)

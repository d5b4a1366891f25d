"""The sample's memory of words that were not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.clock import now
from screens.sample.memory import Memory
from screens.source.unsent import UnsentView


class SampleUnsent(Memory):
    """Answers what forms ask of their own words."""

    def unsent_keep(self, form: str, words: Mapping[str, str]) -> None:
        """Remember it."""
        self._unsent[form] = UnsentView(dict(words), now(self.clock))

    def unsent_words(self, form: str) -> UnsentView | None:
        """What is remembered of it."""
        return self._unsent.get(form)

    def unsent_forget(self, forms: Sequence[str]) -> None:
        """Forget it."""
        for form in forms:
            self._unsent.pop(form, None)

    @property
    def _unsent(self) -> dict[str, UnsentView]:
        found: dict[str, UnsentView] = self.__dict__.setdefault("_unsent_words", {})
        return found

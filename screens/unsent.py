"""The words of open forms: kept while they are typed, offered again, forgotten when they were sent.

One thing after the other, in threads: a form that is sent at once may still be being kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from desk.errors import DeskError
from screens.source.unsent import UnsentSource, UnsentView


class UnsentWords:
    """What one desk keeps of its forms. A newsroom that does not answer keeps nothing now."""

    def __init__(self, source: UnsentSource) -> None:
        self._source = source
        self._turn = asyncio.Lock()
        self._accepted: list[str] = []

    async def keep(self, form: str, words: Mapping[str, str]) -> bool:
        """Keep what stands in a form. False: it could not be stored; the next round tries again."""
        async with self._turn:
            with suppress(DeskError):
                await asyncio.to_thread(self._source.unsent_keep, form, words)
                return True
        return False

    async def words(self, form: str) -> UnsentView | None:
        """What was kept of a form, if anything."""
        async with self._turn:
            with suppress(DeskError):  # then nothing is offered
                return await asyncio.to_thread(self._source.unsent_words, form)
        return None

    async def forget(self, *forms: str) -> None:
        """Delete what was kept of these."""
        async with self._turn:
            with suppress(DeskError):  # it is offered once more, and ages
                await asyncio.to_thread(self._source.unsent_forget, forms)

    # From the form that was accepted to the act that was done

    def begins(self) -> None:
        """Another act begins: what was accepted for one that was not done stays kept."""
        self._accepted = []

    def accepted(self, form: str) -> None:
        """A form was accepted; its words are kept until the act is done."""
        self._accepted.append(form)

    def sent(self) -> tuple[str, ...]:
        """The act is done: the forms whose words it took, to be forgotten."""
        done, self._accepted = tuple(self._accepted), []
        return done

"""A termbase: entries of one or more languages, compiled when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.terms.entry import LANGUAGES, Entry

if TYPE_CHECKING:
    from desk.terms.match import Matcher

DATA: Final = Path(__file__).with_name("data")
"""Where the shipped termbase files lie, one a language."""


class Termbase:
    """Entries, immutable. Two termbases with the same entries have the same digest."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._matchers: dict[str, Matcher] = {}

    @cached_property
    def of_language(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each language, in their order."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.language, []).append(entry)
        return {language: tuple(entries) for language, entries in found.items()}

    @cached_property
    def by_id(self) -> Mapping[tuple[str, str], Entry]:
        """Entries by language and id."""
        return {(entry.language, entry.id): entry for entry in self.entries}

    @cached_property
    def of_concept(self) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
        """Entries by language and concept, for pairs of languages."""
        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            found.setdefault((entry.language, entry.concept), []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    @cached_property
    def digest(self) -> str:
        """The version: SHA-256 of the entries' canonical form (RFC 8785), in their order."""
        from desk.terms.plain import content
        from desk.trust.canonical import digest

        return digest({"entries": [content(entry) for entry in self.entries]})

    def matcher(self, language: str) -> Matcher:
        """The compiled entries of a language; compiled once."""
        found = self._matchers.get(language)
        if found is None:
            from desk.terms.match import Matcher

            found = self._matchers[language] = Matcher(self.of_language.get(language, ()))
        return found


@lru_cache(maxsize=1)
def shipped() -> Termbase:
    """The termbase that comes with Desk. Raises ConfigError if a file of it was damaged."""
    from desk.terms.load import load_file

    files = [DATA / f"{language}.yaml" for language in LANGUAGES]
    return Termbase(entry for file in files for entry in load_file(file).entries)

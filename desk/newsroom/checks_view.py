"""The plain values of calendar.yaml as checks read them, stepping over what has the wrong type.

So one run finds what is wrong between places of the file too when single values are bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from desk.newsroom import values
from desk.newsroom.config import DEFAULT_SECTIONS
from desk.newsroom.marks import Path

_T = TypeVar("_T")


@dataclass(frozen=True)
class Found:
    """Something wrong at `path`; at its key rather than its value when `at_key`."""

    path: Path
    what: str
    hint: str = ""
    at_key: bool = False


class View:
    """The plain values of the file, read with forgiveness."""

    def __init__(self, root: Any, drivers: Iterable[str], gates: Iterable[str]) -> None:
        self.root: dict[str, Any] = root if isinstance(root, dict) else {}
        self.drivers = tuple(drivers)
        self.gates = tuple(gates)
        newsroom = self.mapping(self.root.get("newsroom"))
        self.languages = self._languages(newsroom)
        self.zone = self.parsed(values.parse_zone, newsroom.get("zone"))
        self.kinds = self.mapping(self.root.get("kinds"))
        sections = self.root.get("sections")
        self.sections = DEFAULT_SECTIONS if sections is None else self.mapping(sections)
        self.channel_ids = self.ids("channels")

    def _languages(self, newsroom: dict[str, Any]) -> list[str]:
        """The newsroom's languages; none when one is wrong, lest every name be told for it."""
        words = self.words(newsroom, ("newsroom",), "languages")
        known = [self.parsed(values.parse_language, word) for _, word in words]
        return [] if None in known else [word for _, word in words]

    @staticmethod
    def mapping(value: Any) -> dict[str, Any]:
        """The mapping, or an empty one for anything else."""
        return value if isinstance(value, dict) else {}

    def at(self, path: Path) -> Any:
        """The value at a path of mappings; None where there is none."""
        here: Any = self.root
        for step in path:
            here = self.mapping(here).get(str(step))
        return here

    def each(self, noun: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The mappings in a top-level list, or in the top-level mapping of kinds."""
        value = self.root.get(noun)
        pairs: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            pairs = value.items()
        elif isinstance(value, tuple):
            pairs = enumerate(value)
        return (((noun, key), part) for key, part in pairs if isinstance(part, dict))

    def ids(self, noun: str) -> list[str]:
        """The ids given in a top-level list."""
        return [part["id"] for _, part in self.each(noun) if isinstance(part.get("id"), str)]

    @staticmethod
    def words(part: dict[str, Any], path: Path, key: str) -> list[tuple[Path, str]]:
        """The texts in a list under `key`, each with its path."""
        value = part.get(key)
        found = enumerate(value) if isinstance(value, tuple) else ()
        return [((*path, key, i), word) for i, word in found if isinstance(word, str)]

    @staticmethod
    def parsed(parse: Callable[[object], _T], value: object) -> _T | None:
        """The parsed value, or None when it is absent or wrong (another check says so)."""
        try:
            return None if value is None else parse(value)
        except values.BadValue:
            return None

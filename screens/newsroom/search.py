"""The search room over `desk.search`: one finder for the sitting, opened text in memory only."""

from __future__ import annotations

from collections.abc import Sequence

from desk.clock import parse_instant
from desk.search.find import Finder, Hit
from screens.newsroom.part import Part
from screens.source.search_room import Found

LIMIT = 200


class SearchPart(Part):
    """Answers the search room."""

    @property
    def _finder(self) -> Finder:
        house = self._house
        finder: Finder = self.__dict__.setdefault("_search", Finder(house.room, house.actor))
        return finder

    def search_find(self, query: str) -> Sequence[Found]:
        """What fits, the best first. Raises UsageError."""
        return [_found(hit) for hit in self._finder.find(query, LIMIT)]

    def search_forget(self) -> None:
        """Drop what was opened."""
        self._finder.forget()


def _found(hit: Hit) -> Found:
    return Found(
        f"{hit.place} {hit.language} {hit.key}", hit.place, hit.key, hit.title, hit.snippet,
        hit.state, hit.agency, hit.language, parse_instant(hit.at) if len(hit.at) == 20 else None,
        hit.sealed,
    )  # fmt: skip

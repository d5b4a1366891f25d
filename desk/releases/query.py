"""Queries: what a person types to find releases, read the same by the calendar and the commands.

`agency:ID kind:ID channel:ID lang:CODE state:WORD after:DATE before:DATE` and words. A field may
be named in Vietnamese, a state by its word in either language, accents left out or not; several
values of one field are alternatives, everything else must hold together. "…" keeps words together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk.clock import parse_instant, written
from desk.errors import UsageError
from desk.locales import LANGUAGES, N_, catalogue
from desk.phrase import phrase
from desk.text import folded, nfc

if TYPE_CHECKING:
    from desk.releases.search import Filter

STATES: Mapping[str, str] = {
    "provisional": N_("provisional"),
    "confirmed": N_("confirmed"),
    "signed": N_("signed"),
    "staged": N_("staged"),
    "released": N_("released"),
    "partial": N_("partly released"),
    "postponed": N_("postponed"),
    "cancelled": N_("cancelled"),
    "missed": N_("missed"),
    "held": N_("held"),
    "slot": N_("free slot"),
    "blackout": N_("blackout"),
}
"""What `state:` may name: states of releases, holds, and the other rows of a calendar."""
NOT_RELEASES = ("slot", "blackout")
FIELDS: Mapping[str, str] = {
    "agency": "agency",
    "co-quan": "agency",
    "kind": "kind",
    "loai": "kind",
    "channel": "channel",
    "kenh": "channel",
    "lang": "lang",
    "language": "lang",
    "ngon-ngu": "lang",
    "state": "state",
    "trang-thai": "state",
    "after": "after",
    "tu": "after",
    "before": "before",
    "truoc": "before",
}
"""The names of the fields, folded, in both languages."""
_PART = re.compile(r'(?:([^\s":]+):)?(?:"([^"]*)"|(\S+))')
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})/(\d{1,2})/(\d{4})")


@dataclass(frozen=True)
class Query:
    """What was asked for. `after` and `before` are written instants; `before` is excluded."""

    words: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    @property
    def wants_releases(self) -> bool:
        """Whether a release can be among what is wanted at all."""
        return not self.states or any(state not in NOT_RELEASES for state in self.states)

    def filter(self, opened: Callable[[str], tuple[str, ...]] | None = None) -> Filter:
        """The same for the database. `opened`: the items whose opened headlines hold a word."""
        from desk.releases.search import Filter  # late: a query is read without a database

        return Filter(
            self.words,
            self.agencies,
            tuple(state for state in self.states if state not in ("held", *NOT_RELEASES)),
            "held" in self.states,
            tuple(opened(word) for word in self.words) if opened else (),
            self.kinds,
            self.channels,
            self.languages,
            self.after,
            self.before,
        )


def read(text: str, zone: str) -> Query:
    """The query that somebody typed; dates count in that zone. Raises UsageError for no date."""
    found: dict[str, list[str]] = {name: [] for name in dict.fromkeys(FIELDS.values())}
    words: list[str] = []
    for name, quoted, bare in _PART.findall(nfc(text)):
        value, field = quoted or bare, FIELDS.get(folded(name), "")
        if field and value:
            found[field].append(value)
        elif whole := (f"{name}:{value}" if name else value):
            words.append(whole)

    def ids(field: str) -> tuple[str, ...]:
        return tuple(value.casefold() for value in found[field])

    return Query(
        tuple(words), ids("agency"), ids("kind"), ids("channel"), ids("lang"),
        tuple(dict.fromkeys(_states(found["state"]))),
        max((instant(one, zone) for one in found["after"]), default=""),
        min((instant(one, zone) for one in found["before"]), default=""),
    )  # fmt: skip


def _states(values: Iterable[str]) -> Iterable[str]:
    """The states whose name, or word in a language of the interface, begins like that."""
    for value in values:
        wanted = folded(value).replace("-", " ").replace("_", " ")
        named = [
            state
            for state, word in STATES.items()
            if state.startswith(wanted)
            or any(folded(catalogue(code).gettext(word)).startswith(wanted) for code in LANGUAGES)
        ]
        yield from named or ["?"]


def instant(text: str, zone: str) -> str:
    """The first instant of a day, or the instant of a wall time, in that zone.

    `2026-11-20`, `20/11/2026`, `2026-11-20T15:00`, or an instant ending in Z. Raises UsageError.
    """
    from desk.releases.placing import read_moment  # late: it knows the database

    day = _DAY.fullmatch(text)
    if day is None:
        return read_moment(text, zone, "earlier").at
    year, month, date = day.group(1, 2, 3) if day[1] else day.group(6, 5, 4)
    try:
        start = datetime(int(year), int(month), int(date))  # noqa: DTZ001 - a wall time
    except ValueError:
        raise UsageError(
            "Not a date", text[:40], phrase("Write it as 2026-11-20 or 20/11/2026")
        ) from None
    return _midnight(start, zone)


def _midnight(start: datetime, zone: str) -> str:
    """The first instant of that day; some zones put clocks forward at midnight."""
    from desk.releases.placing import read_moment

    try:
        return read_moment(f"{start:%Y-%m-%d} 00:00", zone, "earlier").at
    except UsageError:
        return written(parse_instant(read_moment(f"{start:%Y-%m-%d} 12:00", zone, "earlier").at)
                       - timedelta(hours=12))  # fmt: skip

"""The calendar's views and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.shared import Gate, Outcome, ReleaseState


@dataclass(frozen=True)
class DayCount:
    """How many calendar rows a day has; `after` is the cursor before the first of them."""

    day: date
    after: str
    rows: int


@dataclass(frozen=True)
class Progress:
    """How far a release has come: so many of so many approvals, signatures or items."""

    what: Literal["approved", "signed", "ready"]
    done: int
    needed: int


@dataclass(frozen=True)
class CalendarRow:
    """One line of the calendar: a release, an empty slot or a blackout.

    `key` is unique and is the cursor after which the next row follows. A sealed release is one
    whose items this reader may not open; its title is the code name.
    """

    key: str
    kind: Literal["release", "slot", "blackout"]
    at: datetime
    title: str
    release: str = ""
    state: ReleaseState = "provisional"
    held: bool = False
    sealed: bool = False
    agency: str = ""
    languages: tuple[str, ...] = ()
    channels: int = 0
    items: int = 0
    progress: Progress | None = None
    late_ms: float | None = None
    until: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ManifestItem:
    """One line of what is signed: exactly this revision."""

    item: str
    headline: str
    language: str
    revision: int
    digest: str
    gates: tuple[Gate, ...]
    steps_done: int
    steps_needed: int


@dataclass(frozen=True)
class ReleaseView:
    """A release as the person who signs it must see it."""

    release: str
    title: str
    at: datetime
    not_after: datetime
    state: ReleaseState
    held: bool
    sealed: bool
    channels: tuple[str, ...]
    items: tuple[ManifestItem, ...]
    manifest: str
    """Digest of the bytes that are signed."""
    signed: tuple[str, ...] = ()
    signers: int = 2
    refusals: tuple[Reason, ...] = ()
    """Why this reader may not sign now; empty: they may."""
    note: str = ""
    speakers: tuple[str, ...] = ()
    """Who said that they can speak to it."""
    nobody_speaks: bool = False
    """Nobody did, though the newsroom keeps a board of contacts."""
    script: str = ""
    """Who has to open it inside the window from `at` to `not_after`; empty: the instant does."""


class CalendarSource(Protocol):
    """The calendar and the release under its cursor."""

    def calendar_days(self, query: str) -> Sequence[DayCount]:
        """Days that have rows, in order, in the newsroom's zone; `query` filters (may be "")."""
        ...

    def calendar_page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """At most `limit` rows after the cursor `after` ("" is the start), across days."""
        ...

    def release(self, release: str) -> ReleaseView:
        """One release with its manifest. Raises NotFound."""
        ...

    def confirm(self, release: str) -> Outcome:
        """Make a provisional release confirmed. Raises Refused, Conflict."""
        ...

    def sign(self, release: str, manifest: str, passphrase: str) -> Outcome:
        """Sign off exactly that manifest. Raises Refused, Conflict when it has changed."""
        ...

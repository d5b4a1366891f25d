"""The calendar's views and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.shared import Gate, NextRelease, Outcome, ReleaseState


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
    slot: str = ""
    """The id of a free slot."""
    since: datetime | None = None
    """When a blackout began, in the row of each of its days; `at` is its beginning on that day."""


@dataclass(frozen=True)
class HourCell:
    """What an hour of a day holds: so many releases of one state, on the newsroom's clocks.

    `kind` slot: free slots, `label` names the first; blackout: a part of one, with the wall times
    of the whole in `since` and `until`. `first`: HH:MM.
    """

    day: date
    hour: int
    kind: Literal["release", "slot", "blackout"]
    count: int
    first: str
    state: ReleaseState = "provisional"
    held: bool = False
    label: str = ""
    since: datetime | None = None
    until: datetime | None = None
    release: str = ""
    """The id of the release, when it is the only one of its state in that hour."""


@dataclass(frozen=True)
class Standing:
    """How a release stands: what a dialog about it rests on while others may change it."""

    at: datetime
    state: ReleaseState
    held: bool
    manifest: str


@dataclass(frozen=True)
class CalendarChoices:
    """What a plan is made of: items that may be planned, and channels; ids with their names."""

    items: tuple[tuple[str, str], ...]
    channels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlannedAs:
    """A release as it is planned: what the forms begin with. `wall`: YYYY-MM-DD HH:MM:SS."""

    release: str
    code: str
    wall: str
    zone: str
    confirmed: bool
    items: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Placing:
    """A place that was typed: its instant, and what speaks against it, a line each.

    `ambiguous`: the wall time occurs twice, and it has to be said which is meant; then the two
    instants, the earlier first.
    """

    at: datetime | None
    clashes: tuple[str, ...] = ()
    ambiguous: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Clashing:
    """A release to come and one thing that speaks against it."""

    release: str
    title: str
    at: datetime
    why: str


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
    shared: tuple[str, ...] = ()
    """Items that another release still to come holds as well, and channels where an earlier text of
    one stays, each said in a sentence."""


class CalendarSource(Protocol):
    """The calendar and the release under its cursor."""

    def calendar_days(self, query: str) -> Sequence[DayCount]:
        """Days that have rows, in order, in the newsroom's zone; `query` filters (may be "")."""
        ...

    def calendar_page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """At most `limit` rows after the cursor `after` ("" is the start), across days."""
        ...

    def calendar_span(self, first: date, days: int, query: str) -> Sequence[HourCell]:
        """What the hours of so many days hold, from the first one on, in order."""
        ...

    def calendar_coming(self, limit: int) -> Sequence[NextRelease]:
        """The releases that go out next, the nearest first."""
        ...

    def calendar_cannot(self) -> Mapping[str, tuple[Reason, ...]]:
        """The acts for which this reader has no role, by their names, with the reasons."""
        ...

    def calendar_choices(self) -> CalendarChoices:
        """What a release can be planned from."""
        ...

    def calendar_planned(self, release: str) -> PlannedAs:
        """A release as it is planned now. Raises NotFound."""
        ...

    def calendar_where(self, release: str) -> tuple[str, datetime] | None:
        """The key of a release's row as it stands now, whatever the filter, and its instant."""
        ...

    def calendar_standing(self, release: str) -> Standing:
        """How a release stands now. Raises NotFound."""
        ...

    def calendar_place(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str],
        slot: str = "", release: str = "",
    ) -> Placing:  # fmt: skip
        """What is at that wall time of the newsroom's zone; `fold`: "", "earlier" or "later".

        Raises UsageError for what is no time, or one that the clocks skip.
        """
        ...

    def calendar_left(
        self, items: Sequence[str], channels: Sequence[str], release: str = ""
    ) -> Sequence[str]:
        """Where an earlier text of these items stays public, because a release of them, new or
        changed, does not go there."""
        ...

    def calendar_clashes(self) -> Sequence[Clashing]:
        """Everything that speaks against the releases of the next weeks, in order of time."""
        ...

    def calendar_plan(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str], code: str,
        slot: str = "",
    ) -> Outcome:  # fmt: skip
        """Put a provisional release into the calendar. Raises Refused, UsageError."""
        ...

    def calendar_edit(
        self, release: str, items: Sequence[str], channels: Sequence[str], code: str
    ) -> Outcome:
        """Change what it holds and where it goes. Raises Refused, Conflict."""
        ...

    def calendar_move(
        self, release: str, wall: str, fold: str, note: str, passphrase: str
    ) -> Outcome:
        """Move it. Raises Refused, Conflict, TrustError."""
        ...

    def calendar_postpone(self, release: str, note: str, passphrase: str) -> Outcome:
        """Take its date away. Raises Refused, TrustError."""
        ...

    def calendar_cancel(self, release: str, note: str, passphrase: str) -> Outcome:
        """Strike it for good. Raises Refused, TrustError."""
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

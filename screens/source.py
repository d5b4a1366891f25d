"""What the rooms need from the house: the views they show and the calls they make.

`Source` lists every call; an adapter over the verbs answers them for the desk, `screens.sample`
answers them from memory. All are plain functions: the app calls them in threads, never on the
event loop. Each may raise any `DeskError`, which the app shows as it is. Views are frozen, hold
only what this reader may see, and carry text as it is: the screens make it safe.

Instants are aware datetimes in UTC; spans are seconds unless the name says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from desk.errors import Reason

ReleaseState = Literal[
    "provisional",
    "confirmed",
    "signed",
    "staged",
    "released",
    "partial",
    "postponed",
    "cancelled",
    "missed",
]
GateOutcome = Literal["ok", "warning", "error", "none"]
Phase = Literal["waiting", "staging", "judging", "ready", "opening", "comparing", "done"]


@dataclass(frozen=True)
class Outcome:
    """What an act did. Unconfirmed: signed and requested, the publisher has not answered yet."""

    message: str
    confirmed: bool = True


@dataclass(frozen=True)
class DeskView:
    """The newsroom and the person at this desk."""

    newsroom: str
    zone: str
    person: str
    name: str
    roles: tuple[str, ...] = ()
    asks_passphrase: bool = True
    """Whether approve, sign and hold must ask for the passphrase that unlocks the key."""


@dataclass(frozen=True)
class NextRelease:
    """The release that goes out next."""

    release: str
    title: str
    at: datetime
    state: ReleaseState
    held: bool
    items: int
    channels: int
    ready: bool


@dataclass(frozen=True)
class Pulse:
    """What the head of every room shows; asked for every second or two, so it must be cheap."""

    next: NextRelease | None = None
    waiting: int = 0
    alarms: int = 0
    policy_differs: bool = False
    """calendar.yaml and the adopted policy are not the same."""
    version: str = ""
    """Changes when anything a room shows has changed: the sequence of the log, say."""


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
class Gate:
    """One gate's answer for one revision, with a word of explanation."""

    gate: str
    outcome: GateOutcome
    note: str = ""


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


@dataclass(frozen=True)
class QueueEntry:
    """A revision that waits for a step this reader may take. Ordered by the time it is due."""

    revision: str
    headline: str
    language: str
    number: int
    step: str
    step_number: int
    steps: int
    agency: str
    due: datetime | None = None
    urgent: bool = False

    @property
    def key(self) -> str:
        """The revision, under the name that tables use."""
        return self.revision


@dataclass(frozen=True)
class DiffLine:
    """A line of a comparison: kept, taken out, put in, or a gap where nothing changed."""

    sign: Literal[" ", "-", "+", "…"]
    text: str


@dataclass(frozen=True)
class Approval:
    """A step that was taken: by whom; `by` is empty when it is still open."""

    step: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Review:
    """Everything a person needs to approve a revision or send it back."""

    revision: str
    item: str
    headline: str
    language: str
    kind: str
    number: int
    digest: str
    since: int | None
    """The revision compared with, None when there was none."""
    since_by: str
    """Who approved that one; empty when nobody did."""
    diff: tuple[DiffLine, ...]
    text: str
    """The whole text: headline, short and full version, sources, legal basis, assets."""
    gates: tuple[Gate, ...]
    authors: tuple[str, ...]
    approvals: tuple[Approval, ...]
    due: datetime | None
    channels: tuple[str, ...]
    refusals: tuple[Reason, ...] = ()
    """Why this reader may not approve; each names the rule and who could. Empty: they may."""
    who: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each open step and the people who could take it."""


@dataclass(frozen=True)
class ChannelState:
    """One channel of one release: staged, opened, compared."""

    channel: str
    name: str
    required: bool
    staged: int
    items: int
    sealed: bool
    outcome: Literal["waiting", "staged", "opened", "published", "retrying", "failed"]
    matched: bool | None = None
    late_ms: float | None = None
    note: str = ""


@dataclass(frozen=True)
class DueRelease:
    """A release that is about to go out, or has just gone."""

    release: str
    title: str
    at: datetime
    state: ReleaseState
    held: bool
    phase: Phase
    items: int
    channels: tuple[ChannelState, ...]
    hold_requested: bool = False
    """A hold was signed that the publisher has not acknowledged."""


@dataclass(frozen=True)
class PublisherState:
    """The publisher that leads, as far as this desk can tell."""

    name: str
    epoch: int
    alive: bool
    standby: str = ""
    clock_ms: float | None = None
    """The portal's clock minus ours."""
    clock_ok: bool = True


@dataclass(frozen=True)
class DayRecord:
    """How punctual the day was; `late_ms` holds the last releases, oldest first."""

    on_time: int = 0
    late: int = 0
    """Gone out by itself, more than a second after its instant."""
    early: int = 0
    missed: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    late_ms: tuple[float, ...] = ()


@dataclass(frozen=True)
class Monitor:
    """Will it go, did it go, is it still right?"""

    publisher: PublisherState | None
    due: tuple[DueRelease, ...]
    today: DayRecord = field(default_factory=DayRecord)
    alarms: tuple[str, ...] = ()
    compared_at: datetime | None = None
    compared_pages: int = 0
    compared_ok: bool = True


class Source(Protocol):
    """Every call the desk's screens make."""

    def desk(self) -> DeskView:
        """The newsroom and the person. Called once."""
        ...

    def pulse(self) -> Pulse:
        """The head of every room."""
        ...

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

    def hold(self, release: str | None, reason: str, passphrase: str) -> Outcome:
        """Stop a release, or everything when None. Raises Refused when it is too late."""
        ...

    def lift(self, release: str, passphrase: str) -> Outcome:
        """Take one's part in lifting a hold. Raises Refused."""
        ...

    def queue(self) -> Sequence[QueueEntry]:
        """What waits for this reader, soonest first."""
        ...

    def review(self, revision: str) -> Review:
        """One revision of the queue, opened. Raises NotFound."""
        ...

    def approve(self, revision: str, digest: str, passphrase: str) -> Outcome:
        """Approve exactly those bytes. Raises Refused, Conflict when they have changed."""
        ...

    def send_back(self, revision: str, digest: str, reason: str, passphrase: str) -> Outcome:
        """Return the revision to its authors with a reason. Raises Refused."""
        ...

    def monitor(self) -> Monitor:
        """The publisher, the releases near now, and the day."""
        ...

"""The release screen's views and calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from desk.errors import Reason
from screens.source.calendar_room import ReleaseView
from screens.source.shared import Gate, Outcome

Withdrawal = Literal["withdraw", "takedown", "kill"]


@dataclass(frozen=True)
class StepDone:
    """One step of an item's chain: who took it, or who could."""

    step: str
    by: str
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardItem:
    """One item of the release: the revision that goes out, its steps, gates, and channels.

    `key` is the item's id; `kind` and `agency` are what they are called. `channels`: channel id to
    how far the item is there, '' where its language or the release does not go. `newer`: a newer
    revision than the one signed is ready.
    """

    key: str
    headline: str
    code: str
    language: str
    kind: str
    agency: str
    revision: int
    digest: str
    state: str
    sealed: bool
    steps: tuple[StepDone, ...]
    gates: tuple[Gate, ...]
    channels: Mapping[str, str]
    newer: bool = False
    message: str = ""
    """What its language versions have in common."""


@dataclass(frozen=True)
class BoardChannel:
    """A channel of the release. `late_ms`: after the instant, when it has opened."""

    channel: str
    name: str
    state: str
    required: bool
    late_ms: float | None = None
    code: str = ""


@dataclass(frozen=True)
class StillNeeded:
    """What is missing, who can do it, until when."""

    what: str
    who: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class BoardHold:
    """A hold in force. `everything`: over all releases."""

    person: str
    since: datetime
    lifts: tuple[str, ...]
    needed: int
    everything: bool


@dataclass(frozen=True)
class BoardTrigger:
    """The script that has to open it. `fired`: when it did; `ended`: what ended the grant."""

    script: str
    key: str
    until: datetime
    fired: str
    ended: str
    waits: bool


@dataclass(frozen=True)
class PastStep:
    """One act that made the plan what it is."""

    kind: str
    person: str
    time: datetime
    note: str


@dataclass(frozen=True)
class ReleaseBoard:
    """A release in full. `sign_until` and `change_until`: the last instants for either.

    `cannot`: acts that cannot be done now, with the reasons. `confirmed`: announced.
    """

    view: ReleaseView
    code: str
    confirmed: bool
    items: tuple[BoardItem, ...]
    channels: tuple[BoardChannel, ...]
    change_until: datetime
    sign_until: datetime
    needed: tuple[StillNeeded, ...] = ()
    reasons: tuple[Reason, ...] = ()
    holds: tuple[BoardHold, ...] = ()
    trigger: BoardTrigger | None = None
    past: tuple[PastStep, ...] = ()
    on_duty: tuple[str, ...] = ()
    roster: int = 0
    policy: int = 0
    termbase: str = ""
    cannot: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FixChecked:
    """What a quick fix would change: the difference, and why it is none (or "")."""

    lines: tuple[str, ...]
    why_not: str


class ReleaseSource(Protocol):
    """One release opened."""

    def release_board(self, release: str) -> ReleaseBoard:
        """The release in full. Raises NotFound."""
        ...

    def release_leave_out(self, release: str, items: Sequence[str], passphrase: str) -> Outcome:
        """Leave items out and sign the rest. Raises Refused, NotFound, TrustError."""
        ...

    def release_recall(self, release: str, passphrase: str) -> Outcome:
        """Take the sign-off back. Raises Refused, Conflict, TrustError."""
        ...

    def release_now(self, release: str, note: str, passphrase: str) -> Outcome:
        """Bring it forward to seconds from now. Raises Refused, UsageError, TrustError."""
        ...

    def release_grant(
        self, release: str, script: str, key: str, until: str, note: str, passphrase: str
    ) -> Outcome:
        """Let a script open it until that wall time. Raises Refused, UsageError, TrustError."""
        ...

    def release_rehearse(self, release: str, folder: str) -> Sequence[tuple[bool, str]]:
        """What a rehearsal with the publisher's own folder tried: good or not, and a line each."""
        ...

    def release_fix_texts(self, item: str) -> Mapping[str, str]:
        """Headline, summary and body of the newest revision. Raises Refused."""
        ...

    def release_fix_check(self, item: str, name: str, text: str) -> FixChecked:
        """What that text of one field would change, and whether it may."""
        ...

    def release_fix(self, item: str, name: str, text: str, passphrase: str) -> Outcome:
        """Make the quick fix. Raises Refused, TrustError."""
        ...

    def release_take_back(self, item: str, mode: Withdrawal, note: str, passphrase: str) -> Outcome:
        """Withdraw, take down or kill a public item. Raises Refused, UsageError, TrustError."""
        ...

    def release_restore(self, item: str, passphrase: str) -> Outcome:
        """Take one's part in putting back what was taken down. Raises Refused, TrustError."""
        ...

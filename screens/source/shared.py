"""What more than one room needs: outcomes, the person, the head of every room, gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

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


@dataclass(frozen=True)
class Outcome:
    """What an act did. Unconfirmed: signed and requested, the publisher has not answered yet."""

    message: str
    confirmed: bool = True
    made: str = ""
    """The id of what it put into a list that was not there before."""


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
class Gate:
    """One gate's answer for one revision, with a word of explanation."""

    gate: str
    outcome: GateOutcome
    note: str = ""


class DeskSource(Protocol):
    """Who is at the desk, what the head of every room shows, and the hold that every room has."""

    def desk(self) -> DeskView:
        """The newsroom and the person. Called once."""
        ...

    def pulse(self) -> Pulse:
        """The head of every room."""
        ...

    def rings(self) -> tuple[str, ...]:
        """Alerts that are new since it was asked last, one line each: code names, no sealed text.
        Asked every few seconds, beside the pulse."""
        ...

    def hold(self, release: str | None, reason: str, passphrase: str) -> Outcome:
        """Stop a release, or everything when None. Raises Refused when it is too late."""
        ...

    def lift(self, release: str, passphrase: str) -> Outcome:
        """Take one's part in lifting a hold. Raises Refused."""
        ...

"""What the log says of contacts, of who can speak to a release, and of enquiries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ContactEntry:
    """One entry of the board as it was last set: a contact, a topic, a shift or an absence.

    `value` is public; `private` the digest of what lies sealed beside it, or ''. `act` set it.
    """

    id: str
    value: Mapping[str, Any]
    private: str
    act: str
    person: str
    time: str

    @property
    def agency(self) -> str:
        """The agency that it belongs to."""
        return str(self.value["agency"])


@dataclass(frozen=True)
class Availability:
    """Somebody's word that a contact can, or cannot, speak from one instant to another."""

    contact: str
    can: bool
    since: str
    until: str
    person: str
    time: str
    act: str

    def covers(self, at: str) -> bool:
        """Whether it is about that instant: a release that was moved needs a new word."""
        return self.since <= at <= self.until


@dataclass
class EnquiryState:
    """One question of a journalist. `basis`: its newest act, which the next one must follow.

    `question` and `enquirer` are digests of what lies sealed; `outcome`: answered, declined or ''.
    """

    id: str
    question: str
    enquirer: str
    language: str
    agency: str
    topic: str
    contact: str
    due: str
    opened: str
    opened_by: str
    basis: str
    item: str = ""
    outcome: str = ""
    reason: str = ""
    revision: str = ""
    closed: str = ""
    closed_by: str = ""
    forgotten: str = ""

    @property
    def state(self) -> str:
        """open, answering (an item is linked), answered, declined."""
        return self.outcome or ("answering" if self.item else "open")

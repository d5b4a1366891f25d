"""The contacts room's views and calls: the board, the rota, enquiries with their deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from screens.source.shared import Outcome

BoardMode = Literal["topics", "contacts", "gaps"]
Duty = Literal["on-duty", "deputy", "away", "off", "none"]
EnquiryState = Literal["open", "answering", "approval", "approved", "answered", "declined"]
Named = tuple[str, str]
"""An id and what it is called."""


@dataclass(frozen=True)
class BoardRow:
    """One line of the board: a topic, a contact or a gap; fields of the other kinds are empty.

    `key` is the entry's id (a gap's: topic and beginning). `focal`, `deputies`, `who` are names;
    `who` is on duty until `until`, then comes `next_who` from `next_at`. `gap_from`, `gap_to`: the
    next gap of a topic, or the gap itself. `phone`, `email`: public, a contact's own; a topic's are
    those of who is on duty, else of the focal point.
    """

    key: str
    mode: BoardMode
    name: str
    agency: str
    focal: str = ""
    deputies: tuple[str, ...] = ()
    duty: Duty = "off"
    who: str = ""
    who_id: str = ""
    until: datetime | None = None
    next_who: str = ""
    next_at: datetime | None = None
    gap_from: datetime | None = None
    gap_to: datetime | None = None
    languages: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    private: bool = False
    agency_name: str = ""
    """What the agency is called; '' where nothing says."""


@dataclass(frozen=True)
class Board:
    """The board at one instant. `gaps`: within the next seven days; `on_duty`: names."""

    topics: tuple[BoardRow, ...]
    contacts: tuple[BoardRow, ...]
    gaps: tuple[BoardRow, ...]
    on_duty: tuple[str, ...]


@dataclass(frozen=True)
class EnquiryRow:
    """One enquiry as far as this reader may read it; `sealed` when they may not.

    `flags`: what outlet or address pass for, as sentences. `done` of `steps`: of the answer.
    """

    key: str
    state: EnquiryState
    overdue: bool
    due: datetime
    outlet: str
    question: str
    journalist: str
    topic: str
    agency: str
    language: str
    contact: str
    item: str
    done: int
    steps: int
    sealed: bool
    reason: str = ""
    flags: tuple[str, ...] = ()
    agency_name: str = ""
    """What the agency is called; '' where nothing says."""


@dataclass(frozen=True)
class ContactCard:
    """Everything about one contact that this reader may know; `may_know`: private numbers too."""

    id: str
    agency: str
    names: Mapping[str, str]
    person: str
    languages: tuple[str, ...]
    phone: str
    email: str
    url: str
    may_know: bool
    private_phone: str = ""
    private_email: str = ""
    private_note: str = ""
    history: tuple[tuple[datetime, str, str], ...] = ()
    """When, who, what: newest first."""
    agency_name: str = ""
    """What the agency is called; '' where nothing says."""
    rota: tuple[Named, ...] = ()
    """Shifts and absences that are not over: entries and what they say."""


@dataclass(frozen=True)
class ReleaseAhead:
    """A release that somebody may be asked about; `words` are the contacts who can speak to it."""

    release: str
    title: str
    at: datetime
    words: tuple[str, ...]
    spoken: tuple[str, ...] = ()
    """Their ids."""


@dataclass(frozen=True)
class ContactChoices:
    """What may be chosen in forms: agencies, topics and contacts, ids with names."""

    agencies: tuple[Named, ...]
    topics: tuple[Named, ...]
    contacts: tuple[Named, ...]
    own: str
    """The contact that this reader is, or ''."""


class ContactsSource(Protocol):
    """The board, who is on duty, and the questions of journalists."""

    def contacts_board(self) -> Board:
        """The board now."""
        ...

    def contacts_enquiries(self) -> Sequence[EnquiryRow]:
        """Open enquiries by deadline, then closed ones."""
        ...

    def contacts_choices(self) -> ContactChoices:
        """What forms offer."""
        ...

    def contacts_card(self, contact: str) -> ContactCard:
        """One contact. Raises NotFound."""
        ...

    def contacts_ahead(self) -> Sequence[ReleaseAhead]:
        """Releases of the next days that are not out yet, soonest first."""
        ...

    def contacts_save(self, contact: str, values: Mapping[str, str], accept: bool) -> Outcome:
        """Add ("") or change a contact; `values` by the names of `ContactCard`'s fields, names as
        `name_vi`. Raises Refused, UsageError, also for look-alikes unless `accept`."""
        ...

    def contacts_topic(self, topic: str, values: Mapping[str, str]) -> Outcome:
        """Set a topic (`word@agency`): `name_vi`, `name_en`, `focal`, `deputies` (ids)."""
        ...

    def contacts_shift(self, contact: str, values: Mapping[str, str]) -> Outcome:
        """A recurring shift: `rule`, `from`, `to`, `first`, `last`."""
        ...

    def contacts_away(self, contact: str, since: str, until: str) -> Outcome:
        """A contact is away between two wall times."""
        ...

    def contacts_remove(self, entry: str) -> Outcome:
        """Take an entry off the board. Raises Conflict while others rest on it."""
        ...

    def contacts_ack(self, release: str, contact: str, can: bool) -> Outcome:
        """A contact can, or cannot, speak to a release."""
        ...

    def contacts_open_enquiry(self, values: Mapping[str, str]) -> Outcome:
        """Take a question down: `question`, `outlet`, `due` (wall time), `language`, `topic`
        (`word@agency`), `name`, `email`, `phone`."""
        ...

    def contacts_assign(self, enquiry: str, contact: str) -> Outcome:
        """Give it to a contact, or ("") to whom the board names."""
        ...

    def contacts_due(self, enquiry: str, due: str) -> Outcome:
        """Another deadline (wall time); a closed enquiry is open again. Raises UsageError."""
        ...

    def contacts_answer(self, enquiry: str) -> str:
        """The item that answers it, begun when there is none. Returns its id."""
        ...

    def contacts_reply(self, enquiry: str) -> str:
        """The approved answer, to hand over. Raises Refused while it may not leave the house."""
        ...

    def contacts_close(self, enquiry: str) -> Outcome:
        """The answer was handed over."""
        ...

    def contacts_decline(self, enquiry: str, reason: str) -> Outcome:
        """Decline it with a reason."""
        ...

"""Enquiries as they are listed and shown: by deadline, opened as far as one may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select

from desk.errors import NotFound, Refused, TrustError
from desk.newsroom.room import Actor, Room, View
from desk.people import contact_entries
from desk.people.contact_exchange import known_domains
from desk.people.contacts import Board, board_of
from desk.people.lookalikes import Lookalike, domain_lookalikes, name_lookalikes
from desk.phrase import phrase
from desk.store import sealed
from desk.text import nfc
from desk.trust.acts import CONTACTS
from desk.trust.canonical import digest_bytes, parse
from desk.trust.contact_state import EnquiryState
from desk.trust.readers import enquiry_name
from models.tables import ENQUIRIES, ITEMS, REVISIONS

Progress = Literal["open", "answering", "approval", "approved", "answered", "declined"]
_PROGRESS: Mapping[str, Progress] = {"submitted": "approval", "approved": "approved",
                                     "released": "approved"}  # fmt: skip


@dataclass(frozen=True)
class Enquirer:
    """The journalist who asked: personal data, sealed for those who keep the board."""

    name: str = ""
    email: str = ""
    phone: str = ""

    def checked(self) -> Enquirer:
        """The same with every field cleaned. Raises UsageError."""
        return Enquirer(
            contact_entries.line(self.name, "journalist", 120),
            contact_entries.email(self.email),
            contact_entries.phone(self.phone),
        )


@dataclass(frozen=True)
class Row:
    """One line of the list; nothing sealed is in it. `due`, `opened`, `closed`: UTC instants.

    `state`: open, answering (an item is linked), approval (it waits for its chain: `steps_done` of
    `steps`), approved, answered, declined.
    """

    id: str
    state: Progress
    overdue: bool
    due: str
    opened: str
    language: str
    agency: str
    topic: str
    contact: str
    item: str
    steps_done: int
    steps: int
    closed: str
    forgotten: bool


@dataclass(frozen=True)
class EnquiryView:
    """An enquiry opened for one reader. `outlet` and `question` are '' for who may not read them,
    `enquirer` and `reason` too; `sealed` says so. `flags`: what outlet and address pass for.
    """

    row: Row
    contact_name: Mapping[str, str]
    outlet: str
    question: str
    enquirer: Enquirer | None
    reason: str
    sealed: bool
    flags: tuple[Lookalike, ...] = ()

    @property
    def id(self) -> str:
        """The enquiry."""
        return self.row.id

    def as_json(self) -> dict[str, Any]:
        """Plain values, the row's fields beside the others."""
        own = {k: v for k, v in self.__dict__.items() if k != "row"}
        asked = dict(self.enquirer.__dict__) if self.enquirer else None
        flags = [flag.as_json() for flag in self.flags]
        return {**self.row.__dict__, **own, "enquirer": asked, "flags": flags}


_QUERY = (
    select(
        ENQUIRIES,
        ITEMS.c.state.label("item_state"),
        ITEMS.c.kind.label("item_kind"),
        REVISIONS.c.steps_done,
    )
    .outerjoin(ITEMS, ITEMS.c.id == ENQUIRIES.c.item)
    .outerjoin(REVISIONS, REVISIONS.c.digest == ITEMS.c.latest)
)


# Listing


def rows(
    view: View, *, states: Sequence[str] = (), agency: str = "", topic: str = "",
    contact: str = "", limit: int = 500,
) -> list[Row]:  # fmt: skip
    """Enquiries by deadline, the open ones first; `states` as in `Row.state`, or `overdue`."""
    query = _QUERY.order_by(
        ENQUIRIES.c.state.in_(("answered", "declined")), ENQUIRIES.c.due, ENQUIRIES.c.id
    )
    for column, value in (("agency", agency), ("topic", topic), ("contact", contact)):
        if value:
            query = query.where(ENQUIRIES.c[column] == value)
    found = (_row(view, one) for one in view.connection.execute(query))
    wanted = set(states)
    kept = [
        one
        for one in found
        if not wanted or one.state in wanted or (one.overdue and "overdue" in wanted)
    ]
    return kept[:limit]


def _row(view: View, one: Any) -> Row:
    state: Progress = one.state
    steps = view.policy.kinds.get(one.item_kind or "", {}).get("chain", ())
    if state == "answering":
        state = _PROGRESS.get(one.item_state or "", "answering")
    done = len([step for step in (one.steps_done or "").split(",") if step])
    overdue = not one.closed and one.due < view.time
    return Row(
        one.id, state, overdue, one.due, one.opened, one.language, one.agency, one.topic,
        one.contact, one.item, done, len(steps), one.closed, bool(one.forgotten),
    )  # fmt: skip


def row(view: View, id: str) -> Row:
    """One enquiry's line. Raises NotFound."""
    query = _QUERY.where(ENQUIRIES.c.id == id)
    found = view.connection.execute(query).first()
    if found is None:
        raise NotFound("No such enquiry", id[:40], "List them: desk enquiry list")
    return _row(view, found)


def listed(room: Room, actor: Actor, **wanted: Any) -> list[EnquiryView]:
    """The same list, opened as far as the actor may read. Takes what `rows` takes."""
    with room.reading(CONTACTS) as view:
        board, domains = _known(view)
        found = rows(view, **wanted)
        about = view.with_subjects(*(one.id for one in found)) if found else view
        return [_opened(about, actor, one, board, domains) for one in found]


def show(room: Room, actor: Actor, id: str) -> EnquiryView:
    """One enquiry, opened as far as the actor may read. Raises NotFound."""
    with room.reading(CONTACTS, id) as view:
        return shown(view, actor, id)


def asked(room: Room, actor: Actor, item: str) -> tuple[EnquiryView, ...]:
    """The open questions that an item, or another language version of it, answers, by deadline."""
    same = select(ITEMS.c.message).where(ITEMS.c.id == item, ITEMS.c.message != "")
    versions = select(ITEMS.c.id).where(ITEMS.c.message.in_(same))
    query = (
        select(ENQUIRIES.c.id)
        .where((ENQUIRIES.c.item == item) | ENQUIRIES.c.item.in_(versions))
        .where(ENQUIRIES.c.closed == "")
        .order_by(ENQUIRIES.c.due, ENQUIRIES.c.id)
    )
    with room.reading() as view:
        ids = list(view.connection.scalars(query))
    return tuple(show(room, actor, id) for id in ids)


def shown(view: View, actor: Actor, id: str) -> EnquiryView:
    """The same in a view that is about the enquiry and `contacts`."""
    return _opened(view, actor, row(view, id), *_known(view))


def _known(view: View) -> tuple[Board, tuple[str, ...]]:
    board = board_of(view)
    return board, known_domains(view, board)


def _opened(
    view: View, actor: Actor, one: Row, board: Board, domains: Iterable[str]
) -> EnquiryView:
    state = find(view, one.id)
    question = _part(view, actor, state, "question", state.question)
    asked = _part(view, actor, state, "enquirer", state.enquirer)
    reason = _part(view, actor, state, "reason", state.reason)
    enquirer = Enquirer(*(_text(asked, name) for name in ("name", "email", "phone")))
    contact = board.contacts.get(one.contact)
    outlet = _text(question, "outlet")
    return EnquiryView(
        one, dict(contact.name) if contact else {}, outlet, _text(question, "question"),
        enquirer if asked else None, _text(reason, "reason"), question is None,
        tuple(_flags(view, board, domains, outlet, enquirer)),
    )  # fmt: skip


def _text(part: Mapping[str, Any] | None, name: str) -> str:
    return nfc(str(part.get(name, ""))) if part else ""


def _flags(
    view: View, board: Board, domains: Iterable[str], outlet: str, enquirer: Enquirer
) -> list[Lookalike]:
    """What the outlet's name and the journalist's address pass for: the newsroom's own."""
    names = [name for one in board.contacts.values() for name in one.name.values()]
    return [*name_lookalikes(outlet, names), *domain_lookalikes(enquirer.email, domains)]


def find(view: View, id: str) -> EnquiryState:
    """The state of an enquiry from its verified acts. Raises NotFound."""
    found = view.record.enquiries.get(id)
    if found is None:
        raise NotFound("No such enquiry", id[:40], "List them: desk enquiry list")
    return found


def _part(
    view: View, actor: Actor, state: EnquiryState, part: str, digest: str
) -> Mapping[str, Any] | None:
    """A sealed part, opened; None when there is none, it was forgotten, or is not for them."""
    if not digest or state.forgotten:
        return None
    name = enquiry_name(view.record, state.id, part)
    try:
        key = sealed.key_for(view.connection, name, actor.opener)
    except Refused:
        return None
    data = sealed.get(view.connection, key, part)
    if digest_bytes(data) != digest:
        raise TrustError(
            "Not the signed bytes", phrase("{part} of {enquiry}", part=part, enquiry=state.id)
        )
    found: Mapping[str, Any] = parse(data)
    return found

"""Enquiries of journalists: note, assign, forget. Answers are in another file.

A question, its outlet and who asked lie sealed; the log and the table hold deadline, topic,
language, who answers and with which item.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from desk.clock import parse_instant, written
from desk.errors import NotFound, Reason, Refused, UsageError
from desk.locales.words import all_said
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.people import contact_entries
from desk.people.contacts import Board, board_of
from desk.people.duty import for_topic, speaker
from desk.people.enquiry_views import Enquirer, EnquiryView, find, show
from desk.phrase import instant, phrase
from desk.store import sealed
from desk.text import nfc
from desk.trust.acts import CONTACTS, LANGUAGE
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.contact_state import EnquiryState
from desk.trust.contacting import CLOSERS, EDITORS, OPENERS
from desk.trust.ids import new_enquiry, new_salt
from desk.trust.readers import BOARD, QUESTION, enquiry_name, role_readers
from desk.trust.seal import SealKey
from models.tables import ENQUIRIES

LONGEST_QUESTION = 20_000  # characters: reporters send lists of questions
FURTHEST = timedelta(days=366)


def put_part(
    tx: Transaction, id: str, part: str, data: bytes, agency: str, also: tuple[str, ...] = ()
) -> None:
    """Seal a part of an enquiry for those who may read it."""
    roles = QUESTION if part == "question" else BOARD
    key = SealKey.fresh(enquiry_name(tx.record, id, part))
    who = role_readers(tx.record, roles, agency, tx.time, also)
    sealed.put(tx.connection, key, {part: data}, who)


def salted(**fields: str) -> bytes:
    """The canonical bytes of a sealed part: its fields that are not empty, and a salt."""
    given = {name: value for name, value in fields.items() if value}
    return canonical({"format": 1, "salt": new_salt()} | given)


def open_enquiry(
    room: Room, actor: Actor, question: str, *, outlet: str, due: str, language: str,
    agency: str, topic: str = "", contact: str = "", enquirer: Enquirer | None = None,
) -> EnquiryView:  # fmt: skip
    """Take a question down. Without `contact` the board says who answers: who is on duty for the
    topic, else the first of focal point and deputies who is not away.

    `due`: a written instant ahead of now. Raises UsageError, NotFound, Refused.
    """
    asked = nfc(question).strip()
    if not asked:
        raise UsageError("A question is needed", "", "Say what is asked: --question TEXT")
    if len(asked) > LONGEST_QUESTION:
        raise UsageError(
            "That question is too long",
            phrase("{count} characters, at most {most}", count=len(asked), most=LONGEST_QUESTION),
            "Note it in parts",
        )
    if not LANGUAGE(language):
        raise UsageError("Not a language", language[:20], "Such as vi, en, fr")
    given = (enquirer or Enquirer()).checked()
    data = salted(question=asked, outlet=contact_entries.line(outlet, "outlet", 120))
    person = salted(**given.__dict__) if given != Enquirer() else b""
    id = new_enquiry()
    with room.acting(CONTACTS, id) as tx:
        room.require_person(tx, actor)
        _check_due(tx, due)
        _check_agency(tx, actor, agency)
        board = board_of(tx)
        fields = {
            "question": digest_bytes(data), "enquirer": digest_bytes(person) if person else None,
            "language": language, "agency": agency, "due": due, "topic": topic or None,
            "contact": _who(tx, board, topic, agency, contact) or None,
        }  # fmt: skip
        tx.append("enquiry.open", id, fields, actor)
        put_part(tx, id, "question", data, agency, (actor.id,))
        if person:
            put_part(tx, id, "enquirer", person, agency, (actor.id,))
    return show(room, actor, id)


def _check_due(view: View, due: str) -> None:
    at, now = parse_instant(due), parse_instant(view.time)
    if not now < at <= now + FURTHEST:
        raise UsageError("That deadline is over, or too far", due, "Give a time ahead of now")


def _check_agency(view: View, actor: Actor, agency: str) -> None:
    agencies = view.policy.document["agencies"]
    if agency not in agencies:
        raise UsageError(
            "Unknown agency", agency, phrase("Agencies: {names}", names=", ".join(sorted(agencies)))
        )
    check_role(view, actor, OPENERS, agency)


def check_role(view: View, actor: Actor, roles: tuple[str, ...], agency: str) -> None:
    """Raise Refused, naming who could, unless the actor holds one of the roles there."""
    if not any(view.record.holds_role(actor.id, role, agency, view.time) for role in roles):
        who = tuple(sorted({p for role in roles for p in view.roster.holders(role, agency)}))
        text = phrase(
            "{person} is none of {roles} of {agency}",
            person=actor.id,
            roles=all_said("role", roles),
            agency=agency,
        )
        raise Refused("You cannot do that with this enquiry", [Reason("role", text, who)])


def _who(view: View, board: Board, topic: str, agency: str, contact: str) -> str:
    """Who answers: the contact named, or the one whom the board names; '' when it names none."""
    if contact:
        return board.contact(contact).id
    if not topic:
        return ""
    found = for_topic(board, topic, agency)
    if found is None:
        words = sorted({one.topic for one in board.topics.values()})
        raise NotFound(
            "Nobody speaks on that topic", topic, phrase("Topics: {names}", names=", ".join(words))
        )
    zone = str(view.policy.document["zone"])
    return speaker(board, found, parse_instant(view.time), zone)


def assign(room: Room, actor: Actor, id: str, *, contact: str = "", due: str = "") -> EnquiryView:
    """Give it to a contact, or, without one, to whom the board names now; or another deadline.

    With `due` alone the contact stays. Raises NotFound, Refused, UsageError.
    """
    with room.acting(CONTACTS, id) as tx:
        room.require_person(tx, actor)
        state = find(tx, id)
        check_role(tx, actor, EDITORS, state.agency)
        refuse_closed(state)
        board = board_of(tx)
        who = "" if due and not contact else _who(tx, board, state.topic, state.agency, contact)
        if due:
            _check_due(tx, due)
        fields = {"contact": who if who != state.contact else None,
                  "due": due if due != state.due else None}  # fmt: skip
        if any(fields.values()):
            given = {name: value for name, value in fields.items() if value}
            tx.append("enquiry.assign", id, {"parent": state.basis, **given}, actor)
        elif not who and not due:
            text = phrase("the board names nobody for {topic} now", topic=state.topic or "–")
            raise Refused("Nobody to give it to", [Reason("topic", text)],
                          "Name a contact: desk enquiry assign ENQUIRY --to c-…")  # fmt: skip
    return show(room, actor, id)


def refuse_closed(state: EnquiryState) -> None:
    """Raise Refused for an enquiry that is answered or declined."""
    if state.outcome:
        text = phrase(
            "it was closed by {person} at {time}",
            person=state.closed_by,
            time=instant(state.closed),
        )
        raise Refused("That enquiry is closed", [Reason("closed", text)],
                      "Open it again: desk enquiry reopen ENQUIRY --due TIME")  # fmt: skip


def reopen(room: Room, actor: Actor, id: str, *, due: str = "") -> EnquiryView:
    """Open a closed enquiry again, with its item; `due`: another deadline, needed when the old one
    is over. What it was declined for is deleted. One that is open stays as it is.

    Raises NotFound, Refused for one that was forgotten, UsageError.
    """
    with room.acting(CONTACTS, id) as tx:
        room.require_person(tx, actor)
        state = find(tx, id)
        check_role(tx, actor, CLOSERS, state.agency)
        if state.forgotten:
            text = phrase("its question was deleted at {time}", time=instant(state.forgotten))
            raise Refused("That enquiry was forgotten", [Reason("forgotten", text)],
                          "Note the question anew: desk enquiry open")  # fmt: skip
        if state.outcome:
            until = due or state.due
            _check_due(tx, until)
            tx.append("enquiry.reopen", id, {"parent": state.basis, "due": until}, actor)
            if state.reason:
                sealed.drop(tx.connection, enquiry_name(tx.record, id, "reason"))
    return show(room, actor, id)


# Forgetting


def forget(room: Room, actor: Actor, ids: Sequence[str] = (), *, days: int | None = None
           ) -> tuple[str, ...]:  # fmt: skip
    """Delete what is sealed of closed enquiries: those named, or all closed so many days ago.

    What was signed stays, and says nothing of who asked what. Backups made before keep a copy
    until they are deleted themselves. Returns those forgotten; repeated, none.
    """
    if bool(ids) == (days is not None):
        raise UsageError("Name enquiries, or a number of days", "", "desk enquiry forget --days 90")
    with room.reading() as view:
        wanted = list(ids) or _closed_before(view, days or 0)
    done = []
    for id in wanted:
        with room.acting(id) as tx:
            room.require_person(tx, actor)
            state = find(tx, id)
            check_role(tx, actor, EDITORS, state.agency)
            if not state.outcome:
                text = phrase("{enquiry} is still open", enquiry=id)
                raise Refused("It cannot be forgotten yet", [Reason("open", text)],
                              "Answer it or decline it first")  # fmt: skip
            if state.forgotten:
                continue
            tx.append("enquiry.forget", id, {"parent": state.basis}, actor)
            for part in ("question", "enquirer", "reason"):
                sealed.drop(tx.connection, enquiry_name(tx.record, id, part))
            done.append(id)
    if wanted:
        room.store.sweep()  # also when it is repeated: somebody may have read the first time
    return tuple(done)


def _closed_before(view: View, days: int) -> list[str]:
    before = written(parse_instant(view.time) - timedelta(days=days))
    query = (
        select(ENQUIRIES.c.id)
        .where(ENQUIRIES.c.closed != "", ENQUIRIES.c.closed <= before, ~ENQUIRIES.c.forgotten)
        .order_by(ENQUIRIES.c.closed)
    )
    return list(view.connection.scalars(query))

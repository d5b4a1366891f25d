"""Answers to enquiries: an item written for one, handed over when its chain has passed it.

An answer is an item like any other, and its chain is what lets it out of the house. To one
journalist alone it may go when every step has approved the very revision and no release that is
still to come holds it, or its translation: what stands in a release is under its embargo until
that instant, for one journalist as for all. Approvers see the question beside the text; that an
answer carries nothing of another text under embargo is for them to judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from desk.errors import NotFound, Reason, Refused, UsageError, because
from desk.items import drafts, revisions
from desk.newsroom.room import Actor, Room, View
from desk.people.enquiries import check_role, put_part, refuse_closed, salted
from desk.people.enquiry_views import EnquiryView, find, show
from desk.phrase import instant, phrase
from desk.store import projections
from desk.text import nfc
from desk.trust.acts import CONTACTS
from desk.trust.approval import judge_revision
from desk.trust.canonical import digest_bytes
from desk.trust.contact_state import EnquiryState
from desk.trust.contacting import ANSWERERS, CLOSERS
from desk.trust.record import Record
from desk.trust.state import ItemState
from models.tables import DRAFTS, ENQUIRIES, ITEMS

KIND = "qa"
OVER = ("cancelled",)


@dataclass(frozen=True)
class Reply:
    """The text to hand over: of which item and revision (its act), and what it says."""

    enquiry: str
    item: str
    number: int
    revision: str
    language: str
    headline: str
    text: str
    public: bool


def begin(room: Room, actor: Actor, id: str, *, kind: str = KIND) -> EnquiryView:
    """Begin an item as the answer and link it: its language and agency are the enquiry's.

    An enquiry that has an item keeps it. Raises NotFound, Refused, UsageError for a kind that is
    not written in that language.
    """
    with room.reading(id) as view:
        room.require_person(view, actor)
        state = find(view, id)
        refuse_closed(state)
        check_role(view, actor, ANSWERERS, state.agency)
        if state.item:
            return show(room, actor, id)
    draft = drafts.new(
        room, actor, kind=kind, agency=state.agency, language=state.language,
        code=f"{state.topic or 'qa'} {id}".upper()[:60],
    )  # fmt: skip
    return link(room, actor, id, draft.item)


def link(room: Room, actor: Actor, id: str, item: str) -> EnquiryView:
    """Make an item that there is the answer, in place of another. Raises NotFound, Refused."""
    with room.acting(CONTACTS, id, item) as tx:
        room.require_person(tx, actor)
        state = find(tx, id)
        refuse_closed(state)
        check_role(tx, actor, ANSWERERS, state.agency)
        language = _language(tx, item)
        if language != state.language:
            text = phrase(
                "{item} is in {language}, the answer is needed in {wanted}",
                item=item,
                language=language,
                wanted=state.language,
            )
            raise UsageError("That item is in another language", text)
        if item != state.item:
            tx.append("enquiry.answer", id, {"parent": state.basis, "item": item}, actor)
    return show(room, actor, id)


def _language(view: View, item: str) -> str:
    """The language of an item or of somebody's draft of one. Raises NotFound."""
    if (known := view.record.items.get(item)) is not None:
        return known.language
    query = select(DRAFTS.c.language).where(DRAFTS.c.item == item)
    found = view.connection.scalar(query)
    if found is None:
        raise NotFound("No such item", item[:40], "List them: desk item list")
    return str(found)


# Handing over


def held_back(view: View, state: EnquiryState) -> tuple[Reason, ...]:
    """Why the answer may not be handed over now; empty when it may.

    The view is about the enquiry and its item.
    """
    item = view.record.items.get(state.item)
    if item is None:
        text = "no text was submitted for it yet" if state.item else "no item answers it yet"
        return (Reason("answer", text),)
    if item.current.withdrawn:
        name = item.code or item.id
        return (because("withdrawn", "{name} was withdrawn and cannot go out again", name=name),)
    if item.current.released_in:
        return ()
    return _coming(view, item) or judge_revision(view.record, item.id, item.latest)


def _coming(view: View, item: ItemState) -> tuple[Reason, ...]:
    """The releases still to come that hold the text, or what is not public of it in another
    language: a translation tells what is under embargo as well.
    """
    query = select(ITEMS.c.id).where(ITEMS.c.message == item.message, ITEMS.c.id != item.id)
    others = list(view.connection.scalars(query)) if item.message else []
    record = view.record
    if others:
        releases = projections.releases_with(view.connection, [item.id, *others])
        record = view.with_subjects(item.id, *others, *releases).record
    sealed = [id for id in (item.id, *others) if not _public(record, id)]
    return tuple(
        because(
            "embargo",
            "{item} goes out with {release} at {at}",
            item=record.items[id].code or id if id in record.items else id,
            release=release.id,
            at=instant(release.at),
        )
        for release in record.releases.values()
        for id in sealed
        if id in release.items and not release.opened and release.status not in OVER
    )


def _public(record: Record, item: str) -> bool:
    state = record.items.get(item)
    return state is not None and bool(state.current.released_in)


def reply(room: Room, actor: Actor, id: str) -> Reply:
    """The text to hand over to the journalist. Raises Refused while it may not leave the house."""
    with room.reading(id) as first:
        item = find(first, id).item
    with room.reading(id, *([item] if item else [])) as view:
        room.require_person(view, actor)
        state = find(view, id)
        check_role(view, actor, CLOSERS, state.agency)
        _refuse_held_back(view, state)
        found = view.record.items[state.item]
        document = revisions.load(view, actor, found.id)
    parts = [document["headline"], document["summary"], document["body"]]
    text = "\n\n".join(nfc(str(part)).strip() for part in parts if part)
    return Reply(
        id, found.id, found.current.number, found.latest, found.language,
        nfc(str(document["headline"])), text, bool(found.current.released_in),
    )  # fmt: skip


def _refuse_held_back(view: View, state: EnquiryState) -> ItemState:
    if reasons := held_back(view, state):
        raise Refused(
            "The answer cannot be handed over yet", reasons,
            phrase("Who can still act: desk people who {item}", item=state.item) if state.item else
            phrase("Begin the answer: desk enquiry answer {enquiry}", enquiry=state.id),
        )  # fmt: skip
    return view.record.items[state.item]


def close(room: Room, actor: Actor, id: str) -> EnquiryView:
    """Say that the answer was handed over; the act names the revision. Raises Refused."""
    with room.reading(id) as first:
        before = find(first, id)
    with room.acting(id, *([before.item] if before.item else [])) as tx:
        room.require_person(tx, actor)
        state = find(tx, id)
        check_role(tx, actor, CLOSERS, state.agency)
        if state.outcome != "answered":
            refuse_closed(state)
            item = _refuse_held_back(tx, state)
            fields = {"parent": state.basis, "outcome": "answered", "revision": item.latest}
            tx.append("enquiry.close", id, fields, actor)
    return show(room, actor, id)


def decline(room: Room, actor: Actor, id: str, reason: str) -> EnquiryView:
    """Decline it with a reason, sealed for those who keep the board. Raises Refused, UsageError."""
    said = nfc(reason).strip()
    if not said or len(said) > 1000:
        raise UsageError("A reason is needed", "1 to 1000 characters")
    data = salted(reason=said)
    with room.acting(id) as tx:
        room.require_person(tx, actor)
        state = find(tx, id)
        check_role(tx, actor, CLOSERS, state.agency)
        refuse_closed(state)
        fields = {"parent": state.basis, "outcome": "declined", "reason": digest_bytes(data)}
        tx.append("enquiry.close", id, fields, actor)
        put_part(tx, id, "reason", data, state.agency, (actor.id,))
    return show(room, actor, id)


def of_item(view: View, item: str) -> str:
    """The enquiry that an item answers, or ''."""
    query = select(ENQUIRIES.c.id).where(ENQUIRIES.c.item == item).order_by(ENQUIRIES.c.opened)
    return str(view.connection.scalars(query).first() or "")

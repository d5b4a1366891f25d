"""The contacts room on an open newsroom: the board and enquiries, through the same verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desk.alphabet import by_name, place
from desk.clock import parse_instant, to_wall
from desk.errors import Conflict, Refused, UsageError
from desk.items import drafts
from desk.locales import _, language, told
from desk.people import availability, contact_exchange, contacts, enquiries, enquiry_answers
from desk.people import duty as rota
from desk.people import enquiry_views as views
from desk.people.contact_entries import Away, Contact, Shift, Topic, checked
from desk.people.contacts import Board as Known
from desk.people.contacts import Change, Private
from desk.people.rota_words import rota_lines
from desk.releases.placing import read_moment
from desk.releases.views import upcoming
from desk.trust.acts import CONTACTS
from desk.trust.ids import new_away, new_contact, new_shift
from screens.newsroom.part import Part
from screens.source import Outcome
from screens.source.contacts_room import (
    Board,
    BoardRow,
    ContactCard,
    ContactChoices,
    EnquiryRow,
    ReleaseAhead,
)

WEEK = timedelta(days=7)
AHEAD = 30  # releases that somebody may be asked about
PRIVATE = ("private_phone", "private_email", "private_note")


def _called(board: Known, contact: str) -> str:
    known = board.contacts.get(contact)
    return known.called(language()) if known else ""


class ContactsPart(Part):
    """Answers the calls of `ContactsSource`."""

    # The board

    def contacts_board(self) -> Board:
        """The board now."""
        house = self._house
        with house.room.reading(CONTACTS) as view:
            board, zone = contacts.board_of(view), house.zone(view.record.policy)
            now = parse_instant(view.time)
        duties = {
            topic.id: rota.duty_of(board, topic, now, zone) for topic in board.topics.values()
        }
        order = sorted(board.topics.values(), key=lambda t: (place(t.called(language())), t.id))
        topics = tuple(
            replace(_topic_row(board, topic, duties[topic.id]),
                    agency_name=self._house.called("", topic.agency)[1])
            for topic in order
        )  # fmt: skip
        people = sorted(
            board.contacts.values(), key=lambda c: (c.agency, place(c.called(language())))
        )
        gaps = rota.gaps(board, zone, now, now + WEEK)
        return Board(
            topics,
            tuple(self._contact_row(board, one, now, zone) for one in people),
            tuple(
                BoardRow(
                    f"{gap.topic} {gap.span.start.isoformat()}", "gaps",
                    board.topics[gap.topic].called(language()), board.topics[gap.topic].agency,
                    gap_from=gap.span.start, gap_to=gap.span.end,
                )
                for gap in gaps
            ),
            tuple(dict.fromkeys(row.who for row in topics if row.who)),
        )  # fmt: skip

    @staticmethod
    def _contact_row(board: Known, one: Contact, now: datetime, zone: str) -> BoardRow:
        spans = rota.present(board, one.id, zone, now, now + timedelta(seconds=1))
        gone = any(span.covers(now) for span in rota.away(board, one.id))
        here = any(span.covers(now) for span in spans)
        return BoardRow(
            one.id, "contacts", one.called(language()), one.agency,
            duty="away" if gone else "on-duty" if here else "off",
            languages=one.languages, phone=one.phone, email=one.email,
            private=one.id in board.private,
        )  # fmt: skip

    def contacts_choices(self) -> ContactChoices:
        """What forms offer."""
        house = self._house
        board = contacts.board(house.room)
        config = house.config()
        names = {a.id: a.name for a in config.agencies} if config else {}
        with house.room.reading() as view:
            agencies = tuple(view.policy.document["agencies"])
        own = board.of_person(house.actor.id)
        return ContactChoices(
            by_name((a, house.named(names.get(a), a)) for a in agencies),
            by_name((t.id, t.called(language())) for t in board.topics.values()),
            by_name((c.id, c.called(language())) for c in board.contacts.values()),
            own.id if own else "",
        )

    def contacts_card(self, contact: str) -> ContactCard:
        """One contact, with private numbers for who may know them."""
        house = self._house
        with house.room.reading(CONTACTS) as view:
            board = contacts.board_of(view)
            one, zone = board.contact(contact), house.zone(view.record.policy)
            rota = rota_lines(board, one.id, zone, parse_instant(view.time))
            try:
                private, may_know = contacts.private_of(view, house.actor, one.id), True
            except Refused:
                private, may_know = Private(), False
        past = contacts.history(house.room, one.id)[:20]
        return ContactCard(
            one.id, one.agency, one.name, one.person, one.languages, one.phone, one.email, one.url,
            may_know, private.phone, private.email, private.note,
            tuple((parse_instant(p.time), p.person, p.what) for p in past),
            house.called("", one.agency)[1], tuple(rota),
        )  # fmt: skip

    def contacts_save(self, contact: str, values: Mapping[str, str], accept: bool) -> Outcome:
        """Add or change a contact."""
        house = self._house
        with house.room.reading(CONTACTS) as view:
            board = contacts.board_of(view)
            domains = contact_exchange.known_domains(view, board)
        known = board.contact(contact) if contact else None
        names = {**(known.name if known else {}), "vi": values["name_vi"], "en": values["name_en"]}
        made = checked(
            Contact(
                contact or new_contact(), values["agency"], {k: v for k, v in names.items() if v},
                values["person"], tuple(values["languages"].replace(",", " ").split()),
                values["phone"], values["email"], values["url"],
            )
        )  # fmt: skip
        if not accept:
            contact_exchange.refuse_lookalikes(contact_exchange.lookalikes(board, made, domains))
        private = Private(*(values[name] for name in PRIVATE)) if PRIVATE[0] in values else None
        contacts.change(house.room, house.actor, [Change(made.id, made, private)])
        return Outcome(_("Kept: {name}").format(name=made.called(language())))

    def contacts_topic(self, topic: str, values: Mapping[str, str]) -> Outcome:
        """Set who speaks to a topic."""
        house = self._house
        board = contacts.board(house.room)
        known = board.topics.get(topic)
        names = {**(known.name if known else {}), "vi": values["name_vi"], "en": values["name_en"]}
        made = Topic(
            topic, topic.partition("@")[2], {k: v for k, v in names.items() if v},
            values["focal"], tuple(values["deputies"].split()),
            *((known.rule, known.start, known.end) if known else ()),
        )  # fmt: skip
        contacts.change(house.room, house.actor, [Change(topic, made)])
        return Outcome(_("Kept: {name}").format(name=made.called(language())))

    def contacts_shift(self, contact: str, values: Mapping[str, str]) -> Outcome:
        """A recurring shift."""
        house = self._house
        whose = contacts.board(house.room).contact(contact)
        made = Shift(
            new_shift(), whose.agency, whose.id, values["rule"], values["from"], values["to"],
            values["first"], values["last"],
        )  # fmt: skip
        contacts.change(house.room, house.actor, [Change(made.id, made)])
        return Outcome(_("Kept: {name}").format(name=whose.called(language())))

    def contacts_away(self, contact: str, since: str, until: str) -> Outcome:
        """A contact is away."""
        house = self._house
        whose = contacts.board(house.room).contact(contact)
        zone = self._zone()
        first, last = read_moment(since, zone).at, read_moment(until, zone).at
        made = Away(new_away(), whose.agency, whose.id, first, last)
        contacts.change(house.room, house.actor, [Change(made.id, made)])
        return Outcome(_("Away: {name}").format(name=whose.called(language())))

    def contacts_remove(self, entry: str) -> Outcome:
        """Take an entry off the board."""
        contacts.change(self._house.room, self._house.actor, [Change(entry, None)])
        return Outcome(_("Taken off the board."))

    def _zone(self) -> str:
        with self._house.room.reading() as view:
            return self._house.zone(view.record.policy)

    # Releases

    def contacts_ahead(self) -> Sequence[ReleaseAhead]:
        """Releases of the next days, with who can speak to them."""
        house = self._house
        board = contacts.board(house.room)
        found = []
        for row in (one.row for one in upcoming(house.room, AHEAD, grace=0)):
            with house.room.reading(row.id, CONTACTS) as view:
                words = availability.speakers_of(view, row.id).words
            spoken = tuple(word.contact for word in words if word.counts)
            names = tuple(_called(board, one) for one in spoken)
            found.append(ReleaseAhead(row.id, row.code, parse_instant(row.at), names, spoken))
        return found

    def contacts_ack(self, release: str, contact: str, can: bool) -> Outcome:
        """A contact can, or cannot, speak to a release."""
        house = self._house
        done = availability.acknowledge(house.room, house.actor, release, contact=contact, can=can)
        if done.warn:
            return Outcome(_("Noted. Nobody can speak on it so far."))
        return Outcome(_("Noted."))

    # Enquiries

    def contacts_enquiries(self) -> Sequence[EnquiryRow]:
        """Open enquiries by deadline, then closed ones."""
        house = self._house
        board = contacts.board(house.room)
        found = (_enquiry(board, one) for one in views.listed(house.room, house.actor))
        return [replace(one, agency_name=house.called("", one.agency)[1]) for one in found]

    def contacts_open_enquiry(self, values: Mapping[str, str]) -> Outcome:
        """Take a question down; the board says who answers."""
        house = self._house
        word, at, agency = values["topic"].partition("@")
        if not at:
            raise UsageError(_("Choose a topic of the board"), values["topic"])
        made = enquiries.open_enquiry(
            house.room, house.actor, values["question"], outlet=values["outlet"],
            due=read_moment(values["due"], self._zone()).at, language=values["language"],
            agency=agency, topic=word,
            enquirer=views.Enquirer(values["name"], values["email"], values["phone"]),
        )  # fmt: skip
        name = made.contact_name.get(language()) or next(iter(made.contact_name.values()), "")
        if not name:
            return Outcome(_("Noted; nobody is there to answer it."), confirmed=True)
        return Outcome(_("Noted for {name}.").format(name=name))

    def contacts_assign(self, enquiry: str, contact: str) -> Outcome:
        """Give it to a contact."""
        made = enquiries.assign(self._house.room, self._house.actor, enquiry, contact=contact)
        name = made.contact_name.get(language()) or next(iter(made.contact_name.values()), "–")
        return Outcome(_("Assigned to {name}.").format(name=name))

    def contacts_due(self, enquiry: str, due: str) -> Outcome:
        """Another deadline; a closed one is opened again."""
        house, zone = self._house, self._zone()
        at = read_moment(due, zone).at
        closed = views.show(house.room, house.actor, enquiry).row.closed
        verb = enquiries.reopen if closed else enquiries.assign
        verb(house.room, house.actor, enquiry, due=at)
        text = _("Open again, needed by {time}.") if closed else _("Needed by {time}.")
        return Outcome(text.format(time=f"{to_wall(parse_instant(at), zone):%H:%M %d/%m/%Y}"))

    def contacts_answer(self, enquiry: str) -> str:
        """The item that answers it. Raises Conflict while another one writes its first draft."""
        room, actor = self._house.room, self._house.actor
        item = enquiry_answers.begin(room, actor, enquiry).row.item
        with room.reading(item) as view:
            writers = drafts.open_by(view.connection, item)
            if view.record.items.get(item) is None and actor.id not in writers:
                raise Conflict(
                    _("Somebody else is writing the answer"),
                    ", ".join(writers),
                    _("It can be opened here once it was submitted; until then ask them."),
                )
        return item

    def contacts_reply(self, enquiry: str) -> str:
        """The approved answer."""
        return enquiry_answers.reply(self._house.room, self._house.actor, enquiry).text

    def contacts_close(self, enquiry: str) -> Outcome:
        """The answer was handed over."""
        enquiry_answers.close(self._house.room, self._house.actor, enquiry)
        return Outcome(_("Answered."))

    def contacts_decline(self, enquiry: str, reason: str) -> Outcome:
        """Decline it."""
        enquiry_answers.decline(self._house.room, self._house.actor, enquiry, reason)
        return Outcome(_("Declined."))


def _topic_row(board: Known, topic: Topic, duty: rota.DutyView) -> BoardRow:
    asked = board.contacts.get(duty.contact or topic.focal)
    return BoardRow(
        topic.id, "topics", topic.called(language()), topic.agency,
        focal=_called(board, topic.focal),
        deputies=tuple(_called(board, one) for one in topic.deputies if one in board.contacts),
        duty=duty.state, who=_called(board, duty.contact), who_id=duty.contact or topic.focal,
        until=duty.until, next_who=_called(board, duty.next_contact), next_at=duty.next_at,
        gap_from=duty.gap.start if duty.gap else None, gap_to=duty.gap.end if duty.gap else None,
        phone=asked.phone if asked else "", email=asked.email if asked else "",
    )  # fmt: skip


def _enquiry(board: Known, one: views.EnquiryView) -> EnquiryRow:
    row, asked = one.row, one.enquirer
    topic = board.topics.get(f"{row.topic}@{row.agency}")
    return EnquiryRow(
        row.id, row.state, row.overdue, parse_instant(row.due), one.outlet, one.question,
        " · ".join(fact for fact in asked.__dict__.values() if fact) if asked else "",
        topic.called(language()) if topic else row.topic, row.agency, row.language,
        _called(board, row.contact), row.item, row.steps_done, row.steps, one.sealed, one.reason,
        tuple(told(flag.text) for flag in one.flags),
    )  # fmt: skip

"""Availability: a contact's word that they can speak to a release, and who can at its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from desk.clock import parse_instant, written
from desk.errors import NotFound, Reason, Refused, UsageError
from desk.newsroom.room import Actor, Room, View
from desk.people.contacts import Board, board_of
from desk.people.duty import on_duty
from desk.phrase import instant, phrase
from desk.trust.acts import CONTACTS
from desk.trust.contacting import CLOSERS, LONGEST
from desk.trust.state import ReleaseState
from models.tables import LOG

USUAL = timedelta(hours=2)  # for so long after its instant a release is asked about
OVER = ("postponed", "cancelled")


@dataclass(frozen=True)
class Word:
    """What was said about one contact and a release.

    `counts`: they can, and the release's instant lies in the span. `by`: who said it, which is the
    contact or a lead who has asked them; `on_duty`: at the instant, for a topic of its agencies.
    """

    contact: str
    name: dict[str, str]
    can: bool
    counts: bool
    since: str
    until: str
    by: str
    time: str
    on_duty: bool = False

    def called(self, language: str) -> str:
        """The contact's name in that language, in another one, or its id."""
        return self.name.get(language) or next(iter(self.name.values()), self.contact)


@dataclass(frozen=True)
class Speakers:
    """Who can speak to a release. `warn`: nobody said so, though the newsroom keeps a board."""

    release: str
    at: str
    words: tuple[Word, ...]
    on_duty: tuple[str, ...]
    warn: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "words": [dict(word.__dict__) for word in self.words]}


def speakers(room: Room, release: str) -> Speakers:
    """Who can speak to that release. Raises NotFound."""
    with room.reading(release, CONTACTS) as view:
        return speakers_of(view, release)


def speakers_of(view: View, release: str) -> Speakers:
    """The same in a view that is about the release and `contacts`."""
    state = view.record.releases.get(release)
    if state is None:
        raise NotFound("No such release", release, "List them: desk release list")
    board = board_of(view)
    there = _on_duty(view, board, state)
    words = tuple(
        Word(
            one.contact, dict(board.contacts[one.contact].name), one.can,
            one.can and one.covers(state.at), one.since, one.until, one.person, one.time,
            one.contact in there,
        )
        for one in sorted(state.available.values(), key=lambda one: one.time)
        if one.contact in board.contacts
    )  # fmt: skip
    warn = (
        bool(board.contacts)
        and not state.opened
        and state.status not in OVER
        and not any(word.counts for word in words)
    )
    return Speakers(release, state.at, words, there, warn)


def _on_duty(view: View, board: Board, state: ReleaseState) -> tuple[str, ...]:
    """Who is on duty at the release's instant for a topic of its agencies."""
    agencies = view.record.agencies(state.items)
    zone = str(view.policy.document["zone"])
    at = parse_instant(state.at)
    found = [
        on_duty(board, topic, at, zone)
        for topic in board.topics.values()
        if topic.agency in agencies or "*" in agencies
    ]
    return tuple(dict.fromkeys(contact for contact in found if contact))


def board_kept(connection: Connection) -> bool:
    """Whether anybody ever put a contact on the board; without one nobody is asked to speak."""
    query = select(LOG.c.seq).where(LOG.c.kind == "contacts.change").limit(1)
    return connection.execute(query).first() is not None


def acknowledge(
    room: Room, actor: Actor, release: str, *, contact: str = "", can: bool = True,
    span: timedelta = USUAL, already: bool = False,
) -> Speakers:  # fmt: skip
    """Say that a contact can, or cannot, speak to a release from its instant on, for `span`.

    `already`: from now on, so that the word still counts when the release is brought forward.
    Without `contact` it is the actor's own. A lead may say it for a contact whom they have asked.
    Raises NotFound, Refused, UsageError for a span longer than a day. Said before: nothing is done.
    """
    if not timedelta(0) < span <= LONGEST:
        raise UsageError("Not a span of time to speak in", str(span), "At most a day")
    with room.acting(release, CONTACTS) as tx:
        room.require_person(tx, actor)
        state = tx.record.releases.get(release)
        if state is None:
            raise NotFound("No such release", release, "List them: desk release list")
        board = board_of(tx)
        own = board.of_person(actor.id)
        if not contact and own is None:
            raise UsageError(
                "Which contact can speak?",
                phrase("{person} is not a contact on the board", person=actor.id),
                "Name one: desk contacts ack RELEASE --contact c-…",
            )  # fmt: skip
        whose = board.contact(contact) if contact else own
        assert whose is not None
        _check_right(tx, actor, whose.person)
        since, until = _span(tx, state, span, already=already)
        known = state.available.get(whose.id)
        said = known and (known.can, known.until) == (can, until) and known.since <= since
        if not said:
            fields = {"contact": whose.id, "can": "yes" if can else "no", "from": since,
                      "until": until}  # fmt: skip
            tx.append("contact.available", release, fields, actor)
        return speakers_of(tx, release)


def _span(view: View, state: ReleaseState, span: timedelta, *, already: bool) -> tuple[str, str]:
    """From when until when they speak. Raises UsageError for more than a day."""
    since = min(view.time, state.at) if already else state.at
    until = parse_instant(state.at) + span
    if until - parse_instant(since) > LONGEST:
        text = phrase(
            "from {since} to {until}", since=instant(since), until=instant(written(until))
        )
        raise UsageError("Not a span of time to speak in", text, "At most a day")
    return since, written(until)


def _check_right(view: View, actor: Actor, person: str) -> None:
    roles = CLOSERS if person == actor.id else ("lead",)
    if not any(view.record.holds_role(actor.id, role, time=view.time) for role in roles):
        who = {p for role in roles for p in view.roster.holders(role)}
        who |= {person} if person in view.roster.people else set()
        text = "a contact says it for themselves, or a lead for them"
        raise Refused("You cannot say that for them", [Reason("contact", text, tuple(sorted(who)))])

"""Unsent words: what a person typed into a form and has not sent yet, sealed to them alone.

A terminal may be closed, or a desk killed, while a form is open. Its words are stored meanwhile
like a draft, all of a person's forms under one seal, so that not even their names lie in clear;
they are no act, and nobody but their author can open them. The newest `MOST` forms are kept, for
`DAYS` days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from desk.clock import now, written
from desk.errors import Refused, TrustError
from desk.newsroom.room import Actor, Room, View
from desk.store import sealed
from desk.text import nfc
from desk.trust.canonical import canonical, parse
from desk.trust.seal import Name, Reader, SealKey

KIND = "unsent"
MOST = 20
DAYS = 14
_PART = "words"


@dataclass(frozen=True)
class Unsent:
    """The words of one form by its fields' names, and when they were stored (UTC, written)."""

    form: str
    words: Mapping[str, str]
    at: str


def keep(room: Room, actor: Actor, form: str, words: Mapping[str, str]) -> None:
    """Store the words of a form in place of what was stored of it.

    `form` names what is filled in, and about what; it is sealed with the words. Raises Refused
    for who is not in the roster, Unavailable.
    """
    one = Unsent(nfc(form), {nfc(name): nfc(text) for name, text in words.items()}, room.instant())
    _change(room, actor, lambda found: [*(u for u in found if u.form != one.form), one])


def kept(room: Room, actor: Actor, form: str) -> Unsent | None:
    """What the actor typed into that form and did not send; None when nothing is kept."""
    with room.reading() as view:
        found = _read(room, view, view.connection, actor)
    return next((one for one in found if one.form == nfc(form)), None)


def forget(room: Room, actor: Actor, forms: Iterable[str]) -> None:
    """Delete the words of these forms: they were sent, or given up."""
    gone = {nfc(form) for form in forms}
    with room.reading() as view:
        if not any(one.form in gone for one in _read(room, view, view.connection, actor)):
            return
    _change(room, actor, lambda found: [one for one in found if one.form not in gone])


def _change(room: Room, actor: Actor, make: Callable[[list[Unsent]], list[Unsent]]) -> None:
    with room.store.write() as connection:
        view = View(connection, room.record_about(connection), room.instant())
        room.require_person(view, actor)
        left = make(_read(room, view, connection, actor))[-MOST:]
        name = _name(view, actor)
        sealed.drop(connection, name)  # and its key: a word deleted is nowhere any more
        if left:
            text = canonical(
                {"forms": [{"at": u.at, "form": u.form, "words": dict(u.words)} for u in left]}
            )
            reader = Reader(actor.id, actor.identity.read_public)
            sealed.put(connection, SealKey.fresh(name), {_PART: text}, [reader])


def _read(room: Room, view: View, connection: Connection, actor: Actor) -> list[Unsent]:
    name = _name(view, actor)
    if not sealed.parts(connection, name):
        return []
    try:
        key = sealed.key_for(connection, name, actor.opener)
        value = parse(sealed.get(connection, key, _PART))
    except (Refused, TrustError):  # of a key that was changed since, or altered: they are lost
        return []
    oldest = written(now(room.clock) - timedelta(days=DAYS))
    found = [Unsent(one["form"], one["words"], one["at"]) for one in value["forms"]]
    return [one for one in found if one.at >= oldest]


def _name(view: View, actor: Actor) -> Name:
    return Name(view.record.newsroom, KIND, actor.id, actor.id)

"""Holding: what a hold and its lifting do to a record, and whose lift no longer counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from desk.phrase import phrase
from desk.trust.acts import EVERYTHING, Act
from desk.trust.standing import Seat
from desk.trust.state import Hold, ReleaseState, Voice
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record


def _holds(record: Record, subject: str) -> dict[str, Hold]:
    if subject == EVERYTHING:
        return record.holds
    release = record.releases.get(subject)
    if release is None:
        raise Void("No such release", subject)
    return release.holds


def hold(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    (person,) = signers
    record.must_be_sound(act, person)
    made = Hold(act.digest, person, act.time, act.fields.get("reason", ""))
    _holds(record, act.subject)[act.digest] = made


def lift(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    (person,) = signers
    release = record.releases.get(act.subject)
    record.must_lead(person, release, act.time)
    key = record.must_be_sound(act, person)
    held = _holds(record, act.subject).get(act.fields["hold"])
    if held is None:
        raise Void("No such hold", "")
    time = max(act.time, held.time)
    seats = _lifts(record, person, key, release.items if release else (), time)
    if not seats:
        raise Void("Not allowed", phrase("{person} is not a lead with a key in use", person=person))
    for seat in seats:
        beside = {p for p, v in held.lifts.items() if p != person and v.seat & seat}
        if not beside or len(seat) == 1:  # whoever acts in person needs no deputy
            for deputy in beside:
                del held.lifts[deputy]
            held.lifts[person] = Voice(key, seat, time)
            return
    raise Void(
        "Not allowed",
        phrase("whoever made {person} a deputy has lifted it, or another deputy", person=person),
    )


def drop_lifts(record: Record) -> None:
    """A lift by somebody whose key or role is gone no longer counts: the hold is back."""
    for release_id, held in [("", record.holds), *((r.id, r.holds) for r in _open(record))]:
        items = record.releases[release_id].items if release_id else ()
        for one in held.values():
            one.lifts = {
                person: voice
                for person, voice in one.lifts.items()
                if voice.seat in _lifts(record, person, voice.key, items, voice.time)
            }


def _open(record: Record) -> list[ReleaseState]:
    return [r for r in record.releases.values() if not r.opened and r.status != "cancelled"]


def _lifts(
    record: Record, person: str, key: str, items: Iterable[str], time: str
) -> tuple[Seat, ...]:
    """The seats in which that person lifts a hold over these items, at that time; none: not."""
    return record.seats(person, key, "lead", record.agencies(items), time=time)

"""Deputies: delegate a role for a time, take it back, and see who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from desk.clock import parse_instant, written
from desk.errors import Conflict, NotFound, Reason, Refused, UsageError, because
from desk.locales.words import said
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.phrase import instant, phrase
from desk.store import log, projections
from desk.text import nfc
from desk.trust.acts import PEOPLE, Act, read
from desk.trust.envelope import Envelope
from desk.trust.roster import ANY
from desk.trust.standing import LONGEST, NEVER, Delegation

LONGEST_NOTE = 200


@dataclass(frozen=True)
class DelegationView:
    """One delegation. `state`: in-force, later (not begun), over, or void with the reason `why`."""

    id: str
    giver: str
    to: str
    role: str
    agency: str
    since: str
    until: str
    state: str
    why: str = ""
    already: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values; the span under the names that the act uses."""
        value = {k: v for k, v in self.__dict__.items() if k not in ("since", "until")}
        return {**value, "from": self.since, "until": self.until}


def shown(view: View, one: Delegation, *, already: bool = False) -> DelegationView:
    """A delegation as it stands at the view's instant."""
    why = one.why_not(view.roster, view.time)
    deputy = view.roster.people.get(one.to)
    if not why and (deputy is None or deputy.key is None):
        why = f"{one.to} has no key in use"
    state = "void" if why else "later" if view.time < one.since else "in-force"
    if view.time > one.until:
        state, why = "over", ""
    return DelegationView(
        one.digest, one.giver, one.to, one.role, one.agency, one.since, one.until, state, why,
        already,
    )  # fmt: skip


def standing(view: View, person: str = "") -> list[DelegationView]:
    """Delegations that are not over nor ended, by or to that person or all, the next end first."""
    found = [
        shown(view, one)
        for one in view.record.delegations.values()
        if one.until >= view.time and person in ("", one.giver, one.to)
    ]
    return sorted(found, key=lambda one: (one.until, one.id))


def delegate(
    room: Room, actor: Actor, to: str, *, role: str, agency: str = ANY, until: str,
    since: str = "", note: str = "",
) -> DelegationView:  # fmt: skip
    """Give a role of one's own to another for a time. `since` (now, if missing) and `until` are
    written instants.

    Raises NotFound, Refused for a role that is not the actor's or is never delegated, UsageError
    for a span that is over, turned round or longer than 31 days.
    """
    if len(note) > LONGEST_NOTE:
        raise UsageError(
            "That note is too long",
            phrase(
                "{count} characters, at most {longest_note}",
                count=len(note),
                longest_note=LONGEST_NOTE,
            ),
        )
    with room.acting() as tx:
        room.require_person(tx, actor)
        if to not in tx.roster.people:
            raise NotFound("No such person", to, "See: desk roster show")
        first = since or tx.time
        _check_span(parse_instant(first), parse_instant(until), parse_instant(tx.time))
        _check_right(tx, actor, to, role, agency, until)
        same = (actor.id, to, role, agency, until)
        for one in tx.record.delegations.values():
            if same == (one.giver, one.to, one.role, one.agency, one.until) and (
                one.since <= first
            ):
                return shown(tx, one, already=True)
        fields = {"to": to, "role": role, "agency": agency, "from": first, "until": until,
                  "note": nfc(note) or None}  # fmt: skip
        act = tx.append("people.delegate", PEOPLE, fields, actor)
        return shown(tx, tx.record.delegations[act.digest])


def _check_span(first: datetime, last: datetime, now: datetime) -> None:
    if last <= max(first, now):
        raise UsageError(
            "It ends before it begins", phrase("until {written}", written=written(last))
        )
    if last - first > LONGEST:
        raise UsageError(
            "That is too long",
            phrase(
                "a role is delegated for at most {days} days: until {written}",
                days=LONGEST.days,
                written=written(first + timedelta(days=LONGEST.days)),
            ),
            "For longer, administrators give the role: desk roster roles",
        )


def _check_right(
    tx: Transaction, actor: Actor, to: str, role: str, agency: str, until: str
) -> None:
    title = "You cannot delegate that"
    if role in NEVER:
        text = "the role {role} stays with its holder"
        raise Refused(title, [because("never", text, role=said("role", role))])
    if to == actor.id:
        raise Refused(title, [Reason("deputy", "a deputy is another person")])
    giver = tx.roster.people[actor.id]
    if not giver.grants(role, agency, tx.time):
        where = phrase("every agency") if agency == ANY else agency
        text = phrase(
            "{id} does not hold the role {role} for {where} by the roster",
            id=actor.id,
            role=said("role", role),
            where=where,
        )
        raise Refused(title, [Reason("role", text, tx.roster.holders(role, agency, tx.time))])
    if not giver.grants(role, agency, until):
        raise Refused(
            title,
            [
                because(
                    "role",
                    "the role {role} ends before {until}",
                    role=said("role", role),
                    until=instant(until),
                )
            ],
        )
    if tx.roster.people[to].key is None:
        raise Refused(title, [because("key", "{to} has no key in use", to=to)])


def undelegate(room: Room, actor: Actor, delegation: str) -> tuple[DelegationView, str]:
    """End a delegation (the beginning of its id), as either of the two; also the act's digest.

    Sign-offs of the deputy that are not out yet no longer count, so the states of open releases
    are worked out again. Raises NotFound, Conflict when several begin so, Refused.
    """
    with room.store.read() as connection:
        affected = projections.open_releases(connection)
    with room.acting(*affected) as tx:
        room.require_person(tx, actor)
        found = [d for d in tx.record.delegations.values() if d.digest.startswith(delegation)]
        if len(found) > 1:
            raise Conflict("Several delegations begin so", delegation, "Give more of its id")
        if not found or not delegation:
            return _ended(tx, delegation)
        (one,) = found
        if actor.id not in (one.giver, one.to):
            text = phrase("it is between {giver} and {to}", giver=one.giver, to=one.to)
            raise Refused("You cannot end that", [Reason("deputy", text, (one.giver, one.to))])
        act = tx.append("people.undelegate", PEOPLE, {"delegation": one.digest}, actor)
        tx.touched |= {*tx.record.releases, *tx.record.items}
        return replace(shown(tx, one), state="over", why=""), act.digest


def _ended(view: View, delegation: str) -> tuple[DelegationView, str]:
    """A delegation that was ended before, and by which act. Raises NotFound."""
    made: dict[str, Act] = {}
    for _, data in log.acts_about(view.connection, [PEOPLE]) if delegation else ():
        act = read(Envelope.from_json(data))
        if act.kind.name == "people.delegate":
            made[act.digest] = act
        elif act.kind.name == "people.undelegate":
            began = made.get(act.fields["delegation"])
            if began is not None and began.digest.startswith(delegation):
                f = began.fields
                over = DelegationView(
                    began.digest, began.actor, f["to"], f["role"], f["agency"], f["from"],
                    f["until"], "over", already=True,
                )  # fmt: skip
                return over, act.digest
    raise NotFound("No such delegation", delegation, "See: desk people show")

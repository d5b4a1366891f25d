"""Reach: who can still act on what waits, in the order in which to ask, and why others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desk.errors import Conflict, NotFound, Reason, Refused, UsageError
from desk.locales.words import said
from desk.newsroom.room import Actor, Room, View
from desk.people.speaking import with_speakers
from desk.phrase import phrase
from desk.trust.begun import begun
from desk.trust.judge import authors_of, judge, manifest, signers_left, steps_of, voices
from desk.trust.roster import ANY
from desk.trust.standing import Delegation, in_force
from desk.trust.state import ItemState, ReleaseState

LEAD = "lead"  # the step of a release: a sign-off
AGAIN = 600  # seconds before the same thing is asked of the same people again


@dataclass(frozen=True)
class Candidate:
    """One person for one step. `why`: why not, or '' for who can. `stands_for`: for a deputy."""

    person: str
    name: str
    can: bool
    why: str = ""
    stands_for: tuple[str, ...] = ()
    away_until: str = ""


@dataclass(frozen=True)
class Open:
    """One step that waits for somebody. `now`: whether it is its turn; `due`: UTC or ''."""

    subject: str
    code: str
    step: str
    agency: str
    due: str
    now: bool
    candidates: tuple[Candidate, ...]

    @property
    def able(self) -> tuple[str, ...]:
        """The ids of who can, in the order in which to ask."""
        return tuple(one.person for one in self.candidates if one.can)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "candidates": [dict(one.__dict__) for one in self.candidates]}


def who(room: Room, subject: str) -> list[Open]:
    """Every step that waits, of an item or of a release with its items. Raises NotFound."""
    with room.reading(subject) as view:
        return open_steps(view, subject)


def open_steps(view: View, subject: str) -> list[Open]:
    """The same in a view that is about the subject."""
    record = view.record
    if subject in record.releases:
        release = record.releases[subject]
        if release.opened or release.status != "planned":
            return []
        items = [record.items[i] for i in release.items if i in record.items]
        found = [one for item in items for one in _item(view, item, release.at)]
        return found + _release(view, release, ready=not found)
    if subject in record.items:
        item = record.items[subject]
        dates = [r.at for r in record.releases.values() if subject in r.items and not r.opened
                 and r.status == "planned"]  # fmt: skip
        return _item(view, item, min(dates, default=""))
    raise NotFound("No such item or release", subject, "List them: desk item list")


def _item(view: View, item: ItemState, due: str) -> list[Open]:
    revision = item.current
    if revision.returned or revision.released_in or revision.withdrawn:
        return []
    states = steps_of(view.record, item, revision)
    authors = item.authors(revision.digest)
    barred: dict[str, str] = dict.fromkeys(authors, phrase("wrote it"))
    for state in states:
        for person in state.seat:
            if state.approval and person == state.approval.person:
                text = phrase("took step {step}", step=said("step", state.step))
                barred.setdefault(person, text)
            elif state.approval:
                text = phrase(
                    "{person} took step {step} in their place",
                    person=state.approval.person,
                    step=said("step", state.step),
                )
                barred.setdefault(person, text)
    waiting = [state for state in states if state.approval is None]
    return [
        Open(item.id, item.code, state.step, item.agency, due, number == 0,
             candidates(view, state.step, (item.agency,), barred, view.time))
        for number, state in enumerate(waiting)
    ]  # fmt: skip


def _release(view: View, release: ReleaseState, *, ready: bool) -> list[Open]:
    """The signatures that are missing; their turn comes when nothing else is."""
    record = view.record
    verdict = judge(record, release.id)
    if verdict.ok or not release.items:
        return []
    signoff = begun(record, release)
    fields = signoff.fields if signoff else manifest(record, release.id)
    barred = dict.fromkeys(authors_of(record, fields["items"]), "wrote an item of it")
    left, counted = signers_left(record, release, signoff), voices(record, signoff)
    for person in signoff.signers if signoff else ():
        if person in counted:
            barred.setdefault(person, phrase("has signed it"))
        elif (known := view.roster.people.get(person)) and known.key is None:
            barred.setdefault(person, phrase("has no key in use"))
    agencies = record.agencies(entry["item"] for entry in fields["items"])
    others = [
        Candidate(c.person, c.name, can=False, why="counts with somebody who has signed it")
        if c.can and c.person not in left
        else c
        for c in candidates(view, LEAD, agencies, barred, release.at)
    ]
    now = ready and with_speakers(view, judge(record, release.id, proposed=fields)).ok
    ordered = tuple(sorted(others, key=lambda c: not c.can))
    agency = agencies[0] if len(agencies) == 1 else ANY
    return [Open(release.id, release.code, LEAD, agency, release.at, now, ordered)]


def candidates(
    view: View, role: str, agencies: tuple[str, ...], barred: dict[str, str], at: str
) -> tuple[Candidate, ...]:
    """Everybody who holds the role or stands in for a holder: who can first, as they are asked.

    `barred`: person -> why they may not take part; `at`: the instant that a role has to reach.
    """
    roster, record = view.roster, view.record
    given = list(record.delegations.values())
    ahead = list(dict.fromkeys(p for a in agencies for p in roster.in_order(role, a)))
    deputies = [d.to for d in given if d.role == role and d.until >= view.time]
    holders = sorted(p.id for p in roster.people.values() if p.holds(role))
    found = []
    for person in dict.fromkeys([*ahead, *deputies, *holders]):
        one = _candidate(view, person, role, agencies, barred, at, given)
        if one is not None:
            found.append(one)

    def order(one: Candidate) -> tuple[int, ...]:
        listed = ahead.index(one.person) if one.person in ahead else len(ahead)
        return (not one.can, bool(one.away_until), listed, not one.stands_for)

    return tuple(sorted(found, key=order))


def _candidate(
    view: View, person: str, role: str, agencies: tuple[str, ...], barred: dict[str, str], at: str,
    given: Iterable[Delegation],
) -> Candidate | None:  # fmt: skip
    roster = view.roster
    entry = roster.people.get(person)
    if entry is None:
        return None
    own = all(entry.holds(role, agency) for agency in agencies)
    reaches = all(entry.holds(role, agency, at) for agency in agencies)
    mine = [
        {d.giver for d in in_force(given, roster, person, role, agency, at)} for agency in agencies
    ]
    givers = set.intersection(*mine) if mine else set()
    if not own and not givers:
        return None
    away = [d.until for d in given if d.giver == person and d.role == role
            and d.since <= view.time <= d.until]  # fmt: skip
    free = sorted(givers - barred.keys())
    why = barred.get(person, "")
    if not why and entry.key is None:
        why = "has no key in use"
    if not why and not reaches and not free:
        why = (
            f"stands in for {', '.join(sorted(givers))}, who cannot act here"
            if givers
            else f"the role {role} ends before {at}"
        )
    stands_for = () if reaches else tuple(free)
    return Candidate(person, entry.name, not why, why, stands_for, max(away, default=""))


@dataclass(frozen=True)
class Reminded:
    """A reminder that was signed: about what, for which step, to whom."""

    subject: str
    step: str
    to: tuple[str, ...]
    act: str
    already: bool = False


def remind(room: Room, actor: Actor, subject: str, people: Iterable[str] = ()) -> Reminded:
    """Ask for what waits now, of those named or of all who can act. Alerts tell them.

    The same request within ten minutes is not made again. Raises NotFound, UsageError for a
    person who cannot act, Refused when nothing waits or nobody can act, Conflict.
    """
    from datetime import timedelta

    from desk.clock import parse_instant

    with room.acting(subject) as tx:
        room.require_person(tx, actor)
        steps = [one for one in open_steps(tx, subject) if one.now]
        if not steps:
            text = phrase("{subject} waits for nobody's approval or signature", subject=subject)
            raise Refused("Nothing waits there", [Reason("nothing", text)], "See: desk queue list")
        if len({one.step for one in steps}) > 1:
            items = ", ".join(one.subject for one in steps)
            raise Conflict("Several steps wait", items, "Remind of one item at a time")
        step = steps[0].step
        able = dict.fromkeys(person for one in steps for person in one.able)
        to = tuple(sorted(set(people) or able))
        if strangers := [person for person in to if person not in able]:
            raise UsageError(
                "They cannot act on it",
                ", ".join(strangers),
                phrase("Who can: desk people who {subject}", subject=subject),
            )
        if not to:
            raise Refused("Nobody can act on it", [Reason(step, "see who could, and why not")],
                          phrase("Look: desk people who {subject}", subject=subject))  # fmt: skip
        since = parse_instant(tx.time) - timedelta(seconds=AGAIN)
        for digest, act_time, fields in _reminders(tx, subject):
            same = (tuple(sorted(fields["to"])), fields["step"]) == (to, step)
            if same and parse_instant(act_time) > since:
                return Reminded(subject, step, to, digest, already=True)
        act = tx.append("people.remind", subject, {"to": list(to), "step": step}, actor)
        return Reminded(subject, step, to, act.digest)


def _reminders(view: View, subject: str) -> list[tuple[str, str, Any]]:
    from desk.store import log
    from desk.trust.acts import read
    from desk.trust.envelope import Envelope

    rows = log.browse(view.connection, subject=subject, kind="people.remind", limit=20)
    wanted = {row.seq for row in rows}
    acts = [
        read(Envelope.from_json(data))
        for seq, data in log.acts_about(view.connection, [subject])
        if seq in wanted
    ]
    return [(act.digest, act.time, act.fields) for act in acts if act.kind.name == "people.remind"]

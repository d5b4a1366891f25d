"""What else waits for one person: revisions that came back to them, releases without their
signature, among these the ones that were signed before and changed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from desk.approvals.queue import ahead, waiting
from desk.newsroom.room import Actor, Room, View
from desk.people.reach import LEAD, open_steps
from desk.trust.state import ReleaseState, SignOff
from models.tables import ITEMS, RELEASE_ITEMS, RELEASES, REVISIONS

NEAREST = 12  # releases that are looked at: each is judged, which takes some milliseconds


@dataclass(frozen=True)
class Back:
    """A revision that came back to its author: from which step, by whom, when (UTC).

    `due`: when the release that is to bring it goes out (UTC), or ''.
    """

    item: str
    code: str
    language: str
    kind: str
    agency: str
    number: int
    digest: str
    step: str
    by: str
    time: str
    due: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class Unsigned:
    """A release that waits for this person's signature. `at`: its instant (UTC).

    `anew`: it was signed before. Then `left_out` are the items that went out of it since, and
    `mended` those of which another revision would be signed now.
    """

    release: str
    code: str
    at: str
    items: int
    signers: tuple[str, ...]
    needed: int
    anew: bool
    left_out: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


def count(room: Room, actor: Actor) -> int:
    """How much waits for this person in all: to approve, to mend, to sign."""
    return len(waiting(room, actor)) + len(returned(room, actor)) + len(unsigned(room, actor))


def returned(room: Room, actor: Actor, *, limit: int = 100) -> list[Back]:
    """Revisions by this person that were returned and have no successor, the latest first.

    Raises Refused for a key that does not act here.
    """
    query = (
        select(ITEMS.c.id)
        .join(REVISIONS, REVISIONS.c.digest == ITEMS.c.latest)
        .where(ITEMS.c.state == "returned", REVISIONS.c.author == actor.id)
        .limit(limit)
    )
    with room.reading() as view:
        room.require_person(view, actor)
        items = list(view.connection.scalars(query))
        coming = ahead(RELEASE_ITEMS.c.item.in_(items))
        first = select(coming.c.item, func.min(coming.c.at)).group_by(coming.c.item)
        due = {row[0]: row[1] for row in view.connection.execute(first)}
        found = [_back(view.with_subjects(item), item, due.get(item, "")) for item in items]
    return sorted((one for one in found if one), key=lambda one: one.time, reverse=True)


def _back(view: View, item: str, due: str) -> Back | None:
    state = view.record.items.get(item)
    end = state.current.returned if state else None
    if state is None or end is None:
        return None
    return Back(
        item, state.code, state.language, state.kind, state.agency, state.current.number,
        state.latest, end.step, end.person, end.time, due,
    )  # fmt: skip


def unsigned(room: Room, actor: Actor, *, limit: int = NEAREST) -> list[Unsigned]:
    """Releases to come that want nothing but signatures, and this person's could be one.

    The nearest instant first. Raises Refused for a key that does not act here.
    """
    columns = (RELEASES.c.id, RELEASES.c.at)
    with room.reading() as view:
        room.require_person(view, actor)
        if not view.record.holds_role(actor.id, LEAD, time=view.time) and not _somewhere(
            view, actor.id
        ):
            return []
        query = (
            select(*columns)
            .where(RELEASES.c.state.in_(("provisional", "confirmed")), RELEASES.c.at > view.time)
            .where(RELEASES.c["items"] > 0)
            .order_by(RELEASES.c.at, RELEASES.c.id)
            .limit(limit)
        )
        near = [row.id for row in view.connection.execute(query)]
    with room.reading(*near) as view:  # together: roster and policy are read once, not for each
        found = [_unsigned(view, actor, release) for release in near]
    return [one for one in found if one is not None]


def _somewhere(view: View, person: str) -> bool:
    """Whether that person leads for some agency, by the roster or as a deputy."""
    entry = view.roster.people.get(person)
    given = view.record.delegations.values()
    return (entry is not None and entry.holds(LEAD)) or any(
        one.to == person and one.role == LEAD for one in given
    )


def _unsigned(view: View, actor: Actor, release_id: str) -> Unsigned | None:
    release = view.record.releases.get(release_id)
    if release is None:
        return None
    mine = [
        one
        for one in open_steps(view, release_id)
        if one.step == LEAD and one.now and actor.id in one.able
    ]
    if not mine:
        return None
    now, before = release.signoff, _before(release)
    latest = {item: view.record.items[item].latest for item in release.items}
    signed = {e["item"]: e["revision"] for e in before.fields["items"]} if before else {}
    return Unsigned(
        release.id, release.code, release.at, len(release.items),
        tuple(now.signers) if now else (), view.policy.signers, before is not None,
        tuple(item for item in signed if item not in latest),
        tuple(i for i, digest in signed.items() if latest.get(i, digest) != digest),
    )  # fmt: skip


def _before(release: ReleaseState) -> SignOff | None:
    """The last manifest that people had signed before the present one."""
    now = release.signoff
    earlier = [one for one in release.signoffs.values() if one is not now]
    return earlier[-1] if earlier else None

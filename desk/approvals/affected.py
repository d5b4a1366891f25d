"""What the termbase says now of texts that passed before: unreleased ones for people to decide.

A newer termbase voids nothing. Unreleased items are those that are submitted and not public; of
the public ones the archive is read page by page, in clear, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select

from desk.errors import Refused
from desk.items import kept, revisions
from desk.items.terminology import Found, Terms, findings, in_force
from desk.newsroom.room import Actor, Room
from desk.trust.canonical import parse
from models.tables import ITEMS, PUBLIC_TEXTS

PAGE = 100
"""Public texts read at once."""
Place = Literal["unreleased", "released"]


@dataclass(frozen=True)
class Affected:
    """One text that the termbase in force speaks against. `state` is the revision's; `unread`
    says why a sealed text could not be looked at."""

    place: Place
    item: str
    language: str
    number: int
    state: str
    headline: str
    errors: int
    warnings: int
    findings: tuple[Found, ...] = ()
    unread: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        told = [{"field": one.piece.field, **one.finding.as_json()} for one in self.findings]
        return {**self.__dict__, "findings": told}


def counts(room: Room) -> tuple[int, int]:
    """How many unreleased items and how many public texts there are to look at."""
    with room.store.read() as connection:
        items = len(_unreleased(connection))
        texts = connection.scalar(select(func.count()).select_from(PUBLIC_TEXTS)) or 0
    return items, int(texts)


def _unreleased(connection: Any) -> list[str]:
    query = select(ITEMS.c.id).where(ITEMS.c.state.in_(("submitted", "approved")))
    return list(connection.scalars(query.order_by(ITEMS.c.id)))


def unreleased(room: Room, actor: Actor) -> Iterator[Affected | None]:
    """Each submitted item that is not public, None where nothing speaks against it.

    One that this reader may not open is told as unread.
    """
    with room.reading() as view:
        ids = _unreleased(view.connection)
        terms = in_force(view)
    for item in ids:
        yield _one(room, actor, item, terms)


def _one(room: Room, actor: Actor, item: str, terms: Terms) -> Affected | None:
    from dataclasses import replace

    with room.reading(item) as view:
        state, revision = revisions.find(view, item)
        approved = "approved" if not any(
            step.approval is None for step in revisions.progress(view, item)
        ) else "submitted"  # fmt: skip
        try:
            document = revisions.load(view, actor, item)
            decided = kept.of_revision(view, actor, item, revision)
            seen = [digest for one in revision.approvals for digest in one.acknowledged]
            decided += kept.acknowledged(view, actor, item, seen)
        except Refused as error:
            return Affected("unreleased", item, state.language, revision.number, approved, "", 0, 0,
                            (), str(error.title))  # fmt: skip
    found = findings(document, replace(terms, kept=decided))
    return _told("unreleased", item, state.language, revision.number, approved,
                 str(document["headline"]), found)  # fmt: skip


def released(room: Room) -> Iterator[Affected | None]:
    """Each public text, None where nothing speaks against it."""
    with room.reading() as view:
        terms = in_force(view)
    last = ""
    while True:
        with room.store.read() as connection:
            query = select(PUBLIC_TEXTS).where(PUBLIC_TEXTS.c.revision > last)
            rows = connection.execute(query.order_by(PUBLIC_TEXTS.c.revision).limit(PAGE)).all()
        for row in rows:
            document = parse(str(row.content).encode())
            yield _told("released", row.item, row.language, 0, "public", row.headline,
                        findings(document, terms))  # fmt: skip
        if len(rows) < PAGE:
            return
        last = str(rows[-1].revision)


def _told(
    place: Place, item: str, language: str, number: int, state: str, headline: str,
    found: tuple[Found, ...],
) -> Affected | None:  # fmt: skip
    standing = tuple(one for one in found if one.open)
    if not standing:
        return None
    errors = sum(one.finding.severity == "error" for one in standing)
    return Affected(place, item, language, number, state, headline, errors,
                    len(standing) - errors, standing)  # fmt: skip

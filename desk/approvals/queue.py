"""The queue: what waits for one person, nearest deadline first, and one entry in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Subquery, select

from desk.errors import Refused
from desk.items import kept, revisions
from desk.newsroom.room import Actor, Room, View
from desk.releases.views import OVER
from desk.trust.state import SEEN, ItemState, RevisionState
from models.tables import ENQUIRIES, ITEMS, RELEASE_ITEMS, RELEASES

if TYPE_CHECKING:
    from desk.gates import GateResult
    from desk.items.diff import FieldDiff
    from desk.people.enquiry_views import EnquiryView

NO_DATE = "9999"
_TOGETHER = 40  # items whose acts are read at once


@dataclass(frozen=True)
class Waiting:
    """One entry: the item, the step it waits for, and the instant it is due (UTC, or '')."""

    item: str
    code: str
    language: str
    kind: str
    agency: str
    number: int
    step: str
    due: str
    release: str
    headline: str = ""
    public: bool = False
    """Something of it is public: what waits is a correction."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class StepView:
    """One step of the chain: who did it, or who could."""

    step: str
    by: str
    who: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """Everything an approver needs on one screen."""

    waiting: Waiting
    digest: str
    content_digest: str
    document: dict[str, Any]
    authors: tuple[str, ...]
    steps: tuple[StepView, ...]
    gates: tuple[GateResult, ...]
    compared_with: int
    compared_by: tuple[str, ...]
    diff: tuple[FieldDiff, ...]
    notes: str = ""
    asked: tuple[EnquiryView, ...] = ()
    """The questions that it answers, as far as this reader may read them."""

    def as_json(self) -> dict[str, Any]:
        """Plain values; the diff as unified lines."""
        from desk.items.diff import render

        return {
            **self.waiting.as_json(),
            "digest": self.digest,
            "content": self.content_digest,
            "document": self.document,
            "notes": self.notes,
            "asked": [
                {
                    "enquiry": one.id,
                    "due": one.row.due,
                    "outlet": one.outlet,
                    "question": one.question,
                }
                for one in self.asked
            ],
            "authors": list(self.authors),
            "steps": [{"step": s.step, "by": s.by, "who": list(s.who)} for s in self.steps],
            "gates": [
                {"id": g.id, "outcome": g.outcome, "findings": [f.message for f in g.findings]}
                for g in self.gates
            ],
            "compared_with": self.compared_with,
            "diff": render(list(self.diff)),
        }


def waiting(
    room: Room, actor: Actor, *, mine: bool = True, limit: int = 200, headlines: bool = False
) -> list[Waiting]:
    """What waits for this person (or, with `mine` off, for anybody), nearest deadline first.

    The answer to a question is due when its journalist needs it, if no release is sooner. What is
    urgent and due at no time yet is due now: it cannot wait until somebody plans it.
    `headlines` opens the listed revisions in memory; an entry one may not read keeps its code.
    """
    # Said of the items here as well, or every release is looked at for the few that wait.
    due = ahead(RELEASE_ITEMS.c.item.in_(select(ITEMS.c.id).where(ITEMS.c.waiting_for > "")))
    query = (
        select(ITEMS, due.c.at.label("due"), due.c.release)  # items have an `at` of their own
        .join(due, due.c.item == ITEMS.c.id, isouter=True)
        .where(ITEMS.c.waiting_for > "")  # by its index, as != is not
        .order_by(due.c.at.is_(None), due.c.at, ITEMS.c.id)
    )
    found: list[Waiting] = []
    with room.reading() as view:
        room.require_person(view, actor)
        rows = [
            row
            for row in view.connection.execute(query)
            if not mine or view.record.holds_role(actor.id, row.waiting_for, row.agency, view.time)
        ]
        due_of = _deadlines(view, rows)
        urgent = {kind for kind, rules in view.policy.kinds.items() if rules["urgent"]}
        at_last = {True: view.time, False: NO_DATE}
        rows.sort(key=lambda row: due_of[row.id] or at_last[row.kind in urgent])
        opened = _about(view, rows) if mine or headlines else ((row, view) for row in rows)
        for row, about in opened:
            if mine and _written_by(about, row.id, actor.id):
                continue
            headline = _headline(about, actor, row.id) if headlines else ""
            found.append(
                Waiting(
                    row.id, row.code, row.language, row.kind, row.agency, row.number,
                    row.waiting_for, due_of[row.id], row.release or "", headline,
                    row.public in SEEN,
                )
            )  # fmt: skip
            if len(found) >= limit:
                break
    return found


def _deadlines(view: View, rows: Sequence[Any]) -> dict[str, str]:
    """When each item is due: its release, or sooner the question that it answers; "" for never."""
    query = (
        select(ENQUIRIES.c.item, ENQUIRIES.c.due)
        .where(ENQUIRIES.c.closed == "", ENQUIRIES.c.item != "")
        .order_by(ENQUIRIES.c.due.desc())
    )
    asked = {one.item: one.due for one in view.connection.execute(query)}
    return {
        row.id: min((at for at in (row.due, asked.get(row.id)) if at), default="") for row in rows
    }


def ahead(of: ColumnElement[bool]) -> Subquery:
    """Items with the release that will bring them, and its instant: columns item, at, release."""
    return (
        select(RELEASE_ITEMS.c.item, RELEASES.c.at, RELEASES.c.id.label("release"))
        .join(RELEASES, RELEASES.c.id == RELEASE_ITEMS.c.release)
        .where(of, RELEASES.c.state.not_in((*OVER, "partial")))
        .subquery()
    )


def next_release(view: View, item: str) -> tuple[str, str]:
    """The instant (UTC) and the id of the release that will bring an item; "" and "" for none."""
    coming = ahead(RELEASE_ITEMS.c.item == item)
    first = select(coming.c.at, coming.c.release).order_by(coming.c.at, coming.c.release)
    row = view.connection.execute(first.limit(1)).first()
    return (row.at, row.release) if row else ("", "")


def _about(view: View, rows: Sequence[Any]) -> Iterator[tuple[Any, View]]:
    """Each row with a view that is about its item; of some together, since rosters are read once
    for a view.
    """
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        about = view.with_subjects(*{row.id for row in part})
        yield from ((row, about) for row in part)


def _written_by(view: View, item: str, person: str) -> bool:
    state = view.record.items.get(item)
    if state is None:
        return False
    used = {a.person for a in state.current.approvals}
    return person in state.authors(state.latest) or person in used


def _headline(view: View, actor: Actor, item: str) -> str:
    try:
        return str(revisions.load(view, actor, item)["headline"])
    except Refused:
        return ""


def compared(state: ItemState, revision: RevisionState) -> RevisionState | None:
    """The revision to compare with: the last one somebody approved, else the last released."""
    earlier = [r for r in state.revisions.values() if r.number < revision.number]
    for candidate in reversed(earlier):
        if candidate.approvals or candidate.released_in:
            return candidate
    return earlier[-1] if earlier else None


def review(room: Room, actor: Actor, item: str, digest: str = "") -> Review:
    """One item in full: text, gates, steps, and what changed since a revision was approved."""
    from desk.items.diff import diff_content
    from desk.people.enquiry_views import asked

    with room.reading(item) as view:
        state, revision = revisions.find(view, item, digest)
        document = revisions.load(view, actor, item, revision.digest)
        decided = kept.of_revision(view, actor, item, revision)
        notes = kept.notes_of(view, actor, item, revision)
        gates = revisions.check(view, actor, document, decided)
        before = compared(state, revision)
        diff = (
            diff_content(revisions.load(view, actor, item, before.digest), document)
            if before
            else []
        )
        steps = revisions.progress(view, item, revision.digest)
        due, release_id = next_release(view, item)
        open_step = next((s.step for s in steps if s.approval is None), "")
        entry = Waiting(
            item, state.code, state.language, state.kind, state.agency, revision.number,
            open_step, due, release_id, document["headline"],
            "correction_of" in document,
        )  # fmt: skip
    return Review(
        entry,
        revision.digest,
        revision.content,
        document,
        tuple(sorted(state.authors(revision.digest))),
        tuple(StepView(s.step, s.approval.person if s.approval else "", s.who) for s in steps),
        gates,
        before.number if before else 0,
        tuple(a.person for a in before.approvals) if before else (),
        tuple(diff),
        notes,
        asked(room, actor, item),
    )

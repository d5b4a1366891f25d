"""Answering the terminology of a draft: what is found, what is kept and why, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from desk.errors import NotFound, UsageError
from desk.items import drafts, kept, revisions
from desk.items.kept import Kept
from desk.items.terminology import Found, findings, in_force
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.terms.ignores import ignore
from desk.text import nfc

Chosen = Callable[[Sequence[Found]], Sequence[Found]]


@dataclass(frozen=True)
class Answered:
    """A draft after an answer: its version, and what its terminology says now."""

    item: str
    version: int
    termbase: str
    findings: tuple[Found, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values; findings are numbered from 1 as `desk item ack` names them."""
        return {
            "item": self.item,
            "version": self.version,
            "termbase": self.termbase,
            "findings": [
                {
                    "number": number,
                    "field": one.piece.key,
                    **one.finding.as_json(),
                    "kept": one.kept.ignore.as_json() if one.kept else None,
                }
                for number, one in enumerate(self.findings, 1)
            ],
        }


def look(room: Room, actor: Actor, item: str) -> Answered:
    """What the terminology of the actor's draft says, or of the newest revision without one.

    Raises NotFound, Refused for who may not read it.
    """
    with room.reading(item) as view:
        try:
            draft, key = drafts.load(view, actor, item)
            document, version, decided = (
                dict(draft.document),
                draft.version,
                kept.of_draft(view, key),
            )
        except NotFound:
            _, revision = revisions.find(view, item)
            document, version = revisions.load(view, actor, item), 0
            decided = kept.of_revision(view, actor, item, revision)
        terms = in_force(view, decided)
        return Answered(item, version, terms.version, findings(document, terms))


def keep(
    room: Room, actor: Actor, item: str, chosen: Chosen, reason: str, *,
    until: date | None = None, version: int | None = None,
) -> Answered:  # fmt: skip
    """Keep findings of the draft as they stand, with a reason that its approvers are shown.

    `chosen` picks them; `until` is the last day on which it holds. Raises UsageError without a
    reason or when nothing was picked, NotFound, Conflict when `version` is not the stored one.
    """
    if until is not None and until.isoformat() < room.instant()[:10]:
        raise UsageError("That day is over", until.isoformat())

    def change(found: Sequence[Found], decided: tuple[Kept, ...]) -> list[Kept]:
        picked = [one for one in chosen(found) if one.kept is None]
        made = [
            kept.decide(
                one.piece.key,
                ignore(one.finding, one.piece.text, reason=reason, author=actor.id, expires=until),
            )
            for one in picked
        ]
        if len(decided) + len(made) > kept.MOST:
            most = phrase("at most {most} of one text", most=kept.MOST)
            raise UsageError("Too many findings are kept", most, "Mend some of them")
        return [*decided, *made]

    return _changed(room, actor, item, change, version)


def take_back(
    room: Room, actor: Actor, item: str, chosen: Chosen, *, version: int | None = None
) -> Answered:
    """Keep these findings no longer. Raises as `keep`."""

    def change(found: Sequence[Found], decided: tuple[Kept, ...]) -> list[Kept]:
        gone = {one.kept.digest for one in chosen(found) if one.kept is not None}
        return [one for one in decided if one.digest not in gone]

    return _changed(room, actor, item, change, version)


def _changed(
    room: Room, actor: Actor, item: str,
    change: Callable[[Sequence[Found], tuple[Kept, ...]], Sequence[Kept]],
    version: int | None,
) -> Answered:  # fmt: skip
    draft = drafts.edit(room, actor, item)
    with room.store.write() as connection:
        view = _view(room, connection_view=drafts.view_in(room, connection, item))
        draft, key = drafts.load(view, actor, item)
        decided = kept.of_draft(view, key)
        terms = in_force(view, decided)
        found = findings(draft.document, terms)
        after = tuple(change(found, decided))
        if {one.digest for one in after} == {one.digest for one in decided}:
            return Answered(item, draft.version, terms.version, found)
        used = findings(draft.document, replace(terms, kept=after))
        holds = {one.kept.digest for one in used if one.kept is not None}
        kept.keep_in_draft(view, key, [one for one in after if one.digest in holds])
        seen = draft.version if version is None else version
        stored = drafts.put(room, connection, draft, dict(draft.document), key, seen)
    return Answered(item, stored.version, terms.version, used)


def _view(room: Room, connection_view: View) -> View:
    return replace(connection_view, time=room.instant(), root=room.root)


def numbered(numbers: Iterable[int]) -> Chosen:
    """Findings by their numbers, from 1. Picking raises UsageError for one that is not there."""
    wanted = list(numbers)

    def chosen(found: Sequence[Found]) -> Sequence[Found]:
        if bad := [one for one in wanted if not 1 <= one <= len(found)]:
            what = phrase("{number}; there are {count}", number=bad[0], count=len(found))
            raise UsageError("There is no such finding", what, "Number them: desk item ack ITEM")
        return [found[one - 1] for one in wanted]

    return chosen


def every_warning(found: Sequence[Found]) -> Sequence[Found]:
    """All warnings without an answer; errors are kept one by one, by their numbers."""
    return [one for one in found if one.open and one.finding.severity == "warning"]


def at(key: str, entry: str, start: int) -> Chosen:
    """The finding of an entry at a place of a field, as a screen names it."""

    def chosen(found: Sequence[Found]) -> Sequence[Found]:
        there = [
            one
            for one in found
            if (one.piece.key, one.finding.entry, one.finding.start) == (key, entry, start)
        ]
        if not there:
            raise NotFound("That finding is gone", nfc(entry), "The text there has changed")
        return there

    return chosen

"""An item's past over the verbs: its revisions, what changed between two, words that gave way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.clock import parse_instant
from desk.errors import NotFound
from desk.items import drafts, revisions, settling
from desk.items.diff import diff_content, render
from desk.locales import _
from desk.newsroom.room import View
from desk.phrase import phrase
from desk.store.projections import revision_state
from screens.newsroom.item_views import text_of
from screens.newsroom.part import Part
from screens.newsroom.reviews import FIELDS
from screens.source import DiffLine, Outcome
from screens.source.item_room import ItemText, RevisionEntry

DRAFT, ASIDE = 0, -1


class ItemPastPart(Part):
    """Answers the history of the item screen."""

    def item_history(self, item: str) -> Sequence[RevisionEntry]:
        """The draft, the words that gave way, and every revision, newest first."""
        house = self._house
        found: list[RevisionEntry] = []
        with house.room.reading(item) as view:
            try:
                draft, _key = drafts.load(view, house.actor, item)
            except NotFound:
                pass
            else:
                at = parse_instant(draft.saved)
                found.append(RevisionEntry(DRAFT, house.actor.id, at, "draft"))
                if settling.has_before(view, house.actor, item):
                    found.append(RevisionEntry(ASIDE, house.actor.id, at, "aside"))
            state = view.record.items.get(item)
            revised = list(state.revisions.values()) if state else []
            for one in reversed(revised):
                assert state is not None
                now = revision_state(view.record, state, one)
                at = parse_instant(one.time)
                found.append(RevisionEntry(one.number, one.author, at, now, one.digest))
        return found

    def item_diff(self, item: str, older: int, newer: int) -> tuple[DiffLine, ...]:
        """What changed between two entries of the history."""
        with self._house.room.reading(item) as view:
            documents = [self._document(view, item, number) for number in (older, newer)]
        lines: list[DiffLine] = []
        for line in render(diff_content(*documents)):
            if line.startswith("@@ "):
                name = line[3:]
                lines.append(DiffLine("…", _(FIELDS[name]) if name in FIELDS else name))
            else:
                lines.append(DiffLine("-" if line[0] == "-" else "+", line[2:]))
        return tuple(lines) or (DiffLine(" ", _("Nothing has changed in it.")),)

    def _document(self, view: View, item: str, number: int) -> Mapping[str, Any]:
        actor = self._house.actor
        if number == DRAFT:
            return drafts.load(view, actor, item)[0].document
        if number == ASIDE:
            return settling.before(view, actor, item)
        state = view.record.items.get(item)
        for one in state.revisions.values() if state else ():
            if one.number == number:
                return revisions.load(view, actor, item, one.digest)
        raise NotFound(
            _("No such revision"),
            phrase("{item} rev {number}", item=item, number=number),
            "desk item history",
        )

    def item_text(self, item: str) -> ItemText:
        """The newest text this reader has of an item."""
        actor = self._house.actor
        with self._house.room.reading(item) as view:
            try:
                return text_of(drafts.load(view, actor, item)[0].document)
            except NotFound:
                return text_of(revisions.load(view, actor, item))

    def item_revision(self, item: str, digest: str) -> ItemText:
        """The text of one revision."""
        actor = self._house.actor
        with self._house.room.reading(item) as view:
            return text_of(revisions.load(view, actor, item, digest))

    def item_put_back(self, item: str) -> Outcome:
        """Exchange the draft with the words that gave way."""
        settling.put_back(self._house.room, self._house.actor, item)
        return Outcome(_("Exchanged: the draft has the words that had given way."))

    def item_reset(self, item: str) -> Outcome:
        """Give the draft the text of the revision it rests on."""
        settling.reset(self._house.room, self._house.actor, item)
        return Outcome(_("The draft is as the newest revision; its own words are in the history."))

"""The items room over the verbs: what this reader writes and may read, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import cast

from desk.alphabet import by_name
from desk.clock import parse_instant
from desk.errors import DeskError, NotFound, Reason, Refused
from desk.items import board, drafts, presence
from desk.items.board import BoardRow, Wanted
from desk.locales import _
from desk.newsroom.room import View
from desk.trust.state import ItemState as KnownItem
from screens.newsroom.part import Part
from screens.source.items_room import ItemChoices, ItemRow, ItemState, ItemStretch
from screens.states import ITEM

LOOKED_AT = 2_000  # rows whose titles are opened to find words in them


@dataclass
class _Known:
    """The ids in which the words asked for last were found, where each is, and the headlines
    of drafts by item and version.
    """

    query: str | None = None
    ids: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    titles: dict[tuple[str, int], str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


class ItemsPart(Part):
    """Answers the items room."""

    @property
    def _items(self) -> _Known:
        known: _Known = self.__dict__.setdefault("_items_known", _Known())
        return known

    def items_stretches(self, query: str) -> Sequence[ItemStretch]:
        """Where items are that the filter lets through; reads them anew."""
        wanted = self._read_filter(query)
        house, known = self._house, self._items
        with house.room.reading() as view:
            if not wanted.words:
                return [ItemStretch(after, count) for after, count in self._days(view, wanted)]
            found = board.ids(view.connection, house.actor.id, wanted, limit=LOOKED_AT)
            rows = board.rows(view.connection, house.actor.id, found)
            found = [row.id for row in rows if self._speaks_of(view, row, wanted)]
        with known.lock:
            known.places = {item: number for number, item in enumerate(found, 1)}
            known.query, known.ids = query, found
        return [ItemStretch("", len(found))]

    @staticmethod
    def _read_filter(query: str) -> Wanted:
        return board.wanted(query, [(state, _(shown.word)) for state, shown in ITEM.items()])

    def _days(self, view: View, wanted: Wanted) -> list[tuple[str, int]]:
        """What the plain fields let through, kept until an act or a draft is added."""
        author = self._house.actor.id
        question = ("items", wanted, board.drafts_of(view.connection, author))
        find = partial(board.stretches, view.connection, author, wanted)
        return self._house.kept.get(view.connection, question, find)

    def _speaks_of(self, view: View, row: BoardRow, wanted: Wanted) -> bool:
        title, _sealed = self._title(view, row)
        return board.holding(wanted.words, (title, row.code, row.id, row.agency, row.kind))

    def items_page(self, after: str, limit: int, query: str) -> Sequence[ItemRow]:
        """Rows after an item's id, or after the cursor of a stretch."""
        wanted = self._read_filter(query)
        house = self._house
        sittings: dict[str, list[presence.Sitting]] = {}
        for one in presence.sittings(house.room.root):
            sittings.setdefault(one.item, []).append(one)
        with house.room.reading() as view:
            if wanted.words:
                listed = self._spoken_of(after, limit, query)
            else:
                listed = board.ids(
                    view.connection, house.actor.id, wanted, after=after, limit=limit
                )
            rows = board.rows(view.connection, house.actor.id, listed)
            return [self._row(view, row, sittings.get(row.id, [])) for row in rows]

    def _spoken_of(self, after: str, limit: int, query: str) -> list[str]:
        """Ids that words were found in; those are looked for once, when the list is read."""
        known = self._items
        if known.query != query:
            self.items_stretches(query)
        with known.lock:
            start = known.places.get(after, len(known.ids)) if after else 0
            return known.ids[start : start + limit]

    def _row(self, view: View, row: BoardRow, open_now: list[presence.Sitting]) -> ItemRow:
        title, sealed = self._title(view, row)
        me = self._house.actor.id
        return ItemRow(
            row.id,
            title,
            sealed,
            row.language,
            row.kind,
            row.agency,
            row.number,
            cast(ItemState, row.state if row.state in ITEM else "submitted"),
            bool(row.version),
            bool(row.version) and any(s.person == me and not s.alive for s in open_now),
            tuple(sorted({s.person for s in open_now if s.alive and s.person != me})),
            parse_instant(row.at) if row.at else None,
            row.waiting_for,
            row.public,
            *self._house.called(row.kind, row.agency),
        )

    def _title(self, view: View, row: BoardRow) -> tuple[str, bool]:
        """What the item is called for this reader, and whether it is sealed to them."""
        house, known = self._house, self._items
        if row.version:
            key = (row.id, row.version)
            if key not in known.titles:
                known.titles[key] = self._draft_title(view, row.id)
            return known.titles[key] or row.code or _("(no headline yet)"), False
        text = house.titles.headline(view, row.id, row.latest)
        return (text, False) if text else (row.code or row.id, True)

    def _draft_title(self, view: View, item: str) -> str:
        try:
            draft, _key = drafts.load(view, self._house.actor, item)
        except DeskError:  # submitted meanwhile, or its seal does not hold: opening it tells
            return ""
        return str(draft.document.get("headline", ""))

    # Beginning an item

    def items_choices(self) -> ItemChoices:
        """What this reader may write."""
        house = self._house
        config = house.config()
        with house.room.reading() as view:
            policy, record = view.policy.document, view.record
            agencies = [a for a in policy["agencies"]
                        if record.holds_role(house.actor.id, "author", a, view.time)]  # fmt: skip
            if not agencies:
                who = view.roster.holders("author", "*")
                raise Refused(
                    _("You write for no agency"),
                    [Reason("role", _("writing takes the role author"), who)],
                    _("Ask an administrator for it: desk roster show"),
                )
        names = {a.id: a.name for a in config.agencies} if config else {}
        kinds = {k: v.name for k, v in config.kinds.items()} if config else {}
        order = list(kinds) + sorted(set(policy["kinds"]) - set(kinds))
        return ItemChoices(
            tuple((k, house.named(kinds.get(k), k)) for k in order if k in policy["kinds"]),
            by_name((a, house.named(names.get(a), a)) for a in agencies),
            tuple((k, tuple(policy["kinds"][k]["languages"])) for k in policy["kinds"]),
        )

    def items_new(self, kind: str, agency: str, language: str, code: str) -> str:
        """Begin an item."""
        house = self._house
        return drafts.new(
            house.room, house.actor, kind=kind, agency=agency, language=language, code=code
        ).item

    def items_translation(self, item: str, language: str) -> str:
        """The one that is there, or ""."""
        return self._translation(item, language)[1]

    def items_translate(self, item: str, language: str) -> str:
        """Begin the translation, or find the one that this reader began."""
        house = self._house
        state, found = self._translation(item, language)
        return found or drafts.new(
            house.room, house.actor, kind=state.kind, agency=state.agency, language=language,
            translates=item,
        ).item  # fmt: skip

    def _translation(self, item: str, language: str) -> tuple[KnownItem, str]:
        """An item, and the one of the same message in that language, or ""."""
        house = self._house
        with house.room.reading(item) as view:
            state = view.record.items.get(item)
            if state is None:
                raise NotFound(
                    _("It is not submitted yet"), item, _("What is translated is submitted first.")
                )
            others = board.of_message(view.connection, state.message, house.actor.id)
            found = (row.id for row in others if row.language == language)
            return state, next(found, "")

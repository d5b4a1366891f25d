"""The calendar's acts over the verbs: plan, edit, move, postpone, cancel, and what clashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from desk.clock import Fold, parse_instant
from desk.errors import Conflict, Reason, UsageError
from desk.items import board
from desk.locales import _, language
from desk.newsroom.room import View
from desk.releases import clashes, plan, rights, views
from desk.releases.placing import read_moment
from desk.releases.plan import Moment
from desk.trust.acts import EVERYTHING, Act
from desk.trust.judge import judge
from screens.newsroom.agenda import OVER, Agenda, as_state, clash_text, titled
from screens.newsroom.hearing import heard
from screens.newsroom.part import Part
from screens.source import NextRelease, Outcome
from screens.source.calendar_room import (
    CalendarChoices,
    Clashing,
    HourCell,
    Placing,
    PlannedAs,
    Standing,
)

DAYS = 30  # days ahead in which clashes are looked for
ITEMS = 300  # items that a plan may choose from, the newest first


class CalendarPart(Part):
    """Answers the calendar's calls, apart from its list."""

    _agenda: Agenda

    def calendar_span(self, first: date, days: int, query: str) -> Sequence[HourCell]:
        """What the hours of so many days hold."""
        return self._agenda.span(first, days, query)

    def calendar_coming(self, limit: int) -> Sequence[NextRelease]:
        """The releases that go out next."""
        house = self._house
        found = [one.row for one in views.upcoming(house.room, limit, grace=0)]
        with house.room.reading() as view:
            titles = house.titles.of(view, [(row.id, row.code) for row in found], language())
            holds = views.active_holds(view.connection)
            stopped = any(hold.subject == EVERYTHING for hold in holds)
        with house.room.reading(*(row.id for row in found)) as view:  # together: one roster
            ready = {row.id for row in found if judge(view.record, row.id).ok}
        return [
            NextRelease(
                row.id, titled(titles[row.id]), parse_instant(row.at), as_state(row.state),
                row.held or stopped, row.items, row.channels, row.id in ready,
            )
            for row in found
        ]  # fmt: skip

    def calendar_cannot(self) -> Mapping[str, tuple[Reason, ...]]:
        """The acts for which this reader has no role."""
        with self._house.room.reading() as view:
            return rights.cannot(view, self._house.actor.id)

    def calendar_choices(self) -> CalendarChoices:
        """Items that were submitted and are not public, and every channel."""
        house = self._house
        names = house.channel_names()
        with house.room.reading() as view:
            waiting = board.Wanted(states=("submitted", "approved"))
            found = board.ids(view.connection, house.actor.id, waiting, limit=ITEMS)
            rows = board.rows(view.connection, house.actor.id, found)
            items = tuple((row.id, self._item_name(view, row)) for row in rows)
            channels = tuple((one, names.get(one, one)) for one in view.policy.channels)
        return CalendarChoices(items, channels)

    def _item_name(self, view: View, row: board.BoardRow) -> str:
        title = self._house.titles.headline(view, row.id, row.latest)
        return f"{title or '▒ ' + (row.code or row.id)} · {row.language} · {row.agency}"

    def calendar_planned(self, release: str) -> PlannedAs:
        """A release as it is planned now."""
        with self._house.room.reading(release) as view:
            found = plan.find(view, release)
        return PlannedAs(
            found.id, found.code, found.wall.replace("T", " "), found.zone, found.confirmed,
            tuple(found.items), tuple(found.channels),
        )  # fmt: skip

    def calendar_where(self, release: str) -> tuple[str, datetime] | None:
        """The key of a release's row as it stands now, and its instant; None: there is none."""
        return self._agenda.where(release)

    def calendar_standing(self, release: str) -> Standing:
        """How it stands now."""
        with self._house.room.reading(release) as view:
            found = views.detail_of(view, release)
        state = as_state(found.state)
        held = found.held and state not in OVER
        return Standing(parse_instant(found.at), state, held, found.manifest)

    # Placing

    def _zone(self, release: str = "") -> str:
        with self._house.room.reading(*([release] if release else [])) as view:
            if release:
                return plan.find(view, release).zone
            return self._house.zone(view.record.policy)

    def _moment(self, wall: str, fold: str, release: str = "") -> Moment:
        return read_moment(wall, self._zone(release), cast("Fold | None", fold or None))

    def calendar_place(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str],
        slot: str = "", release: str = "",
    ) -> Placing:  # fmt: skip
        """What is at that wall time."""
        house = self._house
        try:
            moment = self._moment(wall, fold, release)
        except UsageError:
            if fold:
                raise
            both = self._both(wall, release)
            if both is None:
                raise
            return Placing(None, (), both)
        config = house.config()
        found = []
        if config is not None:
            found = clashes.before(
                house.room, config, moment, channels, items, slot=slot, release=release
            )
        return Placing(parse_instant(moment.at), tuple(clash_text(one) for one in found))

    def calendar_left(
        self, items: Sequence[str], channels: Sequence[str], release: str = ""
    ) -> Sequence[str]:
        """Where an earlier text of them stays."""
        with self._house.room.reading() as view:
            found = clashes.left_by(view, items, channels, release)
        return tuple(clash_text(one) for one in found)

    def _both(self, wall: str, release: str) -> tuple[datetime, ...] | None:
        """The two instants of a wall time that occurs twice; None when it does not."""
        try:
            early, late = (self._moment(wall, fold, release).at for fold in ("earlier", "later"))
        except UsageError:
            return None
        return (parse_instant(early), parse_instant(late)) if early != late else None

    def calendar_clashes(self) -> Sequence[Clashing]:
        """Everything that speaks against the releases of the next weeks."""
        house = self._house
        config = house.config()
        if config is None:
            return []
        found = clashes.ahead(house.room, config, DAYS)
        with house.room.reading() as view:
            named = {one.release: one.code for one in found}
            titles = house.titles.of(view, list(named.items()), language())
        return [
            Clashing(one.release, titled(titles[one.release]), parse_instant(one.at),
                     clash_text(one.why))
            for one in found
        ]  # fmt: skip

    # Acts

    def calendar_plan(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str], code: str,
        slot: str = "",
    ) -> Outcome:  # fmt: skip
        """Put a provisional release into the calendar."""
        house = self._house
        if not items:
            raise UsageError(_("What goes out?"), _("no item is chosen"))
        if not channels:
            raise UsageError(_("Where?"), _("no channel is chosen"))
        moment = self._moment(wall, fold)
        act = plan.plan(
            house.room, house.actor, moment, items=items, channels=channels, code=code, slot=slot
        )
        told = _("Planned, provisionally: {code} ({release}).")
        return Outcome(told.format(code=code, release=act.subject), made=act.subject)

    def calendar_edit(
        self, release: str, items: Sequence[str], channels: Sequence[str], code: str
    ) -> Outcome:
        """Change what it holds and where it goes."""
        known = self.calendar_planned(release)
        if (tuple(items), tuple(sorted(channels)), code) == (
            known.items, tuple(sorted(known.channels)), known.code):  # fmt: skip
            return Outcome(_("It says so already."))
        plan.edit(self._house.room, self._house.actor, release, items=items, channels=channels,
                  code="" if code == known.code else code)  # fmt: skip
        return Outcome(_("Changed; what was signed of it is void."))

    def calendar_move(
        self, release: str, wall: str, fold: str, note: str, passphrase: str
    ) -> Outcome:
        """Move it."""
        moment, known = self._moment(wall, fold, release), self.calendar_planned(release)
        actor = self._house.unlock(passphrase)
        act = plan.move(self._house.room, actor, release, moment, note=note)
        return self._told(known, act, _("Moved."))

    def _told(self, known: PlannedAs, act: Act, text: str) -> Outcome:
        """Only what was announced is a publisher's business."""
        if not known.confirmed:
            return Outcome(text)
        return heard(self._house, act.subject, act.digest, text)

    def calendar_postpone(self, release: str, note: str, passphrase: str) -> Outcome:
        """Take its date away."""
        known = self.calendar_planned(release)
        actor = self._house.unlock(passphrase)
        act = plan.postpone(self._house.room, actor, release, note=note)
        return self._told(known, act, _("Postponed, without a date."))

    def calendar_cancel(self, release: str, note: str, passphrase: str) -> Outcome:
        """Strike it for good."""
        known = self.calendar_planned(release)
        actor = self._house.unlock(passphrase)
        act = plan.cancel(self._house.room, actor, release, note=note)
        if act is None:
            raise Conflict(_("It is cancelled already"), release)
        return self._told(known, act, _("Cancelled for good."))

"""The made-up newsroom's calendar: hours, what comes next, a release opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from desk.clock import Clock, now, to_wall
from desk.errors import Reason
from screens.source import CalendarRow, NextRelease, ReleaseView
from screens.source.calendar_room import HourCell
from screens.source.release_room import BoardChannel, BoardItem, ReleaseBoard, StepDone

ZONE = "Asia/Ho_Chi_Minh"


class SampleCalendar:
    """The calendar's further calls, from the rows of the sample."""

    clock: Clock
    rows: list[CalendarRow]
    held: set[str]

    def _matching(self, query: str) -> list[CalendarRow]:
        raise NotImplementedError

    def release(self, release: str) -> ReleaseView:
        """The release as who signs it sees it."""
        raise NotImplementedError

    def calendar_span(self, first: date, days: int, query: str) -> Sequence[HourCell]:
        """The hours of the rows that match."""
        walls = [(row, to_wall(row.at, ZONE)) for row in self._matching(query)]
        return [
            HourCell(wall.date(), wall.hour, row.kind, 1, f"{wall:%H:%M}", row.state,
                     row.release in self.held, row.title)
            for row, wall in walls if first <= wall.date() < first + timedelta(days=days)
        ]  # fmt: skip

    def calendar_coming(self, limit: int) -> Sequence[NextRelease]:
        """The rows ahead of the clock."""
        moment: datetime = now(self.clock)
        ahead = [row for row in self.rows if row.kind == "release" and row.at > moment]
        return [NextRelease(row.release, row.title, row.at, row.state, row.release in self.held,
                            row.items, row.channels, True) for row in ahead[:limit]]  # fmt: skip

    def calendar_cannot(self) -> Mapping[str, tuple[Reason, ...]]:
        """This lead may do everything."""
        return {}

    def release_board(self, release: str) -> ReleaseBoard:
        """The release with its items on three channels."""
        view = self.release(release)
        ids = ("portal", "press", "world")
        items = tuple(
            BoardItem(
                one.item, one.headline, "SAO-MAI", one.language, "statement", "thong-ke",
                one.revision, one.digest, "approved", False,
                tuple(StepDone(step, f"{step}-1") for step in ("appraise", "review", "check")),
                one.gates, dict.fromkeys(ids, "staged"),
            )
            for one in view.items
        )  # fmt: skip
        channels = tuple(
            BoardChannel(id, name, "staged", id != "world")
            for id, name in zip(ids, view.channels, strict=True)
        )
        change, sign = view.at - timedelta(seconds=30), view.at - timedelta(seconds=5)
        return ReleaseBoard(view, "SAO-MAI", True, items, channels, change, sign, roster=12,
                            policy=4, termbase="v31 3f0c9a17b2d4")  # fmt: skip

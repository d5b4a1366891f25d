"""Alerts inside the desk: what is new rings once, what stands is counted in the head of a room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from desk.alerts import bell
from desk.alerts.events import Event, Rules
from desk.clock import written
from desk.locales import language
from desk.releases import views
from desk.store import log
from desk.text import safe_text
from screens.newsroom.house import House
from screens.newsroom.part import Part
from screens.newsroom.status import Status

EVERY_NS = 10_000_000_000  # asked anew after this, since some alerts come with the time alone
BEFORE, AFTER = timedelta(seconds=5), timedelta(seconds=3)  # around an instant nothing is read
LEAVING = ("signed", "staged")  # states of a release that may go out at its instant
SAID = frozenset({"alarm", "altered", "clock", "log", "restored"})
"""Kinds that the status file tells in words of its own."""


class Ringing(Part):
    """The call for new alerts. Code names, ids, states and times: never a sealed text."""

    _bell: bell.Bell | None = None
    _rung: tuple[int, int] = (-1, 0)

    def rings(self) -> tuple[str, ...]:
        """New alerts in the language of the interface, oldest first, each once."""
        house = self._house
        head = self._worth_a_look(house)
        if head < 0:
            return ()
        config = house.config()
        if self._bell is None:
            self._bell = bell.Bell(house.room, house.status, config)
        self._bell.rules = Rules.of(config) if config else Rules()
        fresh = self._bell.new()
        self._rung = (head, house.room.clock.monotonic_ns() + EVERY_NS)
        house.standing = self._bell.standing
        return tuple(bell.line(event, language()) for event in fresh)

    def _worth_a_look(self, house: House) -> int:
        """The log's head when it has grown or time has passed, and no instant is near; else -1."""
        start, end = written(house.now - AFTER), written(house.now + BEFORE)
        with house.room.store.read() as connection:
            head = log.head(connection).seq
            if head == self._rung[0] and house.room.clock.monotonic_ns() < self._rung[1]:
                return -1
            near = views.page(connection, start=start, end=end, states=LEAVING, limit=1)
        return -1 if near else head


def alarms(house: House, status: Status) -> tuple[str, ...]:
    """What people must look at: the publisher's own words, then the other alerts that stand."""
    return tuple(dict.fromkeys((*status.alarms(house.now), *_others(house.standing))))


def _others(standing: tuple[Event, ...]) -> Iterator[str]:
    for event in standing:
        if event.kind not in SAID and not (event.kind == "unreachable" and event.channel):
            yield safe_text(bell.line(event, language()))

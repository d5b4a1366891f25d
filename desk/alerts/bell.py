"""The bell: the same events for whoever sits at the desk, without a mail server between.

The desk asks now and then, shows what comes and rings the terminal once for it:

    bell = Bell(room, status_file, config)
    for event in bell.new():                       # in a thread: it reads the database
        app.notify(line(event, "vi")); app.bell()
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from desk.alerts import status, words
from desk.alerts.events import STALE, Event, Rules
from desk.alerts.sight import glance
from desk.alerts.watch import watch
from desk.clock import now, parse_instant
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.room import Room
from desk.text import one_line
from desk.trust.record import Record

QUIET = frozenset({"released", "lifted"})
"""Good news: shown elsewhere, nobody is called for it."""


def pending(
    room: Room, status_file: Path, moment: datetime, rules: Rules | None = None
) -> list[Event]:
    """What stands now and wants somebody's eyes, oldest first. `moment` is aware.

    Raises Unavailable, TrustError. Reads what is near only, so it is quick on any log.
    """
    rules = rules or Rules()
    sight = glance(room, moment, rules.horizon)
    events = watch(sight, status.read(status_file), moment, rules)
    stale = moment - timedelta(seconds=STALE)
    return [
        event
        for event in events
        if event.kind not in QUIET
        and not event.escalated
        and not (event.happened and parse_instant(event.time) < stale)
        and not _over(sight.record, event)
    ]


def _over(record: Record, event: Event) -> bool:
    """Whether it tells of a hold that was lifted since."""
    if event.kind != "held":
        return False
    digest = event.key.removeprefix("held ")
    return all(hold.digest != digest for hold in record.active_holds(event.subject))


class Bell:
    """Gives each pending event once. Its own memory: opening the desk anew rings anew.

    `standing`: what was pending when it was asked last. `rules` may be set when they change.
    """

    def __init__(self, room: Room, status_file: Path, config: NewsroomConfig | None) -> None:
        self._room, self._status = room, status_file
        self.rules = Rules.of(config) if config else Rules()
        self.standing: tuple[Event, ...] = ()

    def new(self) -> list[Event]:
        """What is pending and was not a moment ago. Raises Unavailable, TrustError."""
        found = pending(self._room, self._status, now(self._room.clock), self.rules)
        # What is over is forgotten, so that it rings when it comes back.
        known = {event.key for event in self.standing}
        self.standing = tuple(found)
        return [event for event in found if event.key not in known]


def line(event: Event, language: str) -> str:
    """One event as one safe line, in vi or en."""
    (chosen,) = words.languages((language,))
    return one_line(words.sentence(event, chosen), 200)

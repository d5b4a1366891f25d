"""A whole newsroom for the tests of the source: real keys, log and sealed text; no processes."""

from __future__ import annotations

import functools
from pathlib import Path

from desk.clock import Clock, FakeClock, now, written
from desk.demo.live import more_entries
from desk.demo.newsroom import (
    DemoNewsroom,
    adopt,
    found,
    make_portals,
    release,
    write_calendar,
    write_items,
)
from desk.errors import TrustError
from desk.newsroom.room import Actor
from desk.store import log
from desk.trust.state import Hold
from screens.newsroom.house import House
from screens.newsroom.source import NewsroomSource
from screens.source import CalendarRow, QueueEntry
from tests import founded

START = "2026-11-20T01:00:00Z"  # a Friday, 08:00 in Hà Nội
PASSPHRASE = "một câu thật dài để nhớ"
SECONDS = 1200
OPENED_MS = 1_795_137_600_000


def build(root: Path, clock: Clock | None = None) -> DemoNewsroom:
    """The demo's newsroom on a clock that stands still: four items signed, eight to come.

    Founded once in each process and copied from there; anew on a clock that stands elsewhere.
    """
    clock = clock or FakeClock(START)
    if written(now(clock)) != START:
        return _founded(root, clock)
    return founded.copy(_once(), root, clock)


def copy(built: DemoNewsroom, root: Path) -> DemoNewsroom:
    """A copy of a newsroom that a test may change, on a clock of its own."""
    return founded.copy(built, root, FakeClock(START))


@functools.cache
def _once() -> DemoNewsroom:
    """What is copied; not to be changed."""
    return _founded(founded.kept_folder(), FakeClock(START))


def _founded(root: Path, clock: Clock) -> DemoNewsroom:
    newsroom = found(root, clock=clock)
    newsroom.canary = ""
    urls = {"portal": "http://127.0.0.1:8601", "foreign": "http://127.0.0.1:8602"}
    write_calendar(root, urls, make_portals(newsroom))
    adopt(newsroom)
    write_items(newsroom, 4, lambda _text: None)
    more_entries(newsroom)
    release(newsroom, SECONDS)
    return newsroom


def status_file(newsroom: DemoNewsroom) -> Path:
    """Where the publisher would say how it is."""
    return newsroom.root / "var" / "publisher.json"


def source(newsroom: DemoNewsroom, person: str = "lead-1") -> NewsroomSource:
    """The source of one post; its key opens with PASSPHRASE alone."""
    actor = newsroom.actor(person)

    def unlock(passphrase: str) -> Actor:
        if passphrase != PASSPHRASE:
            raise TrustError("The passphrase is wrong")
        return actor

    calendar = newsroom.root / "calendar.yaml"
    return NewsroomSource(House(newsroom.room, actor, unlock, calendar, status_file(newsroom)))


def head(newsroom: DemoNewsroom) -> int:
    """How many acts the log holds."""
    with newsroom.room.store.read() as connection:
        return log.head(connection).seq


def holds_of(newsroom: DemoNewsroom, subject: str) -> list[Hold]:
    """The holds over a release (or over everything) that are in force."""
    with newsroom.room.reading(subject) as view:
        own = view.record.releases[subject].holds if subject != "*" else view.record.holds
        return [one for one in own.values() if not one.lifted(2)]


def answer(newsroom: DemoNewsroom, subject: str, digest: str, outcome: str) -> None:
    """The publisher's signed acknowledgement of one act."""
    publisher = Actor("pub-1", newsroom.home.identity())
    related = [subject] if subject != "*" else []
    with newsroom.room.acting(*related) as tx:
        tx.append("publisher.ack", subject, {"act": digest, "outcome": outcome}, publisher)


def go_out(newsroom: DemoNewsroom, release: str) -> None:
    """The publisher's signed word that a signed release went out on all its channels."""
    publisher = Actor("pub-1", newsroom.home.identity())
    with newsroom.room.reading(release) as view:
        known = view.record.releases[release]
    assert known.signoff is not None
    revisions = [one["revision"] for one in known.signoff.fields["items"]]
    for channel in known.channels:
        fields = {"signoff": known.signoff.digest, "channel": channel, "address": "0" * 64,
                  "opened_ms": OPENED_MS, "revisions": revisions}  # fmt: skip
        with newsroom.room.acting(release) as tx:
            tx.append("publisher.released", release, fields, publisher)
            tx.touched |= set(known.items)


def rows(from_source: NewsroomSource, query: str = "") -> list[CalendarRow]:
    return list(from_source.calendar_page("", 1000, query))


def releases(from_source: NewsroomSource, query: str = "") -> list[CalendarRow]:
    return [row for row in rows(from_source, query) if row.kind == "release"]


def to_approve(from_source: NewsroomSource) -> list[QueueEntry]:
    return [entry for entry in from_source.queue() if entry.what == "approve"]

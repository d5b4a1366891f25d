"""The desk over a large newsroom: what each room asks for, and what a person waits for.

A demo newsroom is filled with 100,000 past and coming releases, as many items, and as many acts
in the log. Calls of the source run in worker threads of the desk; they are measured alone, in
wall milliseconds. Then the desk itself opens, and a probe on its event loop measures the longest
time in which no key could have been answered.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert

from benchmarks.measure import Figure, median_ms, timed
from desk.clock import parse_instant, written
from desk.percentile import percentile
from models.tables import ITEMS, LOG, RELEASE_CHANNELS, RELEASE_ITEMS, RELEASES, REVISIONS

if TYPE_CHECKING:
    from textual.app import App

    from screens.newsroom.source import NewsroomSource

COUNT = 100_000
STEP = timedelta(minutes=30)  # between releases: 100,000 of them are nearly six years
BATCH = 5_000
EYE = 100.0  # milliseconds: what takes longer is seen to take long
FRAME = 16.0  # milliseconds without an answer that nobody notices
KEYS = ("down", "pagedown", "end", "up", "pageup", "home")
ROOMS = ("2", "3", "4", "8", "9", "0", "1")  # queue, monitor, items, log, search, reports, back
KEPT = ("calendar, days", "calendar, days of one agency", "items, stretches", "items of one state")
PATIENCE = 60.0  # seconds for one thing to be done; then the benchmark ends with an error


def run(quick: bool) -> list[Figure]:
    """All figures; ends by itself."""
    from tests.screens.newsroom_world import START, build, source

    count = COUNT // 10 if quick else COUNT
    with tempfile.TemporaryDirectory() as folder:
        newsroom = build(Path(folder))
        with newsroom.room.store.write() as connection:
            fill(connection, count, parse_instant(START))
        rounds = 3 if quick else 7
        asked = source(newsroom)
        first = timed(asked.reports)  # later ones fold what is new
        figures = [Figure(f"{count:,} releases, items, acts: reports, the first", first, "ms")]
        known = calls(asked, parse_instant(START))
        figures += [_figure(count, *call, rounds) for call in known]
        forget = asked.kept.forget
        figures += [_anew(count, *call, forget, rounds) for call in known if call[0] in KEPT]
        figures += asyncio.run(_seen(source(newsroom), count, newsroom.room.clock))
    return figures


def _figure(count: int, name: str, call: Callable[[], object], rounds: int) -> Figure:
    return Figure(f"{count:,} releases, items, acts: {name}", median_ms(call, rounds), "ms", EYE)


def _anew(
    count: int, name: str, call: Callable[[], object], forget: Callable[[], None], rounds: int
) -> Figure:
    """A call whose answer is kept until an act is added, when one was just added."""

    def after_an_act() -> None:
        forget()
        call()

    return _figure(count, f"{name}, after an act", after_an_act, rounds)


# What is there


def fill(connection: Connection, count: int, now: datetime) -> None:
    """So many releases around an instant, one item in each, and as many acts at the log's end."""
    begins = now - STEP * (count // 2)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        for table, make in (
            (RELEASES, partial(_release, begins=begins, now=now)),
            (RELEASE_ITEMS, lambda n: {"release": f"r-{n:010d}", "item": f"i-{n:010d}"}),
            (ITEMS, partial(_item, begins=begins, now=now)),
            (REVISIONS, partial(_revision, begins=begins, now=now)),
        ):
            connection.execute(insert(table), [make(number) for number in numbers])
        channels = [one for number in numbers for one in _channels(number, begins, now)]
        connection.execute(insert(RELEASE_CHANNELS), channels)
    _fill_log(connection, count, begins)


def _over(number: int, begins: datetime, now: datetime) -> bool:
    return begins + STEP * number < now


def _release(number: int, begins: datetime, now: datetime) -> dict[str, Any]:
    at, over = begins + STEP * number, _over(number, begins, now)
    return {
        "id": f"r-{number:010d}", "at": written(at), "zone": "Asia/Ho_Chi_Minh",
        "wall": f"{at + timedelta(hours=7):%Y-%m-%dT%H:%M}", "code": f"BENCH-{number % 997}",
        "slot": "", "state": "released" if over else ("confirmed", "provisional")[number % 2],
        "held": False, "confirmed": over or not number % 2, "basis": "", "signed": 2 * over,
        "items": 1, "channels": 3, "note": "", "speaks": 0, "waits_until": "",
    }  # fmt: skip


def _channels(number: int, begins: datetime, now: datetime) -> Iterator[dict[str, Any]]:
    over = _over(number, begins, now)
    opened = int((begins + STEP * number).timestamp() * 1000) + 3 if over else 0
    for channel in ("portal", "press", "foreign"):
        yield {"release": f"r-{number:010d}", "channel": channel, "opened_ms": opened,
               "state": "released" if over else "planned"}  # fmt: skip


def _item(number: int, begins: datetime, now: datetime) -> dict[str, Any]:
    over = _over(number, begins, now)
    return {
        "id": f"i-{number:010d}", "language": ("vi", "en")[number % 2], "kind": "news",
        "message": "", "code": f"BENCH-{number % 997}", "latest": f"{number:064x}", "number": 1,
        "agency": ("y-te", "thong-ke")[number % 2], "state": "released" if over else "approved",
        "waiting_for": "", "public": "live" if over else "none",
        "at": written(begins + STEP * number - timedelta(days=1)),
    }  # fmt: skip


def _revision(number: int, begins: datetime, now: datetime) -> dict[str, Any]:
    over = _over(number, begins, now)
    return {
        "digest": f"{number:064x}", "item": f"i-{number:010d}", "id": f"v-{number}", "number": 1,
        "parent": "", "author": "editor-tk", "state": "released" if over else "approved",
        "steps_done": "", "time": written(begins + STEP * number - timedelta(days=1)),
        "released_in": f"r-{number:010d}" if over else "",
    }  # fmt: skip


def _fill_log(connection: Connection, count: int, begins: datetime) -> None:
    """Acts as long as real ones, after those that are there; about subjects of their own."""
    table = LOG
    chance = random.Random(7)
    for start in range(0, count, BATCH):
        connection.execute(insert(table), [
            {
                "seq": 1_000_000 + number, "previous": f"p{number:063x}", "hash": f"h{number:063x}",
                "kind": ("item.revise", "item.approve", "release.plan")[number % 3],
                "subject": f"i-{number:010d}", "actor": "editor-tk",
                "time": written(begins + STEP * number), "digest": f"d{number:063x}",
                "envelope": chance.randbytes(900),
            }
            for number in range(start, min(start + BATCH, count))
        ])  # fmt: skip


# What the rooms ask


def calls(source: NewsroomSource, now: datetime) -> list[tuple[str, Callable[[], object]]]:
    """Each call of the source that a room makes when it opens, scrolls or filters."""
    today = now.astimezone(UTC).date()
    near = f"{written(now)}/"
    far = f"{written(now + STEP * 20_000)}/"
    return [
        ("head of the rooms", source.pulse),
        ("calendar, days", partial(source.calendar_days, "")),
        ("calendar, a page near now", partial(source.calendar_page, near, 200, "")),
        ("calendar, a page far on", partial(source.calendar_page, far, 200, "")),
        ("calendar, days of one state", partial(source.calendar_days, "state:confirmed")),
        ("calendar, days of one agency", partial(source.calendar_days, "agency:y-te")),
        ("calendar, a page of one agency", partial(source.calendar_page, near, 200, "agency:y-te")),
        ("calendar, days that hold a word", partial(source.calendar_days, "bench-99")),
        ("calendar, a week", partial(source.calendar_span, today, 7, "")),
        ("calendar, a month", partial(source.calendar_span, today, 42, "")),
        ("calendar, what comes next", partial(source.calendar_coming, 9)),
        ("calendar, every clash ahead", source.calendar_clashes),
        ("items, stretches", partial(source.items_stretches, "")),
        ("items, a page", partial(source.items_page, "", 200, "")),
        ("items of one state", partial(source.items_stretches, "state:approved")),
        ("items, a word", partial(source.items_stretches, "bench-99")),
        ("queue", source.queue),
        ("log, stretches", partial(source.log_stretches, "")),
        ("log, a page", partial(source.log_page, "", 200, "")),
        ("log, one kind", partial(source.log_stretches, "kind:item.approve")),
        ("monitor", source.monitor),
        ("reports", source.reports),
    ]


# What a person waits for


async def _seen(source: NewsroomSource, count: int, clock: Any) -> list[Figure]:
    """The desk without a terminal: keys in the calendar, each room, and the loop between.

    What the first picture imports is there before: `start` measures it from exec.
    """
    from textual import pilot as _pilot  # noqa: F401
    from textual.drivers import headless_driver as _driver  # noqa: F401

    from screens.app import DeskApp
    from screens.rooms import room_class
    from screens.widgets.virtual_table import VirtualTable

    room_class("calendar")
    gc.collect()  # else 100,000 of everything are walked through in the middle of a picture
    app = DeskApp(source, clock=clock, idle_lock=0, warm=True)
    lags: list[float] = []
    start = perf_counter()
    async with app.run_test(size=(120, 40)) as pilot:
        first = perf_counter() - start
        probe = asyncio.create_task(_probe(lags))
        await _until(lambda: any(t.rows for t in app.screen.query(VirtualTable)))
        filled = perf_counter() - start
        await _until(lambda: not app.workers or all(w.is_finished for w in app.workers))
        opening = max(lags, default=0.0)
        lags.clear()
        keys = [await _key(app, key) for key in KEYS * 10]
        typing = max(lags, default=0.0)
        lags.clear()
        for key in ROOMS:
            await pilot.press(key)
            await _until(lambda: all(w.is_finished for w in app.workers))
        probe.cancel()
        with suppress(asyncio.CancelledError):
            await probe
    what = f"desk over {count:,} releases"
    return [
        Figure(f"{what}: first paint after the app begins", first, "s", 0.4),
        Figure(f"{what}: rows on the screen", filled, "s", 0.7),
        Figure(f"{what}: loop held at most while opening", opening, "ms"),
        Figure(f"{what}: a key, with its paint, p50", percentile(keys, 0.5), "ms"),
        Figure(f"{what}: a key, with its paint, p99", percentile(keys, 0.99), "ms"),
        Figure(f"{what}: loop held at most by keys", typing, "ms"),
        Figure(f"{what}: loop held at most by {len(ROOMS)} rooms", max(lags, default=0.0), "ms"),
        Figure(f"{what}: loop held by rooms, p99", percentile(lags, 0.99), "ms", FRAME),
    ]


async def _key(app: App[None], key: str) -> float:
    """Milliseconds from a key of the calendar to the picture that answers it."""
    painted = asyncio.Event()
    start = perf_counter()
    app.simulate_key(key)
    app.call_later(app.screen.call_after_refresh, painted.set)
    async with asyncio.timeout(PATIENCE):
        await painted.wait()
    taken = (perf_counter() - start) * 1000
    await asyncio.sleep(0.2)  # rows that it asked for may come: the next key is one of its own
    return taken


async def _probe(lags: list[float]) -> None:
    """Milliseconds by which a wake-up each millisecond came late."""
    while True:
        at = perf_counter()
        await asyncio.sleep(0.001)
        lags.append(max(0.0, (perf_counter() - at) * 1000 - 1))


async def _until(done: Callable[[], bool]) -> None:
    """Wait until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0.002)

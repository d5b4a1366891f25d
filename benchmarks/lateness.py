"""How late the portals' commits are: 1 item, and 500 items at one instant, on three channels.

Every release goes through the whole program: signed acts, real portals and a real publisher as
processes of their own, on loopback. The portals' own clocks say when a bundle opened.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Figure
from desk.clock import epoch_ns
from desk.demo import watch
from desk.demo.headless import Stage, build
from desk.demo.newsroom import due_in, release, write_items
from desk.percentile import percentile
from desk.portal.contract.receipt import Receipt


def run_one(quick: bool) -> list[Figure]:
    """One item at a time, many releases."""
    late, early, spread = _releases(1, 25 if quick else 100)
    return [
        Figure("release, 1 item, 3 channels: p50", percentile(late, 0.5), "ms", 6),
        Figure("release, 1 item, 3 channels: p99", percentile(late, 0.99), "ms", 15),
        Figure("release, 1 item, 3 channels: early", early, "", 0),
        Figure("release, 1 item: spread between channels, p50", percentile(spread, 0.5), "ms"),
    ]


def run_burst(quick: bool) -> list[Figure]:
    """500 items at one instant."""
    late, early, spread = _releases(500, 2 if quick else 6)
    return [
        Figure("500 items at one T: p50", percentile(late, 0.5), "ms", 8),
        Figure("500 items at one T: p99", percentile(late, 0.99), "ms", 20),
        Figure("500 items at one T: early", early, "", 0),
        Figure("500 items at one T: spread between channels, worst", max(spread), "ms", 5),
    ]


def _releases(items: int, count: int) -> tuple[list[float], int, list[float]]:
    """Late ms of each portal's commit, how many were early, and the spread of each release."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    stage: Stage | None = None
    late: list[float] = []
    spread: list[float] = []
    early = 0
    try:
        stage = build(folder, items, lambda _: None)
        for number in range(count):
            if number:
                stage.newsroom.items.clear()
                write_items(stage.newsroom, items, lambda _: None)
            found = _one(stage, 7 if items < 50 else 30)
            due = epoch_ns(stage.newsroom.at) // 1_000_000
            early += sum(receipt.opened_ms < due for receipt in found)
            these = [receipt.late_us / 1000 for receipt in found]
            late += these
            spread.append(max(these) - min(these))
    finally:
        if stage is not None:
            stage.services.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return late, early, spread


def _one(stage: Stage, seconds: int) -> list[Receipt]:
    """Sign one release and wait for both portals' receipts."""
    return receipts_of(stage, release(stage.newsroom, seconds))


def receipts_of(stage: Stage, release_id: str) -> list[Receipt]:
    """Wait until both portals have opened and checked a release; their receipts."""
    newsroom = stage.newsroom
    with newsroom.room.reading(release_id) as view:
        state = view.record.releases[release_id]
        assert state.signoff is not None
        addresses = watch.addresses(
            view.record.newsroom, list(state.channels), state.signoff.digest
        )
    time.sleep(max(0.0, due_in(newsroom) + 0.5))
    deadline = time.monotonic() + 60
    found: dict[str, Receipt] = {}
    while len(found) < len(stage.urls):
        for name, url in stage.urls.items():
            receipt = watch.receipt_of(url, addresses[name], stage.keys[name])
            if receipt is not None and receipt.state == "published":
                found[name] = receipt
        if time.monotonic() > deadline:
            raise SystemExit(f"release {release_id} did not come out on {stage.urls}")
        time.sleep(0.1)
    return list(found.values())

"""How late a release is whose leading publisher is killed with -9 just before its instant.

Two publishers, two portals and a folder, each portal and publisher a process of its own, on
loopback. The leader is killed at a random moment of the last 30 ms; the other one takes over, and
the killed one is started again as its standby. The portals' own clocks say when a bundle opened.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.lateness import receipts_of
from benchmarks.measure import Figure
from desk.clock import epoch_ns
from desk.demo.headless import Stage, build
from desk.demo.newsroom import add_standby, due_in, release, write_items
from desk.percentile import percentile
from desk.store import log
from desk.trust.acts import read
from desk.trust.envelope import Envelope

BEFORE = 0.03  # seconds before T, in which the leader is killed
SECOND = "pub-2"


def run(quick: bool) -> list[Figure]:
    """Kill the leader again and again."""
    late, early, twice = _kills(6 if quick else 30)
    return [
        Figure("leader killed with -9 just before T: p50", percentile(late, 0.5), "ms", 100),
        Figure("leader killed with -9 just before T: max", max(late), "ms", 100),
        Figure("leader killed with -9 just before T: early or twice", early + twice, "", 0),
    ]


def _kills(count: int) -> tuple[list[float], int, int]:
    """Late ms of each portal's commit, how many were early, how many acts too many say so."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    stage: Stage | None = None
    late: list[float] = []
    early = twice = 0
    moments = random.Random(1)
    try:
        stage = build(folder, 1, lambda _: None)
        homes = {"pub-1": stage.newsroom.home.path}
        homes[SECOND] = add_standby(stage.newsroom, SECOND).path
        stage.services.standby(SECOND, homes[SECOND], folder, stage.status_file)
        process = {"pub-1": "publisher", SECOND: SECOND}
        for number in range(count):
            if number:
                stage.newsroom.items.clear()
                write_items(stage.newsroom, 1, lambda _: None)
            name = release(stage.newsroom, 7)
            _built(stage)
            leader = _status(stage)["publisher"]
            time.sleep(max(0.0, due_in(stage.newsroom) - moments.uniform(0.0, BEFORE)))
            stage.services.kill(process[leader])
            found = receipts_of(stage, name)
            due = epoch_ns(stage.newsroom.at) // 1_000_000
            early += sum(receipt.opened_ms < due for receipt in found)
            late += [receipt.late_us / 1000 for receipt in found]
            twice += _said(stage, name)
            process[leader] = leader
            stage.services.standby(leader, homes[leader], folder, stage.status_file)
    finally:
        if stage is not None:
            stage.services.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return late, early, twice


def _status(stage: Stage) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(stage.status_file.read_text("utf-8"))
    return value


def _built(stage: Stage) -> None:
    """Wait until the release is staged on every channel and somebody is ready to take over."""
    deadline = time.monotonic() + 30
    while True:
        status = _status(stage)
        mine = [one for one in status["next"] if one["release"] == stage.newsroom.release]
        staged = mine and all(one["state"] == "staged" for one in mine[0]["channels"])
        if staged and any(one["ready"] for one in status["standbys"]):
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"release {stage.newsroom.release} is not staged: {mine}")
        time.sleep(0.05)


def _said(stage: Stage, name: str) -> int:
    """How many acts more than one for each channel say that it was released."""
    deadline = time.monotonic() + 30
    while True:
        with stage.newsroom.room.reading(name) as view:
            state = view.record.releases[name]
            rows = log.acts_about(view.connection, [name])
        acts = [read(Envelope.from_json(data)) for _, data in rows]
        acts = [act for act in acts if act.kind.name == "publisher.released"]
        if len(state.opened) == len(state.channels):
            return len(acts) - len(state.channels)
        if time.monotonic() > deadline:
            raise SystemExit(f"the log does not say that {name} was released")
        time.sleep(0.1)

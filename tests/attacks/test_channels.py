"""Attacks 25 and 28: portals that are down, slow, broken or lying; pages altered after release."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
import sys

import pytest

from desk.publisher.ledger import Ledger
from tests.scenarios import scenario

from .harness import PROJECT, Desk, desk, wait_for

BOTH = ("portal", "foreign")


@pytest.mark.parametrize(
    "action", ["error", "lose", "lose-answer", "half-answer", "wrong-receipt", "garbage"]
)
@scenario
def test_attack_25_commit_goes_wrong_twice(action: str) -> None:
    """Retried within the late policy, and opened once, whatever the portal said in between."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.proxies["portal"].on("commit", action, times=2)
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.parametrize("action", ["error", "lose-answer", "wrong-receipt", "garbage", "refuse"])
@scenario
def test_attack_25_staging_goes_wrong(action: str) -> None:
    with desk() as d:
        for call in ("epoch", "roster", "stage", "readback"):
            d.proxies["portal"].on(call, action)
        d.start_publisher()
        d.release(20)
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_25_portal_down_at_the_instant() -> None:
    """A required channel that was staged and is down is tried on; no other waits for it."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.until(2.5)
        d.kill("portal")
        d.until(-1.0)
        assert d.opened("press"), "the other channel is on time"
        d.start_portal("portal")
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_25_slow_portal_holds_up_nobody() -> None:
    """One portal hangs in every call from T - 4 s on: the others open at their second."""
    with desk(portals=BOTH) as d:
        d.start_publisher()
        d.release(channels=(*BOTH, "press"))
        d.staged()
        d.until(4)
        for call in ("time", "calendar", "receipt", "public"):
            d.proxies["foreign"].on(call, "hang", times=-1)
        d.proxies["foreign"].on("commit", "hang", times=1)
        d.released("portal", "press")
        latest = {one["channel"]: one["late_ms"] for one in d.status()["latest"]}
        assert latest["portal"] < 1000
        d.proxies["foreign"].rules.clear()
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_25_one_of_three_refuses_at_the_instant() -> None:
    """Partial, visible, with an alarm; what has opened stays open and nothing is tried again."""
    with desk(portals=BOTH) as d:
        d.start_publisher()
        d.release(channels=(*BOTH, "press"))
        d.staged()
        d.proxies["foreign"].on("commit", "refuse", times=-1)
        d.released("portal", "press")
        d.alarm("foreign: refused-forbidden")
        wait_for(lambda: d.record().releases[d.n.release].failed.get("foreign"), "the log says so")
        d.caught_up()
        d.once("portal", "press")
        assert d.opened("foreign") == []
        with d.sql() as db:
            assert db.execute("SELECT state FROM releases").fetchone() == ("partial",)
            states = dict(db.execute("SELECT channel, state FROM release_channels").fetchall())
        assert states == {"portal": "released", "press": "released", "foreign": "failed"}


@scenario
def test_attack_25_required_channel_never_staged_stops_the_release() -> None:
    with desk() as d:
        d.proxies["portal"].on("stage", "error", times=-1)
        d.start_publisher()
        d.release(7)
        d.until(-2)
        d.nothing_out()
        d.proxies["portal"].rules.clear()
        d.released()
        d.caught_up()
        d.once()


def altered(d: Desk, sql: str) -> None:
    """Alter what the portal shows, in its own store."""
    with contextlib.closing(sqlite3.connect(d.portal_db(), timeout=30)) as db:
        assert db.execute(sql).rowcount > 0
        db.commit()
    # Compared at once, after a minute, and so on: do not wait for the minute.
    d.end("portal")  # it keeps in memory what it has shown
    d.start_portal("portal")
    ledger = Ledger(d.root / "publisher" / "ledger.db")
    ledger.compare_now(d.n.items, 0)
    ledger.close()


@pytest.mark.parametrize("part", ["content", "ninjs"])
@scenario
def test_attack_28_live_page_altered_in_the_portals_store(part: str) -> None:
    """An alarm, and the channel gets nothing further until somebody has looked."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.released()
        d.caught_up()
        wait_for(lambda: d.status()["compared"] == {"same": 4}, "compared after the release")
        altered(
            d,
            f"UPDATE versions SET {part} = CAST(replace(CAST({part} AS TEXT), headline, "
            "headline || '?') AS BLOB) WHERE language = 'vi'",
        )
        d.alarm("on portal")
        wait_for(
            lambda: [c["barred"] for c in d.status()["channels"] if c["id"] == "portal"]
            == ["differs"], "the channel is held",
        )  # fmt: skip
        d.n.items = []
        from desk.demo import newsroom as demo

        demo.write_items(d.n, 2, lambda _: None)
        d.release(7)
        d.until(-1.5)
        d.nothing_out()
        done = subprocess.run(
            [sys.executable, "-m", "desk", "publisher", "accept", "portal", "--newsroom", d.root,
             "--state", d.root / "publisher", "--json"],
            capture_output=True, text=True, check=True, cwd=PROJECT,
        )  # fmt: skip
        assert json.loads(done.stdout)["accepted"] == 1
        d.released()
        d.caught_up()

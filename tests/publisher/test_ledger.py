"""The ledger: owed once, ever; what differs bars a channel until it is accepted."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.errors import NotFound, Unavailable
from desk.publisher.accept import accept
from desk.publisher.home import Home
from desk.publisher.ledger import Ledger, Row


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "publisher")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return Ledger(home.path / "ledger.db")


def test_attack_22_the_same_act_is_owed_once_even_after_it_was_paid(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.owe("released x", "publisher.released", "r-1", {"a": 1})
    assert len(ledger.owed()) == 1
    ledger.paid("released x")
    ledger.owe("released x", "publisher.released", "r-1", {"a": 1})
    assert ledger.owed() == []


def test_rows_survive_a_restart(ledger: Ledger, home: Home) -> None:
    row = Row("a" * 64, "r-1", "portal", "s", "2026-11-20T08:00:00Z", "2026-11-20T08:15:00Z",
              "claimed", firsts='{"i-1": "2026-11-19T08:00:00Z"}')  # fmt: skip
    ledger.put(row)
    ledger.close()
    assert Ledger(home.path / "ledger.db").in_state("claimed") == [row]


def test_a_channel_that_says_it_opened_early_is_noticed() -> None:
    row = Row("a", "r", "portal", "s", "2026-11-20T08:00:00Z", "", "opened")
    at = 1_795_161_600_000
    assert not row.early
    assert not replace(row, opened_ms=at).early
    assert replace(row, opened_ms=at - 1).early


def watch(ledger: Ledger, address: str = "x") -> None:
    ledger.watch([("portal", "i-1", "v-1", address, "{}", 0)])


def test_attack_28_what_differs_bars_the_channel_until_it_is_accepted(
    ledger: Ledger, home: Home
) -> None:
    clock = FakeClock()
    watch(ledger)
    (one,) = ledger.watched("portal", 10)
    ledger.compared(replace(one, state="differs", seen="abc"))
    assert ledger.differing("portal") == 1
    assert ledger.differing("press") == 0
    assert accept(home, "portal", clock) == 1
    assert ledger.differing("portal") == 0
    (act,) = ledger.owed()
    assert act.fields["code"] == "accepted", "the log says that somebody has looked"
    with pytest.raises(NotFound):
        accept(home, "portal", clock)


def test_a_correction_is_compared_anew_and_an_old_look_does_not_count(ledger: Ledger) -> None:
    watch(ledger)
    (old,) = ledger.watched("portal", 10)
    watch(ledger, "y")
    ledger.compared(replace(old, state="differs"))
    (new,) = ledger.watched("portal", 10)
    assert (new.address, new.state) == ("y", "new")


def test_attack_27_a_locked_ledger_is_unavailable_and_recovers(ledger: Ledger, home: Home) -> None:
    ledger._db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(home.path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        ledger.set_meta("a", "b")
    other.execute("ROLLBACK")
    other.close()
    ledger.set_meta("a", "b")
    assert ledger.meta("a") == "b"


def test_it_is_not_closed_under_the_hands_of_who_writes(ledger: Ledger) -> None:
    """Acts are paid in a thread, which may still be at it when the publisher ends."""
    closer = threading.Thread(target=ledger.close)
    with ledger._write() as db:
        closer.start()
        closer.join(0.2)
        assert closer.is_alive(), "it was closed meanwhile"
        db.execute("INSERT INTO meta VALUES ('a', 'b')")
    closer.join()
    with pytest.raises(Unavailable):
        ledger.meta("a")
    with pytest.raises(Unavailable):
        ledger.set_meta("a", "c")

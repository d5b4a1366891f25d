"""A standby's ledger is the leader's, whatever was written, and however often it looked."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import Unavailable
from desk.publisher.feed import KEYS, Source
from desk.publisher.ledger import STATES, Ledger, Row

AT = "2026-11-20T01:00:10Z"
ROW = Row("", "r-1", "portal", "s" * 64, AT, AT, "staged")
NAMES = st.sampled_from(["a", "b", "c d"])
STEPS = st.one_of(
    st.tuples(st.just("put"), NAMES, st.sampled_from(STATES)),
    st.tuples(st.just("owe"), NAMES, st.just("")),
    st.tuples(st.just("paid"), NAMES, st.just("")),
    st.tuples(st.just("watch"), NAMES, st.sampled_from(["x", "y"])),
    st.tuples(st.just("unwatch"), NAMES, st.just("")),
    st.tuples(st.just("meta"), NAMES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("follow"), st.just(""), st.just("")),
    st.tuples(st.just("reopen"), st.just(""), st.just("")),
)


def write(ledger: Ledger, step: str, name: str, value: str) -> None:
    if step == "put":
        ledger.put(replace(ROW, address=name, state=value))
    elif step == "owe":
        ledger.owe(name, "publisher.ack", "r-1", {"act": name})
    elif step == "paid":
        ledger.paid(name)
    elif step == "watch":
        ledger.watch([("portal", name, "rev", value, "{}", 5)])
    elif step == "unwatch":
        ledger.unwatch("portal", [name])
    elif step == "meta":
        ledger.set_meta(name, value)


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that counts in a ledger."""
    with closing(sqlite3.connect(folder / "ledger.db")) as db:
        found = {t: sorted(db.execute(f"SELECT * FROM {t}")) for t in KEYS}
        found["outbox"] = db.execute(
            "SELECT name, kind, subject, fields FROM outbox ORDER BY id"
        ).fetchall()
    return found


@settings(max_examples=60)
@given(st.lists(STEPS, max_size=25))
def test_a_copy_that_followed_is_equal(steps: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder) / "a", Path(folder) / "b"
        here.mkdir()
        there.mkdir()
        leader, standby = Ledger(here / "ledger.db"), Ledger(there / "ledger.db")
        standby.put(replace(ROW, address="what only a former leader knew"))
        source = Source(here)
        for step, name, value in steps:
            if step == "follow":
                standby.follow(source)
            elif step == "reopen":
                leader.close()
                leader = Ledger(here / "ledger.db")
            else:
                write(leader, step, name, value)
        assert standby.follow(source)[1]
        assert content(there) == content(here)
        assert standby.follow(source) == (0, True)
        for ledger in (leader, standby, source):
            ledger.close()


def test_a_ledger_from_before_there_were_standbys_is_followed_whole(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    leader = Ledger(tmp_path / "ledger.db")
    leader.put(replace(ROW, address="x"))
    leader.close()
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        for table in KEYS:
            for event in ("insert", "update", "delete"):
                db.execute(f"DROP TRIGGER feed_{table}_{event}")
        db.execute("DROP TABLE feed")
        db.execute("DROP TABLE follows")
        db.commit()
    again, standby = Ledger(tmp_path / "ledger.db"), Ledger(tmp_path / "b" / "ledger.db")
    assert standby.follow(Source(tmp_path)) == (1, True)
    assert standby.get("x") == again.get("x")


def test_a_ledger_put_back_from_a_copy_is_followed_anew(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    leader, standby = Ledger(tmp_path / "ledger.db"), Ledger(tmp_path / "b" / "ledger.db")
    leader.set_meta("a", "1")
    source = Source(tmp_path)
    standby.follow(source)
    leader.set_meta("a", "2")
    standby.follow(source)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:  # as it was before
        db.execute("UPDATE meta SET value = '1'")
        db.execute("DELETE FROM feed")
        db.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'feed'")
        db.commit()
    leader.renew()
    leader.set_meta("b", "1")
    standby.follow(source)
    assert (standby.meta("b"), standby.meta("a")) == ("1", "")


def test_attack_23_a_leader_stopped_in_the_middle_of_a_write_does_not_block_the_next(
    tmp_path: Path,
) -> None:
    (tmp_path / "b").mkdir()
    leader, standby = Ledger(tmp_path / "ledger.db"), Ledger(tmp_path / "b" / "ledger.db")
    leader.put(replace(ROW, address="x", state="claimed"))
    with leader._write() as db:
        db.execute("UPDATE bundles SET state = 'opened'")
        assert standby.follow(Source(tmp_path)) == (1, True)
        row = standby.get("x")
        assert row is not None
        assert row.state == "claimed"  # what was not yet written down is asked for
        standby.put(replace(row, state="opened"))


def test_no_ledger_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        Source(tmp_path).term()

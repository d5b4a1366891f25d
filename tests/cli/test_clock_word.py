"""A clock that once ran ahead: what portal and publisher say of it, and the way out by command."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from desk.publisher.home import Home, LastClocks
from tests.cli.running import Ran

HOURS_7 = 7 * 3600


@pytest.fixture
def portal(home: Path, desk: Callable[..., Ran]) -> Path:
    state = home / "portal"
    made = desk("portal", "init", "--state", str(state), "--newsroom-id", "desk-vn",
                "--root", "ab" * 32)  # fmt: skip
    assert made.code == 0
    return state


def ahead(state: Path) -> None:
    """It was sure once that it was seven hours later than now."""
    with closing(sqlite3.connect(state / "portal.db")) as db:
        later = time.time_ns() + HOURS_7 * 10**9
        db.execute("INSERT OR REPLACE INTO meta VALUES ('wall_ns', ?)", (str(later),))
        db.commit()


def test_a_portals_clock_is_believed_once_somebody_says_that_it_is_right(
    portal: Path, desk: Callable[..., Ran]
) -> None:
    where = ("--state", str(portal))
    assert desk("portal", "clock", *where, "--json").json["behind"] == 0
    assert desk("portal", "clock", *where, "--believe").code == 0, "done already is no mistake"
    ahead(portal)
    shown = desk("portal", "clock", *where, "--json")
    assert HOURS_7 - 60 < shown.json["behind"] <= HOURS_7
    assert "--believe" in shown.err
    assert "behind" in desk("portal", "status", *where).out
    assert desk("portal", "clock", *where, "--believe").code == 2, "nobody was asked"
    assert desk("portal", "clock", *where, "--json").json["behind"] > 0
    done = desk("portal", "clock", *where, "--believe", "--yes", "--json")
    assert (done.code, done.json["believed"], done.json["behind"]) == (0, True, 0)
    assert "behind" not in desk("portal", "status", *where).out


def test_a_publishers_clock_likewise(home: Path, desk: Callable[..., Ran]) -> None:
    publisher = Home.create(home / "pub")
    where = ("--state", str(publisher.path))
    publisher.keep_clocks(LastClocks(time.time_ns() + HOURS_7 * 10**9, 1, "boot"))
    assert desk("publisher", "clock", *where, "--json").json["behind"] > HOURS_7 - 60
    done = desk("publisher", "clock", *where, "--believe", "--yes", "--json")
    assert (done.code, done.json["believed"], done.json["kept"]) == (0, True, "")
    assert publisher.last_clocks() == LastClocks()
    assert not desk("publisher", "clock", *where, "--believe", "--json").json["believed"]

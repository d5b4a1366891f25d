"""Attack 27: the database busy, read-only or full; the publisher's own directory full.

The release is on time or held; no approval is lost; a clear error says so; all recovers.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import subprocess
import sys

import pytest

from desk.demo import newsroom as demo
from desk.errors import Unavailable
from desk.releases import hold
from tests.scenarios import scenario

from .hands import unfinished
from .harness import PROJECT, desk, wait_for


@scenario
def test_attack_27_exclusive_lock_held_across_the_instant() -> None:
    """Neither readers nor writers get in: what is staged goes out on time all the same."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        d.until(4)
        with contextlib.closing(sqlite3.connect(d.database, isolation_level=None)) as db:
            db.execute("PRAGMA busy_timeout = 5000")
            db.execute("BEGIN EXCLUSIVE")
            d.until(-1.0)
            assert d.opened("portal")
            assert d.opened("press")
            late = {one["channel"]: one["late_ms"] for one in d.status()["latest"]}
            assert late["portal"] < 1000
            db.execute("ROLLBACK")
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_27_database_locked_against_reading_too() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        d.until(4)
        # Moved away and a locked rollback-journal file in its place: every read is refused.
        d.database.rename(d.root / "var" / "away.db")
        with contextlib.closing(sqlite3.connect(d.database, isolation_level=None)) as db:
            db.execute("CREATE TABLE t (x)")
            db.execute("BEGIN EXCLUSIVE")
            d.until(-1.0)
            assert d.opened("portal")
            assert d.opened("press")
            db.execute("ROLLBACK")
        for tail in ("", "-wal", "-shm", "-journal"):
            (d.root / "var" / f"desk.db{tail}").unlink(missing_ok=True)
        (d.root / "var" / "away.db").rename(d.database)
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_27_database_full_for_the_newsroom() -> None:
    """An approval that cannot be stored is refused with a clear error, and can be made again."""
    with desk(items=0) as d:
        items, step = unfinished(d, 30)
        code = (
            "import resource, signal, sys\n"
            "from pathlib import Path\n"
            "from desk.newsroom.room import Room, Actor\n"
            "from desk.trust.keys import Identity\n"
            "from desk.approvals import decide\n"
            "from desk.errors import Unavailable\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "root, fingerprint, seed, item, step = sys.argv[1:]\n"
            "room = Room.open(Path(root), Path(root) / 'var/desk.db', fingerprint=fingerprint)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))\n"
            "try:\n"
            "    decide.approve(room, Actor('lead-1', Identity(bytes.fromhex(seed))), item, "
            "step=step)\n"
            "except Unavailable as error:\n"
            "    print(error)\n"
        )
        before = len(d.acts())
        out = subprocess.run(
            [sys.executable, "-c", code, str(d.root), d.n.fingerprint,
             d.n.seeds["lead-1"].hex(), items[0], step],
            capture_output=True, text=True, check=True, env={**os.environ,
                                                             "PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        assert "disk" in out.stdout, out.stdout
        assert len(d.acts()) == before
        for item in items:
            demo.approve(d.n, item)
        d.start_publisher()
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to read-only files")
@scenario
def test_attack_27_database_read_only_by_its_mode() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        d.database.chmod(0o440)
        with pytest.raises(Unavailable):
            hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        d.until(-1)
        assert d.opened("portal")
        d.database.chmod(0o660)
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_27_database_refuses_writes() -> None:
    """Writes fail for whoever tries (a trigger that aborts): out on time, in the log later."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        with d.sql() as db:
            db.execute(
                "CREATE TRIGGER no_more BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, "
                "'attempt to write a readonly database'); END"
            )
        with pytest.raises(Unavailable, match="read-only"):
            hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        d.until(-2)
        assert d.opened("portal")
        assert d.status()["owed"] > 0
        with d.sql() as db:
            db.execute("DROP TRIGGER no_more")
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_27_no_room_for_what_the_publisher_keeps() -> None:
    """A hold that it cannot keep is still a hold: nothing goes out while its disk is full."""
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        d.caught_up()
        pid = d.processes["publisher"].pid
        small = (d.root / "publisher" / "log.jsonl").stat().st_size
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (small, hard))
        act = hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
        d.until(-1.5)
        d.nothing_out()
        assert not d.dead
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
        wait_for(lambda: "held" in d.reasons(), "the hold is heard after all")
        assert (
            wait_for(lambda: d.record().acked.get(act.digest), "and answered") == "in-force"
        )  # fmt: skip
        hold.lift(d.n.room, d.n.actor("lead-1"), d.n.release)
        hold.lift(d.n.room, d.n.actor("lead-2"), d.n.release)
        d.released()
        d.caught_up()
        d.once()

"""A portal that is back from a backup of its own: it has forgotten who is heard and what waits."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3

from desk.demo import newsroom as demo
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for


def epoch(d: Desk) -> int:
    """The newest epoch of the portal."""
    with contextlib.closing(sqlite3.connect(d.portal_db())) as db:
        (number,) = db.execute("SELECT COALESCE(MAX(epoch), 0) FROM epochs").fetchone()
    return int(number)


@scenario
def test_attack_25_a_portal_restored_before_the_instant_is_brought_everything_again() -> None:
    with desk() as d:
        state, kept = demo.portal_states(d.root)["portal"], d.root / "kept"
        d.start_publisher()
        wait_for(lambda: epoch(d) == 1, "the portal hears the publisher")
        d.end("publisher")
        d.end("portal")
        shutil.copytree(state, kept)
        d.start_portal("portal")
        d.start_publisher()
        d.release(30)
        d.staged()
        d.kill("portal")
        shutil.rmtree(state)
        shutil.copytree(kept, state)
        d.start_portal("portal")
        wait_for(lambda: d.events("forgotten"), "the publisher finds out")
        d.released()
        d.caught_up()
        assert len(d.opened("portal")) == len(d.opened("press")) == 1
        assert not d.status()["halted"]

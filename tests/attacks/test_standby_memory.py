"""What the leader has heard, and its successor has not: it is the leader's copy that counts.

A standby that was away while a hold came, and a database that was rolled back meanwhile. The
leader has stopped and raised an alarm; whoever ends it must not thereby let the release go.
"""

from __future__ import annotations

import pytest

from desk.releases import hold
from tests.scenarios import scenario

from .harness import Desk, wait_for
from .test_rollback import copy_of, put_back
from .test_standby import SECOND, Pair, pair


def _held_and_rolled_back(d: Desk, p: Pair, seconds: int = 25) -> None:
    """The standby is away, a hold is in force, and then the database forgets it."""
    p.start_first()
    p.start_second()
    d.release(seconds)
    d.staged()
    p.built()
    d.end(SECOND)
    d.caught_up()
    older = copy_of(d, "older.db")
    act = hold.hold(d.n.room, d.n.actor("editor-1"), d.n.release)
    assert d.n.room.acknowledged(d.n.release, act.digest, 60) == "in-force"
    put_back(d, older)
    d.halted("missing")


@pytest.mark.parametrize("how", ["end", "kill"])
@scenario
def test_attack_08_12_a_standby_learns_what_the_leader_has_seen(how: str) -> None:
    with pair() as (d, p):
        _held_and_rolled_back(d, p)
        if how == "end":
            d.end("publisher")
        p.start_second(ready=False)
        if how == "kill":
            wait_for(lambda: p.said(SECOND, "started")[1:], "the standby is there")
            d.kill()
        p.leads(SECOND)
        d.halted("missing")
        d.until(-2)
        d.nothing_out()


@scenario
def test_a_standby_whose_log_is_behind_goes_on_from_the_leaders() -> None:
    """Nothing was rolled back: what it has not read yet it reads, and it publishes."""
    with pair() as (d, p):
        p.start_first()
        p.start_second()
        d.end(SECOND)
        d.release(25)
        d.staged()
        d.caught_up()
        d.end("publisher")
        p.start_second(ready=False)
        p.leads(SECOND)
        d.released()
        d.caught_up()
        d.once()

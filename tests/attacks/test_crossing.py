"""A correction and a withdrawal of the same item that cross at one instant.

Whoever takes an item back means what the public reads, not the revision that was newest when they
began to type. If the correction can be stopped it is; if not, nobody is told that the item is gone.
"""

from __future__ import annotations

import pytest

from desk.releases.withdraw import withdraw
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for
from .test_evening import correct, get


def _corrected(d: Desk) -> str:
    """An item that is public, and whose correction is signed and staged. Its id."""
    d.start_publisher()
    d.release()
    d.released()
    d.caught_up()
    item = d.n.items[0]
    correct(d, item)
    d.release()
    d.staged()
    return item


@pytest.mark.parametrize("mode", ["takedown", "kill"])
@scenario
def test_attack_26_28_a_correction_outruns_the_withdrawal_and_that_is_told(mode: str) -> None:
    with desk() as d:
        item = _corrected(d)
        lead, room = d.n.actor("lead-1"), d.n.room
        d.proxies["portal"].on("commit", "delay", seconds=1.0)
        wait_for(lambda: d.proxies["portal"].count("commit") > 1, "the correction leaves")
        first = withdraw(room, lead, item, note="Sai số liệu", mode=mode)
        assert (first.number, len(first.held)) == (1, 1)
        assert room.acknowledged(item, first.act, 60) == "too-late"
        assert get(d, f"/items/{item}.json").json()["version"] == "2"
        d.caught_up()
        again = withdraw(room, lead, item, note="Sai số liệu", mode=mode)
        assert (again.number, again.already) == (2, False)
        assert room.acknowledged(item, again.act, 60) == "in-force"
        assert get(d, f"/items/{item}.json").status_code == 410
        assert get(d, f"/items/{item}/versions/1").status_code == 410


@scenario
def test_attack_26_28_a_correction_that_can_be_stopped_is() -> None:
    with desk() as d:
        item = _corrected(d)
        room = d.n.room
        d.until(1.0)
        done = withdraw(room, d.n.actor("lead-1"), item, note="Sai số liệu", mode="kill")
        (hold,) = done.held.values()
        assert room.acknowledged(item, done.act, 60) == "in-force"
        assert room.acknowledged(d.n.release, hold, 60) == "in-force"
        d.until(-1.5)
        assert get(d, f"/items/{item}.json").status_code == 410
        assert not d.opened("portal")

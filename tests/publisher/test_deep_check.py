"""The reading of the whole log: nothing on the calendar keeps it from happening for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.releases import plan

from .turning import Newsroom, newsroom


def reads(n: Newsroom) -> bool:
    return n.publisher.duties.runs("deep")


async def looks(n: Newsroom) -> bool:
    n.publisher._next_deep = 0
    n.publisher._deep_check()
    return reads(n)


@pytest.mark.parametrize("seconds", [600, 90_000])
async def test_attack_08_a_postponed_release_keeps_nobody_from_reading_the_whole_log(
    tmp_path: Path, seconds: int
) -> None:
    """It has no date any more, but stands where it stood; altered rows must still be found."""
    async with newsroom(tmp_path) as n:
        release = n.release(3600, "press")
        plan.postpone(n.n.room, n.n.actor("lead-1"), release, note="x")
        head = n.record.seq
        await n.turns(lambda: n.publisher.record.seq >= head)
        n.at(release, seconds)
        assert await looks(n)


async def test_nothing_is_read_whole_around_an_instant(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as n:
        release = n.release(3600, "press")
        head = n.record.seq
        await n.turns(lambda: n.publisher.record.seq >= head and not reads(n))  # the first one ends
        n.at(release, -20)
        assert not await looks(n)
        n.at(release, 20)
        assert not await looks(n), "it is late, and may go out at any moment"
        n.at(release, 300)
        assert not await looks(n)

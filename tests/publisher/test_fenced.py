"""Attack 23: what a publisher does when a channel hears somebody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.channels.folder_fence import current, take
from desk.errors import Unavailable
from desk.publisher.leader import Member
from tests.publisher.turning import Newsroom, newsroom


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as one:
        yield one


async def staged(room: Newsroom, seconds: int = 60) -> str:
    release = room.release(seconds, "press")
    await room.turns(lambda: room.staged(release))
    return release


async def test_attack_23_a_stranger_in_a_folder_ends_this_publisher(room: Newsroom) -> None:
    """It orders nothing more, and says why; the release is the stranger's to open."""
    release = await staged(room)
    take(room.press, "pub-9", room.publisher.governing.rosters)
    room.at(release, -2.4)
    await room.turns(lambda: room.publisher.halted)
    assert room.publisher.halted == "another publisher has taken over"
    assert room.claims() == []
    pen = current(room.press)
    assert pen is not None
    assert pen.holder == "pub-9"


async def test_attack_23_one_of_its_own_group_that_came_late_is_taken_the_pen_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A former leader was stopped while it asked to be heard: the release goes out all the same."""
    lead = room.publisher.succession.lead
    monkeypatch.setattr(lead, "others", lambda: [Member("pub-2", True, 0.0, {})])
    release = await staged(room)
    take(room.press, "pub-2", room.publisher.governing.rosters)
    room.at(release, -2.4)
    await room.turns(lambda: room.record.releases[release].opened)
    assert len(room.claims()) == 1
    pen = current(room.press)
    assert pen is not None
    assert pen.holder == room.publisher.name
    assert not room.publisher.halted


async def test_attack_23_a_portal_that_does_not_answer_hides_no_stranger(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = room.publisher
    await staged(room)

    async def silent() -> None:
        raise Unavailable("The portal does not answer")

    first = next(channel for channel in p.channels.values() if channel.id != "press")
    assert next(iter(p.channels)) == first.id
    monkeypatch.setattr(first.driver, "standing", silent)
    first.epoch = 1
    take(room.press, "pub-9", room.publisher.governing.rosters)
    with pytest.raises(Unavailable):
        await p.fencing.check()
    assert p.fenced

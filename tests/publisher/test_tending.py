"""Tending: withdrawals and what puts back are carried out and answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.releases.withdraw import restore, withdraw
from tests.publisher.turning import Newsroom, newsroom


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as one:
        yield one


async def test_each_of_two_who_put_an_item_back_is_answered(room: Newsroom) -> None:
    """Also the first, whom nobody has joined yet."""
    n, item = room.n, room.n.items[0]
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    room.at(release, -2.4)
    await room.turns(lambda: room.record.releases[release].opened)
    away = withdraw(n.room, n.actor("lead-1"), item, note="Đang rà soát", mode="takedown")
    await room.turns(lambda: away.act in room.record.acked)
    assert list(room.press.glob(f"*/{release}/{item}.*.withdrawn.json"))
    first = restore(n.room, n.actor("lead-1"), item)
    assert not first.done
    await room.turns(lambda: first.act in room.record.acked)
    assert list(room.press.glob(f"*/{release}/{item}.*.withdrawn.json")), "one is not enough"
    second = restore(n.room, n.actor("lead-2"), item)
    assert second.done
    await room.turns(lambda: second.act in room.record.acked)
    assert not list(room.press.glob(f"*/{release}/{item}.*.withdrawn.json"))
    assert set(room.record.acked.values()) == {"in-force"}


async def test_attack_28_a_withdrawal_waits_for_a_call_that_may_still_bring_the_item(
    room: Newsroom,
) -> None:
    """Told to every channel that has it, but one has never answered a commit: it may open yet."""
    p, n, item = room.publisher, room.n, room.n.items[0]
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    room.at(release, -2.4)
    await room.turns(lambda: room.record.releases[release].opened)
    await room.turns(lambda: [r.state for r in p.ledger.of_release(release)] == ["published"])
    (row,) = p.ledger.of_release(release)
    p.ledger.put(replace(row, address="ab" * 32, channel="portal", state="claimed"))
    away = withdraw(n.room, n.actor("lead-1"), item, note="Đang rà soát", mode="withdraw")
    told = f"withdrawn {away.act} press"
    await room.turns(lambda: p.ledger.meta(told))
    for _ in range(20):
        await room.turns(lambda: True)
        p._turn()
    assert away.act not in room.record.acked
    room.at(release, 15 * 60 + 1)
    await room.turns(lambda: away.act in room.record.acked)


async def test_a_page_is_no_altered_one_while_it_is_being_taken_down(room: Newsroom) -> None:
    """But when the channel does not do it in some seconds, that is told."""
    p, n, item = room.publisher, room.n, room.n.items[0]
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    room.at(release, -2.4)
    await room.turns(lambda: p.ledger.watch_states() == {"same": 2})
    withdraw(n.room, n.actor("lead-1"), item, note="Đang rà soát", mode="takedown")
    p.listen()  # heard; nobody was told yet
    assert await look(room, item) == "checking"
    room.clock.advance(3)
    assert await look(room, item) == "checking"
    room.clock.advance(8)
    assert await look(room, item) == "suspect"
    assert not p.after.alarms
    room.clock.advance(3)
    assert await look(room, item) == "differs"
    assert [alarm["code"] for alarm in p.after.alarms] == ["altered"]


async def look(room: Newsroom, item: str) -> str:
    """Compare an item on the press channel now; what became of it."""
    p = room.publisher
    now = room.clock.time_ns() // 1_000_000_000
    p.ledger.compare_now([item], now)
    (watched,) = (w for w in p.ledger.watched("press", now) if w.item == item)
    await p.tending._compare_one(p.channels["press"], watched, now)
    (after,) = (w for w in p.ledger.watched("press", now + 10_000) if w.item == item)
    return after.state

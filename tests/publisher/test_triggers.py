"""When a trigger was heard decides whether it counts, also while our clock is in doubt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.clock import now, parse_instant, written
from desk.releases import plan, sign, trigger
from desk.trust.acts import write
from desk.trust.keys import Identity
from tests.publisher.turning import Newsroom, newsroom

SCRIPT = Identity.from_seed(bytes(range(32)))
DAY = 86_400


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as one:
        yield one


def granted(room: Newsroom, seconds: int) -> str:
    """A signed release that the script opens, in five minutes that begin so many seconds ahead."""
    n = room.n
    at = now(room.clock).replace(microsecond=0) + timedelta(seconds=seconds)
    moment = plan.Moment.of_instant(at, "Asia/Ho_Chi_Minh")
    act = plan.plan(n.room, n.actor("lead-1"), moment, items=n.items, channels=["press"], code="G")
    plan.confirm(n.room, n.actor("lead-1"), act.subject)
    plan.grant(n.room, n.actor("lead-1"), act.subject, moment, written(at + timedelta(minutes=5)),
               script="gdp", key=SCRIPT.sign_public)  # fmt: skip
    for lead in ("lead-1", "lead-2"):
        sign.sign(n.room, n.actor(lead), act.subject)
    return act.subject


def ahead_of_it(room: Newsroom, release: str) -> None:
    """A trigger that states a time inside the window, put into the log now."""
    known = room.record.releases[release]
    inside = written(parse_instant(known.at) + timedelta(seconds=5))
    with room.n.room.acting(release) as tx:
        fields = trigger._fields(tx, tx.record.releases[release]) | {"time": inside}
        tx.adopt(write(trigger.KIND, fields, SCRIPT))


async def test_a_trigger_in_its_window_counts_though_our_clock_was_set_back_meanwhile(room):
    release = granted(room, 60)
    await room.turns(lambda: room.staged(release))
    room.at(release, 3)
    trigger.fire(room.n.room, SCRIPT, release)
    room.clock.step(-DAY)
    await room.turns(lambda: room.record.releases[release].signoff.trigger)
    for _ in range(20):
        await room.turns(lambda: True)
        room.publisher._turn()
    assert room.claims() == [], "nothing opens by a clock that is in doubt"
    room.clock.step(DAY)
    await room.turns(room.claims)
    assert not [a for a in room.publisher.after.alarms if a["code"] == "early-trigger"]


@pytest.mark.parametrize("step", [0, DAY, -DAY])
async def test_attack_21_ahead_of_its_window_it_never_counts_whatever_our_clock_says(room, step):
    release = granted(room, 60)
    await room.turns(lambda: room.staged(release))
    room.clock.step(step)
    ahead_of_it(room, release)
    for _ in range(5):
        room.publisher._turn()
        await room.turns(lambda: True)
    room.clock.step(-step)
    await room.turns(
        lambda: [a for a in room.publisher.after.alarms if a["code"] == "early-trigger"]
    )
    room.at(release, 3)
    for _ in range(20):
        await room.turns(lambda: True)
        room.publisher._turn()
    assert room.claims() == []

"""Attack 22: kill -9 at every step of the publisher, around every call and every local step.

Each time: exactly one publication, never early, and the same bytes staged again.
"""

from __future__ import annotations

import random

import pytest

from tests.scenarios import scenario

from .harness import desk, wait_for

LOOP, STAGER, AFTER = "desk.publisher.loop", "desk.publisher.stager", "desk.publisher.after"
STEPS = (
    "desk.publisher.home:Home.keep:before:2",
    "desk.publisher.home:Home.keep:after:2",
    "desk.channels.desk_portal:DeskPortal.readback:after",
    "desk.channels.folder:Folder.readback:after",
    "desk.publisher.ledger:Ledger.owe:after",
    "desk.publisher.instant:Instant._claim:before",
    "desk.publisher.instant:Instant._claim:after",
    "desk.publisher.instant:Instant._all_at_once:before",
    f"{LOOP}:Publisher._settle:before",
    f"{LOOP}:Publisher._settle:after",
    f"{STAGER}:Stager._opened:before",
    f"{AFTER}:Aftercare.opened:after",
    f"{AFTER}:Aftercare.watch:after",
    "desk.publisher.outbox:Outbox._append:after",
    "desk.publisher.ledger:Ledger.paid:after",
)
CALLS = ("epoch", "roster", "stage", "asset", "readback", "commit")


@pytest.mark.parametrize("step", STEPS, ids=lambda s: s.partition(":")[2].replace(":", "-"))
@scenario
def test_attack_22_killed_at_a_local_step(step: str) -> None:
    with desk() as d:
        d.start_publisher(step, wait=False)
        wait_for(lambda: d.dead or d.status().get("head"), "the publisher starts")
        d.release()
        d.wait_dead()
        d.start_publisher()
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.parametrize("action", ["kill-before", "kill-after"])
@pytest.mark.parametrize("call", CALLS)
@scenario
def test_attack_22_killed_at_a_call(call: str, action: str) -> None:
    with desk() as d:
        d.proxies["portal"].on(call, action)
        d.start_publisher(wait=False)
        d.release(10)
        d.wait_dead()
        d.start_publisher()
        d.released()
        d.caught_up()
        d.once()


@scenario
def test_attack_22_killed_while_asking_for_a_receipt() -> None:
    with desk() as d:
        d.proxies["portal"].on("commit", "lose-answer", times=2)
        d.proxies["portal"].on("receipt", "kill-before")
        d.start_publisher()
        d.release()
        d.wait_dead()
        d.start_publisher()
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.parametrize("seed", [1, 2])
@scenario
def test_attack_22_killed_at_random_moments(seed: int) -> None:
    moments = sorted(random.Random(seed).uniform(-0.6, 9) for _ in range(5))
    with desk() as d:
        d.start_publisher()
        d.release(10)
        while moments:
            d.until(moments.pop())
            d.kill()
            d.start_publisher(wait=False)
        d.released()
        d.caught_up()
        d.once()

"""The plan is a pure function of the seed, and every plan is one that can be carried out."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.torture.plan import ANSWERS, CHANNELS, LEADER, PORTALS, PUBLISHER, STANDBY, draw

SEEDS = st.integers(min_value=0, max_value=2**32)
SOME = [draw(seed) for seed in range(1, 201)]


@given(SEEDS)
def test_the_same_seed_draws_the_same_plan(seed: int) -> None:
    plan = draw(seed)
    assert plan == draw(seed)
    assert list(plan.lines()) == list(draw(seed).lines())


@given(SEEDS)
def test_releases_can_be_signed_in_time(seed: int) -> None:
    plan = draw(seed)
    names = [one.name for one in plan.releases]
    assert len(set(names)) == len(names)
    for number, one in enumerate(plan.releases):
        assert one.at - one.signed >= 6, "a sign-off less than 5 s before the instant is refused"
        assert 1 <= one.items <= 5
        assert one.channels
        assert set(one.channels) <= set(CHANNELS)
        assert not one.takes or one.takes in names[:number]


@given(SEEDS)
def test_deeds_are_about_releases_of_the_plan_and_come_in_order(seed: int) -> None:
    plan = draw(seed)
    signed = {one.name: one.signed for one in plan.releases}
    assert [deed.at for deed in plan.deeds] == sorted(deed.at for deed in plan.deeds)
    for deed in plan.deeds:
        if deed.release:
            assert deed.at > signed[deed.release]
        else:
            assert deed.kind in ("hold-all", "lift-all", "backup", "restore")
    kinds = [deed.kind for deed in plan.deeds]
    assert ("restore" in kinds) == (plan.after is not None)
    if plan.after is not None:
        assert kinds == ["backup", "restore"]
        assert not plan.standby


@given(SEEDS)
def test_faults_end_and_those_of_one_lane_never_overlap(seed: int) -> None:
    plan = draw(seed)
    targets = {*PORTALS, *((LEADER, PUBLISHER, STANDBY) if plan.standby else (PUBLISHER,))}
    for fault in plan.faults:
        assert fault.target in targets
        assert 0 <= fault.lasts < 7
        assert fault.end <= plan.end
        if fault.kind in ("cut", "slow", "answer"):
            assert fault.target in PORTALS
        if fault.kind == "answer":
            assert fault.detail.split(" ")[1] in ANSWERS
    for one, other in itertools.combinations(plan.faults, 2):
        if one.lane == other.lane:
            assert one.end < other.at or other.end < one.at


@given(SEEDS)
def test_a_schedule_is_over_within_forty_seconds(seed: int) -> None:
    assert draw(seed).end < 40


def test_two_hundred_plans_hold_everything_that_can_go_wrong() -> None:
    faults = Counter(fault.kind for plan in SOME for fault in plan.faults)
    deeds = Counter(deed.kind for plan in SOME for deed in plan.deeds)
    steps = {fault.amount for plan in SOME for fault in plan.faults if fault.kind == "step"}
    answers = {f.detail.split(" ")[1] for p in SOME for f in p.faults if f.kind == "answer"}
    assert min(faults[kind] for kind in ("kill", "pause", "step", "cut", "slow", "answer")) > 20
    assert {"hold", "hold-all", "lift", "lift-all", "move", "cancel", "recall", "withdraw",
            "takedown", "put-back", "drop", "trigger", "correct", "backup", "restore",
            "sign"} == set(deeds)  # fmt: skip
    assert min(deeds[kind] for kind in ("drop", "trigger", "correct")) > 20
    assert {6, -6, 86_400, -86_400} <= steps
    assert answers == set(ANSWERS)
    assert {len(plan.releases) for plan in SOME} == {1, 2, 3, 4}
    assert {one.items for plan in SOME for one in plan.releases} == {1, 2, 3, 4, 5}
    assert {len(one.channels) for plan in SOME for one in plan.releases} == {1, 2, 3}
    assert 10 < sum(plan.after is not None for plan in SOME) < 60
    assert 40 < sum(plan.standby for plan in SOME) < 120
    assert 20 < sum(not plan.patient for plan in SOME) < 100


def test_the_plan_is_printed_in_the_order_of_time() -> None:
    first, *lines = draw(3).lines()
    assert first.startswith("seed 3: publish_within ")
    times = [float(line.split()[0]) for line in lines]
    assert times == sorted(times)
    assert len(times) == len(draw(3).releases) + len(draw(3).deeds) + len(draw(3).faults)

"""Waits never end early on either clock, and give up when the wall clock was set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import FakeClock
from desk.publisher.timer import Disarmed, Guard, wait_until

SECOND = 1_000_000_000


def armed(clock: FakeClock) -> Guard:
    guard = Guard(clock)
    guard.believe()
    return guard


class Restless(FakeClock):
    """Wakes up early or late, as sleeps do, and may be stepped while somebody sleeps."""

    def __init__(self, oversleep: list[float], steps: dict[int, float]) -> None:
        super().__init__()
        self.oversleep, self.steps = oversleep, steps
        self.sleeps: list[float] = []

    async def sleep(self, seconds: float) -> None:
        turn = len(self.sleeps)
        self.sleeps.append(seconds)
        factor = self.oversleep[turn % len(self.oversleep)]
        await super().sleep(max(seconds * factor, 0.0001))
        if turn in self.steps:
            self.step(self.steps[turn])


@given(
    st.lists(st.floats(0.5, 3), min_size=1, max_size=5),
    st.dictionaries(st.integers(0, 12), st.floats(-0.4, 0.4), max_size=3),
    st.floats(0, 20),
)
async def test_attack_24_never_early_on_either_clock(
    oversleep: list[float], steps: dict[int, float], ahead: float
) -> None:
    clock = Restless(oversleep, steps)
    guard, offset = armed(clock), clock.time_ns() - clock.monotonic_ns()
    instant = clock.time_ns() + int(ahead * SECOND)
    try:
        await wait_until(clock, instant, guard)
    except Disarmed:
        assert abs(clock.time_ns() - clock.monotonic_ns() - offset) > SECOND // 2
        return
    assert clock.time_ns() >= instant
    assert clock.monotonic_ns() + offset >= instant
    assert all(one <= 0.25 for one in clock.sleeps)


@pytest.mark.parametrize("seconds", [6, -6, 86_400, -86_400, 0.6, -0.6])
async def test_attack_24_a_step_disarms(seconds: float) -> None:
    clock = Restless([1], {2: seconds})
    guard = armed(clock)
    with pytest.raises(Disarmed):
        await wait_until(clock, clock.time_ns() + 5 * SECOND, guard)
    assert len(clock.sleeps) == 3, "given up at the first wake after it"
    clock.step(-seconds)
    assert guard.sure, "put right, it is believed again"


async def test_an_unarmed_guard_waits_for_nothing() -> None:
    clock = FakeClock()
    with pytest.raises(Disarmed):
        await wait_until(clock, clock.time_ns() - SECOND, Guard(clock))


async def test_somebody_says_stop() -> None:
    clock = FakeClock()
    with pytest.raises(Disarmed):
        await wait_until(clock, clock.time_ns() + SECOND, armed(clock), stop=lambda: True)


async def test_an_instant_in_the_past_is_now() -> None:
    clock = FakeClock()
    await wait_until(clock, clock.time_ns() - 5 * SECOND, armed(clock))

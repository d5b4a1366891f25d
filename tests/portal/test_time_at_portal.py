"""Never early on either of the portal's clocks, never open when unsure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.channels.driver import Opened, TooEarly, TooLate, Unknown
from desk.clock import FakeClock
from desk.portal.guard import Guard


@pytest.fixture
async def commit(setup):
    item, _ = setup.world.write_item("one")
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, setup.world.acts)
    return await setup.driver.prebuild_commit([bundle])


@pytest.mark.parametrize("step", [6, -6, 86_400, -86_400, 300])
async def test_attack_24_a_stepped_clock_opens_nothing_until_it_is_right_again(setup, commit, step):
    setup.clock.step(step)
    assert await setup.driver.commit(commit) == TooEarly(1000)
    setup.clock.advance(300)
    assert await setup.driver.commit(commit) == TooEarly(1000)
    setup.clock.step(-step)
    assert isinstance(await setup.driver.commit(commit), Opened)


async def test_attack_24_a_clock_set_back_over_a_restart_opens_nothing(setup, commit):
    setup.clock.advance(300)
    setup.restart()
    setup.clock.step(-3600)
    setup.restart()
    assert await setup.driver.commit(commit) == TooEarly(1000)
    setup.clock.step(3600)
    setup.restart()
    assert isinstance(await setup.driver.commit(commit), Opened)


async def test_a_small_difference_of_the_clocks_counts_against_opening(setup, commit):
    setup.clock.advance(299.9)
    setup.clock.step(0.2)
    early = await setup.driver.commit(commit)
    assert early == TooEarly(100)
    setup.clock.advance(0.1)
    assert isinstance(await setup.driver.commit(commit), Opened)


async def test_the_last_millisecond_still_waits_and_the_wait_is_exact(setup, commit):
    setup.clock.advance(299.999)
    assert await setup.driver.commit(commit) == TooEarly(1)
    setup.clock.advance(0.001)
    assert isinstance(await setup.driver.commit(commit), Opened)


async def test_after_not_after_it_is_too_late_for_ever(setup, commit):
    setup.clock.advance(300 + 900)
    setup.clock.advance(0.001)
    assert await setup.driver.commit(commit) == TooLate()
    setup.restart()
    assert await setup.driver.commit(commit) == TooLate()


async def test_the_portal_tells_its_time(setup):
    reading = await setup.driver.time()
    assert reading.sure
    assert reading.difference_ms == 0


async def test_attack_27_a_portal_that_cannot_write_opens_nothing_and_recovers(setup, commit):
    setup.clock.advance(300)
    setup.running.portal.store.connection.execute("PRAGMA query_only=ON")
    outcome = await setup.driver.commit(commit)
    assert isinstance(outcome, Unknown)
    assert "storage" in outcome.why
    assert (await setup.driver.receipt(commit.addresses[0])).state == "staged"
    setup.running.portal.store.connection.execute("PRAGMA query_only=OFF")
    assert isinstance(await setup.driver.commit(commit), Opened)


@given(
    st.lists(
        st.tuples(st.sampled_from(["advance", "step"]), st.integers(-(10**9), 10**9)), max_size=12
    ),
    st.integers(1, 10**6),
)
def test_attack_24_the_guard_is_never_ahead_of_either_clock(moves, due):
    """Whatever happens to the clocks: sure and due means due on both."""
    clock = FakeClock("2026-11-20T00:00:00Z")
    start_wall, start_mono = clock.time_ns(), clock.monotonic_ns()
    guard = Guard(clock)
    for kind, amount in moves:
        if kind == "advance":
            clock.advance(abs(amount) / 1000)
        else:
            clock.step(amount / 1000)
    reading = guard.read()
    if reading.sure and reading.earliest_ns >= start_wall + due:
        assert clock.time_ns() >= start_wall + due
        assert clock.monotonic_ns() >= start_mono + due
        assert (
            abs((clock.time_ns() - start_wall) - (clock.monotonic_ns() - start_mono)) <= 5 * 10**8
        )

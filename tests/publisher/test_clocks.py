"""Whether the wall clock may be believed after a start: only what has run on since the last run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.channels.driver import Capabilities, TimeReading
from desk.clock import FakeClock
from desk.errors import Conflict, Refused
from desk.publisher import kept_time
from desk.publisher.channel import Channel
from desk.publisher.clocks import Clocks
from desk.publisher.home import Home, LastClocks, this_boot
from desk.publisher.journal import Journal

S = 1_000_000_000
DAY = 86_400 * S


@dataclass
class Portal:
    """A portal that tells its time."""

    name: str
    clock: FakeClock
    off_ms: int = 0
    sure: bool = True
    capabilities = Capabilities(True, True, True, True, True, True)

    async def time(self) -> TimeReading:
        here = self.clock.time_ns() // 1_000_000
        return TimeReading(here + self.off_ms, here, 0.1, self.sure)


class Machine:
    """A machine that can be set and booted; `alarms` that its publishers raised."""

    def __init__(self, home: Home) -> None:
        self.home, self.clock = home, FakeClock()
        self.boot = "one"
        self.alarms: list[str] = []

    def start(self, *portal: Portal, portals: bool = True) -> Clocks:
        """Start a publisher whose portals, if it has any others, do not answer."""
        entry = {"driver": "desk", "required": True}
        channels = {p.name: Channel(p.name, entry, p) for p in portal}  # type: ignore[arg-type]
        made = Clocks(
            self.clock, self.home, channels, bound_ms=lambda: 500, asked=lambda: portals,
            journal=Journal(self.clock, who="pub-1"), boot=self.boot,
            alarm=lambda code, detail: self.alarms.append(f"{code}: {detail}"),
        )  # fmt: skip
        made.start()
        return made

    def set(self, ns: int) -> None:
        """Set the wall clock by so much, and nothing else."""
        self.clock._wall += ns


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    """A machine on which a publisher has run, its clock confirmed."""
    one = Machine(Home.create(tmp_path / "publisher"))
    clocks = one.start(portals=False)
    await clocks.look()
    assert clocks.guard.sure
    return one


async def test_a_clock_that_has_run_on_since_the_last_run_is_believed_at_once(machine: Machine):
    machine.clock.advance(3600)
    clocks = machine.start()
    assert clocks.problem() == ""
    await clocks.look()
    assert clocks.problem() == ""
    assert machine.alarms == []


@pytest.mark.parametrize("step", [6 * S, DAY, -6 * S, -DAY, S])
async def test_attack_24_a_clock_that_was_set_between_two_runs_is_not(machine: Machine, step: int):
    machine.set(step)
    clocks = machine.start()
    assert clocks.problem()
    await clocks.look()
    assert clocks.problem()
    assert machine.alarms


async def test_attack_24_nothing_is_known_of_the_clock_after_a_boot(machine: Machine):
    """A machine that keeps local time comes up seven hours ahead until it has asked somebody."""
    machine.boot = "two"
    machine.set(7 * 3600 * S)
    clocks = machine.start()
    assert clocks.problem() == "the wall clock is not confirmed yet"
    await clocks.look()
    assert clocks.problem()


async def test_with_folder_channels_alone_the_clock_is_believed_after_a_boot(machine: Machine):
    machine.boot = "two"
    clocks = machine.start(portals=False)
    await clocks.look()
    assert clocks.problem() == ""


async def test_with_folder_channels_alone_a_clock_that_was_put_right_is_believed_after_a_start(
    machine: Machine,
):
    clocks = machine.start(portals=False)
    machine.set(600 * S)
    await clocks.look()
    assert clocks.problem(), "not while it runs"
    clocks = machine.start(portals=False)
    await clocks.look()
    assert clocks.problem() == ""


async def test_even_then_a_clock_from_before_the_last_run_is_not_believed(machine: Machine):
    machine.boot = "two"
    machine.set(-DAY)
    clocks = machine.start(portals=False)
    await clocks.look()
    assert clocks.problem()
    assert any("earlier than at the last run" in alarm for alarm in machine.alarms)


async def test_a_clock_that_once_ran_ahead_is_believed_by_word(machine: Machine):
    """It came up hours early and was put right: without a word nobody could go on for hours."""
    machine.boot = "two"
    machine.set(7 * 3600 * S)
    await machine.start(portals=False).look()
    machine.set(-7 * 3600 * S)
    clocks = machine.start(portals=False)
    await clocks.look()
    assert clocks.problem()
    found = kept_time.look(machine.home, machine.clock)
    assert found.behind == 7 * 3600
    with pytest.raises(Conflict):
        kept_time.believe(machine.home, machine.clock, found.now)
    kept_time.believe(machine.home, machine.clock, found.kept)
    with_portals = machine.start()
    await with_portals.look()
    assert with_portals.problem(), "where a channel has a clock, that has to agree all the same"
    clocks = machine.start(portals=False)
    await clocks.look()
    assert clocks.problem() == ""
    with pytest.raises(Refused):
        kept_time.believe(machine.home, machine.clock, found.kept)


async def test_small_steps_over_many_starts_make_nothing_early(machine: Machine):
    """Each is within the bound; the time by which something may go is that of the first run."""
    right = machine.clock.time_ns()
    for _ in range(5):
        machine.set(400_000_000)
        clocks = machine.start()
        await clocks.look()
        earliest = clocks.guard.earliest_ns()
        assert earliest is None or earliest <= right + 1_000
    assert clocks.problem(), "all together are too much"


@pytest.mark.parametrize("text", ["", "1795161600000000000", "a b c", "1 2"])
def test_what_an_earlier_version_kept_counts_as_nothing(machine: Machine, text: str):
    (machine.home.path / "wall").write_text(text)
    assert machine.home.last_clocks() == LastClocks()
    assert machine.start().problem()


def test_the_clocks_are_kept_as_they_were(machine: Machine):
    kept = LastClocks(5, 3, this_boot() or "none")
    machine.home.keep_clocks(kept)
    assert machine.home.last_clocks() == kept


async def test_a_portal_that_agrees_confirms_the_clock_after_a_boot(machine: Machine):
    machine.boot = "two"
    clocks = machine.start(Portal("portal", machine.clock))
    await clocks.look()
    assert clocks.problem() == ""
    assert machine.alarms == []


@pytest.mark.parametrize(
    ("change", "told"),
    [({"off_ms": 6000}, "its clock differs from ours"), ({"sure": False}, "its clock is unsure")],
)
async def test_a_portal_whose_clock_goes_wrong_is_told_of_once_each_time(
    machine: Machine, change: dict[str, object], told: str
):
    """It opens nothing until somebody has seen to it."""
    wrong = Portal("foreign", machine.clock)
    clocks = machine.start(Portal("portal", machine.clock), wrong)
    for _ in range(2):
        vars(wrong).update(off_ms=0, sure=True)
        await clocks.look()
        vars(wrong).update(change)
        await clocks.look()
        await clocks.look()
    assert machine.alarms == [f"clock: foreign: {told}"] * 2
    assert clocks.problem() == "", "the other portal agrees with ours"

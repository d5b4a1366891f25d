"""The instant with a clock of its own: who is left out, what is written first, who waits."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from desk.channels.driver import (
    Capabilities,
    CommitResult,
    Fenced,
    Gate,
    Prebuilt,
    Rejected,
    TimeReading,
    TooEarly,
    TooLate,
    Unknown,
)
from desk.clock import Clock, FakeClock, epoch_ns
from desk.publisher import instant
from desk.publisher.channel import Channel
from desk.publisher.instant import Instant, Outcome, settle
from desk.publisher.journal import Journal
from desk.publisher.ledger import Ledger, Row
from desk.publisher.timer import Disarmed, Guard

AT = "2026-11-20T01:00:10Z"


class Ticking(FakeClock):
    """A clock on which even the shortest sleep takes a moment."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(max(seconds, 0.0001))


@dataclass
class Scripted:
    """A driver that answers as it is told, and notes when it was called."""

    name: str
    clock: FakeClock
    answers: list[CommitResult | Exception]
    calls: list[int] = field(default_factory=list)
    waiting: asyncio.Event | None = None
    epoch: int = 1
    capabilities = Capabilities(True, True, True, True, True, True)

    async def time(self) -> TimeReading:
        if self.waiting is not None:
            await self.waiting.wait()
        ms = self.clock.time_ns() // 1_000_000
        return TimeReading(ms, ms, 0.1)

    async def prebuild_commit(self, bundles: list[Any]) -> Prebuilt:
        return Prebuilt(self.name, tuple(bundles), AT, None, self.epoch)

    async def commit(self, prebuilt: Prebuilt, gate: Gate | None = None) -> CommitResult:
        if gate is not None:
            await gate()
        self.calls.append(self.clock.time_ns())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Stage:
    """One instant with two channels and a ledger that is real."""

    def __init__(self, folder: Path, answers: dict[str, list[CommitResult | Exception]]) -> None:
        self.clock = Ticking("2026-11-20T01:00:05Z")
        self.guard = Guard(self.clock)
        self.guard.believe()
        self.ledger = Ledger(folder / "ledger.db")
        self.drivers = {n: Scripted(n, self.clock, a) for n, a in answers.items()}
        self.rows = {
            name: Row(name, f"r-{name}", name, "s" * 64, AT, AT, "staged") for name in answers
        }
        self.ledger.put(*self.rows.values())
        self.channels: dict[str, Channel] = {}
        for name, driver in self.drivers.items():
            entry = {"driver": "desk", "required": True}
            channel = Channel(name, entry, driver, epoch=1)  # type: ignore[arg-type]
            channel.bundles[name] = name  # type: ignore[assignment]
            self.channels[name] = channel
        self.ready = lambda: list(self.rows.values())
        self.listen: Callable[[], bool] = lambda: False
        self.outcomes: list[Outcome] = []
        self.instant = Instant(
            AT, clock=self.clock, guard=self.guard, ledger=self.ledger, channels=self.channels,
            ready=lambda: self.ready(), listen=lambda: self.listen(),
            settle=self.outcomes.extend, journal=Journal(self.clock, io.StringIO()),
            known=lambda: self.known,
        )  # fmt: skip
        self.known = 0

    def results(self) -> dict[str, CommitResult]:
        return {name: r for outcome in self.outcomes for name, r in outcome.results.items()}

    def state(self, name: str) -> str:
        row = self.ledger.get(name)
        assert row is not None
        return row.state


async def test_one_commit_per_channel_at_the_instant(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")], "b": [Unknown("")]})
    await stage.instant.run()
    for driver in stage.drivers.values():
        (called,) = driver.calls
        assert 0 <= called - epoch_ns(AT) < 1_000_000
    assert set(stage.results()) == {"a", "b"}


async def test_attack_26_a_hold_heard_before_the_last_moment_leaves_it_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")], "b": [Unknown("")]})

    def listen() -> bool:
        if epoch_ns(AT) - stage.clock.time_ns() < 200_000_000:
            stage.ready = lambda: [stage.rows["b"]]
            return True
        return False

    stage.listen = listen
    await stage.instant.run()
    assert stage.drivers["a"].calls == []
    assert len(stage.drivers["b"].calls) == 1
    assert (stage.state("a"), stage.state("b")) == ("staged", "claimed")
    assert stage.instant.claimed == {"r-b"}


async def test_attack_26_a_hold_that_another_instant_has_read_leaves_it_out(
    tmp_path: Path,
) -> None:
    """Two instants a second apart read one log: whoever comes second hears nothing new."""
    stage = Stage(tmp_path, {"a": [Unknown("")], "b": [Unknown("")]})

    def listen() -> bool:
        if epoch_ns(AT) - stage.clock.time_ns() < 1_000_000_000:
            stage.known, stage.ready = 1, lambda: [stage.rows["b"]]
        return False

    stage.listen = listen
    await stage.instant.run()
    assert stage.drivers["a"].calls == []
    assert len(stage.drivers["b"].calls) == 1


@pytest.mark.parametrize("by_itself", [True, False])
async def test_attack_26_a_hold_during_the_preparation_of_late_work_leaves_it_out(
    tmp_path: Path, by_itself: bool
) -> None:
    """A trigger in its window, or work that is late: there is no T - 100 ms to listen until."""
    stage = Stage(tmp_path, {"a": [Unknown("")]})
    stage.clock.advance(60)
    built: list[int] = []

    async def prebuild_commit(bundles: list[Any]) -> Prebuilt:
        built.append(1)
        stage.ready = list
        stage.known += not by_itself  # the loop has read the log, and may have said "in force"
        return Prebuilt("a", tuple(bundles), AT, None)

    stage.drivers["a"].prebuild_commit = prebuild_commit  # type: ignore[method-assign]
    stage.listen = lambda: bool(built) and by_itself
    await stage.instant.run()
    assert built
    assert stage.drivers["a"].calls == []
    assert (stage.state("a"), stage.instant.deaf) == ("staged", False)


async def test_what_becomes_ready_late_is_claimed_before_the_call(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")], "b": [Unknown("")]})
    stage.ready = lambda: [stage.rows["a"]]

    def listen() -> bool:
        if epoch_ns(AT) - stage.clock.time_ns() < 1_000_000_000:
            stage.ready = lambda: list(stage.rows.values())
            return True
        return False

    stage.listen = listen
    await stage.instant.run()
    assert stage.state("b") == "claimed"
    assert len(stage.drivers["b"].calls) == 1


async def test_attack_26_what_an_earlier_call_has_claimed_is_not_given_back(tmp_path: Path) -> None:
    """That call has no answer yet: only the channel can say that nothing came of it."""
    stage = Stage(tmp_path, {"portal": [TooEarly(1)], "press": [TooEarly(1)]})
    called = replace(stage.rows["portal"], state="claimed", code="unknown")
    stage.rows["portal"] = called
    stage.ledger.put(called)
    heard = iter([False, False, True])

    def listen() -> bool:
        if next(heard, False):
            stage.ready = list
            return True
        return False

    stage.listen = listen
    await stage.instant.run()
    assert stage.drivers["portal"].calls == []
    assert (stage.state("portal"), stage.state("press")) == ("claimed", "staged")


@pytest.mark.parametrize("before", ["staged", "claimed"])
async def test_attack_26_only_what_it_has_claimed_itself_is_surely_not_out(
    tmp_path: Path, before: str
) -> None:
    stage = Stage(tmp_path, {"portal": [TooEarly(1)]})
    stage.rows["portal"] = replace(stage.rows["portal"], state=before)
    stage.ledger.put(stage.rows["portal"])
    said: list[bool] = []

    def listen() -> bool:
        said.append(stage.instant.claims("portal"))
        return False

    stage.listen = listen
    await stage.instant.run()
    assert said[-1] is (before == "staged")


def test_attack_25_what_a_portal_has_forgotten_is_staged_again() -> None:
    row = Row("a", "r-a", "a", "s" * 64, AT, AT, "claimed")
    assert settle(row, Rejected("not_found")).state == "staging"
    assert settle(row, Rejected("recalled")).state == "failed"


def test_attack_23_a_call_that_was_fenced_off_is_asked_about() -> None:
    """Whoever is heard there now may have opened it."""
    row = Row("a", "r-1", "portal", "s" * 64, AT, AT, "claimed")
    assert settle(row, Fenced(7)).state == "claimed"


@pytest.mark.parametrize(("signed", "calls"), [(0, 2), (1, 1)])
async def test_a_commit_that_an_epoch_of_our_own_fenced_off_is_signed_anew(
    tmp_path: Path, signed: int, calls: int
) -> None:
    """Another release was settled meanwhile. Fenced off by somebody else it stays so."""
    stage = Stage(tmp_path, {"a": [Fenced(1), TooLate()]})
    stage.drivers["a"].epoch = signed
    await stage.instant.run()
    assert isinstance(stage.results()["a"], TooLate if calls == 2 else Fenced)
    assert len(stage.drivers["a"].calls) == calls


async def test_nothing_left_means_no_call(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")]})

    def listen() -> bool:
        stage.ready = lambda: []
        return True

    stage.listen = listen
    await stage.instant.run()
    assert stage.drivers["a"].calls == []
    assert stage.state("a") == "staged"


@pytest.mark.parametrize("seconds", [3, 600])
async def test_attack_23_26_a_process_that_stood_still_past_the_instant_judges_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """It was stopped with its commits signed: what came meanwhile has to be heard first."""
    stage = Stage(tmp_path, {"a": [Unknown("")]})
    real = instant.wait_until

    async def stopped(clock: Clock, at_ns: int, guard: Guard) -> None:
        if at_ns == epoch_ns(AT):
            stage.clock.advance(seconds)
        await real(clock, at_ns, guard)

    monkeypatch.setattr(instant, "wait_until", stopped)
    with pytest.raises(Disarmed):
        await stage.instant.run()
    assert stage.drivers["a"].calls == []
    assert stage.state("a") == "staged"


async def test_late_work_that_did_not_stand_still_goes_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")]})
    stage.clock.advance(600)
    await stage.instant.run()
    assert len(stage.drivers["a"].calls) == 1


@pytest.mark.parametrize("seconds", [6, -6, 86_400, -86_400])
async def test_attack_24_a_step_after_arming_gives_the_claims_back(
    tmp_path: Path, seconds: int
) -> None:
    stage = Stage(tmp_path, {"a": [Unknown("")]})

    def listen() -> bool:
        if stage.clock.time_ns() >= epoch_ns(AT) - 1_000_000_000:
            stage.listen = lambda: False
            stage.clock.step(seconds)
        return False

    stage.listen = listen
    with pytest.raises(Disarmed):
        await stage.instant.run()
    assert stage.drivers["a"].calls == []
    assert stage.state("a") == "staged"


async def test_attack_25_a_channel_that_says_wait_for_ever_is_asked_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [TooEarly(10**12), TooLate()]})
    await stage.instant.run()
    first, second = stage.drivers["a"].calls
    assert second - first <= 250_000_000
    assert isinstance(stage.results()["a"], TooLate)


async def test_attack_25_a_channel_that_says_wait_is_late_work_after_some_seconds(
    tmp_path: Path,
) -> None:
    """Meanwhile what the others have opened waits for nobody, and holds are heard again."""
    stage = Stage(tmp_path, {"a": [TooEarly(10**12)], "b": [TooLate()]})
    await stage.instant.run()
    assert stage.clock.time_ns() - epoch_ns(AT) < 4_000_000_000
    assert 10 < len(stage.drivers["a"].calls) < 20
    assert isinstance(stage.results()["a"], TooEarly)
    assert settle(stage.rows["a"], stage.results()["a"]).state == "staged"


async def test_attack_25_a_bug_in_one_channel_is_its_own(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [ValueError("x")], "b": [TooLate()]})
    await stage.instant.run()
    assert isinstance(stage.results()["a"], Unknown)
    assert isinstance(stage.results()["b"], TooLate)


@pytest.mark.parametrize("together", [Rejected("forbidden"), TooLate()])
async def test_attack_25_one_bad_bundle_of_a_channel_is_refused_alone(
    tmp_path: Path, together: CommitResult
) -> None:
    """Releases of one T differ in how late they may go out, too."""
    stage = Stage(tmp_path, {"a": [together, TooLate(), Rejected("forbidden")]})
    other = Row("a2", "r-a2", "a", "s" * 64, AT, AT, "staged")
    stage.ledger.put(other)
    stage.channels["a"].bundles["a2"] = "a2"  # type: ignore[assignment]
    stage.ready = lambda: [stage.rows["a"], other]
    await stage.instant.run()
    assert isinstance(stage.results()["a"], TooLate)
    assert isinstance(stage.results()["a2"], Rejected)


async def test_attack_25_a_channel_that_does_not_answer_holds_up_no_other(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"a": [TooLate()], "b": [TooLate()]})
    stage.drivers["a"].waiting = asyncio.Event()  # never set: its clock is never read
    await stage.instant.run()
    (called,) = stage.drivers["b"].calls
    assert called - epoch_ns(AT) < 1_000_000

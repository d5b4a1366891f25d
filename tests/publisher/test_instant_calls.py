"""Many bundles at one instant on one channel: in few calls, also when one of them is refused."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desk.channels.driver import (
    Capabilities,
    CommitResult,
    Gate,
    Prebuilt,
    Rejected,
    TimeReading,
    Unknown,
)
from desk.portal.contract.wire import MAX_COMMITS
from desk.publisher.channel import Channel
from desk.publisher.instant import Instant, Outcome
from desk.publisher.journal import Journal
from desk.publisher.ledger import Ledger, Row
from desk.publisher.timer import Guard

from .test_instant import AT, Ticking


@dataclass
class Strict:
    """A channel that takes so many bundles in one call, and none of a call with a bad one."""

    clock: Ticking
    bad: frozenset[str]
    calls: list[tuple[str, ...]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    capabilities = Capabilities(True, True, True, True, True, True)

    async def time(self) -> TimeReading:
        ms = self.clock.time_ns() // 1_000_000
        return TimeReading(ms, ms, 0.1)

    async def prebuild_commit(self, bundles: list[Any]) -> Prebuilt:
        return Prebuilt("portal", tuple(bundles), AT, None, 1)

    async def commit(self, prebuilt: Prebuilt, gate: Gate | None = None) -> CommitResult:
        if gate is not None:
            await gate()
        self.calls.append(prebuilt.addresses)
        if len(prebuilt.addresses) > MAX_COMMITS or self.bad & set(prebuilt.addresses):
            return Rejected("refused")
        self.taken += prebuilt.addresses
        return Unknown("taken")


async def _carried_out(folder: Path, count: int, bad: frozenset[str]) -> tuple[Strict, Any]:
    clock, ledger = Ticking("2026-11-20T01:00:05Z"), Ledger(folder / "ledger.db")
    rows = [
        Row(f"b{n}", f"r-{n}", "portal", "s" * 64, AT, AT, "staged") for n in range(count)
    ]  # fmt: skip
    ledger.put(*rows)
    driver = Strict(clock, bad)
    channel = Channel("portal", {"driver": "desk", "required": True}, driver, epoch=1)  # type: ignore[arg-type]
    channel.bundles.update({row.address: row.address for row in rows})  # type: ignore[misc]
    outcomes: list[Outcome] = []
    guard = Guard(clock)
    guard.believe()
    instant = Instant(
        AT, clock=clock, guard=guard, ledger=ledger, channels={"portal": channel},
        ready=lambda: rows, listen=lambda: False, settle=outcomes.extend,
        journal=Journal(clock, io.StringIO()),
    )  # fmt: skip
    async with asyncio.timeout(60):
        await instant.run()
    return driver, {a: r for outcome in outcomes for a, r in outcome.results.items()}


async def test_more_bundles_than_one_call_takes_go_in_several(tmp_path: Path) -> None:
    driver, results = await _carried_out(tmp_path, 2 * MAX_COMMITS + 1, frozenset())
    assert [len(call) for call in driver.calls] == [MAX_COMMITS, MAX_COMMITS, 1]
    assert len(results) == 2 * MAX_COMMITS + 1
    assert not any(isinstance(result, Rejected) for result in results.values())


@pytest.mark.parametrize("bad", [{"b0"}, {"b250"}, {"b499"}, {"b7", "b8", "b400"}])
async def test_attack_25_refused_bundles_are_found_in_few_calls(
    tmp_path: Path, bad: set[str]
) -> None:
    """Whoever can make one of many releases bad at a portal keeps no other one waiting long."""
    driver, results = await _carried_out(tmp_path, 500, frozenset(bad))
    assert {a for a, result in results.items() if isinstance(result, Rejected)} == bad
    assert sorted(driver.taken) == sorted({f"b{n}" for n in range(500)} - bad)
    assert len(driver.calls) <= 1 + len(bad) * 18

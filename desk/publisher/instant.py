"""The instant: from T - 2 s to the receipts, for all releases that share one T.

T - 2 s     judge again, claim in the ledger, warm the connections, sign the commits
to T-100ms  hear holds; whoever is no longer good is left out and the commits are made anew
T           one commit per channel, all at once; no database write stands in between
after       receipts into the ledger; channels that did not open are tried on by the loop
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from desk.channels.driver import (
    CommitResult,
    Fenced,
    Gate,
    Opened,
    Prebuilt,
    Rejected,
    TooEarly,
    TooLate,
    Unknown,
)
from desk.clock import Clock, epoch_ns
from desk.errors import DeskError
from desk.portal.contract.wire import MAX_COMMITS
from desk.publisher.channel import Channel
from desk.publisher.journal import Journal
from desk.publisher.ledger import Ledger, Row
from desk.publisher.timer import Disarmed, Guard, wait_until

AHEAD_NS = 2_000_000_000
DEAF_NS = 100_000_000
HURRY_NS = 1_000_000_000
FRESH_NS = 15_000_000_000
STOPPED_NS = 2_000_000_000  # a process that stood still for so long judges again
EARLY_WAIT = 0.25  # seconds: what a portal may ask us to wait, at most, before we ask again
EARLY_NS = 3_000_000_000  # how long we ask like that; then it is late work like any other
WARM_SECONDS = 0.8
TOGETHER_SECONDS = 0.5  # outcomes that come within this are settled in one transaction


@dataclass
class Outcome:
    """What came back for one channel: the result for each bundle address."""

    channel: str
    results: dict[str, CommitResult]


@dataclass(frozen=True)
class _Call:
    """What one channel is to open; signed ahead once the channel has heard us."""

    channel: str
    addresses: tuple[str, ...]
    prebuilt: Prebuilt | None = None


class Instant:
    """One T. `ready()` gives the bundles that may go out now; it is asked again until T - 100 ms.

    `listen()` reads the log once and says whether anything new was heard; `known()` names what
    is known by now, since another instant or the loop may have read it first. `settle(outcomes)`
    is told what came back, the quick channels first, so that a slow one keeps nobody waiting;
    `leads()` says whether this publisher still leads. `deaf`: it is too late for a hold of what is
    `claimed` (release ids).
    """

    def __init__(
        self,
        at: str,
        *,
        clock: Clock,
        guard: Guard,
        ledger: Ledger,
        channels: dict[str, Channel],
        ready: Callable[[], list[Row]],
        listen: Callable[[], bool],
        settle: Callable[[list[Outcome]], None],
        journal: Journal,
        leads: Callable[[], bool] = lambda: True,
        known: Callable[[], object] = lambda: None,
    ) -> None:
        self.at = at
        self.t = epoch_ns(at)
        self.deaf = False
        self.claimed: frozenset[str] = frozenset()
        self._ours: set[str] = set()
        self._clock = clock
        self._guard = guard
        self._ledger = ledger
        self._channels = channels
        self._ready = ready
        self._listen = listen
        self._settle = settle
        self._journal = journal
        self._leads = leads
        self._known = known
        self._judged: object = None

    async def run(self) -> None:
        """Carry it out, if there is anything (left) to open. Raises Disarmed, Unavailable."""
        clock, guard = self._clock, self._guard
        await wait_until(clock, self.t - AHEAD_NS, guard)
        self._news()
        rows = self._ready()
        if not rows:
            return
        self._claim(rows)
        again = not self._hurry(rows)
        if again:
            await self._warm(rows)  # it reads the channels' clocks: judge again
            gc.collect()
        calls = await self._prepare(rows)
        gc.disable()  # a collection in the wrong millisecond is a late release
        try:
            while True:
                late = self.t - clock.time_ns() <= DEAF_NS
                if self._news() or again:
                    again, left = False, self._ready()
                    if {r.address for r in left} != {r.address for r in rows}:
                        self._give_back(rows, left)
                        rows = left
                        self._claim(rows)
                        calls = await self._prepare(rows)
                        continue
                if not rows:
                    return
                if late:
                    break  # nothing has run since this was judged
                await wait_until(clock, min(clock.time_ns() + 50_000_000, self.t - DEAF_NS), guard)
            self.deaf = True
            await self._all_at_once(calls)
        except Disarmed:
            self._give_back(rows, [])
            raise
        finally:
            gc.enable()

    def _news(self) -> bool:
        """Read the log. Whether more is known than when the bundles were last judged."""
        heard = self._listen()
        before, self._judged = self._judged, self._known()
        return heard or before != self._judged

    def _claim(self, rows: list[Row]) -> None:
        """Write down what is about to be called, before it is; not what a former leader wrote."""
        fresh = [replace(row, state="claimed") for row in rows if row.state != "claimed"]
        if fresh:
            self._ledger.put(*fresh)
        self._ours |= {row.address for row in fresh}
        self.claimed = frozenset(row.release for row in rows)

    async def _warm(self, rows: list[Row]) -> None:
        """Use every connection once. A channel that is slow to answer holds up nobody else.

        Those that were not asked for a while are asked too, also when nothing goes there: they may
        know that the newsroom goes on elsewhere.
        """
        names, moment = {row.channel for row in rows}, self._clock.monotonic_ns()
        stale = {n for n, one in self._channels.items() if moment - one.looked_at_ns >= FRESH_NS}
        await asyncio.gather(
            *(self._channels[name].look(self._clock, WARM_SECONDS) for name in names | stale)
        )

    def _give_back(self, rows: Iterable[Row], left: list[Row]) -> None:
        """Take claims back. Not those that were there before: that call has no answer yet."""
        kept = {row.address for row in left}
        back = [row for row in rows if row.address in self._ours and row.address not in kept]
        self._ours -= {row.address for row in back}
        self._ledger.put(*(replace(row, state="staged") for row in back))

    def claims(self, address: str) -> bool:
        """Whether that bundle was claimed here, and no call about it was made before."""
        return address in self._ours

    def _hurry(self, rows: list[Row]) -> bool:
        """Whether T is near or over and all is warm: a standby has just taken over."""
        moment = self._clock.monotonic_ns()
        looked = min(self._channels[row.channel].looked_at_ns for row in rows)
        return self.t - self._clock.time_ns() < HURRY_NS and moment - looked < FRESH_NS

    async def _prepare(self, rows: list[Row]) -> list[_Call]:
        """Sign one commit per channel, or as many as its bundles fill. One that has yet to hear
        us keeps no other waiting.
        """
        by_channel: dict[str, list[Row]] = {}
        for row in rows:
            by_channel.setdefault(row.channel, []).append(row)

        async def one(name: str, mine: list[Row]) -> _Call:
            channel, call = self._channels[name], _Call(name, tuple(row.address for row in mine))
            return replace(call, prebuilt=await _signed(channel, call)) if channel.heard else call

        full = ((name, part) for name, mine in by_channel.items() for part in _in_full_calls(mine))
        return list(await asyncio.gather(*(one(name, part) for name, part in full)))

    async def _all_at_once(self, prepared: list[_Call]) -> None:
        """Bring every commit to its gate, and open all gates at T: what is slowest goes first."""
        opened = asyncio.Event()

        async def gate() -> None:
            await opened.wait()

        def local(one: _Call) -> bool:
            return not self._channels[one.channel].independent_clock

        calls = [
            asyncio.create_task(self._commit(one, gate)) for one in sorted(prepared, key=local)
        ]
        began, left = self._clock.monotonic_ns(), max(0, self.t - self._clock.time_ns())
        try:
            await wait_until(self._clock, self.t, self._guard)
            # This process was stopped: another one has taken over, or a hold has come meanwhile.
            stopped = self._clock.monotonic_ns() - began - left > STOPPED_NS
            if stopped or not self._leads():
                raise Disarmed
        except BaseException:
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            raise
        opened.set()
        woke = self._clock.time_ns()
        waiting = set(calls)
        seconds: float | None = TOGETHER_SECONDS
        while waiting:
            done, waiting = await asyncio.wait(
                waiting, timeout=seconds,
                return_when=asyncio.ALL_COMPLETED if seconds else asyncio.FIRST_COMPLETED,
            )  # fmt: skip
            seconds = None
            if done:
                self._journal("committed", at=self.at, woke_us=(woke - self.t) // 1000,
                              answered_us=(self._clock.time_ns() - self.t) // 1000)  # fmt: skip
                self._settle([call.result() for call in done])

    async def _commit(self, call: _Call, gate: Gate) -> Outcome:
        """One channel's commit. Whatever goes wrong in it is an unknown outcome of this channel."""
        try:
            return await self._commit_all(call, gate)
        except Exception as error:
            event = "problem" if isinstance(error, DeskError) else "bug"
            self._journal(event, channel=call.channel, error=type(error).__name__)
            return Outcome(
                call.channel, dict.fromkeys(call.addresses, Unknown(type(error).__name__))
            )

    async def _commit_all(self, call: _Call, gate: Gate) -> Outcome:
        """Send the commit; wait as the channel says when its clock is behind ours."""
        channel = self._channels[call.channel]
        await channel.be_heard()
        prebuilt = call.prebuilt or await _signed(channel, call)
        result, first = await channel.driver.commit(prebuilt, gate), self._clock.monotonic_ns()
        if isinstance(result, Fenced) and prebuilt.epoch < channel.epoch and self._leads():
            # It was us: another release was just settled there, under an epoch of its own.
            prebuilt = await _signed(channel, call)
            result = await channel.driver.commit(prebuilt, gate)
        while isinstance(result, TooEarly) and self._clock.monotonic_ns() - first < EARLY_NS:
            await self._clock.sleep(min(EARLY_WAIT, result.wait_ms / 1000))
            if not self._leads():
                break
            result = await channel.driver.commit(prebuilt, gate)
        if isinstance(result, Rejected | TooLate) and len(prebuilt.addresses) > 1:
            return await self._apart(prebuilt)
        return Outcome(prebuilt.channel, dict.fromkeys(prebuilt.addresses, result))

    async def _apart(self, prebuilt: Prebuilt) -> Outcome:
        """One bundle was refused, or is too late: the others must not suffer for it.

        Half by half: one among 500 is found in 18 calls, and the others wait for a few of them.
        """
        channel, addresses = self._channels[prebuilt.channel], prebuilt.addresses
        results: dict[str, CommitResult] = {}
        half = len(addresses) // 2
        for part in (addresses[:half], addresses[half:]):
            call = await _signed(channel, _Call(channel.id, part))
            result = await channel.driver.commit(call)
            if isinstance(result, Rejected | TooLate) and len(part) > 1:
                results |= (await self._apart(call)).results
            else:
                results |= dict.fromkeys(part, result)
        return Outcome(prebuilt.channel, results)


def _in_full_calls(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), MAX_COMMITS):
        yield rows[start : start + MAX_COMMITS]


async def _signed(channel: Channel, call: _Call) -> Prebuilt:
    return await channel.driver.prebuild_commit([channel.bundles[a] for a in call.addresses])


def settle(row: Row, result: CommitResult) -> Row:
    """The ledger row after a commit's result."""
    if isinstance(result, Opened):
        receipt = next(r for r in result.receipts if r.address == row.address)
        envelope = next(
            (e for e, r in zip(result.envelopes, result.receipts, strict=False)
             if r.address == row.address),
            None,
        )  # fmt: skip
        return replace(
            row,
            state="opened",
            opened_ms=receipt.opened_ms,
            late_us=receipt.late_us,
            code="",
            receipt=envelope.digest if envelope else "",
        )
    if isinstance(result, TooLate):
        return replace(row, state="failed", code="too-late")
    if isinstance(result, Fenced):  # whoever is heard there now may have opened it
        return replace(row, state="claimed", code="fenced")
    if isinstance(result, Rejected) and result.code == "not_found":
        return replace(row, state="staging", code="forgotten")  # it has lost it: stage it again
    if isinstance(result, Rejected):
        return replace(row, state="failed", code=f"refused-{result.code}"[:60])
    if isinstance(result, TooEarly):
        return replace(row, state="staged", code="too-early")
    return replace(row, state="claimed", code="unknown")


async def ask(channel: Channel, row: Row) -> Row:
    """What became of a claimed bundle: ask the channel for its receipt."""
    try:
        receipt = await channel.driver.receipt(row.address)
    except DeskError:
        return row
    if receipt is None or receipt.state == "staging":
        return replace(row, state="staging")
    if receipt.state == "recalled":
        return replace(row, state="recalled")
    if receipt.state in ("opened", "published"):
        return replace(
            row, state="opened", opened_ms=receipt.opened_ms, late_us=receipt.late_us, code=""
        )
    return replace(row, state="staged")

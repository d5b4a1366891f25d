"""The clocks: whether the time may be acted upon, by ours and by those of the channels.

Our wall clock is believed as long as it runs with the monotonic clock, over restarts too. Once it
was set, or the machine was booted, nothing is armed until the clock of a channel that is sure of
itself agrees. A channel whose clock is off is left out by itself; when none agrees with ours, ours
is the one in doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from desk.clock import Clock
from desk.locales import N_
from desk.phrase import as_phrase, joined, phrase
from desk.publisher.channel import Channel
from desk.publisher.home import Home, LastClocks
from desk.publisher.journal import Journal
from desk.publisher.timer import JUMP_NS, Guard

EVERY_NS = 10_000_000_000
UNSURE_NS = 1_000_000_000
STEADY_NS = 50_000_000
BOOT_BACK_NS = 5_000_000_000


class Clocks:
    """Our clocks and the channels'. `bound_ms`: how far they may differ, by the policy.

    `asked`: whether the policy has a channel with a clock of its own. `boot`: names this boot.
    """

    def __init__(
        self,
        clock: Clock,
        home: Home,
        channels: Mapping[str, Channel],
        *,
        bound_ms: Callable[[], int],
        asked: Callable[[], bool],
        journal: Journal,
        alarm: Callable[[str, str], None],
        boot: str = "",
    ) -> None:
        self.guard = Guard(clock)
        self._clock, self._home, self._channels = clock, home, channels
        self._bound_ms, self._asked = bound_ms, asked
        self._journal, self._alarm = journal, alarm
        self._boot, self._new = boot, False
        self._next = 0
        self._said = ""
        self._told: dict[str, str] = {}

    def start(self) -> None:
        """Believe our clock if it has only run since the last run.

        Once it was set, or the machine booted, a channel has to agree first. Where none has a
        clock of its own it is believed all the same, unless it is earlier than it was.
        """
        last, wall, steady = (
            self._home.last_clocks(), self._clock.time_ns(), self._clock.monotonic_ns()
        )  # fmt: skip
        moved = abs((wall - steady) - (last.wall_ns - last.monotonic_ns))
        if self._boot and last.boot == self._boot and moved <= JUMP_NS:
            self.guard.believe(last.wall_ns - last.monotonic_ns)
        elif wall + BOOT_BACK_NS < last.wall_ns:
            self._say(N_("the clock is earlier than at the last run"))
        else:
            self._new = True

    @property
    def due(self) -> bool:
        """Whether it is time to look again."""
        return self._clock.monotonic_ns() >= self._next

    async def look(self) -> None:
        """Read the clock of every channel, then decide whether ours may be believed."""
        await asyncio.gather(*(c.look(self._clock) for c in self._channels.values()))
        agreeing = [c for c in self._channels.values() if self._vouches(c)]
        if agreeing:
            # Small corrections add up; a channel that agrees takes them out of the reckoning.
            self.guard.believe()
        elif self._new and not self._asked():
            self.guard.believe()
        self._new = self._new and not self.guard.sure
        earliest = self.guard.earliest_ns()
        sure = earliest is not None
        if earliest is not None:
            steady = self._clock.monotonic_ns()
            self._home.keep_clocks(LastClocks(earliest, steady, self._boot))
        doubt = phrase("{doubt}, and no channel agrees with it", doubt=as_phrase(self._doubt))
        self._say("" if sure else doubt)
        if sure:
            for channel in self._channels.values():
                self._tell_of(channel)
        self._next = self._clock.monotonic_ns() + (EVERY_NS if sure else UNSURE_NS)

    def _tell_of(self, channel: Channel) -> None:
        """Raise an alarm about a channel's clock, once for each time that it goes wrong."""
        differs = N_("its clock differs from ours") if self.off(channel) else ""
        problem = channel.clock_problem or differs
        if problem and problem != self._told.get(channel.id):
            self._alarm("clock", joined(": ", [channel.id, problem]))
        if channel.reading is not None:
            self._told[channel.id] = problem

    def _vouches(self, channel: Channel) -> bool:
        reading = channel.reading
        if not channel.independent_clock or reading is None or not reading.sure:
            return False
        # Set between its answer and now? Then it vouches for another time.
        drift = self._clock.time_ns() - self._clock.monotonic_ns()
        steady = abs(drift - channel.drift_ns) < STEADY_NS + reading.round_trip_ms * 1e6
        return steady and not self.off(channel)

    @property
    def _doubt(self) -> str:
        if self._new:
            return N_("the wall clock is not confirmed yet")
        return N_("the wall clock was set")

    def _say(self, problem: str) -> None:
        if problem == self._said:
            return
        self._said = problem
        if problem:
            self._journal("clock", problem=problem)
            self._alarm("clock", problem)
        else:
            self._journal("clock", problem="", sure=True)

    def off(self, channel: Channel) -> bool:
        """Whether that channel's clock certainly differs from ours by more than the bound."""
        return channel.independent_clock and channel.off_by_ms() > self._bound_ms()

    def problem(self) -> str:
        """Why no instant may be acted upon now, or ''."""
        if not self.guard.sure:
            self._next = min(self._next, self._clock.monotonic_ns() + UNSURE_NS)
            return self._doubt
        known = [c for c in self._channels.values() if c.independent_clock and c.reading]
        if known and all(self.off(channel) for channel in known):
            return phrase("the clock of {channel} differs", channel=known[0].id)
        return ""

"""The courier: takes what is due from the outbox and brings it to its targets, one batch at a time.

Each target has a task of its own, so that a server that hangs holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from desk.alerts.message import Voice, compose
from desk.alerts.outbox import Batch, Outbox
from desk.alerts.sending import Sender
from desk.alerts.targets import Target
from desk.clock import Clock, now, written
from desk.errors import DeskError

Journal = Callable[..., None]


class Courier:
    """Delivers for one outbox. `senders`: by means (smtp, webhook)."""

    def __init__(
        self, outbox: Outbox, senders: Mapping[str, Sender], clock: Clock, journal: Journal
    ) -> None:
        self.senders = senders
        self._outbox, self._clock, self._journal = outbox, clock, journal
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, targets: Mapping[str, Target], voice: Voice) -> None:
        """Begin to deliver what is due, to each target that is not being served already."""
        for name, target in targets.items():
            running = self._tasks.get(name)
            if running is not None and running.done():
                del self._tasks[name]
                running.result()  # a fault of our own ends the process, and is seen
                running = None
            if running is None and (batch := self._outbox.take(target, self._now())):
                self._tasks[name] = asyncio.create_task(self.deliver(target, batch, voice))

    async def deliver(self, target: Target, batch: Batch, voice: Voice) -> None:
        """Try one batch, and put down how it went."""
        told = {"target": target.shown, "delivery": batch.name, "events": len(batch.events)}
        try:
            message = compose(voice, batch.events, written(now(self._clock)))
            await self.senders[target.means].send(target, message, batch.name)
        except DeskError as error:
            word = error.message if error.code == "not_sent" else error.code
            given_up = self._outbox.failed(batch, word, self._now())
            self._journal("given-up" if given_up else "not-sent", **told, why=word,
                          tries=batch.tries + 1)  # fmt: skip
        else:
            self._outbox.sent(batch, self._now())
            self._journal("sent", **told, tries=batch.tries + 1)

    async def settle(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._tasks.values())
        self._tasks.clear()

    async def end(self) -> None:
        """Break off what is under way; it is tried again, under the same name, at the next run."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def _now(self) -> int:
        return self._clock.time_ns() // 10**9

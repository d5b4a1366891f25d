"""Duties: what the publisher does in the background, at most one of each kind at a time.

A duty that fails is tried again a little later; its problem is written down once a minute, not ten
times a second. A bug in one duty ends neither the others nor the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from desk.clock import Clock
from desk.errors import DeskError
from desk.publisher.journal import Journal

RETRY_NS = 2_000_000_000
SAY_AGAIN_NS = 60_000_000_000
Work = Callable[..., Coroutine[Any, Any, None]]


class Duties:
    """Background tasks by key. `failed(key, error)` is told of what went wrong."""

    def __init__(
        self, clock: Clock, journal: Journal, failed: Callable[[str, Exception], None]
    ) -> None:
        self._clock, self._journal, self._failed = clock, journal, failed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._retry: dict[str, int] = {}
        self._said: dict[str, tuple[str, int]] = {}

    def spawn(self, key: str, work: Work, *arguments: Any) -> None:
        """Begin a duty, unless it runs already or failed a moment ago."""
        if key in self._tasks or self._retry.get(key, 0) > self._clock.monotonic_ns():
            return
        self._retry.pop(key, None)
        self._tasks[key] = asyncio.create_task(self._guarded(key, work, *arguments), name=key)

    async def _guarded(self, key: str, work: Work, *arguments: Any) -> None:
        try:
            await work(*arguments)
            self._said.pop(key, None)
        except DeskError as error:
            self.rest(key)
            self.say(key, str(error))
            self._failed(key, error)
        except Exception as error:  # a bug in one duty must not end the others
            self.rest(key)
            self.say(key, where(error))
            self._failed(key, error)
        finally:
            self._tasks.pop(key, None)

    def runs(self, key: str) -> bool:
        """Whether that duty is under way."""
        return key in self._tasks

    def rest(self, key: str) -> None:
        """Do not begin that duty again for a moment."""
        self._retry[key] = self._clock.monotonic_ns() + RETRY_NS

    def step(self, name: str, work: Callable[[], object]) -> None:
        """Do something at once; what goes wrong is written down."""
        try:
            work()
            self._said.pop(name, None)
        except DeskError as error:
            self.say(name, str(error))
        except Exception as error:  # a bug in one duty must not end the others
            self.say(name, where(error))

    def say(self, key: str, text: str) -> None:
        """Write a problem down, unless that was said a moment ago."""
        moment = self._clock.monotonic_ns()
        before, again = self._said.get(key, ("", 0))
        if text == before and moment < again:
            return
        self._said[key] = (text, moment + SAY_AGAIN_NS)
        self._journal("problem", what=key[:40], error=text)

    async def end(self) -> None:
        """Cancel what still runs, and wait for its end."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def where(error: BaseException) -> str:
    """The type and place of a bug, without the values that may stand in its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place

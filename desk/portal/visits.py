"""Connections to the portal: how many there may be, and how long one may say nothing.

The server's own protocol keeps a connection that never sends a request for ever. A crowd of those
would take every file that the process may open, and then neither a commit nor the bundle that it
opens finds one. So a head has to come in time, and when the house is full the connection that was
silent longest makes room; one that has shown the bearer token stays.
"""

from __future__ import annotations

import asyncio
import resource
from collections import OrderedDict
from typing import Any, Protocol

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
BACKLOG = 512  # connections that the loop takes in one go, before any of them is counted
OWN_FILES = 64  # for bundles, assets, searches and the database
MOST_FILES = 8192
_NAME = "visit"


def allow_files() -> None:
    """Let this process open as many files as it is allowed to, up to `MOST_FILES`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def room() -> int:
    """How many connections there is room for now, besides what the portal needs itself."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    most = MOST_FILES if soft == resource.RLIM_INFINITY else min(soft, MOST_FILES)
    return max(most - BACKLOG - OWN_FILES, most // 4)


def vouch(request: Request) -> None:
    """The bearer token came over this connection: it does not have to make room for others."""
    visit = request.scope.get("state", {}).get(_NAME)
    if isinstance(visit, Visit):
        visit.vouched = True


class Guest(Protocol):
    """Whoever takes a connection. `waiting`: it waits for no answer; `vouched`: it may stay."""

    vouched: bool

    @property
    def waiting(self) -> bool: ...

    def end(self) -> None: ...


class House:
    """The connections of one server, in the order in which they last said something."""

    def __init__(self) -> None:
        self._here: OrderedDict[Guest, None] = OrderedDict()

    def enter(self, visit: Guest) -> None:
        """Somebody comes in; if need be, others make room."""
        self._here[visit] = None
        while len(self._here) > room():
            chosen = self._first_to_go()
            if chosen is None:
                return
            chosen.end()

    def leave(self, visit: Guest) -> None:
        """Gone."""
        self._here.pop(visit, None)

    def said_something(self, visit: Guest) -> None:
        """It is the last that would have to go."""
        if visit in self._here:
            self._here.move_to_end(visit)

    def _first_to_go(self) -> Guest | None:
        """The one that was silent longest, first of those that wait for no answer."""
        waiting = (visit for visit in self._here if not visit.vouched and visit.waiting)
        others = (visit for visit in self._here if not visit.vouched)
        return next(waiting, None) or next(others, None)


class Visit(H11Protocol):
    """One connection."""

    def __init__(self, house: House, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.app_state = {**self.app_state, _NAME: self}
        self.vouched = False
        self._house = house
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> bool:
        """Whether no request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there, and has to say what they want."""
        super().connection_made(transport)
        self._expect_a_head()
        self._house.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._forget_the_head()
        self._house.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, which may be less than its head."""
        self._house.said_something(self)
        super().data_received(data)
        if not self.waiting:
            self._forget_the_head()
        elif self.timeout_keep_alive_task is None:
            self._expect_a_head()

    def on_response_complete(self) -> None:
        """A request was answered; the next one may be here already."""
        self._house.said_something(self)
        super().on_response_complete()

    def end(self) -> None:
        """Close it at once."""
        self._forget_the_head()
        self._house.leave(self)
        self.transport.abort()

    def _expect_a_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _forget_the_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.waiting:
            self.end()

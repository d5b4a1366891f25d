"""Scenarios wait for instants most of their time, so those of one file run beside each other."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

TOGETHER = int(os.environ.get("DESK_ATTACKS_TOGETHER", "4"))


class Scenarios:
    """Starts every selected scenario of a file when the first of them is asked for."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(TOGETHER, "scenario")
        self._running: dict[str, Future[None]] = {}

    def outcome(self, node: pytest.Item) -> None:
        """The outcome of one scenario: nothing, or what it raised."""
        if node.nodeid not in self._running:
            for item in self._session.items:
                body = getattr(getattr(item, "function", None), "scenario", None)
                if body is not None and item.path == node.path:
                    arguments = getattr(item, "callspec", None)
                    call = functools.partial(body, **(arguments.params if arguments else {}))
                    self._running[item.nodeid] = self._pool.submit(call)
        self._running[node.nodeid].result(600)

    def close(self) -> None:
        """Do not begin what was not begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)


@pytest.fixture(scope="session")
def scenarios(request: pytest.FixtureRequest) -> Iterator[Scenarios]:
    found = Scenarios(request.session)
    yield found
    found.close()

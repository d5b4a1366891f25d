"""Scenarios: tests that wait for an instant most of their time, and so run beside each other."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

# Each takes 3 s of one core in 15 s or more: the rest of its time it waits for instants.
TOGETHER = int(os.environ.get("DESK_ATTACKS_TOGETHER", min(12, 4 * (os.cpu_count() or 1))))

_KIND = inspect.Parameter.POSITIONAL_OR_KEYWORD


class Scenarios:
    """Starts every selected scenario, in order, when the first of them is asked for."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(TOGETHER, "scenario")
        self._running: dict[str, Future[None]] = {}

    def outcome(self, node: pytest.Item) -> None:
        """The outcome of one scenario: nothing, or what it raised."""
        if not self._running:
            for item in self._session.items:
                body = getattr(getattr(item, "function", None), "scenario", None)
                if body is not None:
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


def scenario(body: Callable[..., None]) -> Callable[..., None]:
    """A test that runs beside the other scenarios; see `scenarios`.

    Its parameters are those of `pytest.mark.parametrize`; it makes its own `desk()`.
    """

    def test(request: pytest.FixtureRequest, scenarios: Any, **_: Any) -> None:
        scenarios.outcome(request.node)

    own = [inspect.Parameter(name, _KIND) for name in ("request", "scenarios")]
    test.__name__, test.__doc__, test.__module__ = body.__name__, body.__doc__, body.__module__
    test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*own, *inspect.signature(body).parameters.values()]
    )
    test.scenario = body  # type: ignore[attr-defined]
    return test

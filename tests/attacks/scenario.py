"""Tests that run beside each other: most of their time they wait for an instant."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

_KIND = inspect.Parameter.POSITIONAL_OR_KEYWORD


def scenario(body: Callable[..., None]) -> Callable[..., None]:
    """A test that runs beside the other scenarios of its file; see conftest.

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

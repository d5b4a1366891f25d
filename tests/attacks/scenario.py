"""Tests that run beside each other, and the library that shifts a process's wall clock."""

from __future__ import annotations

import functools
import inspect
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
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


@functools.lru_cache(maxsize=1)
def clockshim() -> Path:
    """The compiled library; skips the test where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler here to build the clock shim with")
    library = Path(tempfile.mkdtemp(prefix="desk-shim-")) / "clockshim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", library, HERE / "clockshim.c", "-ldl"],
        check=True,
    )
    return library

"""What all tests share: those that wait for real instants run by themselves.

Tests that start real publishers and portals and wait for an instant carry the marker `instants`;
`make test` runs them after the others, one at a time, so that a busy machine is no reason to fail.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.scenarios import scenarios  # noqa: F401 - the fixture that runs them together

HERE = Path(__file__).parent
# The same examples each time: what holds here holds on the next machine. Others are looked for
# with `make test ARGS="--hypothesis-profile=explore"`.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("same")
INSTANTS = (
    "attacks",
    "backup/test_drill",
    "cli/test_nouns_publisher",
    "cli/test_short_notice",
    "screens/test_tmux_desk",
    "test_docs",
    "torture/test_schedules",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start find their modules compiled, as an installed Desk's are.

    Where Python is told to write no bytecode each of them would compile all that it imports.
    Workers inherit what is set here, and with it the compiled modules of each other.
    """
    gc.set_threshold(50_000)
    if not sys.dont_write_bytecode or os.environ.get("PYTHONPYCACHEPREFIX"):
        return
    folder = tempfile.TemporaryDirectory(prefix="desk-compiled-", ignore_cleanup_errors=True)
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPYCACHEPREFIX", folder.name)
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    config.add_cleanup(folder.cleanup)
    config.add_cleanup(patch.undo)


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: garbage is not looked for among it."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place: a whole folder or file. Scenarios come first, beside each other.

    Whatever is no scenario has the machine to itself after them.
    """
    for item in items:
        place = Path(item.path).relative_to(HERE).as_posix()
        if place.startswith(INSTANTS):
            item.add_marker(pytest.mark.instants)
    items.sort(key=lambda item: not hasattr(getattr(item, "function", None), "scenario"))

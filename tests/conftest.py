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
    "torture/test_schedules",
)


MEMORY, ROOM = Path("/dev/shm"), 2 << 30


def pytest_configure(config: pytest.Config) -> None:
    """What a run of the tests sets for itself and for every program that the tests start."""
    gc.set_threshold(50_000)
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    if "TMPDIR" not in os.environ and _memory_takes_files():
        patch.setenv("TMPDIR", str(MEMORY))
        patch.setattr(tempfile, "tempdir", None)  # asked for once, and kept
    if sys.dont_write_bytecode and "PYTHONPYCACHEPREFIX" not in os.environ:
        # Each program would compile all that it imports, which an installed Desk never does.
        folder = tempfile.TemporaryDirectory(prefix="desk-compiled-", ignore_cleanup_errors=True)
        config.add_cleanup(folder.cleanup)
        patch.setenv("PYTHONPYCACHEPREFIX", folder.name)
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


def _memory_takes_files() -> bool:
    """Whether newsrooms can lie in memory: nine tenths of building one is waiting for the disk.

    What tests kill is processes, never the machine, so nothing is proved by a disk. TMPDIR, when it
    is set, decides. Libraries are loaded from there too.
    """
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return False
    runs = not found.f_flag & os.ST_NOEXEC
    return runs and found.f_bavail * found.f_frsize > ROOM and os.access(MEMORY, os.W_OK)


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

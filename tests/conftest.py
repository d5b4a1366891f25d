"""What all tests share: those that wait for real instants run by themselves.

Tests that start real publishers and portals and wait for an instant carry the marker `instants`;
`make test` runs them after the others: scenarios beside each other, since they wait most of their
time, then the few that are none, each with the machine to itself.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.scenarios import scenarios  # noqa: F401 - the fixture that runs them together

HERE = Path(__file__).parent
# The same examples each time: what holds here holds on the next machine. Others are looked for
# with `make test ARGS="--hypothesis-profile=explore"`. None is judged by its time: a machine that
# stands still for a moment has found no fault.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("explore", UNTIMED, derandomize=False)
settings.load_profile("same")
INSTANTS = (
    "attacks",
    "backup/test_drill",
    "torture/test_schedules",
)
LONG = ("attacks/test_evening", "attacks/test_whole_evening", "backup/test_drill", "test_docs")
BUSY = ("torture/",)

HAND_ON_KEYS = ("browser/", "pty/", "screens/")

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


def _place(item: pytest.Item) -> str:
    return Path(item.path).relative_to(HERE).as_posix()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place: a whole folder or file. Scenarios come first, beside each other.

    Whatever is no scenario has the machine to itself after them. What presses keys of a desk that
    runs beside it may be tried twice, and is named as RERUN then: a machine that stands still for
    a second parts a key from its dialog. Nothing that guards a release is ever tried twice.
    """
    for item in items:
        if _place(item).startswith(INSTANTS):
            item.add_marker(pytest.mark.instants)
        if _place(item).startswith(HAND_ON_KEYS):
            item.add_marker(pytest.mark.flaky(reruns=1))
    beside = [item for item in items if hasattr(getattr(item, "function", None), "scenario")]
    known = set(beside)
    items[:] = [*_in_order(beside), *(item for item in items if item not in known)]


def _in_order(beside: list[pytest.Item]) -> list[pytest.Item]:
    """The longest first, so that nothing waits for one alone; the busiest spread among the rest."""
    long = [item for item in beside if _place(item).startswith(LONG)]
    busy = [item for item in beside if _place(item).startswith(BUSY)]
    known = {*long, *busy}
    rest = [item for item in beside if item not in known]
    spread = [(at / len(part), item) for part in (busy, rest) for at, item in enumerate(part)]
    return [*long, *(item for _, item in sorted(spread, key=lambda one: one[0]))]

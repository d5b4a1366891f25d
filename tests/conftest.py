"""What all tests share: those that wait for real instants run by themselves.

Tests that start real publishers and portals and wait for an instant carry the marker `instants`;
`make test` runs them after the others, one at a time, so that a busy machine is no reason to fail.
"""

from __future__ import annotations

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place: a whole folder or file. Scenarios come first, beside each other.

    Whatever is no scenario has the machine to itself after them.
    """
    for item in items:
        place = Path(item.path).relative_to(HERE).as_posix()
        if place.startswith(INSTANTS):
            item.add_marker(pytest.mark.instants)
    items.sort(key=lambda item: not hasattr(getattr(item, "function", None), "scenario"))

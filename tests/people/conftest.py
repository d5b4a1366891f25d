"""The newsrooms of these tests: one founded by commands, and the demo's with a filled board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import desk, home, room  # noqa: F401 (fixtures)
from tests.cli.newsroom_story import Story
from tests.cli.running import Ran
from tests.screens.contacts_world import board, filled, newsroom  # noqa: F401 (fixtures)


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:  # noqa: F811
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()

"""The newsroom of these tests: founded by commands, as in the stories of the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import desk, home, room  # noqa: F401 (fixtures)
from tests.cli.newsroom_story import Story
from tests.cli.running import Ran


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:  # noqa: F811
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()

"""The newsrooms of these tests: one founded by commands, and the demo's with a filled board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.demo.newsroom import DemoNewsroom
from tests.cli.conftest import desk, home, room  # noqa: F401 (fixtures)
from tests.cli.newsroom_story import Story
from tests.cli.running import Ran
from tests.screens.contacts_world import Board, fill
from tests.screens.newsroom_world import build, copy


@pytest.fixture
def story(room: Path, home: Path, desk: Callable[..., Ran]) -> Story:  # noqa: F811
    """A newsroom founded by commands."""
    return Story(room, home, desk).founded()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoNewsroom, Board]:
    """The demo's newsroom with a board of contacts; not to be changed."""
    newsroom = build(tmp_path_factory.mktemp("built"))
    return newsroom, fill(newsroom)


@pytest.fixture
def newsroom(filled: tuple[DemoNewsroom, Board], tmp_path: Path) -> DemoNewsroom:
    """A copy of it that a test may change."""
    return copy(filled[0], tmp_path / "room")


@pytest.fixture
def board(filled: tuple[DemoNewsroom, Board]) -> Board:
    """The ids of its contacts."""
    return filled[1]

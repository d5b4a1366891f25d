"""What tests of screens share: the language of the interface, and newsrooms that are built once.

A file that wants Vietnamese says `LANGUAGE = "vi"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.notifications import Notification

from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language, set_zone
from tests.screens import newsroom_world
from tests.verbs.house import House, build, copied


@pytest.fixture(autouse=True)
def _language(request: pytest.FixtureRequest) -> Iterator[None]:
    set_language(getattr(request.module, "LANGUAGE", "en"))
    yield
    set_language("en")
    set_zone(str)


@pytest.fixture(autouse=True)
def _messages_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message goes after some seconds of the real clock: on a busy machine before a look."""
    monkeypatch.setattr(Notification, "time_left", 3600.0)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A small newsroom that the tests of one file only copy."""
    return build(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def house(founded: House, tmp_path: Path) -> House:
    """A copy of it that a test may change."""
    return copied(founded, tmp_path / "room")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    """The demo's newsroom, which the tests of one file only read.

    08:00 on Friday 20/11/2026; SAO-MAI (two pairs) is signed for 08:20, four more are planned.
    """
    return newsroom_world.build(tmp_path_factory.mktemp("built"))


@pytest.fixture
def newsroom(built: DemoNewsroom, tmp_path: Path) -> DemoNewsroom:
    """A copy of it that a test may change."""
    return newsroom_world.copy(built, tmp_path / "room")


@pytest.fixture(scope="module")
def past(built: DemoNewsroom, tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    """The same, after SAO-MAI went out."""
    newsroom = newsroom_world.copy(built, tmp_path_factory.mktemp("past") / "room")
    newsroom_world.go_out(newsroom, newsroom.release)
    return newsroom


@pytest.fixture
def public(past: DemoNewsroom, tmp_path: Path) -> DemoNewsroom:
    """A copy in which the release is out."""
    return newsroom_world.copy(past, tmp_path / "room")

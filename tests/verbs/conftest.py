"""The newsroom that the tests of the verbs work in: built once, copied for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verbs.house import House, build, copied


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The newsroom as founded; not to be changed."""
    return build(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def house(founded: House, tmp_path: Path) -> House:
    """A newsroom of this test's own."""
    return copied(founded, tmp_path / "room")

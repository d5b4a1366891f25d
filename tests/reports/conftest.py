"""A newsroom whose releases go out, and the drivers that say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verbs.house import House, build, copied


@pytest.fixture(scope="session")
def founded_for_reports(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The newsroom as founded; not to be changed."""
    return build(tmp_path_factory.mktemp("founded-reports"))


@pytest.fixture
def house(founded_for_reports: House, tmp_path: Path) -> House:
    """A newsroom of this test's own."""
    return copied(founded_for_reports, tmp_path / "room")

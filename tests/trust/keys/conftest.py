"""Tests of keys see no keyring, no settings and no credential of whoever runs them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.trust.keystore import (
    KeyFile,
)
from tests.trust.keys.samples import CHEAP, answers


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keyring, no settings, no credential of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("PYTHON_KEYRING", "KEYRING_", "DESK_", "CREDENTIALS_", "DBUS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def files(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys", answers(), CHEAP)

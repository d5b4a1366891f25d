"""What both tests of `desk serve` share: the real desk of a newsroom, locked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from locked import Locked

from desk.demo import keep
from desk.demo.headless import Stage
from desk.demo.services import Services
from tests.screens import newsroom_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Locked:
    """A newsroom in a folder, its keys under a passphrase, and no keyring anywhere."""
    root = tmp_path / "room"
    root.mkdir(mode=0o700)
    newsroom = newsroom_world.build(root)
    urls = {"portal": "http://127.0.0.1:8601", "foreign": "http://127.0.0.1:8602"}
    keep.keep(Stage(newsroom, Services(root), urls, {}))
    for name, value in {
        "XDG_CONFIG_HOME": f"{root}/config",
        "XDG_STATE_HOME": f"{root}/state",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "PYTHONPATH": str(ROOT),
    }.items():
        monkeypatch.setenv(name, value)
    command = (sys.executable, "-m", "desk", "--newsroom", str(root), "--key", "lead-1",
               "--lang", "vi", "app", "--locked")  # fmt: skip
    return Locked(command, (root / "passphrase").read_text("utf-8").strip())

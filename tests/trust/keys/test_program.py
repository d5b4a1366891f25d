"""Keys by the real program: forced backends, mute keyrings, no secret where others read."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from desk.trust.keystore import (
    KeyFile,
)
from tests.trust.keys.samples import PHRASE, answers, run_key


@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.SecretService.Keyring",
        "evil.Keyring",
    ],
)
def test_attack_17_environment_forced_backends_refuse_the_start(
    tmp_path: Path, backend: str
) -> None:
    marker = tmp_path / "imported"
    (tmp_path / "evil.py").write_text(f"open({str(marker)!r}, 'w')", encoding="utf-8")
    env = {"PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": str(tmp_path)}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", env=env)
    assert ended.returncode == 6
    assert "The environment forces a keyring" in ended.stderr
    assert not marker.exists()


class MuteBus:
    """A session bus that greets its caller or not, and then says no more: so does a Secret Service
    that waits for an unlock dialog nobody sees.
    """

    def __init__(self, folder: Path, greets: bool) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        name = f"desk-test-{os.getpid()}-{folder.name}"  # abstract: paths are limited to 107 bytes
        self._socket.bind(f"\0{name}")
        self._socket.listen()
        self.address = f"unix:abstract={name}"
        if greets:
            threading.Thread(target=self._greet, daemon=True).start()

    def _greet(self) -> None:
        caller, _ = self._socket.accept()
        for line in caller.makefile("rb"):
            if b"AUTH EXTERNAL" in line:
                caller.sendall(b"OK 00112233445566778899aabbccddeeff\r\n")
            elif b"NEGOTIATE_UNIX_FD" in line:
                caller.sendall(b"AGREE_UNIX_FD\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
@pytest.mark.parametrize("greets", [True, False])
def test_attack_17_a_locked_keyring_without_a_terminal_is_a_clear_error(
    tmp_path: Path, greets: bool
) -> None:
    bus = MuteBus(tmp_path, greets)
    env = {"DBUS_SESSION_BUS_ADDRESS": bus.address}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", env=env)
    bus.close()
    assert ended.returncode == 5
    assert "The keyring does not answer" in ended.stderr
    assert ("within 1.5 s" in ended.stderr) or not greets
    assert "--file" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_attack_17_no_keyring_at_all_is_a_clear_error(tmp_path: Path) -> None:
    env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody"}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", "--json", env=env)
    assert ended.returncode == 5
    assert json.loads(ended.stdout)["error"]["code"] == "unavailable"


def test_attack_14_no_secret_in_arguments_environment_output_or_crash(tmp_path: Path) -> None:
    """The passphrase comes by descriptor only; it and the seed are in nothing that others read."""
    reading, writing = os.pipe()
    os.write(writing, f"{PHRASE}\n".encode())
    os.close(writing)
    made = run_key(
        tmp_path, "new", "--person", "editor-tk", "--file", "--json",
        "--passphrase-fd", str(reading), fds=(reading,),
    )  # fmt: skip
    os.close(reading)
    assert made.returncode == 0, made.stderr
    public = json.loads(made.stdout)
    folder = tmp_path / "config/desk/keys"
    seed = KeyFile(folder, answers()).load("desk-vn", "editor-tk")
    for secret in (seed.hex(), PHRASE):
        assert secret not in made.stdout + made.stderr
        for file in tmp_path.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes()
    assert public["person"] == "editor-tk"
    assert len(public["fingerprint"].split()) == 10


def test_attack_14_there_is_no_option_or_variable_for_a_passphrase(tmp_path: Path) -> None:
    env = {"DESK_PASSPHRASE": PHRASE, "PASSPHRASE": PHRASE, "PYTHON_KEYRING_PASSWORD": PHRASE}
    ended = run_key(tmp_path, "new", "--person", "editor-tk", "--file", env=env)
    assert ended.returncode == 5
    assert "No terminal to ask for the passphrase on" in ended.stderr
    told = run_key(tmp_path, "new", "--passphrase", PHRASE)
    assert told.returncode == 2

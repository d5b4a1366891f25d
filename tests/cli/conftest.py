"""How the tests of the command line run it: in this process, as a process, and on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PROGRAM, Ran

STRAY = ("DESK_NEWSROOM", "PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "NO_COLOR")
STRAY += ("LC_ALL", "LC_MESSAGES", "PYTHONIOENCODING", "CREDENTIALS_DIRECTORY", "TERM")
PHRASE = "một câu thật dài để nhớ\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of nobody: every folder of the user below tmp_path, nothing inherited."""
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)
    for name in list(os.environ):
        if name.startswith("KEYRING_PROPERTY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newsroom's folder, chosen by the environment."""
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "calendar.yaml").write_text("newsroom: {id: desk-vn}\n", encoding="utf-8")
    monkeypatch.setenv("DESK_NEWSROOM", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, empty, without a newsroom around it."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def desk(capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    """Run the command line in this process: `desk("key", "list")`."""

    def run(*args: str) -> Ran:
        from desk.cli import main

        capsysbinary.readouterr()
        code = main(args)
        printed = capsysbinary.readouterr()
        return Ran(code, printed.out.decode(), printed.err.decode())

    return run


@pytest.fixture
def program() -> Callable[..., Ran]:
    """Run the real program without a terminal: `program("key", "list", env={...})`."""

    def run(*args: str, env: dict[str, str] | None = None, **more: Any) -> Ran:
        ended = subprocess.run(
            [*PROGRAM, *args],
            env={**os.environ, **(env or {})},
            stdin=more.pop("stdin", subprocess.DEVNULL),
            capture_output=True,
            start_new_session=True,  # no terminal to fall back on
            timeout=60,
            check=False,
            **more,
        )
        return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run


@pytest.fixture
def on_terminal() -> Callable[..., tuple[int, bytes]]:
    """Run a command with a pty for stdin, stdout and stderr; its exit code and every byte."""

    def run(command: list[str], env: dict[str, str] | None = None) -> tuple[int, bytes]:
        ours, theirs = pty.openpty()
        started = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
            start_new_session=True,
        )
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
        os.close(ours)
        return started.wait(60), seen

    return run


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # EIO: the last process on the terminal has ended
        return b""


@pytest.fixture
def phrase() -> Iterator[Callable[[], str]]:
    """A fresh descriptor that gives the passphrase, as the value of --passphrase-fd."""
    opened = []

    def make(text: str = PHRASE) -> str:
        reading, writing = os.pipe()
        os.write(writing, text.encode())
        os.close(writing)
        opened.append(reading)
        return str(reading)

    yield make
    for each in opened:
        os.close(each)

"""An item written by Telex in a real terminal; the desk killed with -9 meanwhile, opened anew."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk.demo.newsroom import DemoNewsroom
from tests.pty.kept import ENTER, burst, desk, newsroom_with_keys, phrase
from tests.pty.terminal import Terminal


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return newsroom_with_keys(tmp_path_factory.mktemp("kept"))


@contextmanager
def items(root: Path) -> Iterator[Terminal]:
    """The editor's desk in the room of items, unlocked."""
    with desk(root, "--key", "editor-1", "app", "--room", "items") as terminal:
        terminal.wait_for("editor-1:")
        terminal.send(phrase(root))
        terminal.wait_for("◔ chờ duyệt")
        yield terminal


def test_attack_14_killed_while_typing_the_stored_words_come_back_and_none_lie_in_clear(
    kept: DemoNewsroom,
) -> None:
    with items(kept.root) as terminal:
        terminal.send(ENTER)
        terminal.wait_for("toàn văn")
        terminal.wait_for("không có gì cần sửa")
        terminal.send(burst("Vie<êt<<ệt Nam d<đo<ô<<độc la<â<<lập. "))
        terminal.wait_for("Việt Nam độc lập.")
        terminal.wait_for("✔ lưu")
        terminal.send(burst("Chu<ư<<Chưa luu"))
        terminal.wait_for("Chưa luu")
        os.kill(terminal._pid, signal.SIGKILL)
        terminal.wait(lambda: os.waitpid(terminal._pid, os.WNOHANG)[0], "the end of the desk")
        terminal.status = -signal.SIGKILL
    for file in kept.root.rglob("*"):
        assert not (file.is_file() and "Việt Nam độc lập".encode() in file.read_bytes()), file
    with items(kept.root) as terminal:
        terminal.wait_for("khôi phục")
        terminal.send(ENTER)
        terminal.wait_for("Bản nháp được khôi phục")
        terminal.wait_for("+ Việt Nam độc lập.")
        terminal.send(b"k")
        terminal.wait(lambda: "Bản nháp được khôi phục" not in terminal.text(), "the text")
        terminal.wait_for("Việt Nam độc lập.")
        terminal.send(b"\x11")  # Ctrl+Q
        assert terminal.finish() == 0


def test_the_terminal_is_closed_while_typing_and_the_last_words_are_stored(
    kept: DemoNewsroom,
) -> None:
    with items(kept.root) as terminal:
        terminal.send(ENTER)
        terminal.wait_for("toàn văn")
        terminal.wait_for("không có gì cần sửa")
        terminal.send("Trước khi đóng. ".encode())
        terminal.wait_for("Trước khi đóng.")
        os.kill(terminal._pid, signal.SIGHUP)
        assert terminal.finish() == 0
    with items(kept.root) as terminal:
        terminal.wait_for("khôi phục")
        terminal.send(ENTER)
        terminal.wait_for("Bản nháp được khôi phục")
        terminal.wait_for("Trước khi đóng.")

"""A form that is being filled in a real terminal; the desk ended meanwhile, and opened anew."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk.demo.newsroom import DemoNewsroom
from tests.pty.kept import burst, desk, newsroom_with_keys, phrase
from tests.pty.terminal import Terminal

F8 = b"\x1b[19~"
OFFER = "F8 lấy lại"


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return newsroom_with_keys(tmp_path_factory.mktemp("kept"))


@contextmanager
def calendar(root: Path, person: str = "lead-1") -> Iterator[Terminal]:
    """That post's desk in the calendar, unlocked, with the form of a new release open."""
    with desk(root, "--key", person, "app", "--room", "calendar") as terminal:
        terminal.wait_for(f"{person}:")
        terminal.send(phrase(root))
        terminal.wait_for("đã ký")
        terminal.send(b"n")
        terminal.wait_for("mật danh")
        yield terminal


def stored(root: Path) -> int:
    """How many persons have unsent words in the newsroom's database."""
    with sqlite3.connect(root / "var" / "desk.db") as reader:
        found = reader.execute("select count(*) from sealed where kind = 'unsent'").fetchone()
    return int(found[0])


def test_attack_14_words_of_an_open_form_outlive_a_killed_desk_and_none_lie_in_clear(
    kept: DemoNewsroom,
) -> None:
    with calendar(kept.root) as terminal:
        terminal.send(burst("SAO-MAI-ddo<đỏ"))
        terminal.wait(lambda: stored(kept.root), "the words in the database")
        os.kill(terminal._pid, signal.SIGKILL)
        terminal.wait(lambda: os.waitpid(terminal._pid, os.WNOHANG)[0], "the end of the desk")
        terminal.status = -signal.SIGKILL
    for file in kept.root.rglob("*"):
        assert not (file.is_file() and b"SAO-MAI-" in file.read_bytes()), file
    with calendar(kept.root, "lead-2") as terminal:
        terminal.send(b"x")
        terminal.wait_for_no(OFFER)  # another person is offered nothing
    with calendar(kept.root) as terminal:
        terminal.wait_for(OFFER)
        terminal.send(F8)
        terminal.wait_for("SAO-MAI-")
        terminal.wait_for_no(OFFER)
        terminal.send(b"\x1b")  # left: it is deleted
        terminal.wait(lambda: stored(kept.root) == 0, "an empty database")


def test_the_terminal_is_closed_over_an_open_form_and_its_last_words_are_stored(
    kept: DemoNewsroom,
) -> None:
    with calendar(kept.root) as terminal:
        terminal.send(b"SAO-KHUYA")
        terminal.wait_for("SAO-KHUYA")
        os.kill(terminal._pid, signal.SIGHUP)
        assert terminal.finish() == 0
    with calendar(kept.root) as terminal:
        terminal.wait_for(OFFER)
        terminal.send(F8)
        terminal.wait_for("SAO-KHUYA")

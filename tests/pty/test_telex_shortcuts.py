"""Shortcuts while an input method composes, as raw bytes: a tone key is that key, not the vowel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

DEL = b"\x7f"
ESCAPE = b"\x1b"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Terminal]:
    """The desk in the queue, where `a` approves and `r` returns."""
    acts = tmp_path / "acts.txt"
    with Terminal("tests/pty/recorder.py", "plain", str(acts)) as terminal:
        terminal.wait_for("SAO-MAI")
        terminal.send(b"2")
        terminal.wait_for("Since rev 4")
        yield terminal
        assert not acts.exists() or acts.read_text("utf-8") == ""


def returns(desk: Terminal) -> None:
    """The dialog of `r` comes, that of `a` does not; it is closed again."""
    desk.wait(lambda: "return  ^S" in desk.text() or "approve  Enter" in desk.text(), "a dialog")
    assert "approve  Enter" not in desk.text()
    desk.send(ESCAPE)
    desk.wait_for_no("return  ^S")


def begin(desk: Terminal, letters: bytes) -> None:
    """Letters that are no shortcut here, so that the input method has something to compose."""
    desk.send(letters)
    desk.read(0.05)


def test_r_after_a_vowel_that_comes_as_a_hook_returns(queue: Terminal) -> None:
    begin(queue, b"u")
    queue.send(DEL + "ủ".encode())
    returns(queue)


def test_a_burst_is_one_press_wherever_the_network_cuts_it(queue: Terminal) -> None:
    data = DEL * 2 + "ủy".encode()
    for cut in range(1, len(data) - 1):  # in the middle of a letter too, whose bytes are three
        begin(queue, b"uy")
        queue.send(data[:cut])
        queue.read(0.02)
        queue.send(data[cut:])
        returns(queue)


def test_windows_terminal_deletes_with_either_code(queue: Terminal) -> None:
    begin(queue, b"u")
    queue.send(b"\x08" + "ủ".encode())
    returns(queue)


def test_a_decomposed_hook_returns(queue: Terminal) -> None:
    begin(queue, b"u")
    queue.send(DEL + "u\u0309".encode())
    returns(queue)

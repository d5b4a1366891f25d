"""The desk in a real terminal: shortcuts while an input method is on, and clean output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

DEL = "\x7f"
ENTER = b"\r"
ESCAPE = b"\x1b"


@pytest.fixture
def acts(tmp_path: Path) -> Path:
    path = tmp_path / "acts.txt"
    path.touch()
    return path


@pytest.fixture
def desk(acts: Path) -> Iterator[Terminal]:
    """The desk, in the queue, with the first revision open."""
    with Terminal("tests/pty/recorder.py", "plain", str(acts)) as terminal:
        terminal.wait_for("SAO-MAI")
        terminal.send(b"2")
        terminal.wait_for("Since rev 4")
        yield terminal


def done(acts: Path) -> list[str]:
    return acts.read_text(encoding="utf-8").splitlines()


def leave(terminal: Terminal) -> None:
    """Quit, and the terminal is as it was."""
    terminal.send(b"\x11")
    assert terminal.finish() == 0
    assert terminal.raw.rstrip().endswith(b"\x1b[?1004l") or b"\x1b[?1049l" in terminal.raw[-400:]


def test_a_second_a_that_arrives_as_del_and_a_marked_letter_approves(
    desk: Terminal, acts: Path
) -> None:
    desk.send(b"a")
    desk.wait_for("approve  Enter")
    desk.send(ENTER)
    desk.wait_for("3 waiting")
    desk.send((DEL + "â").encode())
    desk.wait_for("approve  Enter")
    assert done(acts) == ["approve rev-1"]
    desk.send(ENTER)
    desk.wait_for("2 waiting")
    assert done(acts) == ["approve rev-1", "approve rev-2"]
    leave(desk)


def test_a_burst_split_between_any_two_bytes_is_one_press(desk: Terminal, acts: Path) -> None:
    data = (DEL + "â").encode()
    for cut in range(1, len(data)):
        desk.send(data[:cut])
        desk.read(0.02)
        desk.send(data[cut:])
        desk.wait_for("approve  Enter")
        desk.send(ESCAPE)
        desk.wait(lambda: "approve  Enter" not in desk.text(), "the dialog to go")
    assert done(acts) == []
    leave(desk)


def test_backspace_does_nothing_anywhere(desk: Terminal, acts: Path) -> None:
    for room, mark in ((b"1", "Title"), (b"3", "alarms"), (b"2", "Since rev 4")):
        desk.send(room)
        desk.wait_for(mark)
        desk.send(DEL.encode() * 3 + b"\x08")
        desk.read(0.2)
        assert mark in desk.text()
    assert done(acts) == []
    leave(desk)


def test_the_f_key_does_the_same_as_the_letter(desk: Terminal, acts: Path) -> None:
    desk.send(b"\x1b[20~")  # F9
    desk.wait_for("approve  Enter")
    desk.send(ENTER)
    desk.wait_for("3 waiting")
    assert done(acts) == ["approve rev-1"]
    leave(desk)


def test_a_reason_is_typed_in_vietnamese(desk: Terminal, acts: Path) -> None:
    desk.send(b"r")
    desk.wait_for("return  ^S")
    desk.send("Thie<ê<ếu nguo<ồn".replace("<", DEL).encode())
    desk.wait_for("Thiếu nguồn")
    desk.send(b"\x13")
    desk.wait_for("return  Enter")
    desk.send(ENTER)
    desk.wait_for("3 waiting")
    assert done(acts) == ["return rev-1"]
    leave(desk)


ALLOWED = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9;]*[HJK]"  # cursor, erase
    rb"|\x1b\[\?(?:1049|1000|1002|1003|1004|1006|1015|1016|25|2004|2026|2048|7)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p"  # questions about modes
    rb"|\x1b\[[<>=]\d*;?\d*u"  # kitty keyboard
    rb"|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)"  # shape of the pointer, a fixed word
    rb"|\x1bP=[12]s\x1b\\"  # synchronised output
)


def dirt(raw: bytes) -> list[str]:
    """What is in the output that our own drawing never writes."""
    text = ALLOWED.sub(b"", raw).decode("utf-8")
    bad = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028]"
    return re.findall(bad + ".{0,20}", text)


# What tells that no dialog stands before a room.
ROOMS = ("Progress", "waiting", "publisher")


def test_attack_29_nothing_hostile_reaches_the_terminal(acts: Path) -> None:
    with Terminal("tests/pty/recorder.py", "evil", str(acts), columns=100, rows=40) as desk:
        desk.wait_for("owned")
        opened = "Esc"
        for keys, mark in (
            (b"\r", "leave out"),  # a release, opened
            (ESCAPE, "Progress"),
            (b"s", "sign  Enter"),
            (ESCAPE, "Progress"),
            (b"c", "confirm  Enter"),
            (b"\r", "Progress"),  # its outcome is a hostile notice
            (b"2", "waiting"),
            (b"d", "gates"),
            (b"w", "Who can act"),
            (ESCAPE, "waiting"),
            (b"a", "approve  Enter"),
            (b"\r", "could act:"),  # a hostile refusal
            (ESCAPE, "waiting"),
            (b"3", "publisher"),
            (b"h", "hold  ^S"),
            (ESCAPE, "publisher"),
        ):
            desk.send(keys)
            if mark in ROOMS:  # a key too soon after Escape would be Alt and that key
                desk.wait_for_no("Esc", opened)
            desk.wait_for(mark)
            opened = mark
        click(desk, "CLICK")
        desk.read(0.3)
        assert desk.status is None, "a click on hostile text ended the desk"
        assert dirt(bytes(desk.raw)) == []
        leave(desk)
        assert dirt(bytes(desk.raw)) == []


def click(terminal: Terminal, text: str) -> None:
    """Press and release the mouse on the first place that shows `text`."""
    for row, line in enumerate(terminal.lines(), 1):
        if (column := line.find(text) + 1) > 0:
            place = f"{column + 1};{row}"
            terminal.send(f"\x1b[<0;{place}M\x1b[<0;{place}m".encode())
            return
    raise AssertionError(terminal.text())


def test_no_color_writes_no_hue(acts: Path) -> None:
    environment = {"NO_COLOR": "1"}
    with Terminal("tests/pty/recorder.py", "plain", str(acts), environment=environment) as desk:
        desk.wait_for("⇡ staged")
        for red, green, blue in re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", bytes(desk.raw)):
            assert red == green == blue
        leave(desk)

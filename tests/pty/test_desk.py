"""The desk in a real terminal: shortcuts while an input method is on, and clean output."""

from __future__ import annotations

import base64
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


COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)")  # OSC 52: to the clipboard


def dirt(raw: bytes) -> list[str]:
    """What is in the output that our own drawing never writes, what it copies included."""
    copied = b"".join(base64.b64decode(found) for found in COPIED.findall(raw))
    text = (ALLOWED.sub(b"", COPIED.sub(b"", raw)) + copied).decode("utf-8")
    bad = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028]"
    return re.findall(bad + ".{0,20}", text)


Way = tuple[bytes, str]
"""Keys, and words of the desk's own that stand there once they have done their work."""
F6, F7, F8, F9 = b"\x1b[17~", b"\x1b[18~", b"\x1b[19~", b"\x1b[20~"
CHOOSE, GO_ON, CLOSE = "choose  Enter", "continue  ^S", "close  Esc"
# Each room: the key to it and its mark, then every dialog of it, which Escape closes.
ROOMS: dict[str, tuple[Way, tuple[Way, ...]]] = {
    "calendar": ((b"1", "▌1 calendar"), (
        (b"s", "sign  Enter"), (b"h", "hold  ^S"), (b"m", GO_ON), (b"n", GO_ON), (b"e", GO_ON),
        (b"z", "postpone  ^S"), (b"x", "cancel  ^S"))),
    "release": ((b"1", "▌1 calendar"), (
        (ENTER, "leave out"), (b"s", "sign  Enter"), (b"x", GO_ON), (b"f", CHOOSE),
        (b"V", "NOT YET PUBLISHED"), (b"p", "Who can act"), (b"h", "hold  ^S"), (b"m", GO_ON),
        (b"t", GO_ON), (b"y", "rehearse  ^S"), (b"w", "withdraw  ^S"))),
    "queue": ((b"2", "▌2 queue"), (
        (b"w", "Who can act"), (b"D", CHOOSE), (b"m", GO_ON), (b"a", GO_ON))),
    "monitor": ((b"3", "▌3 monitor"), ((b"h", "hold  ^S"), (b"H", "Hold ALL"))),
    "items": ((b"4", "▌4 items"), ((b"n", CHOOSE),)),
    "item": ((b"4", "▌4 items"), (
        (ENTER, "F9 submit"), (b"\x0f", "NOT YET PUBLISHED"), (F7, "Sources and legal"),
        (F8, CLOSE), (F6, "History"), (F9, GO_ON), (b"\x07", "Two versions"))),
    "contacts": ((b"5", "▌5 contacts"), (
        (ENTER, CLOSE), (b"k", CHOOSE), (b"a", CHOOSE), (b"n", CHOOSE), (b"e", GO_ON),
        (b"y", "it was handed over"))),
    "enquiry": ((b"5", "▌5 contacts"), ((b"\t" + ENTER, "Enquiry q-1"),)),
    "board": ((b"5", "▌5 contacts"), ((b"b", "Telephone"), (ENTER, "In the roster"))),
    "terms": ((b"6", "▌6 terms"), (
        (b"y", "accept  Enter"), (b"a", GO_ON), (b"v", "Against the termbase"))),
    "handbook": ((b"7", "▌7 handbook"), ()),
    "log": ((b"8", "▌8 log"), (
        (ENTER, "has no effect"), (b"v", "The log holds"), (b"e", "export  Enter"))),
    "reports": ((b"0", "▌0 reports"), (
        (b"a", CHOOSE), (b"d", CLOSE), (b"e", "export  Enter"), (b"?", CLOSE),
        (b"\x10", "All actions"))),
    "search": ((b"9", "▌9 search"), ()),
}  # fmt: skip
OVER = {"release": "leave out", "item": "F9 submit"}  # rooms over a room: dialogs stand over them
STAY = {*OVER.values(), "Telephone"}  # no dialog, so Escape is not asked to take it away


def walk(desk: Terminal, room: str) -> None:
    """Into the room, through its dialogs, and out of each again."""
    (key, mark), dialogs = ROOMS[room]
    desk.send(key)
    desk.wait_for(mark)
    desk.wait_for("owned")
    for keys, words in dialogs:
        desk.wait_for_no(words)  # one dialog may close by the same words as the one before it
        desk.send(keys)
        desk.wait_for(words)
        if words not in STAY:
            shut(desk, words)
    if room in OVER:
        shut(desk, OVER[room])


def jump(desk: Terminal) -> None:
    """Letters on everything that can be clicked, and away with them; the head's clock goes on."""
    before = still(desk)
    desk.send(b"i")
    desk.wait(lambda: desk.lines()[2:] != before, "the letters")
    desk.send(ESCAPE)
    desk.wait(lambda: desk.lines()[2:] == before, "the room as it was")


def still(desk: Terminal) -> list[str]:
    """The room below its head, once nothing is drawn there any more."""
    seen: list[str] = []
    while seen != desk.lines()[2:]:
        seen = desk.lines()[2:]
        desk.read(0.5)
    return seen


def shut(desk: Terminal, words: str) -> None:
    """Escape, and wait: a key too soon after it would be Alt and that key."""
    desk.send(ESCAPE)
    desk.wait_for_no(words)


@pytest.mark.parametrize("room", ROOMS)
def test_attack_29_nothing_hostile_reaches_the_terminal(acts: Path, room: str) -> None:
    with Terminal("tests/pty/recorder.py", "evil", str(acts), columns=100, rows=40) as desk:
        desk.wait_for("owned")
        if room != "calendar":
            desk.wait_for("Progress")
        walk(desk, room)
        if room == "handbook":
            jump(desk)
        if room == "search":
            desk.send(b"owned\r")
            desk.wait_for("found")
        click(desk, "CLICK" if "CLICK" in desk.text() else "owned")
        desk.read(0.3)
        assert desk.status is None, "a click on hostile text ended the desk"
        leave(desk)
        assert desk.status == 0
        assert dirt(bytes(desk.raw)) == []
    assert done(acts) == [], "looking and leaving does nothing"


def test_attack_29_a_hostile_outcome_and_a_hostile_refusal(acts: Path) -> None:
    with Terminal("tests/pty/recorder.py", "evil", str(acts), columns=100, rows=40) as desk:
        desk.wait_for("Progress")
        desk.send(b"c")
        desk.wait_for("confirm  Enter")
        desk.send(ENTER)
        desk.wait_for_no("confirm  Enter")
        desk.wait(lambda: done(acts), "the act")
        desk.send(b"2")
        desk.wait_for("▌2 queue")
        desk.send(b"a")
        desk.wait_for(GO_ON)
        desk.send("vì đã hỏi".encode() + b"\x13")
        desk.wait_for("approve  Enter")
        desk.send(ENTER)
        desk.wait_for("could act:")
        click(desk, "CLICK")
        desk.read(0.3)
        shut(desk, "could act:")
        leave(desk)
        assert dirt(bytes(desk.raw)) == []
    assert done(acts) == ["confirm r-quy3"]


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

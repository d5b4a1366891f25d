"""How this terminal can draw a picture: asked once, before the app takes the keyboard.

Sixel is told by attribute 4 of the primary device attributes (DEC VT340; xterm's ctlseqs), the
kitty graphics protocol by its query action `a=q`, the size of a cell by `CSI 16 t`. The question
ends with one that every terminal answers, so that the end of the answers is known.
"""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Way = Literal["sixel", "kitty", "halves", "shades"]
"""By the sixel or the kitty protocol, by coloured half cells, by characters without colour."""

PATIENCE = 1.0  # seconds; terminals that are asked answer at once
LONGEST = 4096  # bytes of an answer
QUESTION = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[16t\x1b[c"
_ATTRIBUTES = re.compile(rb"\x1b\[\?([0-9;]*)c")
_CELL = re.compile(rb"\x1b\[6;([0-9]{1,3});([0-9]{1,3})t")
_KITTY = re.compile(rb"\x1b_Gi=31;OK\x1b\\")
_NAMES = ("kitty", "ghostty", "foot", "mlterm", "wezterm", "contour", "sixel", "yaft", "iterm",
          "mintty", "konsole", "rio")  # fmt: skip
_MARKS = ("KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR", "WEZTERM_PANE", "KONSOLE_VERSION",
          "WT_SESSION")  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """The way, and the size of one cell in pixels."""

    way: Way = "halves"
    width: int = 10
    height: int = 20


def may_ask(environment: Mapping[str, str]) -> bool:
    """Whether to ask: of a terminal that is known to answer, at this machine.

    An answer that comes late would be read as keys, so nobody else is asked: not through ssh, not
    through a multiplexer, which answers for itself, and not where colours are not wanted.
    """
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY")):
        return False
    if environment.get("NO_COLOR"):
        return False
    said = (environment.get("TERM", "") + " " + environment.get("TERM_PROGRAM", "")).casefold()
    marked = any(environment.get(name) for name in _MARKS)
    return marked or any(name in said for name in _NAMES)


def drawing_of(answer: bytes, environment: Mapping[str, str]) -> Drawing:
    """What the answers mean. Where both are offered, sixel is taken: only kitty itself draws its
    own protocol inside other text.
    """
    cell = _CELL.search(answer)
    height, width = (int(part) for part in cell.groups()) if cell else (0, 0)
    if not (4 <= width <= 100 and 4 <= height <= 200):
        width, height = 10, 20
    if environment.get("NO_COLOR"):
        return Drawing("shades", width, height)
    attributes = _ATTRIBUTES.search(answer)
    if attributes and b"4" in attributes.group(1).split(b";"):
        return Drawing("sixel", width, height)
    return Drawing("kitty" if _KITTY.search(answer) else "halves", width, height)


def ask_terminal(environment: Mapping[str, str] = os.environ) -> Drawing:
    """How pictures are drawn here. Nothing is asked, and nothing read, when keys wait already."""
    nothing = drawing_of(b"", environment)
    if not may_ask(environment) or environment.get("TEXTUAL_DRIVER"):
        return nothing
    if not (sys.stdin and sys.stdout and sys.stdin.isatty() and sys.stdout.isatty()):
        return nothing
    keyboard = sys.stdin.fileno()
    if select.select([keyboard], [], [], 0)[0]:
        return nothing
    try:
        before = termios.tcgetattr(keyboard)
        tty.setcbreak(keyboard, termios.TCSANOW)
        try:
            os.write(sys.stdout.fileno(), QUESTION)
            answer = _answer(keyboard)
        finally:
            termios.tcsetattr(keyboard, termios.TCSANOW, before)
    except (OSError, termios.error):
        return nothing
    return drawing_of(answer, environment)


def _answer(keyboard: int) -> bytes:
    """What the terminal says until its device attributes, or until patience ends."""
    answer, end = b"", time.monotonic() + PATIENCE
    while not _ATTRIBUTES.search(answer) and len(answer) < LONGEST:
        left = end - time.monotonic()
        if left <= 0 or not select.select([keyboard], [], [], left)[0]:
            break
        piece = os.read(keyboard, LONGEST)
        if not piece:
            break
        answer += piece
    return answer

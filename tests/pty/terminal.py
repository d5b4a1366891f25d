"""A real pseudo-terminal for tests: start a program in it, type bytes, read what it wrote."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][\d;]*[a-z]|\x1b\[\?\d+\$p|\x1b[P_][^\x1b]*\x1b\\|\x1b\[[\d;]*t"
)  # what pyte prints and terminals obey: keyboard requests, pictures, questions of size
_ASKS_FRAMES, _DRAWS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_FRAME, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"  # what is drawn between them is seen at once
PATIENCE = 90.0  # seconds; a test waits for what it wants to see, this only ends a hung one


class Terminal:
    """One program in one pty. `raw` is every byte it wrote, `lines()` what a person sees.

    A program that asks is told that its pictures are shown whole, and they are: no test sees a
    half of the one and a half of the other.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.raw = bytearray()
        self._undrawn = b""  # the beginning of a picture whose end has not come
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.status: int | None = None
        settings = os.environ | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(ROOT),
            "TEXTUAL_ANIMATIONS": "none",
        }
        for name in ("NO_COLOR", "COLUMNS", "LINES"):  # workers of the test run have a size
            settings.pop(name, None)
        settings |= environment or {}
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, *arguments], settings)
        self._tell_size(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_details: object) -> None:
        if self.status is None:
            os.kill(self._pid, 9)
            _pid, self.status = os.waitpid(self._pid, 0)
        os.close(self._fd)

    def _tell_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size; the program is told by SIGWINCH."""
        self._screen.resize(rows, columns)
        self._tell_size(columns, rows)

    def send(self, data: bytes) -> None:
        """Type: one write, as an input method sends a burst."""
        os.write(self._fd, data)

    def read(self, seconds: float = 0.05) -> None:
        """Take in what the program has written, waiting at most so long for the first byte."""
        while select.select([self._fd], [], [], seconds)[0]:
            try:
                data = os.read(self._fd, 65536)
            except OSError:  # Linux answers EIO when the program has gone
                return
            if not data:
                return
            self.raw += data
            self._draw(data)
            seconds = 0

    def _draw(self, data: bytes) -> None:
        """Show what is whole; a picture that has only begun waits for its end."""
        if _ASKS_FRAMES in data:
            self.send(_DRAWS_FRAMES)
        data = self._undrawn + data
        begun = data.rfind(_FRAME)
        cut = begun if begun > data.rfind(_FRAME_ENDS) else len(data)
        self._undrawn = data[cut:]
        self._stream.feed(_UNKNOWN.sub(b"", data[:cut]))

    def lines(self) -> list[str]:
        """The picture on the screen, one string per row."""
        return list(self._screen.display)

    def text(self) -> str:
        """The picture on the screen as one string."""
        return "\n".join(self.lines())

    def wait(self, ready: Callable[[], object], what: str = "") -> None:
        """Read until `ready()`; fails with the picture when that never comes."""
        end = time.monotonic() + PATIENCE
        while not ready():
            self.read()
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}\n{self.text()}")

    def wait_for(self, text: str) -> None:
        """Read until the screen shows `text`."""
        self.wait(lambda: text in self.text(), text)

    def wait_for_no(self, *texts: str) -> None:
        """Read until the screen shows none of `texts`."""
        self.wait(lambda: not any(text in self.text() for text in texts), f"no {texts}")

    def finish(self) -> int:
        """Wait for the program to end by itself; its exit status."""

        def ended() -> bool:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            return bool(pid)

        self.wait(ended, "the end of the program")
        self.read(0)
        assert self.status is not None
        return self.status

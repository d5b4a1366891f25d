"""A real tmux for tests: a server of its own, panes to type into and to read."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds; only ends a hung test
LOOK = 0.05  # seconds between two looks: each starts a program, which keeps the desks waiting
DELETE = "\x7f"


class Tmux:
    """One server behind a socket of its own; it ends with the test."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def call(self, *arguments: str, text: str | None = None) -> str:
        """One tmux command; `text` goes to its standard input."""
        done = subprocess.run(
            ["tmux", "-f", "/dev/null", "-S", str(self._socket), *arguments],
            input=text, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    def pane(
        self, name: str, environment: Mapping[str, str], *arguments: str, columns: int = 80,
        rows: int = 24,
    ) -> Pane:  # fmt: skip
        """`python ARGUMENTS` in a session of that name."""
        settings = [part for key, value in environment.items() for part in ("-e", f"{key}={value}")]
        # A shell in between may tell a size, which would be held for the window's ever after.
        command = shlex.join(["env", "-u", "COLUMNS", "-u", "LINES", sys.executable, *arguments])
        self.call("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(rows),
                  "-c", str(PROJECT), *settings, command)  # fmt: skip
        return Pane(self, name)


class Pane:
    """One program in a pane."""

    def __init__(self, tmux: Tmux, name: str) -> None:
        self._tmux, self.name = tmux, name

    @property
    def text(self) -> str:
        """What a person sees."""
        return self._tmux.call("capture-pane", "-p", "-t", f"{self.name}:")

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: Enter, Escape, C-s, n."""
        self._tmux.call("send-keys", "-t", f"{self.name}:", *names)

    def burst(self, text: str) -> None:
        """One write into the terminal, as an input method makes it."""
        self._tmux.call("load-buffer", "-b", self.name, "-", text=text)
        self._tmux.call("paste-buffer", "-r", "-d", "-b", self.name, "-t", f"{self.name}:")

    def telex(self, text: str) -> None:
        """Type letter by letter as Telex does: a plain letter, then Delete and the marked one."""
        for letter in unicodedata.normalize("NFC", text):
            plain = unicodedata.normalize("NFD", letter)[0]
            plain = {"đ": "d", "Đ": "D"}.get(plain, plain)
            self.burst(letter if plain == letter else plain + DELETE + letter)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal wider or narrower."""
        self._tmux.call("resize-window", "-t", f"{self.name}:", "-x", str(columns), "-y", str(rows))

    def until(self, ready: Callable[[str], object], what: str) -> str:
        """Look until that is so; the picture. Fails with the picture when it never comes."""
        end = time.monotonic() + PATIENCE
        while not ready(shown := self.text):
            assert time.monotonic() < end, f"{self.name} never showed: {what}\n{shown}"
            time.sleep(LOOK)
        return shown

    def see(self, *texts: str) -> str:
        """Wait until all of them are on the screen."""
        return self.until(lambda shown: all(one in shown for one in texts), str(texts))

    def typing_into(self, text: str) -> None:
        """After Tab: wait until the cursor stands in a line with that text; keys go there then."""

        def there(shown: str) -> bool:
            place = self._tmux.call("display-message", "-p", "-t", f"{self.name}:", "#{cursor_y}")
            return text in shown.split("\n")[int(place)]

        self.until(there, f"the cursor at {text}")

    def any_of(self, *texts: str) -> str:
        """Wait until one of them is on the screen; which."""
        shown = self.until(lambda shown: any(one in shown for one in texts), str(texts))
        return next(one for one in texts if one in shown)

    def no_more(self, *texts: str) -> str:
        """Wait until none of them is on the screen."""
        return self.until(lambda shown: not any(one in shown for one in texts), f"no {texts}")


@contextmanager
def server(folder: Path) -> Iterator[Tmux]:
    """A tmux server with its socket in that folder; everything in it ends with it."""
    tmux = Tmux(folder / "tmux")
    try:
        yield tmux
    finally:
        subprocess.run(["tmux", "-S", str(folder / "tmux"), "kill-server"], check=False,
                       capture_output=True)  # fmt: skip

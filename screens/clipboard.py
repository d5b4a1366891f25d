"""The clipboard by a file, for terminals that do not take OSC 52 (macOS Terminal, plain tmux).

The file lies in the user's runtime folder, which is memory and goes with the login (XDG Base
Directory Specification), or in the state folder; 0600 in a 0700 folder, until the desk ends.
"""

from __future__ import annotations

import os
from pathlib import Path

from desk.settings import state_folder

FILE = "clipboard.txt"


def folder() -> Path:
    """Where the file lies."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and Path(runtime).is_dir():
        return Path(runtime) / "desk"
    return state_folder()


def keep(text: str) -> Path:
    """Write the text into the file, in place of what was there. Raises OSError."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / FILE
    file.unlink(missing_ok=True)  # never through a link that somebody put there
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as target:
        target.write(text)
    return file


def forget() -> None:
    """Take the file away."""
    (folder() / FILE).unlink(missing_ok=True)

"""A newsroom with key files in a folder, and the real program in a terminal in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.clock import SystemClock
from desk.demo import keep
from desk.demo.headless import Stage
from desk.demo.newsroom import DemoNewsroom
from desk.demo.services import Services
from tests.pty.terminal import Terminal
from tests.screens import newsroom_world

CLEAN = {"LANG": "vi_VN.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "DESK_NEWSROOM": ""}
NO_KEYRING = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
ENTER = b"\r"


def newsroom_with_keys(folder: Path) -> DemoNewsroom:
    """A newsroom with key files for its posts; nothing runs."""
    root = folder / "room"
    root.mkdir(mode=0o700)
    newsroom = newsroom_world.build(root, SystemClock())
    urls = {"portal": "http://127.0.0.1:8601", "foreign": "http://127.0.0.1:8602"}
    keep.keep(Stage(newsroom, Services(root), urls, {}))
    return newsroom


def environment(root: Path, **more: str) -> dict[str, str]:
    """Vietnamese, no keyring, and settings of its own."""
    own = {"XDG_CONFIG_HOME": f"{root}/config", "XDG_STATE_HOME": f"{root}/state"}
    return CLEAN | NO_KEYRING | own | more


@contextmanager
def desk(root: Path, *arguments: str, columns: int = 80, **more: str) -> Iterator[Terminal]:
    """The real program in a terminal of 24 rows, in the newsroom of that folder."""
    with Terminal(
        "-m", "desk", "--newsroom", str(root), *arguments,
        columns=columns, environment=environment(root, **more),
    ) as terminal:  # fmt: skip
        yield terminal


def phrase(root: Path) -> bytes:
    """The passphrase of every key there, and Enter."""
    return (root / "passphrase").read_bytes().strip() + ENTER


def burst(text: str) -> bytes:
    """What an input method sends: `<` stands for DEL."""
    return text.replace("<", "\x7f").encode()

"""From exec to the desk on the screen, over a real pseudo-terminal.

A process of its own each time, with a key in a file whose passphrase costs next to nothing to
check, so that what is measured is the desk's. The first picture is the room without its rows, or,
of a desk that begins locked, its door.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Figure

PERSON, PASSPHRASE = "lead-1", "một câu thật dài để đo"
FIRST, ROWS = 0.4, 0.7  # seconds, from the design
ROOM, DOOR, ROW = "1 calendar", "assphrase", "free slot"  # what a person sees then


def run(folder: Path, compiled: Path, quick: bool) -> list[Figure]:
    """Medians, in seconds after exec. `folder` is empty; `compiled` takes the compiled modules."""
    environment = _newsroom(folder) | {"PYTHONPYCACHEPREFIX": str(compiled)}
    environment |= {"PYTHONDONTWRITEBYTECODE": ""}  # empty is as if it were not set
    rounds = 3 if quick else 15
    _open(folder, environment)  # compiles
    opened = [_open(folder, environment) for _ in range(rounds)]
    locked = [_locked(folder, environment) for _ in range(rounds)]
    return [
        Figure("desk, from exec: the door of a locked one", statistics.median(locked), "s", FIRST),
        Figure("desk, from exec: first picture", _median(opened, 0), "s", FIRST),
        Figure("desk, from exec: rows of the calendar", _median(opened, 1), "s"),
        Figure("desk: rows after the first picture", _median(opened, 2), "s", ROWS),
    ]


def _median(rounds: list[tuple[float, float, float]], which: int) -> float:
    return statistics.median(one[which] for one in rounds)


def _newsroom(folder: Path) -> dict[str, str]:
    """A newsroom with a few releases, a key file, settings and a pin; the environment for it."""
    from desk.clock import SystemClock
    from desk.demo.keep import CHEAP
    from desk.demo.newsroom import NEWSROOM
    from desk.newsroom.pins import PinFile
    from desk.trust.keyfile import KeyFile
    from tests.screens.newsroom_world import build

    newsroom = build(folder, SystemClock())
    keys = KeyFile(folder / "keys", lambda _what, _new: bytearray(PASSPHRASE.encode()), CHEAP)
    keys.save(NEWSROOM, PERSON, newsroom.seeds[PERSON])
    settings = folder / "config" / "desk" / "settings.yaml"
    settings.parent.mkdir(parents=True, mode=0o700)
    settings.write_text(f'key_store: file\nkey_folder: "{folder / "keys"}"\n', "utf-8")
    settings.chmod(0o600)
    PinFile(folder / "state" / "desk", folder).save(newsroom.room.pin)
    return {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_STATE_HOME": str(folder / "state")}


@contextmanager
def _passphrase() -> Iterator[int]:
    """A descriptor that a child reads the passphrase from."""
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode() + b"\n")
    os.close(writing)
    os.set_inheritable(reading, True)
    try:
        yield reading
    finally:
        os.close(reading)


def _open(folder: Path, environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds to the first picture, to rows, and between them."""
    from tests.pty.terminal import ROOT, Terminal

    with _passphrase() as descriptor:
        start = perf_counter()
        with Terminal(
            str(ROOT / "desk.py"), "--newsroom", str(folder), "--key", PERSON, "--lang", "en",
            "app", "--passphrase-fd", str(descriptor), columns=120, rows=40,
            environment=environment,
        ) as terminal:  # fmt: skip
            terminal.wait_for(ROOM)
            first = perf_counter() - start
            terminal.wait_for(ROW)
            rows = perf_counter() - start
    return first, rows, rows - first


def _locked(folder: Path, environment: dict[str, str]) -> float:
    """Seconds to the question for the passphrase."""
    from tests.pty.terminal import ROOT, Terminal

    start = perf_counter()
    with Terminal(
        str(ROOT / "desk.py"), "--newsroom", str(folder), "--key", PERSON, "--lang", "en",
        "app", "--locked", columns=120, rows=40, environment=environment,
    ) as terminal:  # fmt: skip
        terminal.wait_for(DOOR)
        return perf_counter() - start

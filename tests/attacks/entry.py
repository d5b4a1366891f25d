"""Runs the real publisher, and ends it with -9 before or after a chosen method of it.

Arguments: state folder, newsroom folder, and any number of `module:Class.method:before` or
`:after`, each with an optional `:N` for the Nth call; `:stop` stops it before, as SIGSTOP does.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import signal
import sys
import threading
from pathlib import Path
from typing import Any


def arm(point: str) -> None:
    """Wrap one method."""
    module_name, path, when, *rest = point.split(":")
    left = [int(rest[0]) if rest else 1]
    owner = importlib.import_module(module_name)
    *classes, name = path.split(".")
    for part in classes:
        owner = getattr(owner, part)
    method = getattr(owner, name)

    def now(place: str) -> None:
        if place == ("before" if when == "stop" else when):
            left[0] -= 1
            if left[0] == 0:
                # To this very thread: it goes no further before that takes effect.
                number = signal.SIGSTOP if when == "stop" else signal.SIGKILL
                signal.pthread_kill(threading.get_ident(), number)

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            now("before")
            result = await method(*args, **kwargs)
            now("after")
            return result
    else:

        @functools.wraps(method)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            now("before")
            result = method(*args, **kwargs)
            now("after")
            return result

    setattr(owner, name, wrapped)


def main() -> None:
    """Arm, then run as `desk publisher run` does."""
    state, newsroom, *points = sys.argv[1:]
    for point in points:
        arm(point)
    from desk.cli import main as desk

    sys.argv = ["desk", "publisher", "run", "--state", state, "--newsroom", newsroom,
                "--checkpoints", str(Path(newsroom) / "checkpoints.jsonl")]  # fmt: skip
    desk()


if __name__ == "__main__":
    main()

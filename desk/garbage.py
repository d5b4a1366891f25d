"""When Python looks for garbage: not while a program starts, and never among what stays.

What is imported lives until the end. Looking through it costs a command a quarter of its time, and
half of that again when the process ends; it holds every thread of a service meanwhile.
"""

from __future__ import annotations

import atexit
import gc

STARTING = 100_000
"""New objects until the next look, while a program starts: more than any command imports."""
STAYING = 20_000
"""New objects until the next look in a process that stays: a look takes some milliseconds."""


def starting(*, own_process: bool) -> None:
    """Begin a command. `own_process`: it ends with this command, so nothing is looked for then.

    What has to be closed is closed where it was opened, or by an `atexit` of its own.
    """
    gc.set_threshold(STARTING)
    if own_process:
        atexit.register(gc.freeze)


def staying() -> None:
    """Everything is imported, and the process runs on: leave what is there out of each look."""
    gc.freeze()
    gc.set_threshold(STAYING)

"""A crash report: where in the code it happened, and no value that was there.

A traceback's message, source lines and variables may hold embargoed text or secrets. What is
written is the type of each exception and, for each frame, file, line and function.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from desk import __version__
from desk.errors import DeskError
from desk.phrase import phrase

EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h."""


class Crash(DeskError):
    """A fault of Desk's own, as people are told it."""

    exit_code = EXIT_CODE
    code = "crash"


def report(error: BaseException, command: Sequence[str] = ()) -> Crash:
    """Write the report and give the error to tell. `command` is the noun and verb, no arguments.

    The error names the file, or says that none could be written.
    """
    text = "\n".join([
        f"desk {__version__}, python {platform.python_version()}, {sys.platform}",
        f"command: desk {' '.join(command)}",
        *described(error),
    ])  # fmt: skip
    try:
        path = _write(text + "\n")
    except OSError:
        return Crash(
            "Sorry, Desk made a mistake",
            phrase("{kind}; no report could be written", kind=type(error).__name__),
            "What was signed or saved before is safe. Try again",
        )
    return Crash(
        "Sorry, Desk made a mistake",
        phrase(
            "{kind}; the report holds no text of yours: {path}",
            kind=type(error).__name__,
            path=path,
        ),
        "What was signed or saved before is safe. Send the report to whoever looks after Desk",
        {"report": str(path)},
    )


def described(error: BaseException | None) -> list[str]:
    """Types and frames of an exception and of those it came from, without any value."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines += [type(error).__name__, *_frames(error.__traceback__)]
        if isinstance(error, BaseExceptionGroup):
            lines += [f"  | {line}" for each in error.exceptions for line in described(each)]
        error = error.__cause__ or error.__context__
    return lines


def _frames(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found


def _write(text: str) -> Path:
    from desk.clock import SystemClock, now
    from desk.settings import state_folder

    folder = state_folder() / "crashes"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{now(SystemClock()):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path

"""A private folder to work in, beside where the result goes; what a killed run left is swept."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errors import Unavailable

PREFIX = ".desk-backup-"


@contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A new folder (0700) in `beside`, removed at the end. Raises Unavailable.

    It is locked while it is used, so that the next run can tell what a killed one left behind.
    """
    try:
        sweep(beside)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=beside))
        lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise Unavailable("Cannot write there", f"{beside}: {error.strerror}") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(beside: Path) -> int:
    """Remove the folders of runs that were killed. Gives how many there were."""
    swept = 0
    for folder in beside.glob(PREFIX + "*"):
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue
        if _abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _abandoned(folder: Path) -> bool:
    try:
        lock = os.open(folder / "lock", os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True

"""Shared files: reading and writing in a folder where others can put what they like.

`var/` is written to by every editor. A link laid there must not lead a service to overwrite a
file of its own, and a pipe must not make it wait: neither gives an editor more than the folder.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_NEVER_WAIT = os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def plain(path: str, flags: int) -> int:
    """An opener (see `open`) that waits for nobody and takes plain files only. Raises OSError."""
    return _checked(os.open(path, flags | _NEVER_WAIT, 0o644), path)


def replace(path: Path, data: bytes) -> None:
    """Put a file there as a whole (0644 less the umask), whatever stood there. Raises OSError."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)  # left by a crash, or laid there by somebody
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _NEVER_WAIT
    with open(os.open(draft, flags, 0o644), "wb") as file:
        file.write(data)
    os.replace(draft, path)


def append(path: Path, data: bytes) -> None:
    """Add to a file, on the disk before this returns. Raises OSError.

    Refuses a link, anything that is no plain file, and one that has a second name elsewhere.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK | _NEVER_WAIT
    descriptor = _checked(os.open(path, flags, 0o644), str(path))
    with open(descriptor, "ab") as file:
        if os.fstat(descriptor).st_nlink != 1:
            raise OSError(errno.EMLINK, os.strerror(errno.EMLINK), str(path))
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _checked(descriptor: int, path: str) -> int:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(code, os.strerror(code), path)

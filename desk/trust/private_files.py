"""Private files: 0600 in a 0700 folder of one's own, no symlinks, written whole or not at all.

Folders are opened first and files relative to the open folder, so that nobody swaps a path
between the check and the use.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errors import Conflict, NotFound, TrustError, Unavailable
from desk.phrase import phrase

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


@contextmanager
def private_folder(path: Path, *, create: bool = False) -> Iterator[int]:
    """Open a folder that belongs to this user alone (0700), as a descriptor.

    With `create` it is made, parents too. Raises NotFound, TrustError (a symlink, another's, or
    open to others), Unavailable (no POSIX permissions here).
    """
    if os.name == "nt":
        raise Unavailable(
            "No key files on Windows", "its folders have no POSIX permissions", "Use the keyring"
        )
    if create:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    try:
        folder = os.open(path, _FOLDER)
    except FileNotFoundError:
        raise NotFound("No such folder", str(path)) from None
    except OSError as error:
        hint = "It must be a folder, not a symbolic link"
        raise TrustError("Not a private folder", f"{path}: {error.strerror}", hint) from None
    try:
        _check(os.fstat(folder), path, "0700")
        yield folder
    finally:
        os.close(folder)


def read_private(folder: int, name: str, path: Path, largest: int) -> bytes:
    """Read a file of 0600 in an open folder, `path` being its name for people.

    Raises NotFound, TrustError (a symlink, no plain file, another's, open to others, too large).
    """
    try:
        fd = os.open(name, os.O_RDONLY | _FILE, dir_fd=folder)
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise TrustError("Not a private file", f"{path}: {error.strerror}") from None
    with open(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise TrustError("Not a private file", phrase("{path} is not a plain file", path=path))
        _check(found, path, "0600")
        content = file.read(largest + 1)
    if len(content) > largest:
        raise TrustError(
            "Too large for what it should be",
            phrase("{path}: over {largest} bytes", path=path, largest=largest),
        )
    return content


def write_private(folder: int, name: str, path: Path, content: bytes) -> None:
    """Write a new file (0600), synced to disk before it gets its name. Never overwrites.

    Raises Conflict when the name is taken, Unavailable when the disk does not take it.
    """
    draft = f".{name}.{os.urandom(6).hex()}"
    try:
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE, 0o600, dir_fd=folder)
        try:
            with open(fd, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(fd)
            os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        finally:
            os.unlink(draft, dir_fd=folder)
        os.fsync(folder)
    except FileExistsError:
        raise Conflict(
            "There is one already", str(path), "It is never overwritten: move it away first"
        ) from None
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{path}: {error.strerror}") from None


def _check(found: os.stat_result, path: Path, wanted: str) -> None:
    if found.st_uid != os.geteuid():
        raise TrustError("Belongs to another user", str(path))
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise TrustError(
            "Open to other users",
            phrase("{path} has {mode:04o}", path=path, mode=stat.S_IMODE(found.st_mode)),
            phrase(
                "If nobody else can have changed or read it: chmod {wanted} {path}",
                wanted=wanted,
                path=path,
            ),
        )

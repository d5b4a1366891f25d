"""The directory of the alerts' own process (0700): lock, outbox, and the secrets it speaks with."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from desk.errors import Conflict, NotFound, TrustError, Unavailable, UsageError
from desk.phrase import phrase
from desk.trust.private_files import private_folder, read_private, write_private

LARGEST = 4096
SHORTEST = 8


class Home:
    """One state directory. Secrets never leave it but to the server that they are for."""

    def __init__(self, path: Path) -> None:
        """Open the directory, making it if need be. Raises TrustError when others can read it."""
        self.path = path
        self._lock: int | None = None
        with private_folder(path, create=True):
            pass

    @property
    def outbox(self) -> Path:
        """The database of what is to be told."""
        return self.path / "outbox.db"

    def lock(self) -> None:
        """Become the only sender of this directory. Raises Conflict."""
        descriptor = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise Conflict(
                "Alerts are being sent already", str(self.path), "Look: desk alerts pending"
            ) from None
        self._lock = descriptor

    def close(self) -> None:
        """Let the lock go."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def secret(self, name: str) -> str:
        """A password or shared secret: one line of ASCII.

        From `$CREDENTIALS_DIRECTORY/NAME` when systemd hands it over (LoadCredential=), else from
        `credentials/NAME` here (0600). Raises NotFound, TrustError.
        """
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        if given and (Path(given) / name).exists():
            text = _handed_over(Path(given) / name)
        else:
            text = self._kept(name)
        return _checked(text, f"credential {name}")

    def _kept(self, name: str) -> bytes:
        folder = self.path / "credentials"
        try:
            with private_folder(folder) as opened:
                return read_private(opened, name, folder / name, LARGEST)
        except NotFound:
            raise NotFound(
                "No credential", phrase("{name} is not in {folder}", name=name, folder=folder),
                phrase("Store it: desk alerts credential {name} (reads standard input)", name=name),
            ) from None  # fmt: skip

    def keep_secret(self, name: str, text: str) -> None:
        """Keep a secret, 0600, in place of an older one. Raises UsageError for an unusable one."""
        folder, checked = self.path / "credentials", _checked(text.encode(), "standard input")
        with private_folder(folder, create=True) as opened:
            (folder / name).unlink(missing_ok=True)
            write_private(opened, name, folder / name, checked.encode() + b"\n")


def _handed_over(path: Path) -> bytes:
    """systemd owns that folder; what counts is that no other user can reach the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o027:
                raise TrustError("Open to other users", str(path))
            return file.read(LARGEST + 1)
    except OSError as error:
        raise Unavailable("Cannot read the credential", f"{path}: {error.strerror}") from None


def _checked(raw: bytes, where: str) -> str:
    """The secret as text; its value is told to nobody, not in an error either."""
    stripped = raw.strip()
    good = SHORTEST <= len(stripped) <= LARGEST and all(0x20 <= byte < 0x7F for byte in stripped)
    if not good:
        raise UsageError(
            "Not usable as a secret",
            where,
            phrase(
                "One line of {least} to {most} ASCII characters is wanted",
                least=SHORTEST,
                most=LARGEST,
            ),
        )
    return stripped.decode("ascii")

"""The marker of a restored newsroom: what a publisher obeys until administrators sign `resume`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from desk.errors import TrustError, Unavailable

MARKER = "quarantine.json"
FORMAT = 1


@dataclass(frozen=True)
class Marker:
    """One restore. `nonce`: 64 hex, its name; `seq` and `head`: where the backup's log ends.

    `taken` and `restored` are instants; `newsroom` is the uid.
    """

    nonce: str
    newsroom: str
    seq: int
    head: str
    taken: str
    restored: str
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """As it is written to a file or a ledger."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Marker:
        """Read one. Raises TrustError: what is no marker ends no quarantine."""
        try:
            value = json.loads(data)
            known = {field.name: type(getattr(cls.blank(), field.name)) for field in fields(cls)}
            if set(value) != set(known) or value["format"] != FORMAT:
                raise ValueError("fields")
            if any(type(value[name]) is not kind for name, kind in known.items()):
                raise TypeError("types")
            return cls(**value)
        except (ValueError, TypeError) as error:
            raise TrustError(
                "The quarantine marker is damaged",
                type(error).__name__,
                "Restore the backup again; nothing goes out meanwhile",
            ) from None

    @classmethod
    def blank(cls) -> Marker:
        """One of nothing, for its types."""
        return cls("", "", 0, "", "", "")

    def write(self, folder: Path, mode: int = 0o600) -> None:
        """Lay it down in a new folder, synced. Raises Unavailable."""
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
            with open(os.open(folder / MARKER, flags, mode), "wb") as file:
                file.write(self.to_bytes())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Unavailable("The marker cannot be written", str(error.strerror)) from None


def read_marker(folder: Path) -> Marker | None:
    """The marker in a publisher's directory, or None. Raises TrustError, Unavailable."""
    try:
        return Marker.from_bytes((folder / MARKER).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("The quarantine marker cannot be read", str(error.strerror)) from None


def adopt_marker(home: Path, shared: Path, *, fresh: bool) -> None:
    """A new publisher of a restored newsroom takes the marker up that lies beside the database.

    Only a `fresh` one: later that folder, which others can write to, has no say.
    Raises TrustError, Unavailable.
    """
    if not fresh or read_marker(home) is not None:
        return
    marker = read_marker(shared)
    if marker is not None:
        marker.write(home)

"""What one user's machine has seen of a newsroom: its root, and how far its log has come.

The database is untrusted storage. A desk therefore remembers the root's fingerprint (confirmed
by voice the first time) and the newest roster, and refuses a newsroom that shows an older one.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from desk.errors import TrustError, Unavailable


@dataclass(frozen=True)
class Pin:
    """The root's fingerprint (64 hex), the highest roster and policy versions seen."""

    fingerprint: str
    roster_version: int = 0
    roster_digest: str = ""
    policy_version: int = 0


class PinFile:
    """Where the pin for the newsroom in one folder is kept, under the user's state folder."""

    def __init__(self, state_folder: Path, newsroom_folder: Path) -> None:
        name = hashlib.sha256(str(newsroom_folder.resolve()).encode()).hexdigest()[:24]
        self.path = state_folder / "pins" / f"{name}.json"

    def load(self) -> Pin | None:
        """The pin, or None the first time. Raises TrustError for a damaged file."""
        try:
            return Pin(**json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise TrustError(
                "The pin file is damaged",
                f"{self.path}: {type(error).__name__}",
                "Compare the newsroom's fingerprint by voice, then remove the file.",
            ) from None

    def save(self, pin: Pin) -> None:
        """Write the pin atomically (0600)."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, temporary = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                json.dump(asdict(pin), out)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, self.path)
        except OSError as error:
            raise Unavailable(
                "The pin could not be written", f"{self.path}: {error.strerror}"
            ) from None

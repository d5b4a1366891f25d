"""The versions of a newsroom's termbase: the changes in force as files, and what each version was.

`terms/changes/0001-….json` are the changes in force, `terms/proposals/….json` those that were
proposed. The files are believed only as far as their digests stand in the log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desk.errors import NotFound, TrustError, Unavailable, UsageError
from desk.phrase import phrase
from desk.terms.change import LARGEST, Change, read_change
from desk.terms.load import load_file
from desk.terms.overlay import FOLDER, Overlay, effective, put
from desk.terms.termbase import Termbase, shipped

CHANGES: Final = "changes"
PROPOSALS: Final = "proposals"
_FILE: Final = re.compile(r"(\d{4,})-([0-9a-f]{12})\.json")
_VERSION: Final = re.compile(r"v(\d{1,6})")


@dataclass(frozen=True)
class Version:
    """What people call a termbase: the number of changes in force, and the digest of all of it."""

    number: int
    digest: str

    def __str__(self) -> str:
        """As approvals carry it, such as `v31 3f0c9a17b2d4`: at most 80 characters."""
        return f"v{self.number} {self.digest[:12]}"


def version(root: Path | None) -> Version:
    """The version of the termbase that counts there; v0 where nothing was ever changed."""
    return Version(len(changes(root)) if root else 0, effective(root).digest)


def changes(root: Path) -> tuple[Change, ...]:
    """The changes in force, in order. Raises TrustError when one is missing or not what it says."""
    folder = root / FOLDER / CHANGES
    found: list[Change] = []
    names = (_FILE.fullmatch(path.name) for path in _listed(folder))
    for number, match in enumerate((name for name in names if name is not None), 1):
        change = _read(folder / match.group())
        if int(match.group(1)) != number or not change.digest.startswith(match.group(2)):
            raise TrustError(
                "The history of the termbase has a gap", f"{CHANGES}/{match.group()}",
                "Put the file back from a backup",
            )  # fmt: skip
        found.append(change)
    return tuple(found)


def overlay_at(root: Path, number: int) -> Overlay:
    """The newsroom's own entries at version `number`. Raises NotFound, TrustError."""
    made = changes(root)
    if number > len(made):
        raise NotFound(
            "There is no such version",
            f"v{number}",
            phrase("The newest is v{number}", number=len(made)),
        )
    overlay = Overlay()
    for change in made[:number]:
        overlay = change.applied(overlay, shipped())
    return overlay


def named(name: str, root: Path | None) -> Termbase:
    """A termbase by name: `shipped`, `now`, `vN`, or a termbase file.

    Raises NotFound, UsageError for a version where there is no newsroom, ConfigError.
    """
    if name == "shipped":
        return shipped()
    if name == "now":
        return effective(root)
    if match := _VERSION.fullmatch(name):
        if root is None:
            raise UsageError("Versions belong to a newsroom", name, "Name it: --newsroom FOLDER")
        return overlay_at(root, int(match.group(1))).over(shipped())
    return Termbase(load_file(name).entries)


def keep_proposal(root: Path, change: Change) -> Path:
    """Write a change where it waits. Raises Unavailable."""
    path = _proposal(root, change.digest)
    put(path, change.text())
    return path


def proposal(root: Path, digest: str) -> Change:
    """A change that was proposed. Raises NotFound, or TrustError when the file is another."""
    path = _proposal(root, digest)
    if not path.is_file():
        raise NotFound("The file of that proposal is missing", str(path),
                       "Ask its proposer for it, or propose it again")  # fmt: skip
    change = _read(path)
    if change.digest != digest:
        raise TrustError("That is not what was proposed", str(path),
                         "The file was changed since it was signed: propose it again")  # fmt: skip
    return change


def keep_accepted(root: Path, number: int, change: Change) -> None:
    """Put a change that is in force into the history. Raises Unavailable."""
    put(root / FOLDER / CHANGES / f"{number:04}-{change.digest[:12]}.json", change.text())


def forget_proposals(root: Path) -> None:
    """Take the proposals away: once a change is in force, what waited beside it is stale."""
    for path in _listed(root / FOLDER / PROPOSALS):
        if re.fullmatch(r"[0-9a-f]{64}\.json", path.name):
            put(path, "")


def _proposal(root: Path, digest: str) -> Path:
    return root / FOLDER / PROPOSALS / f"{digest}.json"


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise Unavailable("The termbase cannot be read", f"{folder}: {error.strerror}") from None


def _read(path: Path) -> Change:
    try:
        with path.open("rb") as file:
            return read_change(file.read(LARGEST + 1), path.name)
    except OSError as error:
        raise Unavailable("The termbase cannot be read", f"{path}: {error.strerror}") from None

"""Files of the audit: a log as self-contained JSON lines, and the publisher's checkpoints.

An export holds one object a line: first `{"format": 1, "newsroom": …, "root": …}`, then each
entry `{"seq", "previous", "hash", "envelope"}` with the envelope as plain JSON, then each
checkpoint `{"checkpoint": …}`. Reasons and texts stay sealed: only their digests are in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import shared_files
from desk.errors import Conflict, NotFound, TrustError, Unavailable
from desk.phrase import phrase
from desk.trust.canonical import canonical
from desk.trust.envelope import MAX_ENVELOPE, Envelope
from desk.trust.log import Entry

FORMAT = 1
LONGEST_LINE = 2 * MAX_ENVELOPE


@dataclass(frozen=True)
class Exported:
    """An export as read back. `root` is what the file says; compare it with what you know."""

    newsroom: str
    root: str
    entries: tuple[Entry, ...]
    checkpoints: tuple[Envelope, ...]


def read_checkpoints(path: Path) -> list[Envelope]:
    """The checkpoints in a file, one envelope a line; a line torn at the end is left out.

    Raises NotFound, Unavailable, TrustError for a line that is none.
    """
    found = []
    for number, line in enumerate(_lines(path, shared_files.plain), 1):
        if not line.endswith(b"\n"):
            break  # the publisher was stopped while it wrote
        try:
            found.append(Envelope.from_json(line.strip()))
        except TrustError:
            raise TrustError(
                "Not a checkpoint", phrase("{path}, line {number}", path=path, number=number)
            ) from None
    return found


def append_checkpoint(path: Path, signed: Envelope) -> None:
    """Add one checkpoint to a file, on the disk before this returns. Raises Unavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shared_files.append(path, signed.to_json() + b"\n")
    except OSError as error:
        why = error.strerror or "cannot be written"
        raise Unavailable("Cannot write the checkpoint", f"{path}: {why}") from None


def write_export(
    path: Path,
    newsroom: str,
    root: str,
    entries: Iterable[Entry],
    checkpoints: Sequence[Envelope],
) -> int:
    """Write a new export (0640) and give the number of entries. Never overwrites.

    Raises Conflict when there is a file, Unavailable when the disk does not take it; then
    nothing is left behind.
    """
    count = 0
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640)
    except FileExistsError:
        raise Conflict("There is a file already", str(path), "It is never overwritten") from None
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{path}: {error.strerror}") from None
    try:
        with open(descriptor, "wb") as out:
            out.write(_line({"format": FORMAT, "newsroom": newsroom, "root": root}))
            for entry in entries:
                out.write(_line(_entry_value(entry)))
                count += 1
            for envelope in checkpoints:
                out.write(_line({"checkpoint": envelope.to_value()}))
            out.flush()
            os.fsync(out.fileno())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unavailable("Cannot write the file", f"{path}: {error.strerror}") from None
        raise
    return count


def read_export(path: Path) -> Exported:
    """Read an export. Raises NotFound, Unavailable, TrustError naming the line that is wrong."""
    head: dict[str, Any] = {}
    entries: list[Entry] = []
    checkpoints: list[Envelope] = []
    for number, line in enumerate(_lines(path), 1):
        try:
            value = json.loads(line)
            if number == 1:
                head = value
                if head["format"] != FORMAT or not {"newsroom", "root"} <= head.keys():
                    raise ValueError("format")
            elif "checkpoint" in value:
                checkpoints.append(Envelope.from_value(value["checkpoint"]))
            else:
                entries.append(_entry(value))
        except (ValueError, KeyError, TypeError, TrustError):
            raise TrustError(
                "Not an export of a log", phrase("{path}, line {number}", path=path, number=number)
            ) from None
    if not head:
        raise TrustError("Not an export of a log", phrase("{path} is empty", path=path))
    return Exported(str(head["newsroom"]), str(head["root"]), tuple(entries), tuple(checkpoints))


def _entry_value(entry: Entry) -> dict[str, Any]:
    envelope: object = json.loads(entry.envelope)
    return {"seq": entry.seq, "previous": entry.previous, "hash": entry.hash, "envelope": envelope}


def _entry(value: dict[str, Any]) -> Entry:
    # Envelopes are stored and hashed in canonical form, so the same bytes come out again.
    envelope = canonical(value["envelope"])
    return Entry(int(value["seq"]), str(value["previous"]), str(value["hash"]), envelope)


def _line(value: object) -> bytes:
    return canonical(value) + b"\n"


def _lines(path: Path, opener: Callable[[str, int], int] | None = None) -> Iterator[bytes]:
    try:
        with open(path, "rb", opener=opener) as file:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise TrustError("A line is too long", str(path))
                yield line
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the file", f"{path}: {error.strerror}") from None

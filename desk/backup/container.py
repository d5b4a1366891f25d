"""The file of a backup: a sealed stream of files, then the signed manifest, then its length.

    "desk backup v1\\n" | sealed stream | manifest (DSSE, JSON) | its length (8 bytes, big endian)

In the stream each file is one line of JSON (`name`, `size`) and its bytes; the last line is the
inventory with every digest. A file that was cut has no manifest at its end and is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from desk.backup.manifest import Manifest, read_manifest
from desk.errors import DeskError, NotFound, TrustError, Unavailable
from desk.phrase import phrase
from desk.trust.envelope import MAX_ENVELOPE, Envelope
from desk.trust.log import Head
from desk.trust.stream import open_stream, seal_stream

MAGIC = b"desk backup v1\n"
PIECE = 1024 * 1024
_LENGTH = 8
_LONGEST_LINE = 16 * 1024 * 1024
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}"
_NAME = re.compile(rf"(calendar\.yaml|(var|publisher|alerts|terms)(/{_PART}){{1,2}})", re.ASCII)


@dataclass(frozen=True)
class Piece:
    """One open file on its way into a backup; exactly `size` bytes of it are taken."""

    name: str
    file: IO[bytes]
    size: int


def checked_name(name: str) -> str:
    """A name that stays inside the folder it is restored to. Raises TrustError."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise TrustError("Not a name for a file of a backup", name[:60])
    return name


# -- out --------------------------------------------------------------------------------------


def write_body(
    out: IO[bytes], key: bytes, about: dict[str, Any], pieces: Iterable[Piece]
) -> tuple[str, int, tuple[tuple[str, int], ...]]:
    """Write magic and sealed stream. Gives the body's SHA-256 and size, and the files' sizes.

    `about`: what the inventory says beside the digests; it is compared with the manifest later.
    """
    out.write(MAGIC)
    hashed, size = hashlib.sha256(), 0
    files: list[tuple[str, int]] = []
    for chunk in seal_stream(key, _stream(about, pieces, files)):
        out.write(chunk)
        hashed.update(chunk)
        size += len(chunk)
    return hashed.hexdigest(), size, tuple(files)


def write_manifest(out: IO[bytes], envelope: Envelope) -> None:
    """Write the end of the file."""
    data = envelope.to_json()
    out.write(data + len(data).to_bytes(_LENGTH, "big"))


def _stream(
    about: dict[str, Any], pieces: Iterable[Piece], files: list[tuple[str, int]]
) -> Iterator[bytes]:
    listed = []
    for piece in pieces:
        yield _line({"name": checked_name(piece.name), "size": piece.size})
        hashed, left = hashlib.sha256(), piece.size
        while left:
            data = piece.file.read(min(left, PIECE))
            if not data:
                raise Unavailable("A file shrank while it was saved", piece.name, "Try again")
            hashed.update(data)
            left -= len(data)
            yield data
        listed.append({"name": piece.name, "size": piece.size, "sha256": hashed.hexdigest()})
        files.append((piece.name, piece.size))
    yield _line({"inventory": {**about, "files": listed}})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


# -- in ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backup:
    """A backup as it lies on disk: its manifest, not yet vouched for, and the envelope of it."""

    path: Path
    envelope: Envelope
    manifest: Manifest


def open_backup(path: Path) -> Backup:
    """Read the manifest. Raises NotFound, Unavailable, TrustError for what is none or was cut."""
    with _reading(path) as (file, end):
        file.seek(end)
        envelope = Envelope.from_json(file.read(os.path.getsize(path) - end - _LENGTH))
        manifest = read_manifest(envelope)
    if manifest.cipher[1] != end - len(MAGIC):
        raise TrustError(
            "The backup is not whole", phrase("{path}: its size is not what was signed", path=path)
        )
    return Backup(path, envelope, manifest)


def check_cipher(backup: Backup) -> None:
    """Compare the sealed bytes with the signed digest, without any key. Raises TrustError."""
    hashed = hashlib.sha256()
    for piece in _body(backup.path):
        hashed.update(piece)
    if hashed.hexdigest() != backup.manifest.cipher[0]:
        raise TrustError(
            "The backup was altered",
            phrase("{path}: not the bytes that were signed", path=backup.path),
            "Take another backup",
        )


Take = Callable[[str, Iterator[bytes]], None]


def read_files(backup: Backup, key: bytes, take: Take) -> None:
    """Open the stream; `take(name, pieces)` gets each file in turn and must read it whole.

    Nothing that was taken counts before this returns. Raises TrustError: another key, altered,
    cut, or not what the manifest says.
    """
    reader = _Reader(open_stream(key, _body(backup.path)))
    found: list[dict[str, Any]] = []
    try:
        while True:
            value = json.loads(reader.line())
            if "inventory" in value:
                break
            name, size = checked_name(value["name"]), int(value["size"])
            hashed = hashlib.sha256()
            take(name, reader.pieces(size, hashed))
            found.append({"name": name, "size": size, "sha256": hashed.hexdigest()})
        reader.end()
        said = value["inventory"]
        manifest = backup.manifest
        right = (
            said["files"] == found
            and tuple((f["name"], f["size"]) for f in found) == manifest.files
            and said["id"] == manifest.id
            and Head(said["seq"], said["head"]) == manifest.head
        )
    except (ValueError, KeyError, TypeError):
        right = False
    if not right:
        raise TrustError("The backup is not what its manifest says", str(backup.path))


class _Reader:
    """Lines and counted bytes of a stream of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def line(self) -> bytes:
        found = bytearray(self._left)
        while (end := found.find(b"\n")) < 0:
            if len(found) > _LONGEST_LINE:
                raise ValueError("no line")
            piece = next(self._chunks, None)
            if piece is None:
                raise ValueError("the end came too early")
            found += piece
        self._left = bytes(found[end + 1 :])
        return bytes(found[:end])

    def pieces(self, size: int, hashed: Any) -> Iterator[bytes]:
        while size:
            piece = self._left or next(self._chunks, b"")
            if not piece:
                raise ValueError("the end came too early")
            self._left, piece = piece[size:], piece[:size]
            size -= len(piece)
            hashed.update(piece)
            yield piece

    def end(self) -> None:
        if self._left or any(self._chunks):
            raise ValueError("more than the inventory names")


@contextmanager
def _reading(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The open file, and where its manifest begins."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            if file.read(len(MAGIC)) != MAGIC:
                raise TrustError("This is not a backup of Desk", str(path))
            file.seek(max(0, size - _LENGTH))
            length = int.from_bytes(file.read(_LENGTH), "big")
            if not 0 < length <= MAX_ENVELOPE or length + _LENGTH + len(MAGIC) > size:
                raise TrustError(
                    "The backup is not whole",
                    phrase("{path} was cut", path=path),
                    "Take another one",
                )
            yield file, size - _LENGTH - length
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except DeskError:
        raise
    except OSError as error:
        raise Unavailable("Cannot read the backup", f"{path}: {error.strerror}") from None


def _body(path: Path) -> Iterator[bytes]:
    with _reading(path) as (file, end):
        file.seek(len(MAGIC))
        left = end - len(MAGIC)
        while left:
            piece = file.read(min(left, PIECE))
            if not piece:
                return
            left -= len(piece)
            yield piece

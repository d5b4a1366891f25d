"""Make a backup while everything runs: snapshots, sealed to the recovery key, signed, whole."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from desk.backup.container import Piece, open_backup, write_body, write_manifest
from desk.backup.manifest import Manifest, fresh_key
from desk.backup.scratch import scratch
from desk.clock import Clock, now, written
from desk.durable import sync_folder
from desk.errors import Conflict, DeskError, Reason, Refused, TrustError, Unavailable
from desk.newsroom.room import Actor, Room
from desk.phrase import phrase
from desk.publisher.home import LOG, SHARED
from desk.publisher.marker import MARKER
from desk.store import log
from desk.store.session import Store, translate
from desk.trust.envelope import MAX_ENVELOPE
from desk.trust.log import Head, extend
from desk.trust.record import Record

LEFT_OUT = frozenset({"lock", "pins", "lead"})  # belong to this machine
PASSING = ("-wal", "-shm", "-journal", ".new")  # of databases, which are saved whole


@dataclass(frozen=True)
class Source:
    """What goes into a backup. `database`: the SQLite file; `folders`: private directories by the
    name they get (`publisher`, `alerts`, `terms`); `files`: further files by name (`var/…`)."""

    room: Room
    calendar: Path
    database: Path
    folders: Mapping[str, Path] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)


def create(source: Source, to: Path, actor: Actor, clock: Clock) -> Manifest:
    """Write a new backup file (0600), or nothing. Gives its manifest.

    Raises Conflict when there is a file, Refused without a recovery key or for who is not in the
    roster, Unavailable when disk or database do not go along, TrustError when the publisher's copy
    of the log is not the database's.
    """
    to = to.absolute()
    if to.exists():
        raise Conflict("There is a file already", str(to), "It is never overwritten")
    with source.room.reading() as view:
        roster = view.roster
    known = roster.keys.get(actor.identity.sign_public)
    if known is None or known.person != actor.id or known.state != "active":
        raise Refused(
            "Nobody would vouch for that backup",
            [
                Reason(
                    "roster",
                    phrase(
                        "{person} has no such key in use in roster v{version}",
                        person=actor.id,
                        version=roster.version,
                    ),
                )
            ],
        )
    if not roster.recovery:
        raise Refused(
            "There is no recovery key to seal a backup to",
            [Reason("recovery", phrase("roster v{version} names none", version=roster.version))],
            "Give the roster one: desk newsroom init --recovery-out makes one when founding",
        )
    with scratch(to.parent) as folder, ExitStack() as stack:
        # Private directories first: a copy of the log must never be ahead of the database's.
        pieces = [p for n, f in source.folders.items() for p in _folder(n, f, folder, stack)]
        database = _snapshot(source.database, folder / "desk.db")
        head, record = _read_log(database, source.room.pin.fingerprint)
        _compare(pieces, database, head)
        pieces.append(_open("var/desk.db", database, stack, unlink=True))
        pieces.append(_open("calendar.yaml", source.calendar, stack))
        pieces += [_open(name, path, stack) for name, path in source.files.items()]
        id = os.urandom(32).hex()
        key, wrap = fresh_key(record.newsroom, id, roster.recovery)
        about = {"id": id, "seq": head.seq, "head": head.hash}
        draft = folder / "draft"
        with _new(draft) as out:
            sha256, size, files = write_body(out, key, about, pieces)
            manifest = Manifest(
                id, record.newsroom, source.room.pin.fingerprint, written(now(clock)), actor.id,
                head, record.roster.version if record.roster else 0,
                record.policy.version if record.policy else 0, roster.recovery, wrap, files,
                (sha256, size),
            )  # fmt: skip
            write_manifest(out, manifest.signed(actor))
            out.flush()
            os.fsync(out.fileno())
        open_backup(draft)
        _name_it(draft, to)
    return manifest


def _new(path: Path) -> IO[bytes]:
    return open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _name_it(draft: Path, to: Path) -> None:
    """Give the finished file its name, never over another."""
    try:
        try:
            os.link(draft, to)
        except FileExistsError:
            raise Conflict("There is a file already", str(to), "It is never overwritten") from None
        except OSError:  # a file system without links, as on a memory stick
            if to.exists():
                raise Conflict("There is a file already", str(to)) from None
            os.rename(draft, to)
        sync_folder(to.parent)
    except DeskError:
        raise
    except OSError as error:
        raise Unavailable("Cannot write the backup", f"{to}: {error.strerror}") from None


# -- what goes in -----------------------------------------------------------------------------


def _folder(name: str, path: Path, scratch_folder: Path, stack: ExitStack) -> Iterator[Piece]:
    """The plain files of a private directory and of its folders; databases as snapshots.

    Raises Refused for a publisher that is itself in quarantine: its backup would hide that.
    """
    if (path / MARKER).exists():
        raise Refused(
            "This publisher is in quarantine itself",
            [Reason("quarantine", "it was restored, and nobody has signed resume yet")],
            "First: desk backup resume",
        )
    for number, file in enumerate(sorted([*path.glob("*"), *path.glob("*/*")])):
        inside = file.relative_to(path)
        passing = file.name.startswith(".") or file.name.endswith(PASSING)
        passing = passing or inside.parts[0] in LEFT_OUT
        passing = passing or (path / inside.parts[0] / SHARED).exists()  # a standby: made anew
        if passing or file.is_symlink() or not file.is_file():
            continue
        kept = f"{name}/{inside.as_posix()}"
        if file.suffix == ".db":
            copy = _snapshot(file, scratch_folder / f"{name}-{number}.db")
            yield _open(kept, copy, stack, unlink=True)
        else:
            yield _open(kept, file, stack)


def _snapshot(database: Path, to: Path) -> Path:
    """One consistent state of a SQLite file in use, without deleted text. Raises Unavailable."""
    try:
        with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as db:
            db.execute("VACUUM INTO ?", (str(to),))
        to.chmod(0o600)
        with closing(sqlite3.connect(to)) as copy:
            (said,) = copy.execute("PRAGMA quick_check").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise translate(error) from None
    if said != "ok":
        raise Unavailable("The database is damaged", database.name, "Restore the last backup")
    return to


def _open(name: str, path: Path, stack: ExitStack, *, unlink: bool = False) -> Piece:
    """A file opened for the backup; with `unlink` no name leads to it any more."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise Unavailable("Cannot read what is to be saved", f"{name}: {error.strerror}") from None
    file = stack.enter_context(open(descriptor, "rb"))  # noqa: SIM115
    if unlink:
        path.unlink()
    return Piece(name, file, os.fstat(descriptor).st_size)


def _read_log(database: Path, root: str) -> tuple[Head, Record]:
    """The head of the snapshot's log, whose chain is followed, and the roster and policy in it."""
    store = Store.at(database)
    try:
        with store.read() as connection:
            head = Head()
            for entry in log.every_entry(connection):
                head = extend(head, [entry])
            rows = log.acts_about(connection, ())
    finally:
        store.close()
        for passing in PASSING:
            database.with_name(database.name + passing).unlink(missing_ok=True)
    record = Record(root)
    for seq, data in rows:
        record.apply(data, seq)
    if record.roster is None:
        raise TrustError("This log is not of the pinned root", "its first roster is another's")
    return head, record


def _compare(pieces: Iterable[Piece], database: Path, head: Head) -> None:
    """Refuse to save a log that is not the one the publisher has seen.

    From the copy that goes into the backup; the publisher's own file is only read, while it grows.
    """
    seen = next((_last(piece) for piece in pieces if piece.name == f"publisher/{LOG}"), None)
    if seen is None or not seen.seq:
        return
    with closing(sqlite3.connect(database)) as db:
        row = db.execute("SELECT hash FROM log WHERE seq = ?", (seen.seq,)).fetchone()
    if row is None or row[0] != seen.hash or seen.seq > head.seq:
        raise TrustError(
            "The database is not what the publisher has seen",
            phrase("entry {seq} differs or is missing", seq=seen.seq),
            "Save nothing over older backups. First: desk audit verify",
        )


def _last(piece: Piece) -> Head:
    """The last whole line of a copy of the log; the end may just be being written."""
    found, left = b"", piece.size
    while left and (line := piece.file.readline(min(left, 2 * MAX_ENVELOPE))):
        left -= len(line)
        found = line if line.endswith(b"\n") else found
    piece.file.seek(0)
    try:
        value = json.loads(found or b"{}")
        return Head(int(value.get("seq", 0)), str(value.get("hash", "")))
    except ValueError:
        raise TrustError("The publisher's copy of the log is damaged", piece.name) from None

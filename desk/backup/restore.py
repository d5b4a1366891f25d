"""Open a backup: prove it, or lay it down on a new machine, in quarantine.

What is restored has not seen what happened since. So the publisher's directory gets a marker that
it obeys: it looks at every portal, and publishes nothing until administrators sign `resume`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desk.audit.verify import AuditReport
from desk.audit.verify import verify as verify_log
from desk.backup.container import Backup, check_cipher, open_backup, read_files
from desk.backup.manifest import Manifest, vouched_by
from desk.backup.scratch import scratch
from desk.clock import Clock, now, written
from desk.errors import Conflict, NotFound, TrustError, Unavailable, UsageError
from desk.phrase import phrase
from desk.publisher.marker import Marker
from desk.store import log
from desk.store.session import Store
from desk.trust.keys import Identity
from desk.trust.record import Record

DATABASE = "var/desk.db"
NEEDED = (DATABASE, "calendar.yaml")
_SEED_DIGITS = 64


@dataclass(frozen=True)
class Proved:
    """What is known of a backup. `opened`: it was restored on trial with the recovery key.

    `by`: who vouches for it, '' while nobody could be asked (no key, and no newsroom here).
    """

    manifest: Manifest
    by: str
    opened: bool
    entries: int = 0


@dataclass(frozen=True)
class Restored:
    """A newsroom in quarantine. `publisher`: its publisher's directory came with it."""

    folder: Path
    manifest: Manifest
    by: str
    marker: Marker
    publisher: bool


def recovery_identity(path: Path) -> Identity:
    """The recovery key from its seed (64 hex digits in a file). Raises NotFound, UsageError.

    Its permissions are not asked for: it often comes on a memory stick that knows none.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_SEED_DIGITS + 16).strip()
        if len(text) != _SEED_DIGITS:
            raise ValueError("length")
        return Identity.from_seed(bytes.fromhex(text.decode("ascii")))
    except FileNotFoundError:
        raise NotFound("No such file", str(path)) from None
    except OSError as error:
        raise Unavailable("Cannot read the recovery seed", f"{path}: {error.strerror}") from None
    except ValueError:
        raise UsageError(
            "Not a recovery seed",
            phrase("{path} holds no {digits} hex digits", path=path, digits=_SEED_DIGITS),
        ) from None


def check(path: Path) -> Proved:
    """What can be proved without a key: the structure, and that no sealed byte was altered.

    Raises NotFound, Unavailable, TrustError.
    """
    backup = open_backup(path)
    check_cipher(backup)
    return Proved(backup.manifest, "", False)


def prove(path: Path, recovery: Identity, root: str = "") -> Proved:
    """Restore on trial, beside the file, and remove it again: everything opens, the databases are
    sound, every signature of the log holds. `root`: the fingerprint that people confirmed.

    Raises NotFound, Unavailable, TrustError.
    """
    backup = open_backup(path)
    check_cipher(backup)
    with scratch(path.absolute().parent) as folder:
        _unpack(backup, recovery, folder / "trial")
        by, report = _judge(backup, folder / "trial", root)
    return Proved(backup.manifest, by, True, report.entries)


def restore(
    path: Path, to: Path, recovery: Identity, clock: Clock, *, root: str = ""
) -> Restored:  # fmt: skip
    """Lay a backup down in a new folder, in quarantine; all of it or nothing.

    Raises Conflict when something is there, NotFound, Unavailable, TrustError.
    """
    to = to.absolute()
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Conflict("Something is there already", str(to), "Restore into a new folder")
    backup = open_backup(path)
    check_cipher(backup)
    to.parent.mkdir(parents=True, exist_ok=True)
    with scratch(to.parent) as folder:
        draft = folder / "newsroom"
        _unpack(backup, recovery, draft)
        by, _ = _judge(backup, draft, root)
        marker = _mark(draft, backup.manifest, written(now(clock)))
        complete = (draft / "publisher" / "publisher.key").exists()
        _permissions(draft)
        try:
            os.rename(draft, to)
        except OSError as error:
            raise Unavailable("Cannot write there", f"{to}: {error.strerror}") from None
    return Restored(to, backup.manifest, by, marker, complete)


def _unpack(backup: Backup, recovery: Identity, folder: Path) -> None:
    """Write every file of a backup under a new folder (0700, files 0600)."""

    def take(name: str, pieces: Iterator[bytes]) -> None:
        path = folder / name
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            (folder / parent).mkdir(mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(descriptor, "wb") as out:
                for piece in pieces:
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise Unavailable("Cannot write there", f"{name}: {error.strerror}") from None

    key = backup.manifest.stream_key(recovery)
    folder.mkdir(mode=0o700)
    read_files(backup, key, take)
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        raise TrustError("The backup is not complete", ", ".join(missing))


def _judge(backup: Backup, folder: Path, root: str) -> tuple[str, AuditReport]:
    """Verify what was unpacked: databases, log, roster, who made the backup."""
    manifest = backup.manifest
    if root and root != manifest.root:
        raise TrustError(
            "This is another newsroom's backup", "its root is not the one you named",
            "Compare the fingerprint by voice",
        )  # fmt: skip
    for database in folder.rglob("*.db"):
        with closing(sqlite3.connect(database)) as db:
            (said,) = db.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            raise TrustError("A database of the backup is damaged", database.name)
    store = Store.at(folder / DATABASE)
    try:
        with store.read() as connection:
            report = verify_log(manifest.root, log.every_entry(connection), [])
            rows = log.acts_about(connection, ())
    finally:
        store.close()
    findings = [finding.text for finding in report.findings]
    if (report.entries, report.head) != (manifest.head.seq, manifest.head.hash):
        findings.append("its head is not the one in the manifest")
    if findings:
        raise TrustError("The log in the backup does not hold", "; ".join(findings))
    roster = Record.from_acts(manifest.root, (data for _, data in rows)).roster
    if roster is None or roster.newsroom != manifest.newsroom:
        raise TrustError("The log in the backup does not hold", "it is another newsroom's")
    return vouched_by(backup.envelope, manifest, roster), report


def _mark(folder: Path, manifest: Manifest, restored: str) -> Marker:
    """Lay the marker down in the publisher's directory, and where a new publisher looks for it."""
    head = manifest.head
    marker = Marker(
        os.urandom(32).hex(), manifest.newsroom, head.seq, head.hash, manifest.time, restored
    )
    (folder / "publisher").mkdir(mode=0o700, exist_ok=True)
    marker.write(folder / "publisher")
    marker.write(folder / "var", 0o640)
    return marker


def _permissions(folder: Path) -> None:
    """As `desk newsroom init` makes them: desks share `var`, nobody the publisher's directory."""
    folder.chmod(0o755)
    (folder / "calendar.yaml").chmod(0o644)
    for place in [folder / "terms", *(folder / "terms").rglob("*")]:  # anybody may read it
        if place.exists():
            place.chmod(0o2775 if place.is_dir() else 0o664)
    (folder / "var").chmod(0o2770)
    for file in (folder / "var").iterdir():
        file.chmod(0o660)

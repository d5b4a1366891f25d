"""The publisher's own directory (0700): key, secret, lock, its copy of the log, last wall time.

What it has seen counts from here, not from the database: every entry of the log that it verified
is kept, with fsync, so that deleting or rewriting rows neither hides an act nor undoes it.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desk.errors import Conflict, NotFound, TrustError, Unavailable, UsageError
from desk.phrase import phrase
from desk.trust.keyfile import load_service_seed, save_service_seed
from desk.trust.keys import Identity
from desk.trust.log import Entry, Head, extend

LOG = "log.jsonl"
WALL = "wall"
SHARED = "shared"


@dataclass(frozen=True)
class LastClocks:
    """Both clocks (ns) at one moment, and the boot that the monotonic one counts from."""

    wall_ns: int = 0
    monotonic_ns: int = 0
    boot: str = ""


def this_boot() -> str:
    """A name for the present boot of the machine, or '' where the system has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


class Home:
    """One publisher's directory. Everything written here is synced before it counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None
        self._log = -1

    @classmethod
    def create(cls, path: Path) -> Home:
        """Make the directory with a fresh key and secret. Raises Conflict when it has them."""
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
        home = cls(path)
        if home.key_file.exists():
            raise Conflict("There is a publisher already", str(path), "desk publisher status")
        for file in (home.key_file, home.secret_file):
            save_service_seed(file, os.urandom(32))
        return home

    @classmethod
    def create_standby(cls, path: Path, of: Home) -> Home:
        """Make the directory of one more publisher, with a key of its own.

        It takes the bundle secret and the credentials from `of`, and leads in turn with it.
        Raises Conflict when there is a publisher in it already, UsageError for that of the first.
        """
        if of.shared.resolve() == path.resolve():
            raise UsageError("A standby needs a directory of its own", str(path))
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
        home = cls(path)
        if home.key_file.exists():
            raise Conflict("There is a publisher already", str(path), "desk publisher status")
        _write_new(path / SHARED, str(of.shared.absolute()).encode())
        save_service_seed(home.key_file, os.urandom(32))
        return home

    @property
    def shared(self) -> Path:
        """The directory of the group: this one, or for a standby that of the first publisher."""
        try:
            return Path((self.path / SHARED).read_text("utf-8"))
        except FileNotFoundError:
            return self.path

    @property
    def lead(self) -> Path:
        """Where the publishers of the group agree who leads; only their user can write there."""
        return self.shared / "lead"

    @property
    def key_file(self) -> Path:
        """The seed of the publisher's keys (64 hex digits, 0600)."""
        return self.path / "publisher.key"

    @property
    def secret_file(self) -> Path:
        """The secret that bundle keys derive from, shared by standbys (64 hex digits, 0600)."""
        return self.shared / "publisher.secret"

    @property
    def credentials(self) -> Path:
        """Bearer tokens of channels, one file each (0600)."""
        return self.shared / "credentials"

    def identity(self) -> Identity:
        """The publisher's keys. Raises NotFound, TrustError for a file others can read."""
        return Identity.from_seed(load_service_seed(self.key_file))

    def secret(self) -> bytes:
        """The bundle secret (32 bytes)."""
        return bytes(load_service_seed(self.secret_file, "publisher-secret"))

    def credential(self, name: str) -> str:
        """The token stored under a name. Raises NotFound."""
        path = self.credentials / name
        try:
            return path.read_text("utf-8").strip()
        except OSError:
            raise NotFound(
                "No credential",
                phrase("{name} is not in {credentials}", name=name, credentials=self.credentials),
                phrase(
                    "Store it: desk publisher credential {name} (reads standard input)", name=name
                ),
            ) from None

    def store_credential(self, name: str, token: str) -> None:
        """Keep a token, 0600."""
        self.credentials.mkdir(mode=0o700, exist_ok=True)
        path = self.credentials / name
        path.unlink(missing_ok=True)
        _write_new(path, token.strip().encode())

    def lock(self) -> None:
        """Become the only publisher of this directory. Raises Conflict."""
        descriptor = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise Conflict(
                "A publisher runs already", str(self.path), "Look: desk publisher status"
            ) from None
        self._lock = descriptor

    def entries(self) -> Iterator[Entry]:
        """The kept entries in order. A line torn by a crash at the end is cut off.

        Raises TrustError when what is kept does not chain.
        """
        path = self.path / LOG
        if not path.exists():
            return
        head, good = Head(), 0
        with path.open("rb") as file:
            for line in file:
                entry = read_line(line)
                if entry is None:
                    break
                head = extend(head, [entry])
                good += len(line)
                yield entry
        self._cut_torn_tail(path, head, good)

    def _cut_torn_tail(self, path: Path, head: Head, good: int) -> None:
        """Cut what a crash left half written; never an entry that counted once."""
        if good == path.stat().st_size:
            return
        with path.open("rb") as file:
            file.seek(good)
            later = [entry for line in file if (entry := read_line(line)) is not None]
        if any(entry.seq > head.seq for entry in later):
            raise TrustError(
                "The publisher's copy of the log is damaged",
                phrase("{path}, after entry {seq}", path=path, seq=head.seq),
                "Put a copy of the directory back, or compare the log with the checkpoints first: "
                "desk audit verify",
            )
        os.truncate(path, good)

    def keep(self, entries: Iterable[Entry]) -> None:
        """Append verified entries and sync them."""
        lines = b"".join(_line(entry) for entry in entries)
        if not lines:
            return
        try:
            if self._log < 0:
                flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
                self._log = os.open(self.path / LOG, flags, 0o600)
            before = os.fstat(self._log).st_size
            try:
                written = os.write(self._log, lines)
                if written != len(lines):
                    raise OSError(28, "short write")
                os.fsync(self._log)
            except OSError:
                os.ftruncate(self._log, before)
                raise
        except OSError as error:
            raise Unavailable(
                "The publisher cannot keep the log", error.strerror or "", "Free some space there."
            ) from None

    def pinned_root(self, offered: str) -> str:
        """The root's fingerprint pinned here; the first time, the one offered is pinned.

        Raises TrustError when another is offered later.
        """
        file = self.path / "root"
        if not file.exists():
            _write_new(file, offered.encode())
        pinned = file.read_text().strip()
        if pinned != offered:
            raise TrustError(
                "This is another newsroom",
                "its root is not the one pinned in the publisher's directory",
                "Compare the fingerprint by voice: desk newsroom show",
            )
        return pinned

    def last_clocks(self) -> LastClocks:
        """The clocks as an earlier run kept them; all zeros when there was none."""
        try:
            wall, steady, boot = (self.path / WALL).read_text().split(" ")
            return LastClocks(int(wall), int(steady), boot)
        except (OSError, ValueError):
            return LastClocks()

    def keep_clocks(self, clocks: LastClocks) -> None:
        """Remember the clocks for the next run."""
        temporary = self.path / (WALL + ".new")
        try:
            temporary.write_text(f"{clocks.wall_ns} {clocks.monotonic_ns} {clocks.boot}")
            os.replace(temporary, self.path / WALL)
        except OSError:
            return  # the next beat tries again; an older time only guards less

    def close(self) -> None:
        """Let the lock go."""
        for descriptor in (self._log, self._lock):
            if descriptor is not None and descriptor >= 0:
                os.close(descriptor)
        self._log, self._lock = -1, None


def _write_new(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _line(entry: Entry) -> bytes:
    value = {
        "seq": entry.seq,
        "previous": entry.previous,
        "hash": entry.hash,
        "envelope": base64.b64encode(entry.envelope).decode(),
    }
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes) -> Entry | None:
    """One line of a kept log; None for what is no whole entry."""
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
        return Entry(
            value["seq"], value["previous"], value["hash"], base64.b64decode(value["envelope"])
        )
    except (ValueError, KeyError, TypeError):
        return None

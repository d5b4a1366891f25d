"""The portal's database: one SQLite file, one writer, short transactions.

Write-ahead log, synchronous=FULL, BEGIN IMMEDIATE: what was answered is on the disk. All calls
come from the event loop's thread and touch small rows only, so none of them stands in the way of
a commit for longer than a few milliseconds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.portal.answers import Answer, unavailable
from desk.portal.contract.bundle import Expected
from desk.portal.contract.wire import Sealed, State
from desk.portal.schema import SCHEMA
from desk.trust.envelope import Envelope

_PATIENCE_MS = 2000  # for whoever else writes


@dataclass(frozen=True)
class BundleRow:
    """One staged bundle: the signed stage order and where it stands."""

    address: str
    stage: Envelope
    state: State
    opened_ms: int
    late_us: int
    published_ms: int
    visible: bool


@dataclass(frozen=True)
class VersionRow:
    """One revision made public, ready to be inserted."""

    item: str
    number: int
    act: str
    digest: str
    language: str
    message: str
    kind: str
    agency: str
    at: str
    first_at: str
    good: bool
    headline: str
    summary: str
    folded: str
    content: bytes
    ninjs: bytes
    assets: tuple[AssetRow, ...] = ()


@dataclass(frozen=True)
class AssetRow:
    """One asset made public: where its ciphertext lies, and what it is."""

    id: str
    address: str
    sha256: str
    size: int
    sealed: str
    media_type: str
    name: str


class Store:
    """The portal's database file, opened. Raises Answer 503 when SQLite does not go on."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(
            file, isolation_level=None, timeout=_PATIENCE_MS / 1000, check_same_thread=False
        )
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.execute("PRAGMA foreign_keys=ON")
        self.connection.execute("PRAGMA secure_delete=ON")
        self.connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: everything in it, or nothing. Never held across an await."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise _storage(error) from None

    def sweep(self) -> bool:
        """Empty the write-ahead log, which still holds what was erased; False while it is read.

        It waits for no reader: a commit may come any moment.
        """
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            busy, _, _ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        return not busy

    # -- small things ----------------------------------------------------------------------

    def meta(self, name: str) -> str:
        """A remembered value, or ''."""
        row = self.connection.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value."""
        with self.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def pin(self, name: str) -> tuple[int, bytes] | None:
        """Version and body of a pinned document."""
        row = self.connection.execute(
            "SELECT version, body FROM pins WHERE name=?", (name,)
        ).fetchone()
        return (int(row[0]), bytes(row[1])) if row else None

    def set_pin(self, name: str, version: int, body: bytes) -> None:
        """Pin a document."""
        with self.write() as db:
            db.execute("INSERT OR REPLACE INTO pins VALUES (?, ?, ?)", (name, version, body))

    def epoch(self) -> tuple[int, str]:
        """The newest epoch and the publisher that holds it; (0, '') before the first."""
        row = self.connection.execute(
            "SELECT epoch, publisher FROM epochs ORDER BY epoch DESC LIMIT 1"
        ).fetchone()
        return (int(row[0]), str(row[1])) if row else (0, "")

    def next_epoch(self, publisher: str, request: str, note: str = "") -> tuple[int, bool]:
        """Issue the next epoch, or give again the one that this request got. True when new.

        `note`: what to remember from the first such epoch on (see `meta`).
        """
        with self.write() as db:
            row = db.execute("SELECT epoch FROM epochs WHERE request=?", (request,)).fetchone()
            if row:
                return int(row[0]), False
            cursor = db.execute(
                "INSERT INTO epochs SELECT COALESCE(MAX(epoch), 0) + 1, ?, ? FROM epochs "
                "RETURNING epoch",
                (publisher, request),
            )
            epoch = int(cursor.fetchone()[0])
            if note:
                db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (note, str(epoch)))
            return epoch, True

    # -- bundles ---------------------------------------------------------------------------

    def bundles(self) -> list[BundleRow]:
        """Every bundle that was ever staged."""
        rows = self.connection.execute("SELECT * FROM bundles").fetchall()
        return [
            BundleRow(r[0], Envelope.from_json(bytes(r[1])), r[2], r[3], r[4], r[5], bool(r[6]))
            for r in rows
        ]

    def stage(
        self, address: str, stage: Envelope, assets: Sequence[Sealed],
        promises: Sequence[Expected], state: State,
    ) -> None:  # fmt: skip
        """Note a newly staged bundle, the assets it waits for, and what was promised."""
        with self.write() as db:
            db.execute(
                "INSERT INTO bundles VALUES (?, ?, ?, 0, 0, 0, 0)",
                (address, stage.to_json(), state),
            )
            db.executemany(
                "INSERT INTO sealed_assets VALUES (?, ?, ?, 0)",
                [(address, asset.sha256, asset.size) for asset in assets],
            )
            db.executemany(
                "INSERT INTO promises VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        address,
                        place,
                        p.item,
                        p.language,
                        p.number,
                        p.act,
                        p.content,
                        p.kind,
                        p.agency,
                        p.message,
                    )
                    for place, p in enumerate(promises)
                ],
            )

    def promises(self, address: str) -> list[Expected]:
        """What was promised of a bundle, in order."""
        rows = self.connection.execute(
            "SELECT item, language, number, act, content, kind, agency, message FROM promises"
            " WHERE address=? ORDER BY place",
            (address,),
        ).fetchall()
        return [Expected(*row) for row in rows]

    def sealed_assets(self, address: str) -> dict[str, tuple[int, bool]]:
        """Assets of a bundle by ciphertext digest: size, and whether they arrived."""
        rows = self.connection.execute(
            "SELECT sha256, size, here FROM sealed_assets WHERE address=?", (address,)
        ).fetchall()
        return {row[0]: (int(row[1]), bool(row[2])) for row in rows}

    def asset_arrived(self, address: str, sha256: str, state: State) -> None:
        """Note an asset whose file is in place, and the state that follows."""
        with self.write() as db:
            db.execute(
                "UPDATE sealed_assets SET here=1 WHERE address=? AND sha256=?", (address, sha256)
            )
            db.execute("UPDATE bundles SET state=? WHERE address=?", (state, address))

    def recall(self, address: str, receipt: Envelope) -> None:
        """Mark a bundle as taken back, for good."""
        with self.write() as db:
            db.execute("UPDATE bundles SET state='recalled' WHERE address=?", (address,))
            db.execute(
                "INSERT OR REPLACE INTO receipts VALUES (?, 'recalled', ?)",
                (address, receipt.to_json()),
            )

    def receipt(self, address: str, *states: State) -> Envelope | None:
        """The first receipt there is, out of these states in order."""
        for state in states:
            row = self.connection.execute(
                "SELECT envelope FROM receipts WHERE address=? AND state=?", (address, state)
            ).fetchone()
            if row:
                return Envelope.from_json(bytes(row[0]))
        return None

    def answer(self, key: str) -> tuple[str, int, bytes] | None:
        """Request digest, status and body that were answered to an idempotency key."""
        row = self.connection.execute(
            "SELECT request, status, body FROM answers WHERE key=?", (key,)
        ).fetchone()
        return (str(row[0]), int(row[1]), bytes(row[2])) if row else None

    def key(self, address: str) -> bytes | None:
        """The key of an opened bundle."""
        row = self.connection.execute("SELECT key FROM keys WHERE address=?", (address,)).fetchone()
        return bytes(row[0]) if row else None

    # -- what becomes public ---------------------------------------------------------------

    def add_versions(self, address: str, rows: Sequence[VersionRow]) -> None:
        """Insert checked versions; invisible until `show`. Repeating it changes nothing."""
        with self.write() as db:
            for row in rows:
                cursor = db.execute(
                    "INSERT OR IGNORE INTO versions (address, item, number, act, digest, language,"
                    " message, kind, agency, at, first_at, good, headline, summary, folded,"
                    " content, ninjs) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                    (
                        address, row.item, row.number, row.act, row.digest, row.language,
                        row.message, row.kind, row.agency, row.at, row.first_at, int(row.good),
                        row.headline, row.summary, row.folded, row.content, row.ninjs,
                    ),
                )  # fmt: skip
                if cursor.rowcount:
                    db.executemany(
                        "INSERT INTO assets VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        [
                            (
                                cursor.lastrowid, a.id, a.address, a.sha256, a.size, a.sealed,
                                a.media_type, a.name,
                            )
                            for a in row.assets
                        ],
                    )  # fmt: skip

    def show(self, address: str) -> None:
        """Make all versions of a bundle visible at once."""
        with self.write() as db:
            db.execute("UPDATE bundles SET visible=1 WHERE address=?", (address,))

    def spoil(self, address: str, item: str) -> None:
        """Show a notice instead of an item whose asset is not the signed one."""
        with self.write() as db:
            db.execute(
                "UPDATE versions SET good=0, headline='', summary='', folded='', content='',"
                " ninjs='' WHERE address=? AND item=?",
                (address, item),
            )
            db.execute(
                "DELETE FROM assets WHERE version IN"
                " (SELECT id FROM versions WHERE address=? AND item=?)",
                (address, item),
            )

    def published(self, address: str, published_ms: int, receipt: Envelope) -> None:
        """Note that everything was checked, with the receipt that says so."""
        with self.write() as db:
            db.execute(
                "UPDATE bundles SET state='published', published_ms=? WHERE address=?",
                (published_ms, address),
            )
            db.execute(
                "INSERT OR IGNORE INTO receipts VALUES (?, 'published', ?)",
                (address, receipt.to_json()),
            )

    def sealed_in_use(self, address: str) -> set[str]:
        """Ciphertext digests of a bundle's assets that something public still needs."""
        rows = self.connection.execute("SELECT sealed FROM assets WHERE address=?", (address,))
        return {str(row[0]) for row in rows.fetchall()}


def _storage(error: sqlite3.OperationalError) -> Answer:
    """Disk full, read-only, busy: nothing was changed."""
    return unavailable("storage", "The portal cannot write", type(error).__name__)


def load_acts(body: bytes) -> list[Envelope]:
    """Envelopes from a stored JSON array."""
    return [Envelope.from_value(value) for value in json.loads(body)]


def dump_acts(envelopes: Sequence[Envelope]) -> bytes:
    """Envelopes as a JSON array to be stored."""
    return json.dumps([envelope.to_value() for envelope in envelopes]).encode()

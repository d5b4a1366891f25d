"""What the public may see: queries over opened and checked versions, and nothing else.

Every query asks for `bundles.visible`, takes the newest version of an item (but one, which shows
an older text as what it is), and leaves withdrawn ones out: their text is erased, or kept unseen
while they are down for a time.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import lru_cache

from desk.portal.contract.content import Content, read_content
from desk.portal.contract.render import render_body
from desk.portal.store import AssetRow, Store
from desk.text import folded

_VISIBLE = """
 FROM versions v JOIN bundles b ON b.address = v.address
 LEFT JOIN withdrawals w ON w.revision = v.act
 WHERE b.visible = 1
"""
_NONE_NEWER = """ AND NOT EXISTS (
  SELECT 1 FROM versions n JOIN bundles nb ON nb.address = n.address
  WHERE n.item = v.item AND n.number > v.number AND nb.visible = 1)
"""
_NEWEST = _VISIBLE + _NONE_NEWER
_LIVE = _NEWEST + " AND w.revision IS NULL AND v.good = 1"
_BACK_AT = "COALESCE((SELECT MAX(r.time) FROM restores r WHERE r.revision = v.act), '')"
_TEASER = f"""SELECT v.id, v.item, v.language, v.number, v.headline, v.summary, v.kind, v.agency,
 v.at, v.first_at, v.message, {_BACK_AT}"""
_MAX_TERMS = 8


@dataclass(frozen=True)
class Teaser:
    """One live item as lists show it.

    `first_at` is '' unless it has been corrected since, `back_at` unless it had been taken down.
    """

    id: int
    item: str
    language: str
    number: int
    headline: str
    summary: str
    kind: str
    agency: str
    at: str
    first_at: str
    message: str
    back_at: str = ""

    @property
    def changed_at(self) -> str:
        """When what the public sees of it changed last."""
        return max(self.at, self.back_at)

    @property
    def cursor(self) -> str:
        """Where the next page goes on."""
        return f"{self.at}.{self.id}"


@dataclass(frozen=True)
class Version:
    """One released version of an item: number, instant, its content's digest, whether withdrawn."""

    number: int
    at: str
    digest: str
    withdrawn: bool


@dataclass(frozen=True)
class Withdrawal:
    """Why and when an item was taken down."""

    item: str
    language: str
    mode: str
    note: str
    time: str


@dataclass(frozen=True)
class PublicItem:
    """A released version of an item. `content` is None when it may not be shown.

    `back_at`: when it was put back after a takedown, or ''. `versions`: all there are, the newest
    first.
    """

    item: str
    number: int
    address: str
    act: str
    digest: str
    language: str
    message: str
    at: str
    first_at: str
    good: bool
    withdrawal: Withdrawal | None
    content: Content | None
    ninjs: bytes
    versions: tuple[Version, ...]
    back_at: str = ""

    @property
    def current(self) -> bool:
        """Whether no newer version has been released."""
        return self.number == self.versions[0].number


def item(store: Store, item_id: str) -> PublicItem | None:
    """The newest version of an item by its id, or None when nothing of it is public."""
    return _one(store, item_id, f"{_NEWEST} AND v.item = ?", (item_id,))


def version(store: Store, item_id: str, number: int) -> PublicItem | None:
    """One released version of an item, also when a later one has corrected it.

    None when there is none of that number. When the newest version is withdrawn none is shown:
    the older text was wrong already.
    """
    newest = item(store, item_id)
    if newest is None or all(version.number != number for version in newest.versions):
        return None
    if newest.number == number or newest.withdrawal:
        return newest
    where = f"{_VISIBLE} AND v.item = ? AND v.number = ?"
    return _one(store, item_id, where, (item_id, number))


def _one(
    store: Store, item_id: str, where: str, values: tuple[str | int, ...]
) -> PublicItem | None:
    row = store.connection.execute(
        "SELECT v.item, v.number, v.address, v.act, v.digest, v.language, v.message, v.at,"
        f" v.first_at, v.good, v.content, v.ninjs, w.mode, w.note, w.time, {_BACK_AT}"
        f"{where} ORDER BY v.id DESC LIMIT 1",
        values,
    ).fetchone()
    if row is None:
        return None
    away = Withdrawal(row[0], row[5], row[12], row[13], row[14]) if row[12] else None
    shown = bool(row[9]) and away is None and row[10]
    return PublicItem(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], bool(row[9]),
        away, content_of(bytes(row[10])) if shown else None, bytes(row[11]) if shown else b"",
        _versions(store, item_id), row[15],
    )  # fmt: skip


def _versions(store: Store, item_id: str) -> tuple[Version, ...]:
    rows = store.connection.execute(
        "SELECT v.number, v.at, v.digest, w.revision IS NOT NULL FROM versions v"
        " JOIN bundles b ON b.address = v.address LEFT JOIN withdrawals w ON w.revision = v.act"
        " WHERE v.item = ? AND b.visible = 1 ORDER BY v.number DESC",
        (item_id,),
    ).fetchall()
    return tuple(Version(r[0], r[1], r[2], bool(r[3])) for r in rows)


@lru_cache(maxsize=256)
def content_of(data: bytes) -> Content:
    """The content of stored bytes, which were checked before they were stored."""
    return read_content(data)


@lru_cache(maxsize=256)
def body_html(content: Content) -> str:
    """The body as HTML."""
    return render_body(content)


def latest(
    store: Store, language: str, cursor: str = "", limit: int = 20, agency: str = ""
) -> list[Teaser]:
    """Live items in a language, newest first, after a cursor."""
    at, _, number = cursor.partition(".")
    where, values = "", [language]
    if agency:
        where, values = " AND v.agency = ?", [language, agency]
    if number.isdigit():
        where += " AND (v.at, v.id) < (?, ?)"
        values += [at, number]
    rows = store.connection.execute(
        f"{_TEASER}{_LIVE} AND v.language = ?{where} ORDER BY v.at DESC, v.id DESC LIMIT ?",
        (*values, limit),
    ).fetchall()
    return [Teaser(*row) for row in rows]


def other_languages(store: Store, message: str, item_id: str) -> list[Teaser]:
    """The live versions of a message in its other languages."""
    if not message:
        return []
    rows = store.connection.execute(
        f"{_TEASER}{_LIVE} AND v.message = ? AND v.item != ? ORDER BY v.language",
        (message, item_id),
    ).fetchall()
    return [Teaser(*row) for row in rows]


def search(
    database: sqlite3.Connection, query: str, language: str, limit: int = 50
) -> list[Teaser]:
    """Live items that hold every word of the query, with or without accents, newest first.

    A scan of the public text: meant for tens of thousands of items, in a thread of its own with
    `database` opened for reading.
    """
    terms = folded(query).split()[:_MAX_TERMS]
    if not terms:
        return []
    likes = " AND v.folded LIKE ? ESCAPE '!'" * len(terms)
    values = [f"%{_escaped(term)}%" for term in terms]
    rows = database.execute(
        f"{_TEASER}{_LIVE} AND v.language = ?{likes} ORDER BY v.at DESC, v.id DESC LIMIT ?",
        (language, *values, limit),
    ).fetchall()
    return [Teaser(*row) for row in rows]


def _escaped(term: str) -> str:
    return term.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def corrections(store: Store, language: str, limit: int = 100) -> list[Teaser]:
    """Live items that replaced an earlier version, newest first."""
    rows = store.connection.execute(
        f"{_TEASER}{_LIVE} AND v.language = ? AND v.first_at != ''"
        " ORDER BY v.at DESC, v.id DESC LIMIT ?",
        (language, limit),
    ).fetchall()
    return [Teaser(*row) for row in rows]


def withdrawn(store: Store, language: str, limit: int = 100) -> list[Withdrawal]:
    """Items that were public and are withdrawn now, newest first."""
    rows = store.connection.execute(
        f"SELECT v.item, v.language, w.mode, w.note, w.time{_NEWEST} AND v.language = ?"
        " AND w.revision IS NOT NULL ORDER BY w.time DESC LIMIT ?",
        (language, limit),
    ).fetchall()
    return [Withdrawal(*row) for row in rows]


def asset(store: Store, item_id: str, asset_id: str) -> AssetRow | None:
    """An asset of an item's newest version, when that is live."""
    row = store.connection.execute(
        "SELECT a.id, a.address, a.sha256, a.size, a.sealed, a.media_type, a.name"  # noqa: S608
        " FROM assets a JOIN (SELECT v.id AS version"
        f"{_LIVE} AND v.item = ?) USING (version) WHERE a.id = ?",
        (item_id, asset_id),
    ).fetchone()
    return AssetRow(*row) if row else None

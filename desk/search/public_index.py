"""The index of public texts: SQLite FTS5 over folded words, in a file that can be made again.

It holds what is public and nothing else, so it needs no seal; it lies beside the database and is
brought up to date when somebody searches. FTS5 knows no Vietnamese: it is given words without
accents, and what it finds is compared with the text itself.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from desk.errors import Unavailable
from desk.search.query import Query
from desk.text import folded
from models.tables import PUBLIC_TEXTS

FILE = "search.db"
FORMAT = 1
BATCH = 500
_TOKEN = re.compile(r"\w+", re.UNICODE)


def text_of(content: dict[str, Any]) -> str:
    """What of a content document people look for: titles, both versions, sources, legal texts."""
    parts = [content.get("headline", ""), content.get("summary", ""), content.get("body", "")]
    for one in (*content.get("sources", ()), *content.get("legal", ())):
        parts += [str(one.get("title", "")), str(one.get("number", ""))]
    parts += [str(asset.get("alt", "")) for asset in content.get("assets", ())]
    return "\n".join(str(part) for part in parts if part)


class PublicIndex:
    """The index file of one newsroom. Raises Unavailable when it can be neither read nor made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refresh(self, connection: Connection) -> int:
        """Take in what has become public since; how many texts that were."""
        with closing(self._open()) as index, index:
            taken = index.execute("SELECT count(*) FROM known").fetchone()[0]
            if taken == connection.scalar(select(func.count()).select_from(PUBLIC_TEXTS)):
                return 0  # public texts are only ever added
            known = {row[0] for row in index.execute("SELECT revision FROM known")}
            fresh = [
                revision
                for revision in connection.scalars(select(PUBLIC_TEXTS.c.revision))
                if revision not in known
            ]
            for start in range(0, len(fresh), BATCH):
                wanted = fresh[start : start + BATCH]
                query = select(PUBLIC_TEXTS.c.revision, PUBLIC_TEXTS.c.content)
                for row in connection.execute(query.where(PUBLIC_TEXTS.c.revision.in_(wanted))):
                    words = folded(text_of(json.loads(row.content)))
                    index.execute("INSERT INTO words(body) VALUES (?)", (words,))
                    index.execute(
                        "INSERT INTO known(id, revision) VALUES (last_insert_rowid(), ?)",
                        (row.revision,),
                    )
        return len(fresh)

    def candidates(self, query: Query, limit: int) -> Iterator[str]:
        """Revisions that may hold all the words, newest first; accents are still to be compared."""
        match = _match(query)
        if not match:
            return
        with closing(self._open()) as index:
            rows = index.execute(
                "SELECT known.revision FROM words JOIN known ON known.id = words.rowid "
                "WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
                (match, limit),
            )
            for (revision,) in rows:
                yield revision

    def _open(self) -> sqlite3.Connection:
        try:
            index = sqlite3.connect(self.path, timeout=5)
            index.execute("PRAGMA journal_mode = WAL")
            version = index.execute("PRAGMA user_version").fetchone()[0]
            if version != FORMAT:
                _make(index)
        except sqlite3.DatabaseError as error:
            raise Unavailable(
                "The index of public texts cannot be used", f"{self.path}: {error}",
                "It can be made again: remove it, and search once more",
            ) from None  # fmt: skip
        return index


def _make(index: sqlite3.Connection) -> None:
    with index:
        index.execute("DROP TABLE IF EXISTS words")
        index.execute("DROP TABLE IF EXISTS known")
        index.execute(
            "CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize='unicode61')"
        )
        index.execute("CREATE TABLE known(id INTEGER PRIMARY KEY, revision TEXT UNIQUE)")
        index.execute(f"PRAGMA user_version = {FORMAT}")


def _match(query: Query) -> str:
    """The FTS5 expression: each token as a quoted prefix, which no user text can break out of."""
    tokens: list[str] = []
    for word in query.words:
        found: Sequence[str] = _TOKEN.findall(word.plain)
        tokens += found
    return " AND ".join(f'"{token}"*' for token in tokens)

"""The log in the database: append last in the transaction, read in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from desk.trust.acts import Act
from desk.trust.log import Entry, Head, next_entry
from models.tables import LOG

# What every record needs: under which rules to judge, and who stands in for whom.
ALWAYS = ("roster", "policy", "resume", "people.delegate", "people.undelegate")
GENERAL = "*"


def head(connection: Connection) -> Head:
    """The last entry's sequence and hash."""
    row = connection.execute(
        select(LOG.c.seq, LOG.c.hash).order_by(LOG.c.seq.desc()).limit(1)
    ).first()
    return Head(row.seq, row.hash) if row else Head()


def append(connection: Connection, act: Act) -> Entry:
    """Store an act as the next entry. Call it last, inside `Store.write()`."""
    entry = next_entry(head(connection), act.envelope.to_json())
    connection.execute(
        insert(LOG).values(
            seq=entry.seq,
            previous=entry.previous,
            hash=entry.hash,
            kind=act.kind.name,
            subject=act.subject,
            actor=act.actor,
            time=act.time,
            digest=act.digest,
            envelope=entry.envelope,
        )
    )
    return entry


def entries(connection: Connection, after: int = 0, limit: int = 1000) -> list[Entry]:
    """Entries with a greater sequence, in order."""
    rows = connection.execute(
        select(LOG.c.seq, LOG.c.previous, LOG.c.hash, LOG.c.envelope)
        .where(LOG.c.seq > after)
        .order_by(LOG.c.seq)
        .limit(limit)
    )
    return [Entry(r.seq, str(r.previous), str(r.hash), _bytes(r.envelope)) for r in rows]


def _bytes(value: Any) -> bytes:
    """What stands in a column of bytes: SQLite lets anybody put text or a number there."""
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""


def every_entry(connection: Connection, page: int = 2000) -> Iterator[Entry]:
    """All entries in order, a page at a time."""
    after = 0
    while rows := entries(connection, after, page):
        yield from rows
        after = rows[-1].seq


def acts_about(connection: Connection, subjects: Iterable[str]) -> list[tuple[int, bytes]]:
    """Envelopes about these subjects, with what every record needs, in order of the log."""
    wanted = sorted({*subjects, GENERAL})
    found: dict[int, bytes] = {}
    columns = (LOG.c.seq, LOG.c.envelope)
    for row in connection.execute(select(*columns).where(LOG.c.kind.in_(ALWAYS))):
        found[row.seq] = _bytes(row.envelope)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in connection.execute(select(*columns).where(LOG.c.subject.in_(part))):
            found[row.seq] = _bytes(row.envelope)
    return sorted(found.items())


def browse(
    connection: Connection,
    *,
    before: int | None = None,
    subject: str = "",
    kind: str = "",
    actor: str = "",
    limit: int = 100,
) -> Sequence[Any]:
    """Rows (seq, kind, subject, actor, time, digest) newest first, for people to look at."""
    query = select(LOG.c.seq, LOG.c.kind, LOG.c.subject, LOG.c.actor, LOG.c.time, LOG.c.digest)
    if before is not None:
        query = query.where(LOG.c.seq < before)
    if subject:
        query = query.where(LOG.c.subject == subject)
    if kind:
        query = query.where(or_(LOG.c.kind == kind, LOG.c.kind.like(f"{kind}.%")))
    if actor:
        query = query.where(LOG.c.actor == actor)
    return connection.execute(query.order_by(LOG.c.seq.desc()).limit(limit)).all()

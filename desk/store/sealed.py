"""Sealed bytes in the database: put and get ciphertexts and the wraps of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from desk.errors import NotFound, Refused
from desk.errors import Reason as Why
from desk.phrase import phrase
from desk.trust.keys import Identity
from desk.trust.seal import Name, Reader, SealKey, unwrap
from models.tables import SEALED, WRAPS


@dataclass(frozen=True)
class Opener:
    """Who opens: the id of the roster entry and the identity that holds its reading key."""

    id: str
    identity: Identity


def put(
    connection: Connection, key: SealKey, parts: Mapping[str, bytes], readers: Iterable[Reader]
) -> None:
    """Seal parts (plaintexts by part name) under one key and wrap it for the readers."""
    name = key.name
    connection.execute(
        insert(SEALED),
        [
            {
                "kind": name.kind,
                "id": name.id,
                "part": part,
                "subject": name.subject,
                "ciphertext": key.seal(part, plaintext),
            }
            for part, plaintext in parts.items()
        ],
    )
    add_wraps(connection, key, readers)


def put_part(connection: Connection, key: SealKey, part: str, plaintext: bytes) -> None:
    """Seal one part anew, in place of what it was (drafts only; revisions never change)."""
    name = key.name
    remove_part(connection, name, part)
    row = {"kind": name.kind, "id": name.id, "part": part, "subject": name.subject}
    connection.execute(insert(SEALED).values(**row, ciphertext=key.seal(part, plaintext)))


def remove_part(connection: Connection, name: Name, part: str) -> None:
    """Delete one part of a draft."""
    connection.execute(
        delete(SEALED).where(
            SEALED.c.kind == name.kind, SEALED.c.id == name.id, SEALED.c.part == part
        )
    )


def add_wraps(connection: Connection, key: SealKey, readers: Iterable[Reader]) -> None:
    """Wrap a key for readers, in place of wraps they may have already."""
    wraps = key.wrap_for(readers)
    name = key.name
    connection.execute(
        delete(WRAPS).where(
            WRAPS.c.kind == name.kind, WRAPS.c.id == name.id, WRAPS.c.reader.in_(list(wraps))
        )
    )
    rows = [
        {"kind": name.kind, "id": name.id, "reader": reader, "wrapped": wrapped}
        for reader, wrapped in wraps.items()
    ]
    if rows:
        connection.execute(insert(WRAPS), rows)


def drop(connection: Connection, name: Name) -> None:
    """Delete a sealed thing (a draft that was replaced) and its wraps."""
    for table in (SEALED, WRAPS):
        connection.execute(delete(table).where(table.c.kind == name.kind, table.c.id == name.id))


def key_for(connection: Connection, name: Name, opener: Opener) -> SealKey:
    """The key of a sealed thing for that reader. Raises Refused when it is not for them."""
    row = connection.execute(
        select(WRAPS.c.wrapped).where(
            WRAPS.c.kind == name.kind,
            WRAPS.c.id == name.id,
            WRAPS.c.reader == opener.identity.read_public,
        )
    ).first()
    key = (
        unwrap(name, {opener.identity.read_public: row.wrapped}, opener.id, opener.identity)
        if row
        else None
    )
    if key is None:
        raise Refused(
            "This is sealed, and not for you",
            [
                Why(
                    "reader",
                    phrase("{id} is not a reader of {subject}", id=opener.id, subject=name.subject),
                )
            ],
            "Authors, the steps of its chain and the leads can read it. Who was just given a role "
            "or a key is let in by the publisher within seconds: repeat it. Where none runs: "
            "desk people rewrap",
        )
    return key


def get(connection: Connection, key: SealKey, part: str) -> bytes:
    """One part, opened. Raises NotFound, or TrustError when the seal does not hold."""
    name = key.name
    row = connection.execute(
        select(SEALED.c.ciphertext).where(
            SEALED.c.kind == name.kind, SEALED.c.id == name.id, SEALED.c.part == part
        )
    ).first()
    if row is None:
        raise NotFound("A sealed part is missing", f"{name.kind} {name.id}, {part}")
    return key.open(part, row.ciphertext)


def parts(connection: Connection, name: Name) -> list[str]:
    """The names of the parts of a sealed thing."""
    query = select(SEALED.c.part).where(SEALED.c.kind == name.kind, SEALED.c.id == name.id)
    return sorted(connection.scalars(query))

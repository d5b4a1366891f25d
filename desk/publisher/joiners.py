"""Joiners: who gets a role or a new key can read what was sealed before.

The publisher is a reader of every revision, so it wraps their keys once more: for whom its own
copy of the log names, never for a key that only the database names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from desk.errors import DeskError
from desk.store import sealed
from desk.store.sealed import Opener
from desk.store.session import Store
from desk.trust.approval import mended
from desk.trust.readers import readers_of, sealed_beside
from desk.trust.record import Record
from desk.trust.seal import Name, Reader
from models.tables import WRAPS

DONE = "readable for"


@dataclass(frozen=True)
class Sealed:
    """One revision, or one thing beside the log, and who may read it."""

    name: Name
    readers: tuple[Reader, ...]


def readable(record: Record) -> list[Sealed]:
    """The newest revision of every item; contacts and enquiries; then what is public.

    With a quick fix what it stands on: its approver is shown the difference. Of what is public the
    last revision: a correction begins with it, and is compared with it.
    """
    assert record.roster is not None
    assert record.policy is not None
    waiting, public = [], []
    for item in record.items.values():
        authors = {revision.author for revision in item.revisions.values()}
        who = tuple(readers_of(record, item.kind, item.agency, authors))
        if not item.current.released_in:
            for revision in mended(item, item.current):
                waiting.append(Sealed(_name(record, item.id, revision.id), who))
        out = (one for one in reversed(item.revisions.values()) if one.released_in)
        if last := next(out, None):
            public.append(Sealed(_name(record, item.id, last.id), who))
    return [*waiting, *(Sealed(name, who) for name, who in sealed_beside(record)), *public]


def _name(record: Record, item: str, revision: str) -> Name:
    return Name(record.newsroom, "revision", item, revision)


def wrap_missing(
    store: Store, opener: Opener, revisions: list[Sealed], stop: Callable[[], bool]
) -> Iterator[tuple[Sealed, str]]:
    """Wrap each revision's key for readers who have no wrap yet.

    Yields each revision that was touched with '' or what went wrong with it. Ends at `stop()`.
    """
    for one in revisions:
        if stop():
            return
        try:
            if _wrap(store, opener, one):
                yield one, ""
        except DeskError as error:
            yield one, str(error)


def _wrap(store: Store, opener: Opener, one: Sealed) -> bool:
    query = select(WRAPS.c.reader).where(WRAPS.c.kind == one.name.kind, WRAPS.c.id == one.name.id)
    with store.read() as connection:
        known = set(connection.scalars(query))
        missing = [reader for reader in one.readers if reader.key not in known]
        if not missing:
            return False
        key = sealed.key_for(connection, one.name, opener)
    with store.write() as connection:
        sealed.add_wraps(connection, key, missing)
    return True

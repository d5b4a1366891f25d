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

DONE = "wrapped for"


@dataclass(frozen=True)
class Sealed:
    """One revision that is not public, or one thing beside the log, and who may read it."""

    name: Name
    readers: tuple[Reader, ...]


def unreleased(record: Record) -> list[Sealed]:
    """The newest revision of every item, unless it is public; contacts and enquiries.

    With a quick fix what it stands on: its approver is shown the difference.
    """
    assert record.roster is not None
    assert record.policy is not None
    found = []
    for item in record.items.values():
        if item.current.released_in:
            continue
        authors = {revision.author for revision in item.revisions.values()}
        who = readers_of(record, item.kind, item.agency, authors)
        for revision in mended(item, item.current):
            name = Name(record.newsroom, "revision", item.id, revision.id)
            found.append(Sealed(name, tuple(who)))
    return found + [Sealed(name, who) for name, who in sealed_beside(record)]


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

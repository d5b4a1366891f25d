"""Acts of the publisher on their way into the log: owed first in the ledger, paid when it can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import insert, select

from desk.clock import Clock
from desk.errors import Conflict, DeskError, Refused, Unavailable
from desk.newsroom.pins import Pin
from desk.newsroom.room import Actor, Room
from desk.newsroom.take_up import take_up
from desk.publisher.bundles import Vault
from desk.publisher.ledger import Ledger, Pending
from desk.store.session import Store
from desk.trust.canonical import parse
from desk.trust.envelope import Envelope
from desk.trust.record import Record
from models.tables import PUBLIC_TEXTS


class Outbox:
    """Appends what the ledger owes. Its failure never touches a release."""

    def __init__(
        self, ledger: Ledger, store: Store, pin: str, actor: Actor, clock: Clock,
        leads: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._leads = leads
        self._actor = actor
        self._room = Room(Path(), store, Pin(pin), clock=clock)

    def pay(self, vault: Vault, stop: Callable[[], bool]) -> list[tuple[Pending, str]]:
        """Append what is owed until all is paid, or `stop()`. Returns what the log refused, why.

        An act that the log will never take (stale, replayed) is dropped, not tried for ever.
        Raises Unavailable, TrustError; what was not paid stays owed.
        """
        refused = []
        for pending in self._ledger.owed(50):
            if stop():
                break
            try:
                self._append(pending)
                if pending.kind == "publisher.released":
                    self._publish_text(pending, vault)
            except (Conflict, Refused) as error:
                refused.append((pending, str(error)))
            self._ledger.paid(pending.name)
        return refused

    def take_up(self, envelopes: Sequence[Envelope]) -> int:
        """Append acts that a channel gave back, as far as they hold here. How many that were.

        Raises Unavailable, TrustError.
        """
        return len(take_up(self._room, envelopes))

    def _append(self, pending: Pending) -> None:
        subject = pending.subject
        related = [subject] if subject[:2] in ("i-", "r-") else []
        with self._room.acting(*related) as tx:
            if not self._leads():  # asked while nobody else can append
                raise Unavailable("Another publisher leads", "it answers for what is owed")
            if _said(tx.record, pending):
                return  # a crash came between the log and the ledger
            tx.append(pending.kind, subject, pending.fields, self._actor)
            if pending.kind == "publisher.released":
                tx.touched |= set(tx.record.releases[subject].items)

    def _publish_text(self, pending: Pending, vault: Vault) -> None:
        """What is public is stored in clear, so that search and lists need no keys for it."""
        with self._room.reading(pending.subject) as view:
            rows = []
            for item in view.record.items.values():
                for revision in item.revisions.values():
                    if revision.digest in pending.fields["revisions"]:
                        rows.append((item, revision))
        with self._room.store.write() as connection:
            for item, revision in rows:
                known = select(PUBLIC_TEXTS.c.revision).where(
                    PUBLIC_TEXTS.c.revision == revision.digest
                )
                if connection.execute(known).first():
                    continue
                try:
                    content = vault.content(item.id, revision.id, revision.content)
                except DeskError:
                    continue  # what cannot be opened was not published either
                connection.execute(
                    insert(PUBLIC_TEXTS).values(
                        revision=revision.digest,
                        item=item.id,
                        language=item.language,
                        headline=str(parse(content)["headline"]),
                        content=content.decode(),
                    )
                )


def _said(record: Record, pending: Pending) -> bool:
    """Whether the log says it already."""
    fields: dict[str, str] = pending.fields
    release = record.releases.get(pending.subject)
    if pending.kind == "publisher.ack":
        return fields["act"] in record.acked
    if release is None:
        return False
    if pending.kind == "publisher.released":
        return fields["channel"] in release.opened and release.released_signoff == fields["signoff"]
    if pending.kind == "publisher.staged":
        return release.staged.get(fields["channel"]) == fields["address"]
    if pending.kind == "publisher.failed":
        return release.failed.get(fields["channel"]) == fields["code"]
    return pending.kind == "publisher.missed" and fields["signoff"] in release.missed

"""Projections: tables that say what the log says now, kept for speed, made again at will."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from desk.errors import Refused
from desk.trust.acts import EVERYTHING
from desk.trust.contact_state import EnquiryState
from desk.trust.judge import counting, judge_revision, release_state, steps_of
from desk.trust.record import LIFTERS, Record
from desk.trust.state import Hold, ItemState, RevisionState
from models.tables import (
    ENQUIRIES,
    HOLDS,
    ITEMS,
    RELEASE_CHANNELS,
    RELEASE_ITEMS,
    RELEASES,
    REVISIONS,
)

ALL = (ITEMS, REVISIONS, RELEASES, RELEASE_ITEMS, RELEASE_CHANNELS, HOLDS, ENQUIRIES)


def revision_state(record: Record, item: ItemState, revision: RevisionState) -> str:
    """submitted, approved, returned, released, withdrawn."""
    if revision.withdrawn:
        return "withdrawn"
    if revision.released_in:
        return "released"
    if revision.returned:
        return "returned"
    return "submitted" if judge_revision(record, item.id, revision.digest) else "approved"


def _steps_done(record: Record, item: ItemState, revision: RevisionState) -> tuple[str, str]:
    """Steps with an approval that counts, joined, and the first open one."""
    try:
        states = steps_of(record, item, revision)
    except Refused:
        return "", ""
    done = ",".join(f"{s.step}:{s.approval.person}" for s in states if s.approval)
    waiting = next((s.step for s in states if not s.approval), "")
    return done, waiting


def _item_rows(record: Record, item: ItemState) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rows = []
    waiting = ""
    for revision in item.revisions.values():
        done, open_step = _steps_done(record, item, revision)
        state = revision_state(record, item, revision)
        if revision.digest == item.latest and state == "submitted":
            waiting = open_step
        rows.append(
            {
                "digest": revision.digest,
                "item": item.id,
                "id": revision.id,
                "number": revision.number,
                "parent": revision.parent,
                "author": revision.author,
                "time": revision.time,
                "state": state,
                "steps_done": done,
                "released_in": revision.released_in,
            }
        )
    row = {
        "id": item.id,
        "language": item.language,
        "kind": item.kind,
        "agency": item.agency,
        "message": item.message,
        "code": item.code,
        "latest": item.latest,
        "number": item.current.number,
        "state": rows[-1]["state"],
        "waiting_for": waiting,
        "public": item.public,
        "at": item.current.time,
    }
    return row, rows


def _release_rows(
    record: Record, release_id: str
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    release = record.releases[release_id]
    signoff = release.signoffs.get(release.released_signoff) or release.signoff
    notes = [step.note for step in release.plan if step.note]
    row = {
        "id": release.id,
        "at": release.at,
        "zone": release.zone,
        "wall": release.wall,
        "code": release.code,
        "slot": release.slot,
        "state": release_state(record, release_id),
        "held": any(not h.lifted(LIFTERS) for h in release.holds.values()),
        "confirmed": release.confirmed,
        "basis": release.basis,
        "signed": len(counting(record, release, signoff)),
        "items": len(release.items),
        "channels": len(release.channels),
        "note": notes[-1] if notes else "",
        "waits_until": release.grant.until if release.grant and not release.grant.ended else "",
        "speaks": sum(one.can and one.covers(release.at) for one in release.available.values()),
    }
    items = [{"release": release.id, "item": item} for item in release.items]
    channels = []
    for channel in release.channels:
        state = "planned"
        if channel in release.opened:
            state = "released"
        elif channel in release.failed:
            state = "failed"
        elif channel in release.staged:
            state = "staged"
        channels.append(
            {
                "release": release.id,
                "channel": channel,
                "state": state,
                "opened_ms": release.opened.get(channel, 0),
            }
        )
    return row, items, channels


def _hold_rows(subject: str, holds: Iterable[Hold]) -> list[dict[str, Any]]:
    return [
        {
            "digest": hold.digest,
            "subject": subject,
            "person": hold.person,
            "time": hold.time,
            "lifts": len(hold.lifts),
            "active": not hold.lifted(LIFTERS),
        }
        for hold in holds
    ]


def _enquiry_row(enquiry: EnquiryState) -> dict[str, Any]:
    names = ("id", "state", "language", "agency", "topic", "contact", "due", "opened", "item")
    row = {name: getattr(enquiry, name) for name in names}
    return {**row, "closed": enquiry.closed, "forgotten": bool(enquiry.forgotten)}


def _replace(connection: Connection, table: Table, column: str, key: str, rows: Any) -> None:
    connection.execute(delete(table).where(table.c[column] == key))
    if rows:
        connection.execute(insert(table), rows)


def project(connection: Connection, record: Record, subjects: Iterable[str]) -> None:
    """Make the rows about these subjects anew from the record. Call it inside `Store.write()`."""
    for subject in dict.fromkeys(subjects):
        if item := record.items.get(subject):
            row, revisions = _item_rows(record, item)
            _replace(connection, ITEMS, "id", subject, [row])
            _replace(connection, REVISIONS, "item", subject, revisions)
        elif release := record.releases.get(subject):
            row, items, channels = _release_rows(record, subject)
            _replace(connection, RELEASES, "id", subject, [row])
            _replace(connection, RELEASE_ITEMS, "release", subject, items)
            _replace(connection, RELEASE_CHANNELS, "release", subject, channels)
            _replace(
                connection, HOLDS, "subject", subject, _hold_rows(subject, release.holds.values())
            )
        elif enquiry := record.enquiries.get(subject):
            _replace(connection, ENQUIRIES, "id", subject, [_enquiry_row(enquiry)])
        elif subject == EVERYTHING:
            _replace(
                connection, HOLDS, "subject", subject, _hold_rows(subject, record.holds.values())
            )


def project_all(connection: Connection, record: Record) -> None:
    """Empty every projection and make it anew from a record of the whole log."""
    for table in ALL:
        connection.execute(delete(table))
    project(connection, record, (*record.items, *record.releases, *record.enquiries, EVERYTHING))


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every projection as sorted rows, to compare two of them."""
    return {
        table.name: sorted(tuple(row) for row in connection.execute(select(table))) for table in ALL
    }


def releases_with(connection: Connection, items: Iterable[str]) -> list[str]:
    """Ids of releases that hold any of these items."""
    wanted = list(items)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        query = select(RELEASE_ITEMS.c.release).where(
            RELEASE_ITEMS.c.item.in_(wanted[start : start + 500])
        )
        found |= set(connection.scalars(query))
    return sorted(found)


def open_releases(connection: Connection) -> list[str]:
    """Ids of releases that are not over."""
    over = ("released", "cancelled")
    return list(connection.scalars(select(RELEASES.c.id).where(RELEASES.c.state.not_in(over))))


def items_of(connection: Connection, release: str) -> list[str]:
    """Ids of the items of a release."""
    query = select(RELEASE_ITEMS.c.item).where(RELEASE_ITEMS.c.release == release)
    return sorted(connection.scalars(query))

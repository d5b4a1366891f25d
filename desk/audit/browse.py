"""Browsing the log: a filter in words, pages newest first, and one act in full.

What is listed are the log's columns, kept for look-ups and not trusted; one act in full is read
from its envelope, with the judge's record of its subject.

An act that several people sign states no time, or the one at which it was proposed: all must sign
the same bytes. When the last of them signed is known by its place in the log alone: no earlier
than the act before it, no later than the act after it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from desk.audit.words import kinds_called
from desk.errors import DeskError, NotFound
from desk.newsroom.room import Room
from desk.phrase import phrase
from desk.store import log
from desk.text import folded, nfc
from desk.trust import acts
from desk.trust.envelope import Envelope
from desk.trust.keys import fingerprint
from desk.trust.roster import Roster
from models.tables import ITEMS, LOG, RELEASES

BUCKET = 500  # entries of the log that are counted together
FIELDS = {
    "kind": "kinds", "viec": "kinds", "person": "people", "nguoi": "people",
    "about": "subjects", "ve": "subjects",
}  # fmt: skip
"""What a filter may name, folded, in both languages."""
SINCE, UNTIL = ("after", "tu", "sau"), ("before", "den", "truoc")


@dataclass(frozen=True)
class Filter:
    """Which acts to list: alternatives within a field, all fields together.

    `since` and `until` are the beginnings of written instants (`2026-11`, `2026-11-20T08`).
    """

    kinds: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    def conditions(self, connection: Connection) -> list[ColumnElement[bool]]:
        """The same as SQL for that connection. Where several sign, people are found by keys."""
        found: list[ColumnElement[bool]] = []
        if self.kinds:
            found.append(or_(*(_of_kind(kind) for kind in self.kinds)))
        if self.people:
            theirs = (_signed_with(connection, key) for key in keys_of(connection, self.people))
            together = and_(LOG.c.kind.in_(SHARED), or_(false(), *theirs))
            found.append(or_(LOG.c.actor.in_(self.people), together))
        if self.subjects:
            found.append(LOG.c.subject.in_(self.subjects))
        for word in self.words:
            columns = (LOG.c.kind, LOG.c.subject, LOG.c.actor, LOG.c.digest)
            found.append(or_(*(column.contains(word, autoescape=True) for column in columns)))
        if self.since:
            found.append(_placed >= self.since)
        if self.until:
            # A whole day, month or hour: everything that begins like it belongs to it.
            found.append(_placed <= self.until + "\uffff")
        return found


SHARED = tuple(name for name, kind in acts.FIELDS.items() if kind.signed_by in ("leads", "root"))
"""The kinds that several people sign."""
_OTHER = LOG.alias()
_BEFORE = (
    select(_OTHER.c.time).where(_OTHER.c.seq < LOG.c.seq, _OTHER.c.time != "")
    .order_by(_OTHER.c.seq.desc()).limit(1).correlate(LOG).scalar_subquery()
)  # fmt: skip
_placed = case(
    (LOG.c.kind.not_in(SHARED), LOG.c.time),
    (func.coalesce(_BEFORE, "") > LOG.c.time, _BEFORE),
    else_=LOG.c.time,
)
"""The time that an act states; of one by several people, that of the act before it if later."""


def _of_kind(kind: str) -> ColumnElement[bool]:
    return or_(LOG.c.kind == kind, LOG.c.kind.startswith(kind + ".", autoescape=True))


def _signed_with(connection: Connection, key: str) -> ColumnElement[bool]:
    """Whether a signing key (hex) is among those of an entry: they stand in its envelope in clear,
    and its payload, in base64, never spells 64 hexadecimal digits.
    """
    sought, there = literal(key.encode(), LargeBinary), LOG.c.envelope
    if connection.dialect.name == "sqlite":
        return func.instr(there, sought) > 0
    return func.position(sought.op("IN")(there)) > 0


def keys_of(connection: Connection, people: Iterable[str]) -> tuple[str, ...]:
    """The signing keys (hex) that any roster in the log has, or had, for these people.

    For a look-up, like the log's columns: no roster is judged here.
    """
    wanted = set(people)
    found = (key for person, key in _keys_in(connection) if person in wanted)
    return tuple(dict.fromkeys(found))


def names_in(connection: Connection) -> dict[str, str]:
    """Signing key (hex) -> whose it is, or was, by the newest roster in the log that names it.

    For a look-up, like `keys_of`; `key_names` says it of a roster that was judged.
    """
    return {key: person for person, key in _keys_in(connection)}


def _keys_in(connection: Connection) -> Iterator[tuple[str, str]]:
    """People with their signing keys (hex), roster by roster, the oldest first."""
    query = select(LOG.c.envelope).where(LOG.c.kind == "roster").order_by(LOG.c.seq)
    for data in connection.scalars(query):
        try:
            roster = Envelope.from_json(data).body()["document"]
            found = list(roster["root"]["keys"].items())
            for person, one in roster["people"].items():
                found += [(person, key["sign"]) for key in one["keys"]]
        except (DeskError, KeyError, TypeError, AttributeError):
            continue  # no roster that anybody would follow
        yield from ((person, key) for person, key in found if isinstance(key, str))


def parse(query: str) -> Filter:
    """A filter from what a person types: `kind:release person:lead-1 after:2026-11 8c1f`.

    Fields may be named in Vietnamese, accents left out or not, and a kind by what it is called in
    either language with hyphens for spaces: `việc:tạm-dừng người:lead-1 từ:2026-11`.
    """
    found: dict[str, list[str]] = {name: [] for name in (*FIELDS.values(), "words")}
    since = until = ""
    for word in nfc(query).split():
        name, colon, value = word.partition(":")
        name = folded(name) if colon and value else ""
        if name in FIELDS:
            several = kinds_called(value) if FIELDS[name] == "kinds" else (value,)
            found[FIELDS[name]] += several
        elif name in SINCE:
            since = value
        elif name in UNTIL:
            until = value
        else:
            found["words"].append(word)
    return Filter(**{name: tuple(words) for name, words in found.items()}, since=since, until=until)


@dataclass(frozen=True)
class Bucket:
    """A stretch of the log: how many acts of it the filter lets through, and where it begins.

    `above` is one more than its highest number: pages below it start with its newest act.
    """

    above: int
    count: int


@dataclass(frozen=True)
class Line:
    """One act as the list shows it.

    An act by several people has no `actor`, and `time` may be '' or when it was proposed. Then
    `not_before` tells when the last of them signed: no earlier than that, by its place in the log.
    """

    seq: int
    time: str
    kind: str
    subject: str
    actor: str
    digest: str
    not_before: str = ""

    @property
    def when(self) -> str:
        """The time for a list: the one that it states, or the earliest that it can be."""
        return f"≥ {self.not_before}" if self.not_before else self.time


def buckets(connection: Connection, wanted: Filter) -> list[Bucket]:
    """The stretches that have any, newest first: what fixes the place of every line."""
    number = (
        LOG.c.seq / BUCKET if connection.dialect.name != "sqlite" else LOG.c.seq.op("/")(BUCKET)
    )
    query = select(number.label("n"), func.count().label("c")).where(*wanted.conditions(connection))
    rows = connection.execute(query.group_by("n").order_by(number.desc()))
    return [Bucket((int(row.n) + 1) * BUCKET, row.c) for row in rows]


def page(
    connection: Connection, wanted: Filter, *, below: int | None = None, limit: int = 100
) -> list[Line]:
    """At most so many acts with a number below that, newest first."""
    query = select(
        LOG.c.seq, LOG.c.time, LOG.c.kind, LOG.c.subject, LOG.c.actor, LOG.c.digest,
        case((_placed != LOG.c.time, _placed), else_="").label("not_before"),
    ).where(*wanted.conditions(connection))  # fmt: skip
    if below is not None:
        query = query.where(LOG.c.seq < below)
    rows = connection.execute(query.order_by(LOG.c.seq.desc()).limit(limit))
    return [Line(*row) for row in rows]


def not_after(connection: Connection, seq: int) -> str:
    """The time that the next act of one signer states, '' when there is none yet."""
    query = select(LOG.c.time).where(LOG.c.seq > seq, LOG.c.kind.not_in(SHARED))
    return str(connection.execute(query.order_by(LOG.c.seq).limit(1)).scalar() or "")


def key_names(roster: Roster) -> dict[str, str]:
    """Signing key (hex) -> whose it is: people, publishers and who holds the root."""
    root = {key: person for person, key in roster.root_keys.items()}
    return root | {key: owner.person for key, owner in roster.keys.items()}


def signers(
    connection: Connection, seqs: Iterable[int], names: Mapping[str, str]
) -> dict[int, tuple[str, ...]]:
    """Whose keys are on these entries, for a list; `names`: signing key (hex) -> person.

    A key that is in no roster now is left out; that a signature holds is for `act_in_full`.
    """
    wanted, found = list(seqs), dict[int, tuple[str, ...]]()
    for start in range(0, len(wanted), BUCKET):  # a statement takes only so many values
        few = LOG.c.seq.in_(wanted[start : start + BUCKET])
        for row in connection.execute(select(LOG.c.seq, LOG.c.envelope).where(few)):
            try:
                envelope = Envelope.from_json(row.envelope)
            except DeskError:
                continue
            keys = (one.keyid for one in envelope.signatures)
            found[row.seq] = tuple(dict.fromkeys(names[key] for key in keys if key in names))
    return found


def codes(connection: Connection, subjects: Iterable[str]) -> dict[str, str]:
    """The code names of those of the subjects that are items or releases and have one."""
    wanted = [one for one in subjects if one.startswith(("i-", "r-"))]
    found: dict[str, str] = {}
    for table in (ITEMS, RELEASES):
        query = select(table.c.id, table.c.code).where(table.c.id.in_(wanted))
        found |= {row.id: row.code for row in connection.execute(query) if row.code}
    return found


@dataclass(frozen=True)
class Signed:
    """A signature of an act: whose key it is now known as, or '', and the key's fingerprint."""

    person: str
    key: str


@dataclass(frozen=True)
class ActInFull:
    """One act: its payload, who signed, and what the record makes of it.

    `void` says why it counts for nothing, '' when it counts; `acknowledged` what the publisher
    answered, '' while it has not or need not. `not_after`: of an act by several people, the time
    that the next act states, '' while there is none.
    """

    line: Line
    hash: str
    previous: str
    signed: tuple[Signed, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    void: str = ""
    acknowledged: str = ""
    envelope: str = ""
    not_after: str = ""


def act_in_full(room: Room, seq: int) -> ActInFull:
    """One entry of the log. Raises NotFound, TrustError for bytes that are no act."""
    with room.store.read() as connection:
        entries = log.entries(connection, seq - 1, 1)
        lines = page(connection, Filter(), below=seq + 1, limit=1)
        later = not_after(connection, seq) if lines and lines[0].not_before else ""
    if not entries or entries[0].seq != seq or not lines:
        raise NotFound(
            "There is no such entry", phrase("entry {seq}", seq=seq), "The log: desk audit log"
        )
    entry, line = entries[0], lines[0]
    act = acts.read(Envelope.from_json(entry.envelope))
    subject = line.subject if line.subject[:2] in ("r-", "i-", "q-") else ""
    with room.reading(*([subject] if subject else [])) as view:
        voids = {applied.seq: applied.void for applied in view.record.voids}
        acked = view.record.acked.get(line.digest, "")
        names = key_names(view.roster)
    signed = tuple(
        Signed(names.get(one.keyid, ""), fingerprint(one.keyid)) for one in act.envelope.signatures
    )
    return ActInFull(
        line, entry.hash, entry.previous, signed, act.fields, str(voids.get(seq, "") or ""), acked,
        base64.b64encode(entry.envelope).decode(), later,
    )  # fmt: skip


def counted(found: Sequence[Bucket]) -> int:
    """How many acts those stretches have."""
    return sum(bucket.count for bucket in found)

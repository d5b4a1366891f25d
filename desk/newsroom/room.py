"""An open newsroom: where verbs read the record, and append acts in one transaction.

Reading gives a `View`: a record folded from the acts about the asked subjects, verified, under
the roster chain from the pinned root. Acting gives a `Transaction`: the same inside a write
transaction; every act is signed, folded (so that a void act is refused at once), projected, and
stored last.
"""

from __future__ import annotations

import time as _time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from desk.clock import Clock, SystemClock, now, written
from desk.errors import Conflict, NotFound, Reason, Refused, TrustError
from desk.newsroom.folded import Folded, fold
from desk.newsroom.pins import Pin, PinFile
from desk.phrase import parts_of, phrase
from desk.store import log, projections
from desk.store.migrations import require_newest
from desk.store.sealed import Opener
from desk.store.session import Store
from desk.trust import acts, roster
from desk.trust.acts import Act
from desk.trust.envelope import Envelope, Signer
from desk.trust.keys import Identity
from desk.trust.policy import Policy
from desk.trust.record import Record
from desk.trust.roster import Roster


@dataclass(frozen=True)
class Actor:
    """Who acts: the id of the roster entry and the keys to sign and read with."""

    id: str
    identity: Identity

    @property
    def opener(self) -> Opener:
        """The same, as a reader of sealed things."""
        return Opener(self.id, self.identity)


@dataclass
class View:
    """One consistent reading: the connection, the record about the asked subjects, the instant.

    `root` is the newsroom's folder, where its termbase lies; None where nobody needs it.
    """

    connection: Connection
    record: Record
    time: str = ""
    root: Path | None = None

    def with_subjects(self, *subjects: str) -> View:
        """A view in the same transaction about other subjects, under the same roster."""
        rows = log.acts_about(self.connection, subjects)
        record = Record.from_acts(self.record.pin, (data for _, data in rows))
        return View(self.connection, record, self.time, self.root)

    @property
    def roster(self) -> Roster:
        """The roster in force."""
        if self.record.roster is None:
            raise TrustError("No roster yet", "the log does not begin with a signed roster")
        return self.record.roster

    @property
    def policy(self) -> Policy:
        """The policy in force. Raises Refused while none is adopted."""
        if self.record.policy is None:
            raise Refused(
                "No policy is adopted yet",
                [Reason("policy", "calendar.yaml takes effect when administrators adopt it")],
                "Run: desk newsroom adopt",
            )
        return self.record.policy


@dataclass
class Transaction(View):
    """A view that can append acts. What it touched is projected before it ends."""

    touched: set[str] = field(default_factory=set)
    appended: list[Act] = field(default_factory=list)

    def append(
        self, kind: str, subject: str, fields: Mapping[str, Any], actor: Actor, *signers: Signer
    ) -> Act:
        """Sign, fold and keep one act by a person. Raises Conflict or Refused when it is void."""
        value = {"newsroom": self.record.newsroom, "subject": subject, **fields}
        if acts.FIELDS[kind].signed_by in ("person", "publisher"):
            value |= {"actor": actor.id, "time": self.time}
        return self.adopt(acts.write(kind, value, *(signers or (actor.identity,))))

    def adopt(self, act: Act) -> Act:
        """Fold and keep an act that is signed already."""
        applied = self.record.apply(act.envelope)
        if applied.void:
            raise _refusal(applied.void)
        self.appended.append(act)
        self.touched.add(act.subject)
        return act


def _refusal(why: str) -> Conflict | Refused:
    """The error about an act that the record took as void: its title names the rule."""
    title, rest = (*parts_of(why), "")[:2]
    if title in ("Stale", "Taken", "Replayed", "No such revision", "No such release"):
        return Conflict(
            "Somebody else changed it first" if title == "Stale" else title,
            rest,
            "Look at it as it is now, then repeat.",
        )
    return Refused(title, [Reason(title.lower().replace(" ", "-"), rest or title)])


class Room:
    """One newsroom, opened with a pinned root. `root` is the folder of calendar.yaml."""

    def __init__(
        self, root: Path, store: Store, pin: Pin, *, clock: Clock, pins: PinFile | None = None
    ) -> None:
        self.root = root
        self.store = store
        self.pin = pin
        self.clock = clock
        self._pins = pins
        self._folded = Folded(pin.fingerprint)

    @classmethod
    def open(
        cls,
        root: Path,
        database: Path | str,
        *,
        pins: PinFile | None = None,
        fingerprint: str = "",
        clock: Clock | None = None,
    ) -> Room:
        """Open the newsroom in that folder.

        The root is the given fingerprint, or the pinned one, or, the first time on this machine,
        what the log says: then `first_time` is true and a person should compare it by voice.
        Raises NotFound, Unavailable, TrustError.
        """
        store = Store.at(database) if isinstance(database, Path) else Store(database)
        require_newest(store.engine)
        pin = pins.load() if pins else None
        first_time = pin is None and not fingerprint
        if fingerprint:
            if pin is not None and pin.fingerprint != fingerprint:
                raise TrustError("This is another newsroom", "its root is not the pinned one")
            pin = pin or Pin(fingerprint)
        if pin is None:
            pin = Pin(_root_of(store))
        room = cls(root, store, pin, clock=clock or SystemClock(), pins=pins)
        room.first_time = first_time
        return room

    first_time: bool = False

    def instant(self) -> str:
        """The present instant in its written form."""
        return written(now(self.clock))

    def record_about(self, connection: Connection, *subjects: str) -> Record:
        """The record about these items and releases, inside a transaction that is open already."""
        return self._record(connection, self._related(connection, subjects))

    def _record(self, connection: Connection, subjects: Iterable[str]) -> Record:
        record = fold(self.pin.fingerprint, log.acts_about(connection, subjects))
        self._check_pin(record)
        return record

    def _check_pin(self, record: Record) -> None:
        found = record.roster
        if found is None:
            raise TrustError(
                "This is not the newsroom that was pinned here",
                "its log does not begin with a roster of the pinned root",
                "Compare the fingerprint by voice with an administrator.",
            )
        policy_version = record.policy.version if record.policy else 0
        same = found.version != self.pin.roster_version or found.digest == self.pin.roster_digest
        if (
            found.version < self.pin.roster_version
            or policy_version < self.pin.policy_version
            or not same
        ):
            raise TrustError(
                "The newsroom was rolled back",
                phrase(
                    "roster v{roster} and policy v{policy} are older than what this desk has seen "
                    "(v{roster_seen}, v{policy_seen})",
                    roster=found.version,
                    policy=policy_version,
                    roster_seen=self.pin.roster_version,
                    policy_seen=self.pin.policy_version,
                ),
                "Do not sign anything. Tell the administrators: desk audit verify",
            )
        newest = Pin(self.pin.fingerprint, found.version, found.digest, policy_version)
        if newest != self.pin:
            self.pin = newest
            if self._pins:
                self._pins.save(newest)

    def _related(self, connection: Connection, subjects: Iterable[str]) -> set[str]:
        """The asked subjects, the items of asked releases, and every release of those items.

        Earlier releases matter: authorship counts from the last released revision.
        """
        wanted = set(subjects)
        items = {subject for subject in wanted if subject.startswith("i-")}
        for release in [subject for subject in wanted if subject.startswith("r-")]:
            items |= set(projections.items_of(connection, release))
        return wanted | items | set(projections.releases_with(connection, items))

    @contextmanager
    def reading(self, *subjects: str) -> Iterator[View]:
        """A consistent view with the record about these items and releases; it is read only."""
        with self.store.read() as connection:
            related = self._related(connection, subjects)
            rows = log.acts_about(connection, related)
            record = self._folded.record(frozenset(related), rows)
            self._check_pin(record)
            yield View(connection, record, self.instant(), self.root)

    @contextmanager
    def acting(self, *subjects: str) -> Iterator[Transaction]:
        """A write transaction with the record about these items and releases."""
        with self.store.write() as connection:
            related = self._related(connection, subjects)
            record = self._record(connection, related)
            transaction = Transaction(connection, record, self.instant(), self.root)
            yield transaction
            if not transaction.appended:
                return
            projections.project(connection, transaction.record, transaction.touched)
            for act in transaction.appended:
                log.append(connection, act)

    def whole_record(self, connection: Connection) -> Record:
        """The record of the whole log, every signature verified."""
        record = Record(self.pin.fingerprint)
        for entry in log.every_entry(connection):
            record.apply(entry.envelope, entry.seq)
        return record

    def confirmed(self, act: Act, seconds: float = 3.0) -> str:
        """Wait for the publisher's signed acknowledgement of an act; see `acknowledged`."""
        return self.acknowledged(act.subject, act.digest, seconds)

    def acknowledged(self, subject: str, digest: str, seconds: float = 3.0) -> str:
        """Wait for the publisher's signed acknowledgement of an act about that subject.

        Returns `in-force`, `too-late`, or '' when none came in that time: requested, not
        confirmed.
        """
        deadline = _time.monotonic() + seconds
        while True:
            with self.reading(subject) as view:
                outcome = view.record.acked.get(digest, "")
            if outcome or _time.monotonic() >= deadline:
                return outcome
            _time.sleep(0.05)

    def require_person(self, view: View, actor: Actor) -> roster.Person:
        """The actor's roster entry. Raises Refused when the key is not theirs, or not in use."""
        person = view.roster.people.get(actor.id)
        key = person.key if person else None
        if person is None or key is None or key.sign != actor.identity.sign_public:
            raise Refused(
                "This key does not act here",
                [Reason("roster", _no_key(actor.id, view.roster.version))],
                "Ask an administrator: desk roster show",
            )
        return person


def _no_key(person: str, version: int) -> str:
    return phrase(
        "{person} has no such active key in roster v{version}", person=person, version=version
    )


def _root_of(store: Store) -> str:
    with store.read() as connection:
        first = log.entries(connection, 0, 1)
    if not first:
        raise NotFound("The newsroom is empty", "", "Create it: desk newsroom init")
    act = acts.read(Envelope.from_json(first[0].envelope))
    if act.kind.name != "roster" or not isinstance(act.fields["document"].get("root"), dict):
        raise TrustError("The log does not begin with a roster", "")
    document = act.fields["document"]
    return roster.root_fingerprint(str(document["newsroom"]), document["root"])

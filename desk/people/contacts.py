"""The spokesperson board: read it, change it by signed acts, open private numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.errors import Conflict, NotFound, Reason, Refused, TrustError, UsageError
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.people import contact_entries
from desk.people.contact_entries import Away, Contact, Entry, Shift, Topic
from desk.phrase import phrase
from desk.store import sealed
from desk.text import nfc
from desk.trust.acts import CONTACTS
from desk.trust.canonical import canonical, digest_bytes, parse
from desk.trust.contacting import EDITORS
from desk.trust.ids import new_salt
from desk.trust.readers import BOARD, contact_name, role_readers
from desk.trust.seal import SealKey

PART = "private"


@dataclass(frozen=True)
class Private:
    """What only spokespersons, leads and administrators may know of a contact."""

    phone: str = ""
    email: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.phone or self.email or self.note)

    def checked(self) -> Private:
        """The same with every field cleaned. Raises UsageError."""
        note = contact_entries.line(self.note, "private note", 500)
        return Private(
            contact_entries.phone(self.phone, "private phone"),
            contact_entries.email(self.email, "private email"),
            note,
        )


@dataclass(frozen=True)
class Change:
    """One entry to set, or to remove when `entry` is None.

    `private` of a contact: None keeps what lies sealed, an empty one takes it away. `parent`: the
    act that the person saw set it, to be told when somebody else was faster; '' for the newest.
    """

    id: str
    entry: Entry | None
    private: Private | None = None
    parent: str = ""


@dataclass(frozen=True)
class Board:
    """The board as it is now. `acts`: entry -> the act that set it; `private`: contact -> digest.

    `broken`: entries that are signed but of a shape that this Desk does not read.
    """

    contacts: Mapping[str, Contact] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    aways: Mapping[str, Away] = field(default_factory=dict)
    acts: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()

    def entry(self, id: str) -> Entry:
        """One entry. Raises NotFound."""
        for kind in (self.contacts, self.topics, self.shifts, self.aways):
            if id in kind:
                return kind[id]
        raise NotFound("No such entry", id[:80], "List them: desk contacts list")

    def contact(self, id: str) -> Contact:
        """A contact by its id or by the beginning of it. Raises NotFound, Conflict."""
        found = [one for name, one in self.contacts.items() if name == id or name.startswith(id)]
        if len(found) > 1 and id not in self.contacts:
            raise Conflict("Several contacts begin so", id[:40], "Give more of the id")
        if not found or not id:
            raise NotFound("No such contact", id[:40], "List them: desk contacts list")
        return self.contacts.get(id, found[0])

    def of_person(self, person: str) -> Contact | None:
        """The contact that a roster entry is, if any."""
        return next((c for c in self.contacts.values() if person and c.person == person), None)


def board_of(view: View) -> Board:
    """The board of a view that is about `contacts` (`Room.reading(CONTACTS)`)."""
    made: dict[str, dict[str, Any]] = {"c-": {}, "s-": {}, "w-": {}, "@": {}}
    broken = []
    for id, state in sorted(view.record.contacts.items()):
        try:
            made["@" if "@" in id else id[:2]][id] = contact_entries.read(id, state.value)
        except UsageError:
            broken.append(id)
    states = view.record.contacts
    return Board(
        made["c-"], made["@"], made["s-"], made["w-"],
        {id: state.act for id, state in states.items()},
        {id: state.private for id, state in states.items() if state.private},
        tuple(broken),
    )  # fmt: skip


def board(room: Room) -> Board:
    """The board as it is now."""
    with room.reading(CONTACTS) as view:
        return board_of(view)


# Changing


def change(room: Room, actor: Actor, changes: Sequence[Change]) -> Board:
    """Set and remove entries in one act. Returns the board after it.

    Raises Refused without a role that keeps the board for an entry's agency, UsageError for an
    agency or a roster entry that there is not, Conflict when an entry was changed meanwhile.
    """
    if not changes:
        raise UsageError("Nothing to change", "", "See: desk contacts edit --help")
    if len({one.id for one in changes}) != len(changes):
        raise UsageError("One entry twice", "", "Change each entry once")
    with room.acting(CONTACTS) as tx:
        room.require_person(tx, actor)
        before = board_of(tx)
        given = [_given(tx, actor, before, one) for one in changes]
        entries = [entry for entry, _ in given]
        if all(_same(tx, entry) for entry in entries):
            return before
        tx.append("contacts.change", CONTACTS, {"entries": entries}, actor)
        for entry, data in given:
            _store_private(tx, before, entry, data)
        return board_of(tx)


def _given(
    tx: Transaction, actor: Actor, before: Board, one: Change
) -> tuple[dict[str, Any], bytes]:
    """An entry as the act carries it, and the bytes to seal, if any are new."""
    known = before.acts.get(one.id, "")
    if one.parent and one.parent != known:
        raise Conflict("Somebody else changed it first", one.id, "Look at it again, then repeat.")
    given: dict[str, Any] = {"id": one.id} | ({"parent": known} if known else {})
    if one.entry is None:
        _check_unused(before, one.id)
        return given, b""
    entry = contact_entries.checked(one.entry)
    _check_known(tx, actor, before, entry)
    given["value"] = contact_entries.value_of(entry)
    private = None if one.private is None else one.private.checked()
    if private is None:
        return given | (
            {"private": before.private[one.id]} if one.id in before.private else {}
        ), b""
    if private.empty:
        return given, b""
    fields = {name: value for name, value in private.__dict__.items() if value}
    data = canonical({"format": contact_entries.FORMAT, "salt": new_salt()} | fields)
    return given | {"private": digest_bytes(data)}, data


def _same(tx: Transaction, given: Mapping[str, Any]) -> bool:
    known = tx.record.contacts.get(given["id"])
    return (
        known is not None
        and given.get("value") == dict(known.value)
        and given.get("private", "") == known.private
    )


def _check_known(tx: Transaction, actor: Actor, before: Board, entry: Entry) -> None:
    agencies = tx.policy.document["agencies"]
    if entry.agency not in agencies:
        hint = phrase("Agencies: {names}", names=", ".join(sorted(agencies)))
        raise UsageError("Unknown agency", entry.agency, hint)
    person = entry.person if isinstance(entry, Contact) else ""
    if person and person not in tx.roster.people:
        raise NotFound("No such person", person, "See: desk roster show")
    if person and (other := before.of_person(person)) and other.id != entry.id:
        raise Conflict(
            "That person is a contact already",
            phrase("{person} is {contact}", person=person, contact=other.id),
        )
    if not any(tx.record.holds_role(actor.id, role, entry.agency, tx.time) for role in EDITORS):
        who = sorted({p for role in EDITORS for p in tx.roster.holders(role, entry.agency)})
        text = phrase(
            "{person} keeps no contacts of {agency}", person=actor.id, agency=entry.agency
        )
        raise Refused("You cannot change that", [Reason("role", text, tuple(who))])


def _check_unused(before: Board, id: str) -> None:
    """A contact on whom a topic or a shift rests is not removed under it."""
    before.entry(id)
    if not id.startswith("c-"):
        return
    resting = [t.id for t in before.topics.values() if id in t.order]
    resting += [one.id for one in before.shifts.values() if one.contact == id]
    resting += [one.id for one in before.aways.values() if one.contact == id]
    if resting:
        raise Conflict(
            "Others rest on that contact", ", ".join(resting),
            "Give those topics another contact and remove its shifts first",
        )  # fmt: skip


# Private numbers


def _store_private(tx: Transaction, before: Board, given: Mapping[str, Any], data: bytes) -> None:
    """Seal the new version; the one before is deleted: nobody needs yesterday's number."""
    id, old = str(given["id"]), before.private.get(str(given["id"]), "")
    if data:
        key = SealKey.fresh(contact_name(tx.record, id, given["private"]))
        who = role_readers(tx.record, BOARD, given["value"]["agency"], tx.time)
        sealed.put(tx.connection, key, {PART: data}, who)
    if old and old != given.get("private"):
        sealed.drop(tx.connection, contact_name(tx.record, id, old))


def private_of(view: View, actor: Actor, id: str) -> Private:
    """A contact's private numbers, opened. Raises Refused for who may not read them."""
    digest = board_of(view).private.get(id, "")
    if not digest:
        return Private()
    try:
        key = sealed.key_for(view.connection, contact_name(view.record, id, digest), actor.opener)
    except Refused:
        who = tuple(sorted({p for r in EDITORS for p in view.roster.holders(r)}))
        text = phrase("{person} may not read private numbers", person=actor.id)
        raise Refused("This is sealed, and not for you", [Reason("reader", text, who)]) from None
    data = sealed.get(view.connection, key, PART)
    if digest_bytes(data) != digest:
        raise TrustError("Not the signed bytes", phrase("private numbers of {contact}", contact=id))
    found = parse(data)
    return Private(*(nfc(str(found.get(name, ""))) for name in ("phone", "email", "note")))


@dataclass(frozen=True)
class Past:
    """One change of an entry: when, by whom; `what` is set, removed or its private part."""

    id: str
    person: str
    time: str
    what: str
    act: str


def history(room: Room, id: str = "") -> list[Past]:
    """Who changed what, newest first; of one entry or of all."""
    from desk.store import log
    from desk.trust import acts
    from desk.trust.envelope import Envelope

    with room.reading(CONTACTS) as view:
        void = {one.seq for one in view.record.voids}
        rows = log.acts_about(view.connection, [CONTACTS])
    found = []
    for seq, data in rows:
        act = None if seq in void else acts.read(Envelope.from_json(data))
        if act is not None and act.kind.name == "contacts.change":
            found += [_past(act, one) for one in act.fields["entries"] if id in ("", one["id"])]
    return found[::-1]


def _past(act: Any, one: Mapping[str, Any]) -> Past:
    set_to = "changed" if "parent" in one else "added"
    what = set_to if "value" in one else "removed"
    return Past(one["id"], act.actor, act.time, what, act.digest)


def agencies_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The agencies that these entries belong to."""
    return tuple(sorted({entry.agency for entry in entries}))

"""Contacting: what acts about contacts, availability and enquiries do to a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desk.clock import parse_instant
from desk.phrase import phrase
from desk.trust.acts import Act
from desk.trust.contact_state import Availability, ContactEntry, EnquiryState
from desk.trust.void import Void

if TYPE_CHECKING:
    from desk.trust.record import Record

EDITORS = ("spokesperson", "lead", "admin")  # who keeps the board, each for their agencies
OPENERS = (*EDITORS, "author")  # who may take down a question
ANSWERERS = ("author", "spokesperson", "lead")
CLOSERS = ("spokesperson", "lead")
LONGEST = timedelta(hours=24)  # for so long somebody may say that they can speak


def change(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Set and remove entries of the board: all of an act, or nothing of it."""
    (person,) = signers
    record.must_be_sound(act, person)
    after: dict[str, ContactEntry | None] = {}
    for given in act.fields["entries"]:
        known = record.contacts.get(given["id"])
        if given["id"] in after:
            raise Void("Malformed", phrase("{entry} stands in it twice", entry=given["id"]))
        if given.get("parent", "") != (known.act if known else ""):
            raise Void("Stale", phrase("{entry} was changed in between", entry=given["id"]))
        if known is not None:
            record.must_hold(person, EDITORS, known.agency, act.time)
        elif "value" not in given:
            raise Void("Malformed", phrase("there is no {entry} to remove", entry=given["id"]))
        after[given["id"]] = _entry(given, act, person) if "value" in given else None
    for entry in (one for one in after.values() if one is not None):
        record.must_hold(person, EDITORS, entry.agency, act.time)
        _check_place(record, entry, after)
    record.contacts = {
        name: entry for name, entry in (record.contacts | after).items() if entry is not None
    }


def _entry(given: Mapping[str, Any], act: Act, person: str) -> ContactEntry:
    private = given.get("private", "")
    return ContactEntry(given["id"], given["value"], private, act.digest, person, act.time)


def _check_place(
    record: Record, entry: ContactEntry, after: Mapping[str, ContactEntry | None]
) -> None:
    """A shift or an absence is of a contact that there is, and of the same agency."""
    if not entry.id.startswith(("s-", "w-")):
        return
    name = str(entry.value.get("contact", ""))
    whose = after[name] if name in after else record.contacts.get(name)
    if whose is None or not name.startswith("c-"):
        raise Void("Malformed", phrase("{entry} is of no contact", entry=entry.id))
    if whose.agency != entry.agency:
        raise Void("Malformed", phrase("{entry} is of a contact of another agency", entry=entry.id))


def available(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Somebody can speak to a release, or cannot; the newest word about a contact stands."""
    (person,) = signers
    f = act.fields
    record.must_hold(person, CLOSERS, time=act.time)
    record.must_be_sound(act, person)
    release = record.releases.get(act.subject)
    if release is None:
        raise Void("No such release", act.subject)
    if not f["from"] <= f["until"]:
        raise Void("Malformed", "it ends before it begins")
    if parse_instant(f["until"]) - parse_instant(f["from"]) > LONGEST:
        raise Void("Too long", "somebody can speak for a day at most")
    release.available[f["contact"]] = Availability(
        f["contact"], f["can"] == "yes", f["from"], f["until"], person, act.time, act.digest
    )


def open_enquiry(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """A question comes in."""
    (person,) = signers
    f = act.fields
    record.must_hold(person, OPENERS, f["agency"], act.time)
    record.must_be_sound(act, person)
    if act.subject in record.enquiries:
        raise Void("Taken", "that enquiry exists already")
    record.enquiries[act.subject] = EnquiryState(
        act.subject, f["question"], f.get("enquirer", ""), f["language"], f["agency"],
        f.get("topic", ""), f.get("contact", ""), f["due"], act.time, person, act.digest,
    )  # fmt: skip


def _enquiry(record: Record, act: Act, person: str, roles: tuple[str, ...]) -> EnquiryState:
    """A copy of the enquiry that the act goes on from."""
    found = record.enquiries.get(act.subject)
    if found is None:
        raise Void("No such enquiry", act.subject)
    record.must_hold(person, roles, found.agency, act.time)
    record.must_be_sound(act, person)
    if act.fields["parent"] != found.basis:
        raise Void("Stale", "the enquiry was changed in between")
    return replace(found, basis=act.digest)


def _still_open(found: EnquiryState) -> None:
    if found.outcome:
        raise Void("Too late", phrase("the enquiry is {outcome}", outcome=found.outcome))


def assign(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """Another contact answers, or by another time."""
    found = _enquiry(record, act, signers[0], EDITORS)
    _still_open(found)
    found.contact = act.fields.get("contact", found.contact)
    found.due = act.fields.get("due", found.due)
    record.enquiries[act.subject] = found


def answer(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """An item is written as the answer."""
    found = _enquiry(record, act, signers[0], ANSWERERS)
    _still_open(found)
    found.item = act.fields["item"]
    record.enquiries[act.subject] = found


def close(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """It is answered, or declined with a reason."""
    f = act.fields
    found = _enquiry(record, act, signers[0], CLOSERS)
    _still_open(found)
    needed = "revision" if f["outcome"] == "answered" else "reason"
    if needed not in f:
        raise Void(
            "Malformed", phrase("{outcome} without {needed}", outcome=f["outcome"], needed=needed)
        )
    if f["outcome"] == "answered" and not found.item:
        raise Void("Malformed", "answered without an item")
    found.outcome, found.reason = f["outcome"], f.get("reason", "")
    found.revision = f.get("revision", "")
    found.closed, found.closed_by = act.time, signers[0]
    record.enquiries[act.subject] = found


def reopen(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """A closed enquiry waits again, by another time: who asked has asked again, or it was closed
    by mistake. Its item stays linked.
    """
    found = _enquiry(record, act, signers[0], CLOSERS)
    if not found.outcome:
        raise Void("Too early", "the enquiry is open")
    if found.forgotten:
        raise Void("Too late", "the question was forgotten")
    found.outcome = found.reason = found.revision = found.closed = found.closed_by = ""
    found.due = act.fields["due"]
    record.enquiries[act.subject] = found


def forget(record: Record, act: Act, signers: tuple[str, ...]) -> None:
    """What was sealed of it is deleted: question, outlet, journalist, reason."""
    found = _enquiry(record, act, signers[0], EDITORS)
    if not found.outcome:
        raise Void("Too early", "an open enquiry is not forgotten")
    if found.forgotten:
        raise Void("Replayed", "it was forgotten before")
    found.forgotten = act.time
    record.enquiries[act.subject] = found

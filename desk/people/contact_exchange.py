"""Files of contacts: write the public board, take contacts in, say what was not taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from desk.errors import UsageError
from desk.locales import N_
from desk.newsroom.room import Actor, Room, View
from desk.people import contact_cards, contact_tables, contacts
from desk.people.contact_cards import NotTaken, Read
from desk.people.contact_entries import Contact
from desk.people.contacts import Board, Change
from desk.people.lookalikes import Lookalike, domain_lookalikes, domain_of, name_lookalikes
from desk.phrase import joined, phrase
from desk.trust.acts import CONTACTS

Form = Literal["vcard", "csv"]
AT_ONCE = 200  # contacts in one act, which holds 128 KiB


@dataclass(frozen=True)
class Taken:
    """What an import did: ids added, changed and left as they were, and what was not taken."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    left_out: tuple[NotTaken, ...]
    flagged: tuple[Lookalike, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            **self.__dict__,
            "left_out": [dict(one.__dict__) for one in self.left_out],
            "flagged": [one.as_json() for one in self.flagged],
        }


def export(board: Board, form: Form, agency: str = "") -> str:
    """The contacts of an agency or of all, as a file: what is public of them, nothing else."""
    chosen = [c for _, c in sorted(board.contacts.items()) if agency in ("", c.agency)]
    return contact_cards.cards(chosen) if form == "vcard" else contact_tables.table(chosen)


def read(text: str, agency: str = "") -> Read:
    """Contacts of a file in either form, told apart by how it begins."""
    head = text.removeprefix("\ufeff").lstrip()[:20].upper()
    reader = contact_cards.read_cards if head.startswith("BEGIN:VCARD") else None
    return (reader or contact_tables.read_table)(text, agency)


def take(
    room: Room, actor: Actor, given: Read, *, accept: bool = False, dry: bool = False
) -> Taken:
    """Put contacts of a file on the board. `accept`: look-alikes too. `dry`: change nothing.

    A contact of a known id, or of the same agency and name, is changed, else it is added; its
    roster entry and private numbers stay. Raises Refused for an agency that is not the actor's.
    """
    with room.reading(CONTACTS) as view:
        board = contacts.board_of(view)
        domains = known_domains(view, board)
        agencies = frozenset(view.policy.document["agencies"])
    left, flagged, wanted = list(given.left_out), [], dict[str, Contact]()
    for one in given.contacts:
        contact = _matched(board, one)
        if contact.agency not in agencies:
            left.append(
                NotTaken(
                    0,
                    contact.called("vi"),
                    phrase("no agency {agency}", agency=contact.agency[:40]),
                )
            )
        elif contact.id in wanted:
            left.append(NotTaken(0, contact.called("vi"), N_("twice in the file")))
        elif (found := lookalikes(board, contact, domains)) and not accept:
            flagged += found
            left.append(NotTaken(0, contact.called("vi"), found[0].text))
        else:
            flagged += found
            wanted[contact.id] = contact
    same = [id for id, one in wanted.items() if board.contacts.get(id) == one]
    news = [one for id, one in wanted.items() if id not in same]
    if not dry:
        for start in range(0, len(news), AT_ONCE):
            part = news[start : start + AT_ONCE]
            contacts.change(room, actor, [Change(one.id, one) for one in part])
    added = tuple(one.id for one in news if one.id not in board.contacts)
    changed = tuple(one.id for one in news if one.id in board.contacts)
    return Taken(added, changed, tuple(same), tuple(left), tuple(flagged))


def _matched(board: Board, given: Contact) -> Contact:
    """The contact under the id that it has here already, if it is one of ours."""
    known = board.contacts.get(given.id)
    if known is None:
        names = {name.casefold() for name in given.name.values()}
        known = next(
            (c for c in board.contacts.values() if c.agency == given.agency
             and names & {name.casefold() for name in c.name.values()}), None,
        )  # fmt: skip
    return replace(given, id=known.id, person=known.person) if known else given


# Look-alikes


def known_domains(view: View, board: Board) -> tuple[str, ...]:
    """The domains that are the newsroom's own: of its channels and of its contacts."""
    channels = [str(rules.get("url", "")) for rules in view.policy.channels.values()]
    given = [*channels, *(one.email for one in board.contacts.values())]
    given += [one.url for one in board.contacts.values()]
    given += [press.email] if (press := view.policy.press) else []
    return tuple(sorted({domain for one in given if (domain := domain_of(one))}))


def lookalikes(board: Board, contact: Contact, domains: Iterable[str]) -> list[Lookalike]:
    """What a contact passes for among the others and the newsroom's domains.

    Domains of the contact as it stands on the board are its own, and so no measure.
    """
    others = [one for one in board.contacts.values() if one.id != contact.id]
    names = [name for one in others for name in one.name.values()]
    found = [look for name in contact.name.values() for look in name_lookalikes(name, names)]
    for address in (contact.email, contact.url):
        found += domain_lookalikes(address, domains)
    return list(dict.fromkeys(found))


def refuse_lookalikes(found: Sequence[Lookalike]) -> None:
    """Raise UsageError that names each: who enters one on purpose has to say so."""
    if found:
        raise UsageError(
            "That looks like another",
            joined("; ", (one.text for one in found)),
            "Compare it letter by letter; if it is right, add --accept-lookalike",
        )


def read_file(path: Path, agency: str = "") -> Read:
    """Contacts of a file on disk, UTF-8. Raises UsageError."""
    try:
        with path.open("rb") as file:
            raw = file.read(contact_cards.LARGEST * 4 + 1)
    except OSError as error:
        raise UsageError("Cannot read the file", f"{path}: {error.strerror}") from None
    try:
        return read(raw.decode("utf-8"), agency)
    except UnicodeDecodeError as error:
        raise UsageError("Not UTF-8", phrase("byte {number}", number=error.start)) from None

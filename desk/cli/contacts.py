"""`desk contacts`: the spokesperson board. The rota: `contacts_duty`; files: `contacts_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli import contacts_duty, contacts_files
from desk.cli.contacts_files import AGENCY, LOOK, YES
from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples, text_of
from desk.errors import UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.newsroom.room import Room
    from desk.people.contact_entries import Contact, Entry, Topic
    from desk.people.contacts import Board, Private

command = noun("contacts", "Keep the board of spokespersons, their duty and availability.")


def _fields(function: Any) -> Any:
    """The options that say what a contact is."""
    for option in (
        click.option("--vi", metavar="TEXT", help="Its name in Vietnamese."),
        click.option("--en", metavar="TEXT", help="Its name in English."),
        click.option("--name", "names", multiple=True, metavar="LANG=TEXT",
                     help="Its name in a further language."),
        click.option("--person", metavar="ID", help="The roster entry that it is."),
        click.option("--language", "languages", multiple=True, metavar="LANG",
                     help="A language it speaks; once for each."),
        click.option("--phone", metavar="NUMBER", help="For the public."),
        click.option("--email", metavar="ADDRESS", help="For the public."),
        click.option("--url", metavar="URL", help="For the public."),
        click.option("--private", is_flag=True,
                     help="Ask for private numbers (or read phone=, email=, note= from stdin)."),
        LOOK,
    ):  # fmt: skip
        function = option(function)
    return function


# -- looking -------------------------------------------------------------------------------------


@verb(command, "list", examples("desk contacts list", "desk contacts list --agency y-te --json"))
@AGENCY
def list_(run: Run, agency: str) -> None:
    """List topics with who speaks on them, and all contacts with what is public of them."""
    from desk.people.contacts import board

    found = board(open_room(run))
    topics = [t for _, t in sorted(found.topics.items()) if agency in ("", t.agency)]
    people = [c for _, c in sorted(found.contacts.items()) if agency in ("", c.agency)]
    if found.broken:
        run.out.warn(
            phrase("Entries that this Desk cannot read: {names}", names=", ".join(found.broken))
        )
    data = {"topics": [_topic(t) for t in topics], "contacts": people, "broken": found.broken}
    run.out.emit(data, lambda _: _listed(found, topics, people, run.language()))


def _topic(topic: Topic) -> dict[str, Any]:
    return {**topic.__dict__, "topic": topic.topic}


def _listed(found: Board, topics: list[Topic], people: list[Contact], language: str) -> list[Block]:
    def called(id: str) -> str:
        there = found.contacts.get(id)
        return there.called(language) if there else phrase("{id} (gone)", id=id)

    rows: list[list[object]] = [
        [t.id, t.called(language), called(t.focal),
         joined(", ", [called(one) for one in t.deputies]) or phrase("none")]
        for t in topics
    ]  # fmt: skip
    lines: list[list[object]] = [
        [c.id, c.called(language), c.agency, " ".join(c.languages), c.phone, c.email,
         phrase("yes") if c.id in found.private else ""]
        for c in people
    ]  # fmt: skip
    return [
        Table(["topic", "name", "focal point", "deputies"], rows),
        Table(["id", "contact", "agency", "speaks", "phone", "email", "private"], lines),
    ]


@verb(
    command,
    "show",
    examples("desk contacts show kinh-te@thong-ke", "desk contacts show c-4f0zk2m9qx --private"),
)
@click.argument("entry", metavar="CONTACT|TOPIC|ENTRY")
@click.option("--private", is_flag=True, help="Open the private numbers, for who may.")
def show(run: Run, entry: str, private: bool) -> None:
    """Show one entry, a contact with its rota, and who changed it when."""
    from desk.clock import parse_instant
    from desk.people import contacts
    from desk.people.rota_words import rota_lines
    from desk.trust.acts import CONTACTS

    room = open_room(run)
    with room.reading(CONTACTS) as view:
        board, now = contacts.board_of(view), parse_instant(view.time)
        zone = str(view.policy.document["zone"])
        found: Entry = board.contact(entry) if entry.startswith("c-") else board.entry(entry)
        opened = contacts.private_of(view, actor(run), found.id) if private else None
    past = contacts.history(room, found.id)
    data: dict[str, Any] = {**found.__dict__, "history": past, "act": board.acts[found.id]}
    rota = rota_lines(board, found.id, zone, now)
    if rota:
        entries = [board.entry(id) for id, _text in rota]
        data["rota"] = [dict(one.__dict__) for one in entries]
    if opened is not None:
        data["private"] = opened
    run.out.emit(data, lambda _: _shown(found, opened, past, rota))


def _shown(
    found: Entry, opened: Private | None, past: list[Any], rota: list[tuple[str, str]]
) -> list[Block]:
    pairs: list[tuple[str, object]] = []
    for name, value in found.__dict__.items():
        if isinstance(value, dict):
            label = word("contact", name)
            pairs += [(f"{label} ({language})", text) for language, text in sorted(value.items())]
        elif value:
            shown = ", ".join(value) if isinstance(value, tuple) else value
            pairs.append((word("contact", name), shown))
    if opened is not None:
        pairs += [
            (phrase("private {name}", name=word("contact", name)), value)
            for name, value in opened.__dict__.items()
            if value
        ]
    rows: list[list[object]] = [[one.time, one.person, word("deed", one.what)] for one in past]
    hours: list[list[object]] = [[id, text] for id, text in rota]
    there = [Table(["id", "rota"], hours)] if hours else []
    return [Fields(pairs), *there, Table(["when", "who", "did"], rows)]


@verb(command, "history", examples("desk contacts history", "desk contacts history --limit 20"))
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def history(run: Run, limit: int) -> None:
    """Who changed what on the board, newest first."""
    from desk.people import contacts

    found = contacts.history(open_room(run))[:limit]
    rows: list[list[object]] = [
        [one.time, one.person, word("deed", one.what), one.id] for one in found
    ]
    run.out.emit(found, lambda _: Table(["when", "who", "did", "entry"], rows))


# -- changing ------------------------------------------------------------------------------------


def _names(vi: str | None, en: str | None, names: tuple[str, ...]) -> dict[str, str]:
    given = {"vi": vi, "en": en}
    for one in names:
        language, sign, text = one.partition("=")
        if not sign:
            raise UsageError("Not a name by language", one[:40], "Such as --name fr=TEXT")
        given[language.strip()] = text
    return {language: text for language, text in given.items() if text is not None}


def _private(wanted: bool) -> Private | None:
    """Private numbers, asked for or read from standard input: never from the arguments."""
    if not wanted:
        return None
    import sys

    from desk.cli.output import is_terminal
    from desk.people.contacts import Private

    names = ("phone", "email", "note")
    if is_terminal(sys.stdin):
        asks = (_("Private phone"), _("Private email"), _("Private note"))
        asked = {name: click.prompt(ask, default="", err=True, show_default=False)
                 for name, ask in zip(names, asks, strict=True)}  # fmt: skip
        return Private(**asked)
    given: dict[str, str] = {}
    for line in text_of("-", "--private").splitlines():
        name, sign, value = line.partition("=")
        if not sign or name.strip() not in names:
            raise UsageError("Not a private number", line[:20], "Lines such as phone=…, email=…")
        given[name.strip()] = value.strip()
    return Private(**given)


def _keep(run: Run, room: Room, entry: Contact, private: Private | None, accept: bool) -> None:
    """Sign the contact, unless it passes for another; print it with its flags."""
    from desk.people import contact_exchange, contacts
    from desk.people.contact_entries import checked
    from desk.trust.acts import CONTACTS

    entry = checked(entry)
    with room.reading(CONTACTS) as view:
        board = contacts.board_of(view)
        domains = contact_exchange.known_domains(view, board)
    flags = contact_exchange.lookalikes(board, entry, domains)
    if not accept:
        contact_exchange.refuse_lookalikes(flags)
    after = contacts.change(room, actor(run), [contacts.Change(entry.id, entry, private)])
    made = after.contacts[entry.id]
    if after.acts[entry.id] == board.acts.get(entry.id):
        run.out.say("It says so already.")
    data = {**made.__dict__, "flags": flags, "act": after.acts[entry.id]}
    run.out.emit(data, lambda _: f"{made.id}  {made.called(run.language())}")


@verb(
    command,
    "add",
    examples(
        "desk contacts add --agency thong-ke --vi 'Cục Thống kê – người phát ngôn' "
        "--en 'Statistics Office – spokesperson' --phone '+84 24 555 0101' --language vi"
    ),
)
@click.option("--agency", required=True, metavar="ID")
@_fields
def add(run: Run, agency: str, vi: str | None, en: str | None, names: tuple[str, ...],
        person: str | None, languages: tuple[str, ...], phone: str | None, email: str | None,
        url: str | None, private: bool, accept_lookalike: bool) -> None:  # fmt: skip
    """Put a contact on the board: a post, with numbers for the public and private ones."""
    from desk.people.contact_entries import Contact
    from desk.trust.ids import new_contact

    made = Contact(new_contact(), agency, _names(vi, en, names), person or "", languages,
                   phone or "", email or "", url or "")  # fmt: skip
    _keep(run, open_room(run), made, _private(private), accept_lookalike)


@verb(command, "edit", examples("desk contacts edit c-4f0zk2m9qx --phone '+84 24 555 0102'"))
@click.argument("contact")
@click.option("--agency", metavar="ID")
@_fields
def edit(run: Run, contact: str, agency: str | None, vi: str | None, en: str | None,
         names: tuple[str, ...], person: str | None, languages: tuple[str, ...],
         phone: str | None, email: str | None, url: str | None, private: bool,
         accept_lookalike: bool) -> None:  # fmt: skip
    """Change what is named; an empty text takes it away. The rest stays."""
    from dataclasses import replace

    from desk.people.contacts import board

    room = open_room(run)
    known = board(room).contact(contact)
    wanted = {**known.name, **_names(vi, en, names)}
    given = {"agency": agency, "person": person, "phone": phone, "email": email, "url": url}
    made = replace(
        known,
        name={language: text for language, text in wanted.items() if text},
        languages=languages or known.languages,
        **{name: value for name, value in given.items() if value is not None},
    )
    _keep(run, room, made, _private(private), accept_lookalike)


@verb(
    command,
    "topic",
    examples(
        "desk contacts topic kinh-te@thong-ke --vi 'Kinh tế' --en Economy --focal c-4f0zk2m9qx",
        "desk contacts topic y-te@y-te --deputy c-4f0zk2m9qx --deputy c-9x2mk0zf4q",
        "desk contacts topic kinh-te@thong-ke --rule 'FREQ=DAILY' --from 07:00 --to 22:00",
    ),
)
@click.argument("topic", metavar="TOPIC@AGENCY")
@click.option("--vi", metavar="TEXT", help="Its name in Vietnamese.")
@click.option("--en", metavar="TEXT", help="Its name in English.")
@click.option("--focal", metavar="CONTACT", help="The one focal point.")
@click.option("--deputy", "deputies", multiple=True, metavar="CONTACT", help="In this order.")
@click.option("--no-deputies", is_flag=True, help="Nobody stands in.")
@click.option("--rule", metavar="RRULE", help="Days on which somebody must be on duty.")
@click.option("--from", "start", metavar="HH:MM")
@click.option("--to", "end", metavar="HH:MM")
def topic(run: Run, topic: str, vi: str | None, en: str | None, focal: str | None,
          deputies: tuple[str, ...], no_deputies: bool, rule: str | None, start: str | None,
          end: str | None) -> None:  # fmt: skip
    """Set who speaks on a topic of an agency: one focal point, deputies in order."""
    from dataclasses import replace

    from desk.people import contacts
    from desk.people.contact_entries import Topic

    room = open_room(run)
    board = contacts.board(room)
    known = board.topics.get(topic)
    if known is None and focal is None:
        raise UsageError("Who speaks on it?", topic, "Add --focal CONTACT")
    known = known or Topic(topic, topic.partition("@")[2], {}, "")
    chosen = () if no_deputies else tuple(board.contact(one).id for one in deputies)
    given = {"rule": rule, "start": start, "end": end}
    made = replace(
        known,
        name={**known.name, **_names(vi, en, ())},
        focal=board.contact(focal).id if focal else known.focal,
        deputies=chosen if deputies or no_deputies else known.deputies,
        **{name: value for name, value in given.items() if value is not None},
    )
    after = contacts.change(room, actor(run), [contacts.Change(topic, made)])
    if after.acts[topic] == board.acts.get(topic):
        run.out.say("It says so already.")
    people = [after.topics[topic]]
    data = {**_topic(people[0]), "act": after.acts[topic]}
    run.out.emit(data, lambda _: _listed(after, people, [], run.language())[0])


@verb(command, "remove", examples("desk contacts remove s-4f0zk2m9qx w-9x2mk0zf4q"))
@click.argument("entries", metavar="ENTRY...", nargs=-1, required=True)
@YES
def remove(run: Run, entries: tuple[str, ...], yes: bool) -> None:
    """Take entries off the board: contacts, topics, shifts, absences. Their history stays."""
    from desk.people import contacts

    room = open_room(run)
    board = contacts.board(room)
    wanted = [board.entry(one).id for one in entries]
    agreed(run, phrase("Take off the board: {names}?", names=", ".join(wanted)), yes)
    contacts.change(room, actor(run), [contacts.Change(one, None) for one in wanted])
    run.out.emit({"removed": wanted}, lambda _: phrase(
        "Removed: {names}", names=", ".join(wanted)))  # fmt: skip


for more in (contacts_duty, contacts_files):
    command.commands.update(more.command.commands)

"""`desk enquiry`: questions of journalists, from taking one down to its answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.contacts_duty import moment, wall, zone_of
from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, config, open_room
from desk.cli.output import Block, Fields, Table
from desk.cli.telling import agreed, examples, reason_of, text_of
from desk.errors import UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.people.enquiry_views import EnquiryView

command = noun("enquiry", "Note, assign and answer journalists' questions.")
STATES = ("open", "answering", "approval", "approved", "answered", "declined", "overdue")
_FOLD = click.option("--fold", type=click.Choice(["earlier", "later"]),
                     help="Which of two, when clocks are put back.")  # fmt: skip
_YES = click.option("--yes", is_flag=True, help="Agree beforehand.")


def _left(one: EnquiryView, now: str) -> str:
    """The clock of a deadline: how long is left, or for how long it has been over."""
    from desk.clock import parse_instant
    from desk.locales.dates import countdown

    if one.row.closed:
        return ""
    left = (parse_instant(one.row.due) - parse_instant(now)).total_seconds()
    return phrase("overdue {time}", time=countdown(-left)) if left < 0 else countdown(left)


def _state(one: EnquiryView) -> str:
    row = one.row
    state = word("enquiry", row.state)
    return f"{state} {row.steps_done}/{row.steps}" if row.state == "approval" else state


def _who(one: EnquiryView, language: str) -> str:
    names = one.contact_name
    return names.get(language) or next(iter(names.values()), one.row.contact or _("nobody"))


@verb(
    command,
    "list",
    examples("desk enquiry list", "desk enquiry list --state overdue --json"),
)
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--agency", default="", metavar="ID")
@click.option("--topic", default="", metavar="ID")
@click.option("--to", "contact", default="", metavar="CONTACT", help="Assigned to this one.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def list_(run: Run, states: tuple[str, ...], agency: str, topic: str, contact: str,
          limit: int) -> None:  # fmt: skip
    """List enquiries by deadline, the open ones first, opened as far as you may read them."""
    from desk.people import enquiry_views

    room = open_room(run)
    found = enquiry_views.listed(
        room, actor(run), states=states, agency=agency, topic=topic, contact=contact, limit=limit
    )
    now, zone, language = room.instant(), zone_of(room), run.language()
    rows: list[list[object]] = [
        [one.id, _left(one, now), _due(one, zone), _state(one),
         joined("", ("⚠ " if one.flags else "", one.outlet or phrase("sealed"))), one.row.topic,
         one.row.language, _who(one, language), one.question.split("\n")[0][:50]]
        for one in found
    ]  # fmt: skip
    heads = ["id", "left", "due", "state", "outlet", "topic", "lang.", "to", "question"]
    run.out.emit(found, lambda _: Table(heads, rows))


def _due(one: EnquiryView, zone: str) -> str:
    from desk.clock import parse_instant

    return wall(parse_instant(one.row.due), zone)


@verb(command, "show", examples("desk enquiry show q-4f0zk2m9qx"))
@click.argument("enquiry")
def show(run: Run, enquiry: str) -> None:
    """Show one enquiry, with its journalist for those who may know."""
    from desk.people import enquiry_views

    room = open_room(run)
    _emit(run, enquiry_views.show(room, actor(run), enquiry), zone_of(room), room.instant())


def _emit(run: Run, one: EnquiryView, zone: str, now: str) -> None:
    for flag in one.flags:
        run.out.warn(flag.text)
    run.out.emit(one, lambda _: _shown(one, zone, now, run.language()))


def _shown(one: EnquiryView, zone: str, now: str, language: str) -> list[Block]:
    row, asked = one.row, one.enquirer
    pairs: list[tuple[str, object]] = [
        ("enquiry", row.id),
        ("state", _state(one) + (f" ({word('enquiry', 'overdue')})" if row.overdue else "")),
        ("due", f"{_due(one, zone)} {zone}  {_left(one, now)}"),
        ("topic", f"{row.topic} · {row.agency} · {row.language}"),
        ("to", _who(one, language)),
        ("item", row.item),
        ("outlet", one.outlet),
        ("journalist", " · ".join(asked.__dict__.values()) if asked else ""),
        ("question", one.question
         or (_("forgotten") if row.forgotten else _("sealed, not for you"))),
        ("declined", one.reason),
    ]  # fmt: skip
    return [Fields([(name, value) for name, value in pairs if value])]


@verb(
    command,
    "open",
    examples(
        "desk enquiry open --agency thong-ke --topic kinh-te --due '2026-11-20 16:00' "
        "--language en --outlet 'Example Wire' --question - < question.txt"
    ),
)
@click.option("--agency", required=True, metavar="ID", help="Whose matter it is.")
@click.option("--topic", default="", metavar="ID", help="Of the board: says who answers.")
@click.option("--due", required=True, metavar="TIME", help="Wall time or …Z.")
@click.option("--language", required=True, metavar="LANG", help="In which to answer.")
@click.option("--outlet", required=True, metavar="TEXT")
@click.option("--question", metavar="TEXT", help="- reads it from standard input.")
@click.option("--to", "contact", default="", metavar="CONTACT",
              help="A contact other than the one the board names.")  # fmt: skip
@click.option("--journalist", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="A file with lines name=, email=, phone=; asked for on a terminal.")  # fmt: skip
@_FOLD
def open_(run: Run, agency: str, topic: str, due: str, language: str, outlet: str,
          question: str | None, contact: str, journalist: Path | None, fold: Any
          ) -> None:  # fmt: skip
    """Note a question. The board says who answers it: the topic's focal point, or who is on
    duty for it. Question, outlet and journalist are sealed.
    """
    from desk.people import enquiries

    room = open_room(run)
    asked = text_of(question, "--question") if question else reason_of(None, "--question")
    made = enquiries.open_enquiry(
        room, actor(run), asked, outlet=outlet, due=moment(room, due, fold), language=language,
        agency=agency, topic=topic, contact=contact, enquirer=_journalist(journalist),
    )  # fmt: skip
    if not made.row.contact:
        run.out.warn(phrase("Nobody is assigned: desk enquiry assign {enquiry}", enquiry=made.id))
    _emit(run, made, zone_of(room), room.instant())


def _journalist(path: Path | None) -> Any:
    """Who asked, from a file or the terminal: personal data has no place in the arguments."""
    import sys

    from desk.cli.output import is_terminal
    from desk.people.enquiry_views import Enquirer

    names = ("name", "email", "phone")
    if path is None:
        if not is_terminal(sys.stdin):
            return None
        asks = (_("Journalist: name"), _("Journalist: email"), _("Journalist: phone"))
        asked = {name: click.prompt(ask, default="", err=True, show_default=False)
                 for name, ask in zip(names, asks, strict=True)}  # fmt: skip
        return Enquirer(**asked)
    try:
        with path.open(encoding="utf-8") as file:
            lines = file.read(4000).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("Cannot read the file", f"{path}: {type(error).__name__}") from None
    given: dict[str, str] = {}
    for line in filter(str.strip, lines):
        name, sign, value = line.partition("=")
        if not sign or name.strip() not in names:
            raise UsageError("Not a line about a journalist", line[:20], "name=, email=, phone=")
        given[name.strip()] = value.strip()
    return Enquirer(**given)


@verb(
    command,
    "assign",
    examples("desk enquiry assign q-4f0zk2m9qx", "desk enquiry assign q-… --to c-4f0zk2m9qx"),
)
@click.argument("enquiry")
@click.option("--to", "contact", default="", metavar="CONTACT",
              help="A contact other than the one the board names.")  # fmt: skip
@click.option("--due", default="", metavar="TIME", help="Another deadline; wall time or …Z.")
@_FOLD
def assign(run: Run, enquiry: str, contact: str, due: str, fold: Any) -> None:
    """Give it to a contact, or to whoever the board names now; or change its deadline."""
    from desk.people import enquiries

    room = open_room(run)
    at = moment(room, due, fold) if due else ""
    made = enquiries.assign(room, actor(run), enquiry, contact=contact, due=at)
    _emit(run, made, zone_of(room), room.instant())


@verb(
    command,
    "answer",
    examples("desk enquiry answer q-4f0zk2m9qx", "desk enquiry answer q-… --item i-4f0zk2m9qx"),
)
@click.argument("enquiry")
@click.option("--item", default="", metavar="ITEM", help="One that there is, in place of a new.")
@click.option("--kind", default="qa", show_default=True, metavar="ID", help="Of a new item.")
def answer(run: Run, enquiry: str, item: str, kind: str) -> None:
    """Begin the item that answers it; it goes through its chain like any other."""
    from desk.people import enquiry_answers

    room, who = open_room(run), actor(run)
    if item:
        made = enquiry_answers.link(room, who, enquiry, item)
    else:
        made = enquiry_answers.begin(room, who, enquiry, kind=kind)
    run.out.say(phrase("Write it: desk item edit {item}", item=made.row.item))
    _emit(run, made, zone_of(room), room.instant())


@verb(command, "reply", examples("desk enquiry reply q-4f0zk2m9qx"))
@click.argument("enquiry")
def reply(run: Run, enquiry: str) -> None:
    """Print the approved answer, to hand over. Refused while its chain is open or it waits for
    the instant of a release.
    """
    from desk.people import enquiry_answers

    found = enquiry_answers.reply(open_room(run), actor(run), enquiry)
    run.out.say(
        phrase(
            "{item} rev {number}. Handed over? desk enquiry close {enquiry}",
            item=found.item,
            number=found.number,
            enquiry=enquiry,
        )
    )
    run.out.emit(found, lambda _: found.text)


@verb(command, "close", examples("desk enquiry close q-4f0zk2m9qx"))
@click.argument("enquiry")
def close(run: Run, enquiry: str) -> None:
    """Say that the answer was handed over; the log names the revision."""
    from desk.people import enquiry_answers

    room = open_room(run)
    _emit(run, enquiry_answers.close(room, actor(run), enquiry), zone_of(room), room.instant())


@verb(command, "decline", examples("desk enquiry decline q-4f0zk2m9qx --reason 'Not our matter'"))
@click.argument("enquiry")
@click.option("--reason", help="For the newsroom; - reads it from standard input.")
def decline(run: Run, enquiry: str, reason: str | None) -> None:
    """Decline it with a reason, sealed for those who keep the board."""
    from desk.people import enquiry_answers

    room = open_room(run)
    made = enquiry_answers.decline(room, actor(run), enquiry, reason_of(reason))
    _emit(run, made, zone_of(room), room.instant())


@verb(command, "reopen", examples("desk enquiry reopen q-4f0zk2m9qx --due '2026-11-21 16:00'"))
@click.argument("enquiry")
@click.option("--due", default="", metavar="TIME",
              help="Another deadline; needed when the old one is over.")  # fmt: skip
@_FOLD
def reopen(run: Run, enquiry: str, due: str, fold: Any) -> None:
    """Open a closed enquiry again, with the item that answers it."""
    from desk.people import enquiries

    room = open_room(run)
    at = moment(room, due, fold) if due else ""
    made = enquiries.reopen(room, actor(run), enquiry, due=at)
    _emit(run, made, zone_of(room), room.instant())


@verb(
    command,
    "forget",
    examples("desk enquiry forget q-4f0zk2m9qx --yes", "desk enquiry forget --days 90 --yes"),
)
@click.argument("enquiries", metavar="[ENQUIRY]...", nargs=-1)
@click.option("--days", type=click.IntRange(0, 3650), help="All that were closed so long ago.")
@_YES
def forget(run: Run, enquiries: tuple[str, ...], days: int | None, yes: bool) -> None:
    """Delete question, outlet and journalist of closed enquiries. Their acts stay, and say
    nothing of who asked what. Backups made before keep a copy.
    """
    from desk.people.enquiries import forget as forget_them

    what = ", ".join(enquiries) or phrase("all that were closed {days} days ago", days=days)
    agreed(run, phrase("Delete for good what is sealed of {what}?", what=what), yes)
    done = forget_them(open_room(run), actor(run), enquiries, days=days)
    run.out.emit({"forgotten": list(done)}, lambda _: phrase(
        "Forgotten: {count}", count=len(done)))  # fmt: skip


@verb(
    command, "presskit", examples("desk enquiry presskit en kit.zip", "desk enquiry presskit fr k")
)
@click.argument("language", metavar="LANG")
@click.argument("out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--agency", default="", metavar="ID", help="Only of this agency.")
def presskit(run: Run, language: str, out: Path, agency: str) -> None:
    """Write a zip for reporters: what is public in that language, contacts, who speaks on what."""
    from desk.people import presskit as kits

    found = config(run)
    name = found.name(found.newsroom.name, language, found.newsroom.id)
    kit = kits.write(open_room(run), actor(run), language, out, agency=agency, newsroom=name)
    for one in kit.missing:
        run.out.warn(phrase("Left out, your key does not open it: {file}", file=one))
    said = phrase(
        "{file}: {items} items, {files} files, {contacts} contacts",
        file=kit.path,
        items=kit.items,
        files=kit.files,
        contacts=kit.contacts,
    )
    run.out.emit(kit, lambda _: said)

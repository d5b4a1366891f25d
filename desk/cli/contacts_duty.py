"""`desk contacts`, the rota: shifts, absences, who is on duty, gaps, who can speak to a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Table
from desk.cli.telling import examples
from desk.errors import UsageError
from desk.locales import _
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from datetime import datetime

    from desk.newsroom.room import Room
    from desk.people.contacts import Board, Change

command = noun("contacts", "Keep the board of spokespersons, their duty and availability.")
_FOLD = click.option("--fold", type=click.Choice(["earlier", "later"]),
                     help="Which of two, when clocks are put back.")  # fmt: skip
_AT = click.option("--at", default="", metavar="TIME", help="Not now but then; wall time or …Z.")


def zone_of(room: Room) -> str:
    """The newsroom's zone, as it was adopted."""
    with room.reading() as view:
        return str(view.policy.document["zone"])


def moment(room: Room, text: str, fold: Any = None) -> str:
    """A written instant from wall time in the newsroom's zone, or from one with `Z`."""
    from desk.releases.placing import read_moment

    return read_moment(text, zone_of(room), fold).at


def wall(at: datetime | None, zone: str) -> str:
    """An instant as the newsroom's clocks show it."""
    from desk.clock import to_wall

    return f"{to_wall(at, zone):%Y-%m-%d %H:%M}" if at else ""


def _set(run: Run, room: Room, change: Change, said: str) -> None:
    from desk.people import contacts

    after = contacts.change(room, actor(run), [change])
    made = after.entry(change.id)
    data = {**made.__dict__, "act": after.acts[change.id]}
    run.out.emit(data, lambda _: f"{change.id}  {said}")


@verb(
    command,
    "shift",
    examples(
        "desk contacts shift c-4f0zk2m9qx --rule 'FREQ=WEEKLY;BYDAY=MO,TU,WE' "
        "--from 08:00 --to 17:30",
        "desk contacts shift c-4f0zk2m9qx --rule 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SA' "
        "--first 2026-11-21 --from 22:00 --to 06:00",
    ),
)
@click.argument("contact")
@click.option("--rule", required=True, metavar="RRULE", help="On which days it begins.")
@click.option("--from", "start", required=True, metavar="HH:MM")
@click.option("--to", "end", required=True, metavar="HH:MM", help="Not later: on the next day.")
@click.option("--first", default="", metavar="DATE", help="The first day; intervals count from it.")
@click.option("--last", default="", metavar="DATE", help="The last day.")
def shift(run: Run, contact: str, rule: str, start: str, end: str, first: str, last: str) -> None:
    """Give a contact recurring hours on duty, in the newsroom's wall time."""
    from desk.people.contact_entries import Shift
    from desk.people.contacts import Change, board
    from desk.trust.ids import new_shift

    room = open_room(run)
    whose = board(room).contact(contact)
    made = Shift(new_shift(), whose.agency, whose.id, rule, start, end, first, last)
    _set(run, room, Change(made.id, made), f"{whose.called(run.language())} {start}–{end}")


@verb(
    command,
    "away",
    examples(
        "desk contacts away c-4f0zk2m9qx --from '2026-11-23 08:00' --until '2026-11-25 18:00'"
    ),
)
@click.argument("contact")
@click.option("--from", "since", required=True, metavar="TIME", help="Wall time or …Z.")
@click.option("--until", required=True, metavar="TIME", help="Wall time or …Z.")
@_FOLD
def away(run: Run, contact: str, since: str, until: str, fold: Any) -> None:
    """Say that a contact is away for a time: deputies are on duty then, or a gap shows."""
    from desk.people.contact_entries import Away
    from desk.people.contacts import Change, board
    from desk.trust.ids import new_away

    room = open_room(run)
    whose = board(room).contact(contact)
    first, last = moment(room, since, fold), moment(room, until, fold)
    made = Away(new_away(), whose.agency, whose.id, first, last)
    _set(run, room, Change(made.id, made), f"{whose.called(run.language())} {first} – {last}")


@verb(command, "duty", examples("desk contacts duty", "desk contacts duty --at '2026-11-21 08:00'"))
@_AT
def duty(run: Run, at: str) -> None:
    """Who is on duty for each topic now or at a time, who comes next, the next gap."""
    from desk.clock import parse_instant
    from desk.people.contacts import board
    from desk.people.duty import duty_of

    room = open_room(run)
    zone = zone_of(room)
    found = board(room)
    then = parse_instant(moment(room, at) if at else room.instant())
    views = [duty_of(found, topic, then, zone) for _, topic in sorted(found.topics.items())]
    rows: list[list[object]] = [
        [one.topic, word("duty", one.state), _called(found, one.contact, run),
         wall(one.until, zone), _called(found, one.next_contact, run), wall(one.next_at, zone),
         wall(one.gap.start, zone) if one.gap else ""]
        for one in views
    ]  # fmt: skip
    heads = ["topic", "state", "on duty", "until", "next", "from", "next gap"]
    run.out.emit(views, lambda _: Table(heads, rows))


def _called(found: Board, contact: str, run: Run) -> str:
    known = found.contacts.get(contact)
    return known.called(run.language()) if known else ""


@verb(command, "gaps", examples("desk contacts gaps", "desk contacts gaps --days 30 --json"))
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True)
@_AT
def gaps(run: Run, days: int, at: str) -> None:
    """When nobody is on duty who should be: everybody of a topic is away in its hours."""
    from datetime import timedelta

    from desk.clock import parse_instant
    from desk.people import duty as rota
    from desk.people.contacts import board

    room = open_room(run)
    zone = zone_of(room)
    start = parse_instant(moment(room, at) if at else room.instant())
    found = rota.gaps(board(room), zone, start, start + timedelta(days=days))
    rows: list[list[object]] = [
        [one.topic, wall(one.span.start, zone), wall(one.span.end, zone)] for one in found
    ]
    if not found:
        run.out.say(phrase("No gap in {days} days.", days=days))
    run.out.emit(found, lambda _: Table(["topic", "from", "to"], rows))


@verb(
    command,
    "ack",
    examples(
        "desk contacts ack r-7h2kq0vbmx",
        "desk contacts ack r-7h2kq0vbmx --contact c-4f0zk2m9qx --hours 4",
        "desk contacts ack r-7h2kq0vbmx --already",
        "desk contacts ack r-7h2kq0vbmx --cannot",
    ),
)
@click.argument("release")
@click.option("--contact", default="", metavar="ID", help="Not yourself but this one: for leads.")
@click.option("--hours", type=click.IntRange(1, 24), default=2, show_default=True,
              help="For so long after the instant.")  # fmt: skip
@click.option(
    "--already",
    is_flag=True,
    help="From now on: it still counts when the release is brought forward.",
)
@click.option("--cannot", is_flag=True, help="Say that they cannot.")
def ack(run: Run, release: str, contact: str, hours: int, already: bool, cannot: bool) -> None:
    """Say that you can speak on a release from its instant on. A move asks again."""
    from datetime import timedelta

    from desk.people import availability

    if not release.startswith("r-"):
        raise UsageError("Not a release", release[:40], "List them: desk release list")
    done = availability.acknowledge(
        open_room(run), actor(run), release, contact=contact, can=not cannot,
        span=timedelta(hours=hours), already=already,
    )  # fmt: skip
    if done.warn:
        run.out.warn("Nobody has said yet that they can speak on it.")
    language = run.language()
    rows: list[list[object]] = [
        [one.name.get(language) or one.contact, _("can") if one.can else _("cannot"),
         "" if one.counts or not one.can else _("not at the present instant"),
         _("on duty") if one.on_duty else "", one.by, one.time]
        for one in done.words
    ]  # fmt: skip
    run.out.emit(done, lambda _: Table(["contact", "", "", "", "said by", "at"], rows))

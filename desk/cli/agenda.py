"""`desk calendar`: what goes out when, beside free slots and blackouts; exports of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import config, open_room
from desk.cli.output import Column, Table
from desk.cli.telling import examples
from desk.errors import Conflict, Unavailable, UsageError
from desk.locales import _, told
from desk.locales.words import word
from desk.phrase import both, phrase

if TYPE_CHECKING:
    from datetime import date

    from desk.newsroom.config import NewsroomConfig
    from desk.newsroom.room import Room
    from desk.releases.agenda import AgendaRow
    from desk.releases.clashes import Clash

command = noun("calendar", "Show and export the release calendar.")
_FROM = click.option("--from", "start", default="", metavar="DATE",
                     help="YYYY-MM-DD; default: today in the newsroom's zone.")  # fmt: skip
_LIMIT = click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True,
                      help="How many releases at most.")  # fmt: skip


def _emit(run: Run, days: int, start: str, limit: int) -> None:
    """So many days; a table has a blackout on each of them, data has it once."""
    from desk.releases import agenda

    room, found = open_room(run), config(run)
    span = _span(found, room, days, start)
    rows = _rows(run, room, found, span, limit)
    run.out.emit(rows, lambda told: _table(agenda.on_each_day(told, *span)))


def _span(found: NewsroomConfig, room: Room, days: int, start: str) -> tuple[str, str]:
    from desk.releases import agenda

    try:
        return agenda.span(found, room, days, start)
    except (ValueError, OverflowError):
        raise UsageError("Not a date", start[:40], "Write it as 2026-11-20") from None


def _rows(
    run: Run, room: Room, found: NewsroomConfig, span: tuple[str, str], limit: int
) -> list[AgendaRow]:
    from desk.releases import agenda

    rows = agenda.agenda(room, found, *span, run.language(), limit)
    if sum(row.what == "release" for row in rows) >= limit:
        run.out.warn(
            phrase(
                "Only the first {limit} releases are shown: --limit, or desk release list.",
                limit=limit,
            )
        )
    return rows


def _table(rows: list[AgendaRow]) -> Table:
    from desk.clock import parse_instant, to_wall

    zone = rows[0].zone if rows else _("local time")
    lines = []
    for row in rows:
        state = word("release", row.state or row.what)
        if row.held:
            state = f"{word('release', 'held')}, {state}"
        note = row.note
        if row.until:
            end = to_wall(parse_instant(row.until), row.zone)
            note = phrase("until {time}  {note}", time=f"{end:%Y-%m-%d %H:%M}", note=row.note)
        lines.append([row.wall.replace("T", " ")[:16], row.at, row.id, row.code, state,
                      row.items or "", " ".join(row.channels), note])  # fmt: skip
    return Table([zone, "UTC", "id", "code", "state", Column("items", True), "channels", "note"],
                 lines)  # fmt: skip


@verb(command, "agenda", examples("desk calendar agenda", "desk calendar agenda --days 2 --json"))
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True)
@_FROM
@_LIMIT
def agenda(run: Run, days: int, start: str, limit: int) -> None:
    """Show the next days: releases by code name, free slots, blackouts; local time and UTC."""
    _emit(run, days, start, limit)


@verb(command, "week", examples("desk calendar week", "desk calendar week --from 2026-11-16"))
@_FROM
@_LIMIT
def week(run: Run, start: str, limit: int) -> None:
    """Show the week, Monday to Sunday, that today or DATE lies in."""
    _emit(run, 7, _monday(run, start), limit)


@verb(command, "month", examples("desk calendar month --from 2026-11-01"))
@_FROM
@_LIMIT
def month(run: Run, start: str, limit: int) -> None:
    """Show the month that today or DATE lies in."""
    import calendar as months

    day = _day(run, start)
    days = months.monthrange(day.year, day.month)[1]
    _emit(run, days, day.replace(day=1).isoformat(), limit)


def _day(run: Run, start: str) -> date:
    from datetime import date

    from desk.clock import SystemClock, now, to_wall

    if not start:
        return to_wall(now(SystemClock()), config(run).newsroom.zone).date()
    try:
        return date.fromisoformat(start)
    except ValueError:
        raise UsageError("Not a date", start[:40], "Write it as 2026-11-20") from None


def _monday(run: Run, start: str) -> str:
    from datetime import timedelta

    day = _day(run, start)
    return (day - timedelta(days=day.weekday())).isoformat()


@verb(
    command,
    "conflicts",
    examples("desk calendar conflicts", "desk calendar conflicts --days 7 --json"),
)
@click.option("--days", type=click.IntRange(1, 400), default=30, show_default=True)
@_LIMIT
def conflicts(run: Run, days: int, limit: int) -> None:
    """List what stands in the way of the releases of the next days. Ends with 4 if anything does.

    Releases too close on one channel, in a blackout, in a slot for other kinds, or with an item
    that another release holds as well.
    """
    from desk.releases import clashes

    found = clashes.ahead(open_room(run), config(run), days, limit)
    run.out.emit(found, _clash_table)
    if found:
        click.get_current_context().exit(Conflict.exit_code)


def _clash_table(found: list[Clash]) -> Table | str:
    if not found:
        return phrase("Nothing stands in the way.")
    return Table(["UTC", "release", "code", "rule", "why"], [
        [one.at, one.release, one.code, one.why.code, told(both(one.why.text, one.why.text_vi))]
        for one in found])  # fmt: skip


@verb(
    command,
    "export",
    examples(
        "desk calendar export --ics --out calendar.ics",
        "desk calendar export --csv --days 365 > calendar.csv",
    ),
)
@click.option("--ics", "form", flag_value="ics", help="iCalendar: what the public may know.")
@click.option("--csv", "form", flag_value="csv",
              help="Everything except sealed text, for a spreadsheet.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 4000), default=90, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it there; default: stdout.",
)
@_FROM
@_LIMIT
def export(run: Run, form: str | None, days: int, out: Path | None, start: str,
           limit: int) -> None:  # fmt: skip
    """Export the calendar. Formulas and line breaks in it are made harmless."""
    if form is None:
        raise UsageError("In which form?", "", "--ics or --csv")
    room, found = open_room(run), config(run)
    rows = _rows(run, room, found, _span(found, room, days, start), limit)
    if form == "csv":
        from desk.releases.agenda import as_csv

        data = ("\ufeff" if out else "") + as_csv(rows)
    else:
        data = _ics(run, room, found, [row.id for row in rows if row.what == "release"])
    if out is None:
        # Lines end as the terminal's do; --out and --json keep the CR LF of both formats.
        run.out.emit({"form": form, "text": data},
                     lambda _: data.replace("\r\n", "\n").rstrip("\n"))  # fmt: skip
        return
    try:
        out.write_bytes(data.encode("utf-8"))
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{out}: {error.strerror}") from None
    said = phrase("Wrote {file}", file=out)
    run.out.emit({"form": form, "file": str(out), "rows": len(rows)}, lambda _: said)


def _ics(run: Run, room: Room, found: NewsroomConfig, releases: list[str]) -> str:
    """The public part: announced releases by slot and agency, no code names."""
    from desk.clock import now
    from desk.newsroom.public import public_calendar
    from desk.portal.contract.calendar import read_calendar
    from desk.portal.contract.ical import ical

    with room.reading(*releases) as view:
        public = public_calendar(found, view.record, releases)
    return ical(read_calendar(public, len(releases)), run.language(), "", now(room.clock)).decode(
        "utf-8"
    )

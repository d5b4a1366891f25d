"""`desk release list`: the releases that a query finds, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import open_room
from desk.cli.output import Column, Table
from desk.cli.telling import examples
from desk.locales import _
from desk.locales.words import word
from desk.releases.query import NOT_RELEASES, STATES

if TYPE_CHECKING:
    from desk.newsroom.room import Room
    from desk.releases.views import CalendarRow

command = noun("release", "Plan, sign, hold and watch releases.")
_STATES = [state for state in STATES if state not in NOT_RELEASES]


def zone_of(room: Room) -> str:
    """The newsroom's zone. Raises Refused while no policy is adopted."""
    with room.reading() as view:
        return str(view.policy.document["zone"])


@verb(
    command,
    "list",
    examples(
        "desk release list --state confirmed --json",
        "desk release list agency:thong-ke channel:portal after:2026-11-20 so lieu",
        "desk release list --from 2026-11-01T00:00:00Z --limit 500",
    ),
)
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES),
              help="In this state; may be repeated.")  # fmt: skip
@click.option("--held", is_flag=True, help="Only those on hold.")
@click.option("--channel", default="", metavar="ID", help="On this channel.")
@click.option("--from", "start", default="", metavar="TIME", help="Not before; wall time or …Z.")
@click.option("--to", "end", default="", metavar="TIME", help="Before; wall time or …Z.")
@click.option("--after", default="", metavar="CURSOR", help="After this row's cursor (--json).")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
def list_releases(run: Run, words: tuple[str, ...], states: tuple[str, ...], held: bool,
                  channel: str, start: str, end: str, after: str, limit: int) -> None:  # fmt: skip
    """List the releases of the calendar, in order of time.

    QUERY as in the calendar's filter: words of code names and public headlines, and agency:ID
    kind:ID channel:ID lang:CODE state:WORD after:DATE before:DATE.
    """
    from dataclasses import replace

    from desk.releases import query, search

    room = open_room(run)
    zone = zone_of(room)
    typed = query.read(" ".join(words), zone)
    found = typed.filter()
    wanted = replace(
        found,
        states=(*found.states, *states),
        only_held=held,
        channels=(*found.channels, *((channel,) if channel else ())),
        after=max(found.after, _instant(start, zone)),
        before=min(filter(None, (found.before, _instant(end, zone))), default=""),
    )
    at, _, release = after.partition("/")
    with room.reading() as view:
        needed = view.policy.signers
        rows = search.page(view.connection, wanted, after=(at, release), limit=limit)
    rows = rows if typed.wants_releases else []
    data = [{**row.as_json(), "signers": needed} for row in rows]
    run.out.emit(data, lambda _: release_table(rows, needed))


def _instant(typed: str, zone: str) -> str:
    if not typed:
        return ""
    from desk.releases.placing import read_moment

    return read_moment(typed, zone).at


def release_table(rows: Sequence[CalendarRow], needed: int) -> Table:
    """Releases as a table. `needed`: how many leads must sign what is still to come."""
    numbers = [Column(name, right=True) for name in ("items", "channels", "signed")]
    return Table(
        ["release", "time", "zone", "code", "state", *numbers, "note"],
        [[r.id, r.wall.replace("T", " "), r.zone, r.code, _state(r),
          r.items, r.channels, _signed(r, needed), r.note] for r in rows],
    )  # fmt: skip


def _signed(row: CalendarRow, needed: int) -> str:
    """How many leads count as signers, out of how many; what is over needs none any more."""
    over = ("released", "partial", "cancelled")
    return str(row.signed) if row.state in over else f"{row.signed}/{needed}"


def _state(row: CalendarRow) -> str:
    """The state in words: held, waiting for a script until a wall time of the release's zone."""
    words = [word("release", "held")] if row.held else []
    if row.waits_until and row.state in ("confirmed", "signed", "staged"):
        from desk.clock import parse_instant, to_wall

        wall = to_wall(parse_instant(row.waits_until), row.zone)
        day = "" if f"{wall:%Y-%m-%d}" == row.wall[:10] else f"{wall:%Y-%m-%d} "
        until = f"{day}{wall:%H:%M}"
        words.append(_("waits for its trigger until {until}").format(until=until))
    return ", ".join([*words, word("release", row.state)])

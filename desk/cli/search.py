"""`desk search`: one search over everything that you may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.context import HELP, Run, VerbCommand, shared_options
from desk.cli.output import Table
from desk.cli.telling import examples
from desk.locales import N_

if TYPE_CHECKING:
    from desk.search.find import Hit


@click.command(
    "search",
    cls=VerbCommand,
    context_settings=HELP,
    help=N_(
        'Find items, releases, contacts, enquiries, pages, terms: words, "a phrase", fields.\n\n'
        "Fields: agency: kind: lang: state: by: after: before: is:released in:items. "
        "A word with an accent is found as it is written, one without with and without. "
        "in:log searches the log as well."
    ),
    epilog=examples(
        "desk search so lieu quy III",
        "desk search kind:statement after:2026-11 'lạm phát'",
        "desk search in:log by:lead-1 hold --json",
    ),
)
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.make_pass_decorator(Run)
def command(run: Run, words: tuple[str, ...], limit: int) -> None:
    """Search."""
    from dataclasses import asdict

    from desk.cli.opened import actor, open_room
    from desk.search.find import Finder

    room = open_room(run)
    query = " ".join(f'"{word}"' if " " in word and ":" not in word else word for word in words)
    found = Finder(room, actor(run)).find(query, limit)
    run.out.emit([asdict(hit) for hit in found], lambda _: _table(found))


def _table(found: list[Hit]) -> Table:
    rows = [
        [hit.place, hit.key, ("▒ " if hit.sealed else "") + hit.title, hit.state, hit.at[:10],
         hit.snippet]
        for hit in found
    ]  # fmt: skip
    return Table(["in", "id", "title", "state", "date", "text"], rows)


command.params += shared_options()

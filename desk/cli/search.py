"""`desk search`: one search over everything that you may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.cli.context import HELP, Run, VerbCommand, shared_options
from desk.cli.output import Table
from desk.cli.telling import examples
from desk.locales import N_, _
from desk.locales.words import WORDS, word

if TYPE_CHECKING:
    from desk.search.find import Hit

_STATES = {
    "items": ("public", "item"), "releases": ("release",), "enquiries": ("enquiry",),
    "terms": ("gate says",),
}  # fmt: skip


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
    from desk.search.query import CALLED

    rows = [
        [_(CALLED[hit.place]), hit.key, ("▒ " if hit.sealed else "") + hit.title, _state(hit),
         hit.at[:10], hit.snippet]
        for hit in found
    ]  # fmt: skip
    return Table(["what", "id", "title", "state", "date", "text"], rows)


def _state(hit: Hit) -> str:
    """The state of what was found, as a word; one that Desk did not make stays as it is."""
    for about in _STATES.get(hit.place, ()):
        if hit.state in WORDS[about].split():
            return word(about, hit.state)
    return hit.state


command.params += shared_options()

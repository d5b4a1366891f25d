"""`desk publisher rehearse`: everything that a release needs at its instant, but the commit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import open_room
from desk.cli.output import Block, Table
from desk.cli.telling import examples
from desk.errors import Reason, Refused
from desk.locales.words import word
from desk.phrase import joined, phrase

if TYPE_CHECKING:
    from desk.publisher.rehearsal import Rehearsal

command = noun("publisher", "Run the publisher, ask how it is.")


@verb(
    command,
    "rehearse",
    examples("desk publisher rehearse r-7h2kq0vbmx --state /var/lib/desk-publisher --json"),
)
@click.argument("release")
@click.option(
    "--state", required=True, metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
    help="The publisher's own directory (0700).",
)  # fmt: skip
@click.option("--ca", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Certificates that portals are checked by.")  # fmt: skip
def rehearse(run: Run, release: str, state: Path, ca: Path | None) -> None:
    """Try everything that a release needs except its commit, as the publisher's user.

    Judges, opens what is sealed, builds and seals the bundle of each channel with a throw-away
    key, has the channel judge and write it and keep nothing, compares clocks, reads back what is
    staged. Exit 3 when anything would fail. The running publisher is not disturbed.
    """
    from desk.newsroom.pins import PinFile
    from desk.publisher import service
    from desk.publisher.home import Home

    home = Home(state.absolute())
    room = open_room(run, PinFile(home.path, run.folder))
    found = service.rehearse(home, room, release, ca=ca)
    run.out.emit(found, _blocks)
    bad = [check for check in found.checks if not check.ok]
    if bad:
        raise Refused(
            "It would not go out as it stands",
            [Reason(check.name, joined(": ", (part for part in (check.channel, check.detail)
                                              if part))) for check in bad],
            phrase("desk release show {release}", release=release),
        )  # fmt: skip
    run.out.say("It would go out once its script says so." if found.waits else "It would go out.")


def _blocks(view: Rehearsal) -> list[Block]:
    rows = [
        [check.channel, word("rehearsal", check.name),
         word("rehearsal", "good" if check.ok else "fails"), f"{check.took_ms:.1f}", check.detail]
        for check in view.checks
    ]  # fmt: skip
    return [Table(["channel", "tried", "", "ms", ""], rows)]

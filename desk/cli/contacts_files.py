"""`desk contacts`, its files: the board as vCard or CSV, out and in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Table
from desk.cli.telling import agreed, examples
from desk.errors import Unavailable, UsageError
from desk.locales import told
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.people.contact_exchange import Taken

command = noun("contacts", "Keep the board of spokespersons, their duty and availability.")
FILE = click.Path(path_type=Path, dir_okay=False)
AGENCY = click.option("--agency", default="", metavar="ID", help="Only of this agency.")
LOOK = click.option("--accept-lookalike", is_flag=True,
                    help="Although it looks like another name or domain.")  # fmt: skip
YES = click.option("--yes", is_flag=True, help="Agree beforehand.")


@verb(
    command,
    "export",
    examples("desk contacts export --vcard --out board.vcf", "desk contacts export --csv"),
)
@click.option("--vcard", "form", flag_value="vcard", help="vCard 4.")
@click.option("--csv", "form", flag_value="csv", help="A table, harmless in a spreadsheet.")
@AGENCY
@click.option("--out", type=FILE, metavar="FILE", help="Write it there; default: stdout.")
def export(run: Run, form: str | None, agency: str, out: Path | None) -> None:
    """Export contacts: what is public of them, never private numbers."""
    from desk.people import contact_exchange
    from desk.people.contacts import board

    if form is None:
        raise UsageError("In which form?", "", "--vcard or --csv")
    found = board(open_room(run))
    data = contact_exchange.export(found, "vcard" if form == "vcard" else "csv", agency)
    if out is None:
        # Lines end as the terminal's do; --out and --json keep the CR LF of both formats.
        run.out.emit({"form": form, "text": data},
                     lambda _: data.replace("\r\n", "\n").rstrip("\n"))  # fmt: skip
        return
    try:
        out.write_bytes((("\ufeff" if form == "csv" else "") + data).encode("utf-8"))
    except OSError as error:
        raise Unavailable("Cannot write the file", f"{out}: {error.strerror}") from None
    run.out.emit({"form": form, "file": str(out)}, lambda _: phrase("Wrote {file}", file=out))


@verb(
    command,
    "import",
    examples(
        "desk contacts import board.vcf --agency y-te --dry-run", "desk contacts import b.csv"
    ),
)
@click.argument("file", type=FILE)
@click.option("--agency", default="", metavar="ID", help="For contacts that name none.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be.")
@LOOK
@YES
def import_(run: Run, file: Path, agency: str, dry_run: bool, accept_lookalike: bool, yes: bool
            ) -> None:  # fmt: skip
    """Take in the contacts of a vCard or CSV file, and say what of it was not taken.

    Topics, roster entries and private numbers are not in such files and stay as they are.
    """
    from desk.people import contact_exchange

    room, given = open_room(run), contact_exchange.read_file(file, agency)
    who = actor(run)
    plan = contact_exchange.take(room, who, given, accept=accept_lookalike, dry=True)
    if plan.changed and not dry_run:
        names = ", ".join(plan.changed)
        question = phrase("Change contacts that are on the board: {names}?", names=names)
        agreed(run, question, yes)
    done = plan if dry_run else contact_exchange.take(room, who, given, accept=accept_lookalike)
    run.out.emit(done, lambda _: _taken(done))


def _taken(done: Taken) -> list[Block]:
    from desk.people.contact_cards import WHOLE

    said = phrase(
        "{added} added, {changed} changed, {same} as they were",
        added=len(done.added),
        changed=len(done.changed),
        same=len(done.same),
    )
    rows: list[list[object]] = [
        [one.line or "", told(one.what) if one.what in WHOLE else one.what, told(one.why)]
        for one in done.left_out
    ]
    left: list[Block] = [Table(["line", "not taken", "why"], rows)] if rows else []
    return [said, *left]

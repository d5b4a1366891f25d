"""`desk item ack`: the terminology of a draft, what of it is kept, and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Table
from desk.cli.telling import examples, text_of
from desk.errors import UsageError
from desk.locales import language, told
from desk.phrase import both, phrase

if TYPE_CHECKING:
    from desk.items.answers import Answered

command = noun("item", "Write, submit, approve and return items.")


@verb(
    command,
    "ack",
    examples(
        "desk item ack i-4f0zk2m9qx                 what is found, with numbers",
        "desk item ack i-4f0zk2m9qx 2 3 --reason 'Tên riêng của tổ chức'",
        "desk item ack i-4f0zk2m9qx --all --reason - < ly-do.txt",
        "desk item ack i-4f0zk2m9qx 2 --undo",
    ),
)
@click.argument("item")
@click.argument("numbers", nargs=-1, type=click.IntRange(1), metavar="[N]...")
@click.option("--all", "every", is_flag=True, help="Every warning without an answer; no errors.")
@click.option("--reason", metavar="TEXT", help="Why it stays: sealed, shown to the approvers; "
              "- reads it.")  # fmt: skip
@click.option("--until", metavar="YYYY-MM-DD", help="The last day on which that holds.")
@click.option("--undo", is_flag=True, help="Keep these no longer.")
def ack(run: Run, item: str, numbers: tuple[int, ...], every: bool, reason: str | None,
        until: str | None, undo: bool) -> None:  # fmt: skip
    """List what the terminology of your draft says; keep findings with a reason.

    A warning is mended or kept before you submit. An error that is none is kept by its number. A
    change of the paragraph ends it.
    """
    from desk.items import answers

    room, me = open_room(run), actor(run)
    if not numbers and not every:
        found = answers.look(room, me, item)
        run.out.emit(found, _blocks)
        return
    if numbers and every:
        raise UsageError("Numbers or --all", "not both")
    chosen = answers.every_warning if every else answers.numbered(numbers)
    if undo:
        found = answers.take_back(room, me, item, chosen)
    else:
        why = text_of(reason, "--reason")
        if not why.strip():
            hint = "Say why it stays: --reason TEXT"
            raise UsageError("A reason is needed", "the approvers are shown it", hint)
        found = answers.keep(room, me, item, chosen, why, until=_day(until))
    run.out.emit(found, _blocks)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("No such day", text[:40], "Write it as YYYY-MM-DD") from None


def _blocks(view: Answered) -> list[Block]:
    if not view.findings:
        return [told(phrase("The terminology finds nothing (termbase {version}).",
                            version=view.termbase))]  # fmt: skip
    rows: list[list[object]] = []
    for number, one in enumerate(view.findings, 1):
        finding, why = one.finding, ""
        if one.kept is not None:
            ignored = one.kept.ignore
            why = phrase("kept by {who}: {why}", who=ignored.author, why=ignored.reason)
            if ignored.expires:
                why = phrase("{why} (until {day})", why=why, day=ignored.expires.isoformat())
        message = finding.message_vi if language() == "vi" else finding.message
        place = f"{one.piece.field}:{finding.line}:{finding.column}"
        rows.append([number, finding.severity, place, both(message, message), why])
    return [Table(["n", "says", "where", "what", "answer"], rows)]

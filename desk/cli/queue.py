"""`desk queue`: what waits for your approval, and one entry with all that a decision needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from desk.cli.context import Run, noun, verb
from desk.cli.item_text import document_blocks, gate_table, step_fact
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Table
from desk.cli.telling import examples
from desk.locales import N_
from desk.locales.words import word
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.approvals.queue import Review, Waiting

command = noun("queue", "See what waits for your approval.")


@verb(command, "list", examples("desk queue list", "desk queue list --all --headlines --json"))
@click.option("--all", "everybody", is_flag=True, help="What waits for anybody.")
@click.option("--headlines", is_flag=True, help="Open the headlines that you may read.")
@click.option("--limit", type=click.IntRange(1, 10000), default=200, show_default=True)
def list_waiting(run: Run, everybody: bool, headlines: bool, limit: int) -> None:
    """List what waits, nearest deadline first."""
    from desk.approvals import queue

    found = queue.waiting(
        open_room(run), actor(run), mine=not everybody, limit=limit, headlines=headlines
    )
    run.out.emit(found, lambda _: _table(found, headlines))


def _table(found: list[Waiting], headlines: bool) -> Table:
    columns = ["item", "code", "language", "kind", "agency", "rev", "step", "due", "release"]
    rows: list[list[object]] = [
        [
            w.item,
            w.code,
            w.language,
            w.kind,
            w.agency,
            w.number,
            word("step", w.step),
            w.due,
            w.release,
        ]
        for w in found
    ]
    if headlines:
        columns.append("headline")
        rows = [[*row, w.headline] for row, w in zip(rows, found, strict=True)]
    return Table(columns, rows)


@verb(command, "returned", examples("desk queue returned", "desk item reason i-4f0zk2m9qx"))
def list_returned(run: Run) -> None:
    """List your revisions that were returned, the latest first."""
    from desk.approvals import mine

    found = mine.returned(open_room(run), actor(run))
    columns = ["item", "code", "language", "rev", "step", "by", "time"]
    run.out.emit(found, lambda _: Table(columns, [
        [one.item, one.code, one.language, one.number, word("step", one.step), one.by, one.time]
        for one in found]))  # fmt: skip


@verb(
    command,
    "unsigned",
    examples("desk queue unsigned", "desk release sign r-7h2kq0vbmx --anew"),
)
def list_unsigned(run: Run) -> None:
    """List releases that need your signature, also those changed since they were signed."""
    from desk.approvals import mine

    found = mine.unsigned(open_room(run), actor(run))
    columns = ["at", "release", "code", "items", "signed", "of", "left out", "mended"]
    run.out.emit(found, lambda _: Table(columns, [
        [one.at, one.release, one.code, one.items, ", ".join(one.signers), one.needed,
         ", ".join(one.left_out), ", ".join(one.mended)]
        for one in found]))  # fmt: skip


@verb(command, "show", examples("desk queue show i-4f0zk2m9qx"))
@click.argument("item")
@click.option("--text", is_flag=True, help="The whole text too, not the difference alone.")
def show(run: Run, item: str, text: bool) -> None:
    """Show one entry: steps, gates, digest, and what changed since it was approved before."""
    from desk.approvals import queue

    review = queue.review(open_room(run), actor(run), item)
    run.out.emit(review, lambda view: list(_blocks(view, text or not view.compared_with)))


def _blocks(view: Review, text: bool) -> Iterator[Block]:
    from desk.items.diff import render

    waiting = view.waiting
    facts: list[tuple[str, object]] = [
        ("item", phrase("{item} rev {number}  {code}", item=waiting.item, number=waiting.number,
                        code=waiting.code)),
        ("digest", view.digest),
        ("authors", ", ".join(view.authors)),
        ("due", phrase("{time} in {release}", time=waiting.due, release=waiting.release)
         if waiting.release else phrase("in no release")),
    ]  # fmt: skip
    facts += [step_fact(s.step, s.by, s.who) for s in view.steps]
    if text:
        yield from document_blocks(view.document, facts)
    else:
        from desk.cli.output import Fields

        yield Fields(facts)
    for one in view.asked:
        yield phrase("{outlet} asks, until {time}:", outlet=one.outlet, time=one.row.due)
        yield one.question
    if view.notes:
        yield "\n" + view.notes + "\n"
    yield gate_table(view.gates)
    if view.compared_with:
        template = (
            N_("Since rev {number}, approved by {names}:")
            if view.compared_by
            else N_("Since rev {number}:")
        )
        yield phrase(template, number=view.compared_with, names=", ".join(view.compared_by))
        yield from render(list(view.diff))

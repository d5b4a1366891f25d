"""`desk terms affected`: what the termbase says now of texts that passed before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from desk.cli.context import Run, verb
from desk.cli.opened import actor, open_room
from desk.cli.output import Block, Table
from desk.cli.telling import examples
from desk.cli.terms import command
from desk.locales import _, language, told
from desk.phrase import phrase

if TYPE_CHECKING:
    from desk.approvals.affected import Affected


@verb(
    command,
    "affected",
    examples(
        "desk terms affected                 submitted and approved items, not public yet",
        "desk terms affected --released      the archive of what is public",
        "desk terms affected --released --errors --json",
    ),
)
@click.option("--released", is_flag=True, help="Also the archive of public texts.")
@click.option("--errors", is_flag=True, help="Only texts with errors.")
def affected(run: Run, released: bool, errors: bool) -> None:
    """Look through unreleased items, and the archive, with the termbase in force.

    Nothing is voided: people decide whether to return an item or to correct what is public.
    """
    from desk.approvals import affected as scan
    from desk.terms import proposals

    room, me = open_room(run), actor(run)
    standing = proposals.standing(room)
    for problem in standing.problems:
        run.out.warn(problem)
    items, texts = scan.counts(room)
    found: list[Affected] = []
    with run.out.progress(_("read"), items + (texts if released else 0)) as step:
        _collect(scan.unreleased(room, me), found, step, errors)
        if released:
            _collect(scan.released(room), found, step, errors)
    data = {"termbase": str(standing.version), "read": items + (texts if released else 0),
            "affected": found}  # fmt: skip
    run.out.emit(data, _blocks)


def _collect(
    texts: Iterable[Affected | None], found: list[Affected], step: Callable[[], None], errors: bool
) -> None:
    for one in texts:
        if one is not None and (one.errors or not errors or one.unread):
            found.append(one)
        step()


def _blocks(data: dict[str, Any]) -> list[Block]:
    head = told(phrase("{count} of {read} texts go against termbase {version}.",
                       count=len(data["affected"]), read=data["read"],
                       version=data["termbase"]))  # fmt: skip
    rows = [
        [one.item, one.language, one.state, one.errors, one.warnings,
         one.unread or _first(one), one.headline]
        for one in data["affected"]
    ]  # fmt: skip
    columns = ["item", "language", "state", "errors", "warnings", "first", "headline"]
    return [head, Table(columns, rows)] if rows else [head]


def _first(one: Affected) -> str:
    finding = one.findings[0].finding
    return f"{finding.line}:{finding.column} {finding.said(language())}"

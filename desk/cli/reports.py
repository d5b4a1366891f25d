"""`desk reports`: how punctual releases were, how long steps took, what came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from desk.cli.context import Run, noun, verb
from desk.cli.opened import open_room
from desk.cli.output import Block, Column, Table
from desk.cli.telling import examples
from desk.locales import dates
from desk.locales.words import word

if TYPE_CHECKING:
    from desk.reports.report import Figures, Report

command = noun("reports", "Count how punctual releases were and how long work took.")
F = TypeVar("F", bound=Callable[..., object])
PARTS = ("figures", "steps", "releases")
NONE = "–"


def _narrowed(function: F) -> F:
    for option in (
        click.option("--agency", default="", metavar="ID", help="One agency only."),
        click.option("--month", default="", metavar="YYYY-MM", help="One month only."),
    ):
        function = option(function)
    return function


def _report(run: Run, month: str, agency: str) -> Report:
    from desk.reports.facts import Past
    from desk.reports.report import check_month, report

    check_month(month)  # before the whole log is read
    past = Past(open_room(run))
    facts = past.facts()
    return report(facts, past.zone, month=month, agency=agency)


@verb(
    command,
    "show",
    examples("desk reports show", "desk reports show --month 2026-11 --agency thong-ke --json"),
)
@_narrowed
def show(run: Run, month: str, agency: str) -> None:
    """Show the figures by month and agency, from the signed acts that count.

    Lateness is in milliseconds after the instant, time in the chain in hours and minutes. The
    rows of * are those of all agencies, or of all months.
    """
    run.out.emit(_report(run, month, agency), lambda view: list(_blocks(view)))


def _blocks(view: Report) -> Iterator[Block]:
    first = ["month", "agency"]
    punctual = ["releases", "on time", "late", "early", "partial", "missed", "p50 ms", "p99 ms"]
    yield Table(
        [*first, *(Column(name, right=True) for name in punctual)],
        [[*_names(one), one.releases, _percent(one.on_time_rate), one.late, one.early, one.partial,
          one.missed, _ms(one.late_p50_ms), _ms(one.late_p99_ms)] for one in view.figures],
    )  # fmt: skip
    work = ["handed in", "returned", "corrected", "withdrawn", "short notice"]
    yield Table(
        [*first, *(Column(name, right=True) for name in work)],
        [[*_names(one), one.handed_in, one.returned, one.corrected, one.withdrawn,
          one.short_notice] for one in view.figures],
    )  # fmt: skip
    spans = ["taken", "median", "9 of 10", "longest"]
    yield Table(
        [*first, "step", *(Column(name, right=True) for name in spans)],
        [[*_names(one), word("step", step.step), step.count, dates.countdown(step.median_s),
          dates.countdown(step.p90_s), dates.countdown(step.longest_s)]
         for one in view.figures for step in one.steps],
    )  # fmt: skip


def _names(one: Figures) -> tuple[str, str]:
    return one.month, one.agency


def _percent(rate: float | None) -> str:
    return NONE if rate is None else f"{dates.number(100 * rate, 1)} %"


def _ms(value: float | None) -> str:
    return NONE if value is None else dates.number(value, 1)


@verb(command, "releases", examples("desk reports releases --month 2026-11"))
@_narrowed
def releases(run: Run, month: str, agency: str) -> None:
    """List the releases that are counted, by their code names, the latest first."""
    from desk.reports.report import outing_json

    found = _report(run, month, agency).outings
    columns: list[str | Column] = [
        "at",
        "release",
        "code",
        "agencies",
        "outcome",
        Column("worst ms", right=True),
    ]
    run.out.emit([outing_json(one) for one in found], lambda _: Table(columns, [
        [one.at, one.release, one.code, ", ".join(one.agencies), word("punctuality", one.outcome),
         _ms(one.worst_ms)]
        for one in found]))  # fmt: skip


@verb(
    command,
    "export",
    examples(
        "desk reports export --csv > reports.csv",
        "desk reports export --part steps --month 2026-11 --csv",
        "desk reports export --json > reports.json",
    ),
)
@click.option("--part", type=click.Choice(PARTS), default="figures", show_default=True,
              help="Which table.")  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="Comma separated (the default).")
@_narrowed
def export(run: Run, part: str, as_csv: bool, month: str, agency: str) -> None:
    """Write one table as CSV that a spreadsheet may open, or everything with --json."""
    from typing import cast

    from desk.reports import tables

    view = _report(run, month, agency)
    chosen = cast("tables.Part", part)
    run.out.emit(view, lambda _: tables.as_csv(view, chosen).rstrip("\r\n"))

"""Tables: a report as rows under headings, for CSV files and for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from desk.reports.report import Figures, Report
from desk.spreadsheet import table_csv

Part = Literal["figures", "steps", "releases"]
PARTS: tuple[Part, ...] = ("figures", "steps", "releases")

FIGURES = (
    "month", "agency", "releases", "on_time", "late", "early", "partial", "missed",
    "on_time_rate", "openings", "late_p50_ms", "late_p99_ms", "late_max_ms", "handed_in",
    "returned", "return_rate", "corrected", "withdrawn", "short_notice", "quick_fixes", "changed",
    "brought_forward", "recalled", "held",
)  # fmt: skip
STEPS = ("month", "agency", "step", "count", "median_s", "p90_s", "longest_s")
RELEASES = ("at", "release", "code", "agencies", "outcome", "channel", "late_ms", "triggered")


def columns(part: Part) -> Sequence[str]:
    """The headings of one part: the same names as in JSON."""
    return {"figures": FIGURES, "steps": STEPS, "releases": RELEASES}[part]


def rows(report: Report, part: Part) -> Iterator[Sequence[object]]:
    """The cells of one part. Spans have their unit in the heading; rates are 0 to 1."""
    if part == "releases":
        yield from _releases(report)
        return
    for one in report.figures:
        if part == "figures":
            value = one.as_json()
            yield [_cell(value[name]) for name in FIGURES]
        else:
            yield from _steps(one)


def _steps(one: Figures) -> Iterator[Sequence[object]]:
    for step in one.steps:
        yield [one.month, one.agency, step.step, step.count, step.median_s, step.p90_s,
               step.longest_s]  # fmt: skip


def _releases(report: Report) -> Iterator[Sequence[object]]:
    """A line for each channel; one without for a release of which nothing opened."""
    for one in report.outings:
        first = [one.at, one.release, one.code, " ".join(one.agencies), one.outcome]
        for channel, late in one.late_ms or (("", None),):
            yield [*first, channel, _cell(late), "yes" if one.triggered else ""]


def _cell(value: object) -> object:
    if value is None:
        return ""
    return round(value, 4) if isinstance(value, float) else value


def as_csv(report: Report, part: Part) -> str:
    """One part as CSV (RFC 4180) in which no cell is a formula (attack 31)."""
    return table_csv(columns(part), rows(report, part))

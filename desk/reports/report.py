"""The report: figures by month and agency, summed up from outings and steps.

A month is one of the newsroom's zone. A release counts in the month of its instant, everything
else in the month in which it was done. What concerns several agencies counts once for each, and
once in the row of all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.clock import parse_instant, to_wall
from desk.errors import UsageError
from desk.percentile import percentile
from desk.reports.facts import Fact
from desk.reports.outings import Outing, outings
from desk.reports.steps import Happened, Step, work

ALL = "*"  # the row of all agencies, or of all months
_MONTH = re.compile(r"2[01]\d\d-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class StepTime:
    """How long one step of the chain took, in seconds: of so many, the middle, 9 of 10, the worst.

    The middle and the ninth tenth are values that were measured (nearest rank).
    """

    step: str
    count: int
    median_s: int
    p90_s: int
    longest_s: int


@dataclass(frozen=True)
class Figures:
    """One row: a month (`2026-11`, or `*`) of an agency (its id, or `*`).

    `releases` are those whose instant came; each of them is on time, late, early, partial or
    missed. Lateness is that of each channel's opening, in milliseconds after the instant; of
    releases that a script opened it is not measured, since their instant is known to the second.
    """

    month: str
    agency: str
    releases: int = 0
    on_time: int = 0
    late: int = 0
    early: int = 0
    partial: int = 0
    missed: int = 0
    openings: int = 0
    late_p50_ms: float | None = None
    late_p99_ms: float | None = None
    late_max_ms: float | None = None
    handed_in: int = 0
    returned: int = 0
    corrected: int = 0
    withdrawn: int = 0
    quick_fixes: int = 0
    changed: int = 0
    brought_forward: int = 0
    recalled: int = 0
    held: int = 0
    steps: tuple[StepTime, ...] = ()

    @property
    def key(self) -> str:
        """Month and agency, under the name that tables use."""
        return f"{self.month} {self.agency}"

    @property
    def on_time_rate(self) -> float | None:
        """The part of the releases that was on time, 0 to 1; None when there were none."""
        return self.on_time / self.releases if self.releases else None

    @property
    def return_rate(self) -> float | None:
        """Returns for each revision handed in; None when none was."""
        return self.returned / self.handed_in if self.handed_in else None

    @property
    def short_notice(self) -> int:
        """Quick fixes, signed releases changed, brought forward or recalled, and holds."""
        return self.quick_fixes + self.changed + self.brought_forward + self.recalled + self.held

    def as_json(self) -> dict[str, Any]:
        """Plain values, the rates rounded to four places."""
        value = {k: v for k, v in self.__dict__.items() if k != "steps"}
        for name in ("on_time_rate", "return_rate"):
            rate = getattr(self, name)
            value[name] = None if rate is None else round(rate, 4)
        value["short_notice"] = self.short_notice
        value["steps"] = [dict(one.__dict__) for one in self.steps]
        return value


@dataclass(frozen=True)
class Report:
    """The figures, the newest month first and all agencies before each; and the single releases."""

    zone: str
    figures: tuple[Figures, ...]
    outings: tuple[Outing, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The months that have anything, the newest first."""
        return tuple(dict.fromkeys(one.month for one in self.figures if one.month != ALL))

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies that have anything, in order of their ids."""
        return tuple(sorted({one.agency for one in self.figures if one.agency != ALL}))

    def row(self, month: str = ALL, agency: str = ALL) -> Figures:
        """One row; an empty one when there is nothing."""
        found = (one for one in self.figures if (one.month, one.agency) == (month, agency))
        return next(found, Figures(month, agency))

    def late_ms(self, month: str = ALL, agency: str = ALL) -> tuple[float, ...]:
        """Every opening that is measured, in milliseconds after its instant, oldest first."""
        found = [
            late
            for one in reversed(self.outings)
            if not one.triggered
            and month in (ALL, month_of(one.at, self.zone))
            and (agency == ALL or agency in one.agencies)
            for _channel, late in one.late_ms
        ]
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Plain values; times in UTC."""
        return {
            "zone": self.zone,
            "figures": [one.as_json() for one in self.figures],
            "releases": [outing_json(one) for one in self.outings],
        }


def outing_json(one: Outing) -> dict[str, Any]:
    """One release as plain values."""
    value = dict(one.__dict__)
    return {**value, "agencies": list(one.agencies), "late_ms": dict(one.late_ms)}


def month_of(time: str, zone: str) -> str:
    """The month of a written instant on the newsroom's clocks: `2026-11`."""
    return f"{to_wall(parse_instant(time), zone):%Y-%m}"


def check_month(month: str) -> str:
    """The month, or '' for all. Raises UsageError for what is none."""
    if month and not _MONTH.fullmatch(month):
        raise UsageError("That is not a month", month[:20], "Write it as 2026-11")
    return month


@dataclass
class _Tally:
    """What adds up to one row."""

    outcomes: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)
    steps: dict[str, list[int]] = field(default_factory=dict)

    def figures(self, month: str, agency: str) -> Figures:
        """The row."""
        done, seen, late = self.outcomes, self.events, self.late
        return Figures(
            month, agency, done.total(), done["on-time"], done["late"], done["early"],
            done["partial"], done["missed"], len(late),
            percentile(late, 0.5) if late else None,
            percentile(late, 0.99) if late else None,
            max(late, default=None),
            seen["handed-in"], seen["returned"], seen["corrected"], seen["withdrawn"],
            seen["quick-fix"], seen["changed"], seen["brought-forward"], seen["recalled"],
            seen["held"],
            tuple(_step_time(step, times) for step, times in sorted(self.steps.items())),
        )  # fmt: skip


def _step_time(step: str, seconds: Sequence[int]) -> StepTime:
    middle, most = int(percentile(seconds, 0.5)), int(percentile(seconds, 0.9))
    return StepTime(step, len(seconds), middle, most, max(seconds))


def report(facts: Iterable[Fact], zone: str, *, month: str = "", agency: str = "") -> Report:
    """The report over those facts. `month` and `agency` leave one of them only.

    A pure function: the same acts give the same report. Raises UsageError for a wrong month.
    """
    check_month(month)
    facts = list(facts)
    tallies: dict[tuple[str, str], _Tally] = {}
    known: dict[str, str] = {}  # looking a zone up for every act would take most of the time

    def rows(time: str, agencies: tuple[str, ...]) -> list[_Tally]:
        when = known.get(time) or known.setdefault(time, month_of(time, zone))
        if month and when != month:
            return []
        whose = [one for one in agencies if agency in ("", one)]
        groups = [ALL, *whose] if not agency else whose
        months = (when,) if month else (when, ALL)
        return [tallies.setdefault((m, a), _Tally()) for m in months for a in groups]

    shown = []
    for outing in outings(facts):
        into = rows(outing.at, outing.agencies)
        shown += [outing] if into else []
        for tally in into:
            tally.outcomes[outing.outcome] += 1
            tally.late += [] if outing.triggered else [late for _name, late in outing.late_ms]
    for one in work(facts):
        for tally in rows(one.time, one.agencies):
            if isinstance(one, Happened):
                tally.events[one.event] += 1
            else:
                _add_step(tally, one)
    figures = [tally.figures(*key) for key, tally in tallies.items()]
    return Report(zone, tuple(sorted(figures, key=_order)), tuple(shown))


def _add_step(tally: _Tally, step: Step) -> None:
    tally.steps.setdefault(step.step, []).append(step.seconds)


def _order(one: Figures) -> tuple[int, str]:
    """All months first, then the newest month; in each all agencies first."""
    months = 0 if one.month == ALL else -int(one.month.replace("-", ""))
    return (months if months else -10_000_000, one.agency if one.agency != ALL else "")

"""The reports, written out: four pictures of one row, each as bars with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from desk.alphabet import place
from desk.clock import parse_instant, to_wall
from desk.locales import N_, _, dates, ngettext
from desk.reports.lateness import bins
from desk.reports.report import ALL, Figures, Report, month_of
from screens.states import STEPS, State, word
from screens.widgets.blocks import Bar, bars, spark
from screens.widgets.plain import TONES, line, lines

MONTHS = 12  # months in a picture of months
OUTCOMES: Mapping[str, State] = {
    "on-time": State("✔", N_("on time"), "good"),
    "late": State("◷", N_("late"), "warn"),
    "early": State("✖", N_("early"), "bad"),
    "partial": State("◐", N_("partly released"), "warn"),
    "missed": State("✖", N_("missed"), "bad"),
}


@dataclass(frozen=True)
class Picture:
    """One picture: bars for the drawing or the text blocks, and what stands below them."""

    title: str
    bars: tuple[Bar, ...]
    below: Content
    monthly: tuple[Bar, ...] = ()
    """The same rate month by month, in percent."""


def month_text(month: str) -> str:
    """A month as people write it: `11/2026`."""
    return _("all months") if month == ALL else f"{month[5:]}/{month[:4]}"


def agency_text(agency: str, names: Mapping[str, str]) -> str:
    """What an agency is called."""
    return _("all agencies") if agency == ALL else names.get(agency, agency)


def in_order(figures: Sequence[Figures], names: Mapping[str, str]) -> list[Figures]:
    """The same months in the same order; in each first all agencies, then each by its name."""
    months = {month: at for at, month in enumerate(dict.fromkeys(one.month for one in figures))}
    return sorted(figures, key=lambda one: (months[one.month], one.agency != ALL,
                                            place(agency_text(one.agency, names))))  # fmt: skip


def percent(rate: float | None) -> str:
    """A rate as people read it; a dash when nothing was counted."""
    return "–" if rate is None else f"{dates.number(100 * rate, 1)} %"


def millis(value: float | None) -> str:
    """Milliseconds; a dash when nothing was measured."""
    return "–" if value is None else f"{dates.number(value, 1)} ms"


def span(seconds: int) -> str:
    """A stretch of work, to the minute once it is longer than one."""
    if seconds < 60:
        return _("{n} s").format(n=seconds)
    hours, minutes = divmod(seconds // 60, 60)
    if not hours:
        return _("{n} min").format(n=minutes)
    return _("{h} h {m} min").format(h=dates.number(hours), m=f"{minutes:02}")


def punctuality(report: Report, row: Figures) -> Picture:
    """How the releases went, and month by month how many were on time."""
    counts = (row.on_time, row.late, row.early, row.partial, row.missed)
    found = tuple(
        (f"{state.glyph} {_(state.word)}", float(count), dates.number(count))
        for state, count in zip(OUTCOMES.values(), counts, strict=True)
    )
    rates = _monthly(report, row, lambda one: one.on_time_rate)
    count = ngettext("{n} release came to its instant", "{n} releases came to their instant",
                     row.releases).format(n=dates.number(row.releases))  # fmt: skip
    head = line((count, "bold"), "  ", _("on time"), " ", (percent(row.on_time_rate), "bold"))
    return Picture(_("Punctuality"), found, head, rates)


def lateness(report: Report, row: Figures) -> Picture:
    """How long after their instant the channels opened."""
    late = report.late_ms(row.month, row.agency)
    found = tuple((one.label, float(one.count), dates.number(one.count)) for one in bins(late))
    title = _("Lateness in milliseconds")
    if not late:
        return Picture(title, (), line((_("No opening was measured."), TONES["dim"])))
    count = ngettext("{n} opening", "{n} openings", len(late)).format(n=dates.number(len(late)))
    numbers = line(
        (count, "bold"),
        f"  p50 {millis(row.late_p50_ms)}  p99 {millis(row.late_p99_ms)}  ",
        _("worst") + f" {millis(row.late_max_ms)}",
    )
    latest = line((_("the latest") + " ", TONES["dim"]), spark(late, 40))
    return Picture(title, found, lines(numbers, latest))


def steps(report: Report, row: Figures) -> Picture:
    """How long each step of the chain took."""
    order = list(STEPS)
    known = sorted(row.steps, key=lambda s: order.index(s.step) if s.step in order else 99)
    found = tuple((word(STEPS, one.step), one.median_s / 60, span(one.median_s)) for one in known)
    title = _("Minutes per step (median)")
    if not found:
        return Picture(title, (), line((_("No step was taken."), TONES["dim"])))
    rows = [
        line(
            (word(STEPS, one.step) + "  ", "bold"),
            ngettext("{n} time", "{n} times", one.count).format(n=dates.number(one.count)),
            "  ",
            _("9 of 10 within {span}").format(span=span(one.p90_s)),
            "  ",
            _("longest {span}").format(span=span(one.longest_s)),
        )
        for one in known
    ]
    return Picture(title, found, lines(*rows))


def working(report: Report, row: Figures) -> Picture:
    """What was handed in, came back, had to be mended, and was done at short notice."""
    named = (
        (_("handed in"), row.handed_in),
        (_("returned"), row.returned),
        (_("corrected"), row.corrected),
        (_("withdrawn"), row.withdrawn),
        (_("quick fixes"), row.quick_fixes),
        (_("changed after signing"), row.changed),
        (_("brought forward"), row.brought_forward),
        (_("recalled"), row.recalled),
        (_("held"), row.held),
    )
    found = tuple((name, float(count), dates.number(count)) for name, count in named)
    rates = _monthly(report, row, lambda one: one.return_rate)
    head = line(_("returns per revision submitted"), " ", (percent(row.return_rate), "bold"))
    return Picture(_("Work"), found, head, rates)


PICTURES: tuple[Callable[[Report, Figures], Picture], ...] = (
    punctuality, lateness, steps, working,
)  # fmt: skip


def _monthly(
    report: Report, row: Figures, rate_of: Callable[[Figures], float | None]
) -> tuple[Bar, ...]:
    """A rate of the last months of the row's agency, oldest first; none beside a single month."""
    if row.month != ALL:
        return ()
    found = [report.row(month, row.agency) for month in reversed(report.months[:MONTHS])]
    rates = [(one.month, rate) for one in found if (rate := rate_of(one)) is not None]
    return tuple((month_text(month), 100 * rate, percent(rate)) for month, rate in rates)


def picture_text(picture: Picture, width: int, *, drawn: bool) -> Content:
    """The picture as text of that width. `drawn`: a plot shows the bars already."""
    room = max(24, min(width, 72))
    parts = [picture.below]
    if not drawn and picture.bars:
        parts = [bars(picture.bars, room), Content(""), *parts]
    if picture.monthly:
        title = line((_("month by month"), TONES["dim"]))
        parts += [Content(""), title, bars(picture.monthly, room, top=100)]
    return lines(*parts)


def releases_text(report: Report, row: Figures, most: int = 200) -> Content:
    """The releases behind a row: when, code name, outcome, the opening furthest off."""
    found = [
        one
        for one in report.outings
        if row.month in (ALL, month_of(one.at, report.zone))
        and (row.agency == ALL or row.agency in one.agencies)
    ]
    rows = []
    for one in found[:most]:
        wall, state = to_wall(parse_instant(one.at), report.zone), OUTCOMES[one.outcome]
        rows.append(
            line(
                (f"{wall:%d/%m/%Y %H:%M:%S}  ", TONES["dim"]),
                (str(state), TONES[state.tone]),
                f"  {millis(one.worst_ms)}  ",
                (one.code, "bold"),
                (f"  {one.release}", TONES["dim"]),
            )
        )
    if len(found) > most:
        more = _("and {n} more: desk reports releases").format(n=dates.number(len(found) - most))
        rows.append(line((more, TONES["dim"])))
    return lines(*rows) if rows else line((_("No release yet."), TONES["dim"]))

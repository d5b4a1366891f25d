"""The cells of the calendar's list: what each column says of a release, a slot, a blackout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from desk.locales import _, dates, ngettext
from screens import states
from screens.source import CalendarRow
from screens.source.calendar_room import HourCell
from screens.widgets.virtual_table import Cell, Column, Tone

Wall = Callable[[datetime], datetime]
"""From an instant to the newsroom's wall time."""


def columns(wall: Wall) -> list[Column[CalendarRow]]:
    """All of them; which are shown depends on the room there is."""
    return [
        Column(_("Time"), 8, lambda row: time_cell(row, wall)),
        Column(_("State"), 18, state_cell),
        Column(_("Title"), 19, title_cell, flex=True, most=90),
        Column(_("Agency"), 12, lambda row: (row.agency, "accent"), rank=3),
        Column(_("Lang."), 5, lambda row: (" ".join(row.languages), ""), rank=4),
        Column(_("Channels"), 10, channels_cell, rank=5),
        Column(_("Items"), 8, items_cell, rank=6),
        Column(_("Progress"), 14, lambda row: progress_cell(row, wall), rank=2),
    ]


def time_cell(row: CalendarRow, wall: Wall) -> Cell:
    """When it is, or begins."""
    tones: Mapping[str, Tone] = {"slot": "dim", "blackout": "warn"}
    return dates.short_time(wall(row.at)), tones.get(row.kind, "strong")


def state_cell(row: CalendarRow) -> Cell:
    """Glyph and word of a row's state."""
    if row.kind == "slot":
        return str(states.SLOT), "dim"
    if row.kind == "blackout":
        return str(states.BLACKOUT), "warn"
    state = states.release_state(row.state, row.held)
    return str(state), state.tone


def title_cell(row: CalendarRow) -> Cell:
    """The title; a sealed release shows its code name behind the seal."""
    if row.sealed:
        return f"{states.SEALED} · {row.title}", "dim"
    return row.title, "dim" if row.kind != "release" else ""


def channels_cell(row: CalendarRow) -> Cell:
    """How many channels."""
    if not row.channels:
        return "", ""
    return ngettext("{n} channel", "{n} channels", row.channels).format(n=row.channels), "dim"


def items_cell(row: CalendarRow) -> Cell:
    """How many items."""
    if not row.items:
        return "", ""
    return ngettext("{n} item", "{n} items", row.items).format(n=row.items), "dim"


def progress_cell(row: CalendarRow, wall: Wall) -> Cell:
    """What is still missing, what is wrong, or how late it was; of a blackout when it ends."""
    if row.kind == "blackout" and row.until is not None:
        return until_text(wall(row.at), wall(row.until)), "warn"
    if row.late_ms is not None:
        return states.late_text(row.late_ms), states.late_tone(row.late_ms)
    if row.progress is None:
        return (f"⚠ {row.warnings[0]}", "warn") if row.warnings else ("", "")
    names = {"approved": _("approved"), "signed": _("signed"), "ready": _("ready")}
    done = row.progress.done >= row.progress.needed
    text = f"{names[row.progress.what]} {row.progress.done}/{row.progress.needed}"
    return (f"{text} ⚠", "warn") if row.warnings else (text, "good" if done else "")


def warning_text(row: CalendarRow) -> str:
    """Everything that speaks against it, in one line."""
    return "  ".join(f"⚠ {one}" for one in row.warnings)


def span_text(row: CalendarRow, wall: Wall) -> str:
    """When a slot or a blackout is: from when to when."""
    begin = wall(row.since or row.at)
    text = f"{state_cell(row)[0]}  {dates.short_moment(begin)}"
    return text + (end_text(begin, wall(row.until)) if row.until is not None else "")


def blackout_text(cell: HourCell) -> str:
    """From when to when a blackout is, then its name: a long one is cut, its end never."""
    if cell.since is None or cell.until is None:
        return cell.label
    begin = dates.short_moment(cell.since)
    return f"{begin}{end_text(cell.since, cell.until)}  {cell.label}"


def until_text(here: datetime, end: datetime) -> str:
    """When a span is over, seen from that day: by the clock on its last day, else by the date."""
    clock, day = end_of_span(here, end)
    return _("until {day}").format(day=clock if day == here.date() else f"{day:%d/%m}")


def end_text(begin: datetime, end: datetime) -> str:
    """The end of a span as it follows its beginning."""
    clock, day = end_of_span(begin, end)
    return f" – {clock} {dates.date(datetime.combine(day, time()))}"


def end_of_span(begin: datetime, end: datetime) -> tuple[str, date]:
    """When a span is over, as people say it: midnight is 24:00 of the day before."""
    if end > begin and (end.hour, end.minute, end.second) == (0, 0, 0):
        return "24:00", end.date() - timedelta(days=1)
    return dates.short_time(end), end.date()

"""The release monitor, written out: countdown, phases, channels, the day so far."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from desk.clock import to_wall
from desk.locales import _, dates, ngettext
from desk.reports.lateness import bins
from desk.text import one_line
from screens.source import ChannelState, DayRecord, DueRelease, Monitor, PublisherState
from screens.states import PHASES, channel_state, release_state
from screens.widgets.blocks import bars, spark
from screens.widgets.plain import TONES, line, lines
from screens.widgets.virtual_table import fit

FEW = 3  # openings below which a histogram says nothing
_AHEAD = 600  # seconds that the bar shows


def publisher_text(publisher: PublisherState | None) -> Content:
    """Who publishes, who stands by, and whether the clocks agree."""
    if publisher is None or not publisher.alive:
        name = publisher.name if publisher else ""
        text = _("The publisher does not answer: nothing will go out.")
        return line((f"✖ {text} {name}", TONES["bad"]))
    parts = [
        line(
            ("✔ ", TONES["good"]),
            _("publisher") + " ",
            (publisher.name, "bold"),
            " " + _("epoch {n}").format(n=publisher.epoch),
        )
    ]
    for standby in publisher.standbys:
        mark = ("✔", TONES["good"]) if standby.ready else ("✖", TONES["bad"])
        ago = _("{n} s ago").format(n=dates.number(standby.age_s, 1))
        parts.append(line(_("standby") + " ", (standby.name, "bold"), " ", mark, " " + ago))
    if publisher.clock_ms is not None:
        mark = ("✔", TONES["good"]) if publisher.clock_ok else ("✖", TONES["bad"])
        parts.append(line(_("clock") + f" {dates.number(publisher.clock_ms, 1)} ms ", mark))
    head = Content(" · ").join(parts)
    if len(publisher.offsets) < 2:
        return head
    each = [f"{name} {dates.number(ms, 1)} ms" for name, ms in publisher.offsets]
    return lines(head, line(("  " + _("clock of each portal") + "  ", TONES["dim"]),
                            " · ".join(each)))  # fmt: skip


def bar(left: float, width: int) -> str:
    """How much of the last ten minutes is still to come."""
    full = round(width * max(0.0, min(1.0, left / _AHEAD)))
    return "▉" * full + "▁" * (width - full)


def phases_text(release: DueRelease) -> Content:
    """The way of a release, with the place where it is now."""
    parts: list[Content] = []
    passed = True
    for phase, word in PHASES.items():
        if phase == release.phase:
            parts.append(line(("▸" + _(word), "bold $text-accent")))
            passed = False
        else:
            parts.append(line((_(word), "" if passed else TONES["dim"])))
    return Content(" ─ ").join(parts)


def countdown_text(release: DueRelease, now: datetime, width: int) -> Content:
    """The title, the instant, the countdown and the bar of one release."""
    left = (release.at - now).total_seconds()
    wall = release.at.astimezone(now.tzinfo)
    state = release_state(release.state, release.held)
    count = ngettext("{n} item", "{n} items", release.items).format(n=release.items)
    tail = line(
        f"  {dates.moment(wall)}  ",
        (str(state), TONES[state.tone]),
        f"  {count}",
    )
    head = line((one_line(release.title, max(24, width - 2 - tail.cell_length)), "bold")) + tail
    rows = [head]
    if left > 0 and not release.held:
        rows.append(
            line(
                _("in") + " ",
                (dates.countdown(left), "bold $text-accent"),
                "  ",
                (bar(left, max(10, min(40, width - 24))), "$text-accent"),
            )
        )
    if release.waits_until is not None:
        until = dates.clock_time(release.waits_until.astimezone(now.tzinfo))
        text = _("waits for a script to open it, until {time}").format(time=until)
        rows.append(line(("⚲ " + text, "bold $text-accent")))
    if release.hold_requested:
        text = _("hold requested: the publisher has not confirmed it")
        rows.append(line(("… " + text, TONES["warn"])))
    rows.append(phases_text(release))
    return lines(*rows)


def other_text(release: DueRelease, now: datetime, width: int) -> Content:
    """A release whose channels are not shown, in one line."""
    left = (release.at - now).total_seconds()
    wall = release.at.astimezone(now.tzinfo)
    day = "" if wall.date() == now.date() else f"{wall:%d/%m} "
    rest = _("in") + " " + dates.countdown(left) if left > 0 else ""
    state = release_state(release.state, release.held)
    text = line(
        "  ", (fit(day + dates.short_time(wall), 14), "bold"), " ", fit(rest, 19), " ",
        (fit(str(state), 17), TONES[state.tone]), "  ",
    )  # fmt: skip
    return text + line(one_line(release.title, max(16, width - text.cell_length)))


def channel_text(channel: ChannelState, width: int) -> Content:
    """One channel of a release in one line."""
    state = channel_state(channel)
    sealed = _("sealed") if channel.sealed else "⚠ " + _("cannot be sealed: sent at the instant")
    if channel.outcome in ("opened", "published") and channel.late_ms is not None:
        sealed = f"+{dates.number(channel.late_ms, 1)} ms"
    match = {None: ("", ""), True: (_("matches") + " ✔", "good"), False: (_("DIFFERS"), "bad")}
    text, tone = match[channel.matched]
    optional = _("optional")
    name = channel.name if channel.required else f"{channel.name} ({optional})"
    wide = max(20, min(36, width - 54))
    parts = line(
        "  " + fit(name, wide),
        (" " + fit(f"{state} {channel.staged}/{channel.items}", 22), TONES[state.tone]),
        " " + fit(sealed, max(16, min(len(sealed), width - wide - (36 if text else 28)))),
        (" " + text, TONES[tone]),
    )
    return lines(parts, line(("    " + channel.note, TONES["warn"]))) if channel.note else parts


def day_text(day: DayRecord) -> Content:
    """How punctual the day was."""
    text = line(
        (_("today") + " ", TONES["dim"]),
        _("{n} on time").format(n=day.on_time),
        (" · " + _("{n} late").format(n=day.late) if day.late else "", TONES["warn"]),
        " · ",
        (_("{n} early").format(n=day.early), TONES["bad" if day.early else ""]),
        " · ",
        (_("{n} missed").format(n=day.missed), TONES["bad" if day.missed else ""]),
    )
    if day.p50_ms is not None and day.p99_ms is not None:
        p50, p99 = dates.number(day.p50_ms, 1), dates.number(day.p99_ms, 1)
        text += line(f" · p50 {p50} ms p99 {p99} ms  {spark(day.late_ms)}")
    return text


def lateness_text(day: DayRecord, width: int) -> Content:
    """The day's openings by how late they were, as bars; only the steps that have any."""
    found = [one for one in bins(day.late_ms) if one.count]
    if len(day.late_ms) < FEW:
        return Content("")
    rows = [(f"{one.label} ms", float(one.count), dates.number(one.count)) for one in found]
    title = line(("  " + _("lateness of the latest openings"), TONES["dim"]))
    return lines(title, bars(rows, min(width, 60)))


def watch_text(monitor: Monitor, zone: str) -> Content:
    """Alarms, and when the public pages were last compared with what was signed."""
    if monitor.alarms:
        rows = [line(("⚠ " + alarm, TONES["bad"])) for alarm in monitor.alarms]
    else:
        rows = [line((_("alarms") + " ", TONES["dim"]), _("none"))]
    if monitor.compared_at is not None:
        wall = to_wall(monitor.compared_at, zone)
        pages = ngettext("{n} page", "{n} pages", monitor.compared_pages)
        mark = ("✔", TONES["good"]) if monitor.compared_ok else ("✖", TONES["bad"])
        rows.append(
            line(
                (_("last comparison") + " ", TONES["dim"]),
                f"{dates.clock_time(wall)} ",
                mark,
                " " + pages.format(n=monitor.compared_pages),
            )
        )
    return lines(*rows)


def monitor_text(
    monitor: Monitor, chosen: int, now: datetime, zone: str, width: int, *, histogram: bool = True
) -> Content:
    """The whole room. `chosen` is the release whose channels are shown. `histogram`: with the
    lateness as text blocks, where no plot of it is drawn.
    """
    rows: list[Content] = [publisher_text(monitor.publisher), Content("")]
    for number, release in enumerate(monitor.due):
        if number == chosen:
            rows.append(line(("▸ ", "bold")) + countdown_text(release, now, width))
            rows += [*(channel_text(channel, width) for channel in release.channels), Content("")]
        else:
            rows.append(other_text(release, now, width))
    if monitor.due and chosen != len(monitor.due) - 1:
        rows.append(Content(""))
    if not monitor.due:
        rows += [line((_("Nothing goes out soon."), TONES["dim"])), Content("")]
    day = [day_text(monitor.today)]
    if histogram and (bars_of_day := lateness_text(monitor.today, width)):
        day.append(bars_of_day)
    return lines(*rows, *day, watch_text(monitor, zone))

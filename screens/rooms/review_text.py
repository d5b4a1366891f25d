"""A revision that waits, written out: what changed, its gates, who stands where, when it goes."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from desk.clock import to_wall
from desk.locales import _, dates, ngettext, told
from screens.dialogs.message import reasons_text
from screens.rooms.release_text import digest_words, gate_marks, utc_text
from screens.source import DiffLine, QueueEntry, Review
from screens.source.queue_room import Asked, CouldAct, OpenStep
from screens.states import GATE, LANGUAGES, STEPS, word
from screens.widgets.plain import TONES, line, lines

_DIFF = {"-": "$text-error", "+": "bold $text-success", "…": "$text-muted", " ": ""}


def diff_text(diff: tuple[DiffLine, ...]) -> Content:
    """The changed lines: `-` and `+` at the start say it, colour repeats it."""
    return lines(*(line((f"{part.sign} {part.text}", _DIFF[part.sign])) for part in diff))


def since_text(review: Review) -> str:
    """What the difference is taken against."""
    if review.since is None:
        return _("New: nothing of it was approved before.")
    if review.since_by:
        return _("Since rev {n}, which {who} approved:").format(n=review.since, who=review.since_by)
    return _("Since rev {n}, which nobody approved:").format(n=review.since)


def steps_text(review: Review) -> Content:
    """Each step of the chain: taken by whom, or open."""
    parts = [
        line(
            ("✔ " if step.by else "○ ", TONES["good" if step.by else "dim"]),
            word(STEPS, step.step) + (f" {step.by}" if step.by else ""),
        )
        for step in review.approvals
    ]
    return Content("  ").join(parts)


def kind_mark(entry: QueueEntry) -> str:
    """A sign before a row: urgent, came back, a slip or what is public mended, to sign (again)."""
    if entry.what == "returned":
        return "↩"
    if entry.what == "sign":
        return "✍↻" if entry.release is not None and entry.release.anew else "✍"
    mended = "✎" if entry.quick_fix else "±" if entry.corrects else ""
    return ("⚡" if entry.urgent else "") + mended


def queue_counts(entries: Sequence[QueueEntry]) -> Content:
    """How many wait to be approved, to be signed, to be mended."""
    kinds = [entry.what for entry in entries]
    count = kinds.count("approve")
    text = line((ngettext("{n} waiting", "{n} waiting", count).format(n=count), "bold"))
    if signing := kinds.count("sign"):
        text += line(" · ", (_("{n} to sign").format(n=signing), TONES["warn"]))
    if back := kinds.count("returned"):
        text += line(" · ", (_("{n} came back").format(n=back), TONES["bad"]))
    return text


def release_text(entry: QueueEntry, zone: str) -> Content:
    """A release that waits for a signature, and why it does so again."""
    waits = entry.release
    if waits is None or entry.due is None:
        return Content("")
    wall = to_wall(entry.due, zone)
    signed = _("signed {done} of {needed}").format(done=len(waits.signers), needed=waits.needed)
    rows = [
        line((entry.headline, "bold")),
        line(
            _("goes out") + " ",
            (dates.moment(wall), "bold $text-accent"),
            f" {dates.offset(wall)} = {utc_text(entry.due, zone)}",
        ),
        line(
            ngettext("{n} item", "{n} items", waits.items).format(n=waits.items),
            f" · {signed}",
            (" " + ", ".join(waits.signers), TONES["dim"]),
        ),
        Content(""),
    ]
    if waits.anew:
        rows.append(line(("↻ " + _("It was signed before and has changed since:"), TONES["warn"])))
        rows += [line(("- " + _("left out") + ": ", _DIFF["-"]), one) for one in waits.left_out]
        rows += [line(("± " + _("mended") + ": ", TONES["warn"]), one) for one in waits.mended]
        if not waits.left_out and not waits.mended:
            rows.append(line(_("its time, its channels or its items")))
        rows.append(Content(""))
    rows.append(line((_("Enter opens the manifest; it is signed there."), TONES["accent"])))
    return lines(*rows)


def due_text(review: Review, zone: str) -> Content:
    """When it goes out, here and in UTC, and where."""
    if review.due is None:
        return line((_("in no release yet"), TONES["dim"]))
    wall = to_wall(review.due, zone)
    places = len(review.channels)
    return line(
        _("goes out") + " ",
        (dates.moment(wall), "bold $text-accent"),
        f" {dates.offset(wall)} = {utc_text(review.due, zone)}, ",
        ngettext("{n} channel", "{n} channels", places).format(n=places),
    )


def review_text(review: Review, zone: str, *, whole: bool) -> Content:
    """The right half of the queue."""
    language = word(LANGUAGES, review.language)
    head = lines(
        line((review.headline, "bold")),
        *asked_text(review.asked, zone),
        *_marks(review),
        line(
            f"{language} · " + _("rev {n}").format(n=review.number) + " · ",
            (digest_words(review.digest, 4), TONES["accent"]),
        ),
        _at_a_glance(review, zone),
    )
    body = (
        lines(*review.text.split("\n"))
        if whole
        else lines(line((since_text(review), TONES["dim"])), diff_text(review.diff))
    )
    foot = lines(
        line((_("gates") + " ", TONES["dim"])) + gate_marks(review.gates),
        line((_("by") + " ", TONES["dim"]), ", ".join(review.authors)),
        line((_("steps") + " ", TONES["dim"])) + steps_text(review),
        due_text(review, zone),
    )
    refusal = lines("", reasons_text(review.refusals)) if review.refusals else None
    parts = [head, Content(""), body, Content(""), foot]
    return lines(*parts, *([refusal] if refusal is not None else []))


def asked_text(asked: Sequence[Asked], zone: str) -> list[Content]:
    """The questions that a text answers, each with its outlet and its deadline."""
    rows = []
    for one in asked:
        wall = to_wall(one.due, zone)
        when = dates.short_moment(wall)
        until = _("{outlet} asks, until {time}:").format(outlet=one.outlet or "▒", time=when)
        question = one.question or "▒ " + _("The question is sealed, and not for you.")
        rows.append(line((f"? {until} ", TONES["accent"]), question))
    return rows


def _at_a_glance(review: Review, zone: str) -> Content:
    """Gates, steps and instant in a line; in full they stand below the text, however long it is."""
    found = [gate.outcome for gate in review.gates]
    counts = ((state, found.count(outcome)) for outcome, state in GATE.items() if outcome != "none")
    parts = [(f"{state.glyph} {n}", TONES[state.tone]) for state, n in counts if n]
    done = sum(1 for step in review.approvals if step.by)
    text = line((_("gates"), TONES["dim"]), *(part for one in parts for part in (" ", one)))
    text += line((" · " + _("steps") + " ", TONES["dim"]), f"{done}/{len(review.approvals)}")
    if review.due is None:
        return text + line(" · ", (_("in no release yet"), TONES["dim"]))
    wall = to_wall(review.due, zone)
    when = dates.short_moment(wall)
    return text + line(" · ", (when, "bold $text-accent"))


def _marks(review: Review) -> list[Content]:
    """What is out of the ordinary: it came back, only a slip was mended, warnings want a word."""
    rows = []
    if review.returned_by:
        text = _("{who} has returned it:").format(who=review.returned_by)
        rows += [line(("↩ " + text, TONES["bad"])), *(line(r) for r in review.reason.split("\n"))]
    if review.quick_fix:
        text = _("quick fix: only the difference below is to be approved")
        rows.append(line(("✎ " + text, TONES["warn"])))
    if review.pair and not review.returned_by:
        text = _("the other language waits as well: approve both with one confirmation")
        rows.append(line(("⇄ " + text, TONES["accent"])))
    if review.corrects:
        text = _("corrects what is public, rev {n}").format(n=review.corrects)
        rows.append(line(("± " + text, TONES["warn"])))
    if review.notes:
        rows.append(line((_("a note from its author:") + " ", TONES["accent"]), review.notes))
    rows += [line(("⚠ " + text, TONES["warn"])) for text in review.warnings]
    return rows


def who_text(review: Review, steps: Sequence[OpenStep], zone: str) -> Content:
    """Each open step with everybody who holds it or stands in, then why this reader may not."""
    rows: list[Content] = []
    for step in steps:
        turn = "▸ " if step.now else "○ "
        rows.append(line((turn, TONES["dim"]), (word(STEPS, step.step), "bold")))
        if not any(one.can for one in step.people):
            rows.append(line(("  ⚠ " + _("nobody can"), TONES["bad"])))
        rows += [_could(one, zone) for one in step.people]
    rows = rows or [line(_("No step is open."))]
    return lines(*rows, "", reasons_text(review.refusals)) if review.refusals else lines(*rows)


def _could(one: CouldAct, zone: str) -> Content:
    mark = ("  ✔ ", TONES["good"]) if one.can else ("  – ", TONES["dim"])
    parts = line(mark, (one.person, "bold" if one.can else TONES["dim"]), f"  {one.name}")
    if one.stands_for:
        parts += line((" ⇒ " + _("for {names}").format(names=", ".join(one.stands_for)),
                       TONES["accent"]))  # fmt: skip
    if one.away_until is not None:
        wall = to_wall(one.away_until, zone)
        parts += line((" ‖ " + _("away until {day}").format(day=dates.date(wall)), TONES["warn"]))
    return parts + line((f"  {told(one.why)}", TONES["dim"])) if one.why else parts

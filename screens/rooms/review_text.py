"""A revision that waits, written out: what changed, its gates, who stands where, when it goes."""

from __future__ import annotations

from textual.content import Content

from desk.clock import to_wall
from desk.locales import _, dates, ngettext
from screens.dialogs.message import reasons_text
from screens.rooms.release_text import digest_words, gate_marks, utc_text
from screens.source import DiffLine, Review
from screens.states import LANGUAGES, STEPS, word
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


def due_text(review: Review, zone: str) -> Content:
    """When it goes out, here and in UTC, and where."""
    if review.due is None:
        return line((_("in no release yet"), TONES["dim"]))
    wall = to_wall(review.due, zone)
    places = len(review.channels)
    return line(
        _("goes out") + " ",
        (f"{dates.clock_time(wall)} {dates.date(wall)}", "bold $text-accent"),
        f" {dates.offset(wall)} = {utc_text(review.due, zone)}, ",
        ngettext("{n} channel", "{n} channels", places).format(n=places),
    )


def review_text(review: Review, zone: str, *, whole: bool) -> Content:
    """The right half of the queue."""
    language = word(LANGUAGES, review.language)
    head = lines(
        line((review.headline, "bold")),
        line(
            f"{language} · " + _("rev {n}").format(n=review.number) + " · ",
            (digest_words(review.digest, 4), TONES["accent"]),
        ),
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


def who_text(review: Review) -> Content:
    """Each open step and its people, then why this reader may not."""
    rows = [
        line(
            ("○ ", TONES["dim"]),
            (word(STEPS, step) + ": ", "bold"),
            ", ".join(people) if people else "⚠ " + _("nobody"),
        )
        for step, people in review.who
    ] or [line(_("No step is open."))]
    return lines(*rows, "", reasons_text(review.refusals)) if review.refusals else lines(*rows)

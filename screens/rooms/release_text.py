"""A release written out as the person who signs it must see it."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.content import Content

from desk.clock import to_wall, written
from desk.locales import _, dates
from screens.source import Gate, ManifestItem, ReleaseView
from screens.states import GATE, GATES, release_state, word
from screens.widgets.plain import TONES, line, lines


def digest_words(digest: str, count: int = 8) -> str:
    """A digest in groups of four, as many as can be read over the telephone."""
    groups = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    return " ".join(groups[:count]) + (" …" if len(groups) > count else "")


def gate_marks(gates: tuple[Gate, ...]) -> Content:
    """Each gate with its glyph and name, one after the other; notes only where not passed."""
    parts: list[Content] = []
    for gate in gates:
        state = GATE[gate.outcome]
        note = f" ({gate.note})" if gate.note and gate.outcome not in ("ok", "none") else ""
        parts.append(line((state.glyph, TONES[state.tone]), f" {word(GATES, gate.gate)}{note}"))
    return Content("  ").join(parts)


def utc_text(at: datetime, zone: str) -> str:
    """The instant in UTC: the time alone when it falls on the same day as on the wall here."""
    text = written(at)
    return text[11:] if to_wall(at, zone).date() == at.astimezone(UTC).date() else text


def when_text(view: ReleaseView, zone: str) -> Content:
    """The instant on the wall here and in UTC, and until when it may still go out."""
    wall, until = to_wall(view.at, zone), to_wall(view.not_after, zone)
    opens = _("opens when {script} says so").format(script=view.script) if view.script else ""
    return line(
        (dates.moment(wall), "bold $text-accent"),
        f" {dates.offset(wall)} = {utc_text(view.at, zone)}  ",
        (_("not after {time}").format(time=dates.clock_time(until)), TONES["dim"]),
        (f"  {opens}" if opens else "", TONES["warn"]),
    )


def item_text(item: ManifestItem) -> Content:
    """One line of the manifest: headline, language, revision, steps; gates below."""
    steps = f"{item.steps_done}/{item.steps_needed}"
    done = item.steps_done >= item.steps_needed
    head = line(
        "· ",
        (item.headline, "bold"),
        f"  {item.language}  ",
        _("rev {n}").format(n=item.revision),
        "  ",
        (_("steps") + " " + steps, TONES["good" if done else "warn"]),
        (f"  {item.digest[:8]}", TONES["dim"]),
    )
    return lines(head, line("  ") + gate_marks(item.gates)) if item.gates else head


def _speaks(view: ReleaseView) -> list[Content]:
    """Who can speak to it, or that nobody can."""
    if view.nobody_speaks:
        return [line(("⚠ " + _("Nobody has said that they can speak on it."), TONES["warn"]))]
    said = line((_("speaks") + " ", TONES["dim"]), ", ".join(view.speakers))
    return [said] if view.speakers else []


def release_text(view: ReleaseView, zone: str) -> Content:
    """The whole release: when, where, what exactly, who has signed."""
    state = release_state(view.state, view.held)
    signed = _("signed {done} of {needed}").format(done=len(view.signed), needed=view.signers)
    if view.signed:
        signed += ": " + ", ".join(view.signed)
    return lines(
        when_text(view, zone),
        line((str(state), TONES[state.tone]), "  → ", ", ".join(view.channels)),
        "",
        *(item_text(item) for item in view.items),
        *([line(("▒ " + _("sealed: only its readers may open it"), TONES["dim"]))] * view.sealed),
        "",
        line((_("manifest") + " ", TONES["dim"]), (digest_words(view.manifest), "bold")),
        line(signed),
        *_speaks(view),
        *(line(("⚠ " + one, TONES["warn"])) for one in view.shared),
        *([line((view.note, TONES["warn"]))] if view.note else []),
    )

"""States as people see them: a glyph, a word and a tone, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.locales import N_, _, dates
from screens.widgets.virtual_table import Tone

if TYPE_CHECKING:
    from screens.source import ChannelState, GateOutcome, Phase, ReleaseState


@dataclass(frozen=True)
class State:
    """How one state looks: `glyph` is one cell wide, `word` is a message of the catalogue."""

    glyph: str
    word: str
    tone: Tone = ""

    def __str__(self) -> str:
        return f"{self.glyph} {_(self.word)}"


HELD = State("‖", N_("held"), "bad")
SEALED = State("▒", N_("sealed"), "dim")
SLOT = State("·", N_("free slot"), "dim")
BLACKOUT = State("▓", N_("blackout"), "warn")
RELEASE: dict[ReleaseState, State] = {
    "provisional": State("○", N_("provisional"), "dim"),
    "confirmed": State("◔", N_("confirmed")),
    "signed": State("●", N_("signed"), "accent"),
    "staged": State("⇡", N_("staged"), "accent"),
    "released": State("✔", N_("released"), "good"),
    "partial": State("◐", N_("partly released"), "warn"),
    "postponed": State("↷", N_("postponed"), "dim"),
    "cancelled": State("⊘", N_("cancelled"), "dim"),
    "missed": State("✖", N_("missed"), "bad"),
}
GATE: dict[GateOutcome, State] = {
    "ok": State("✔", N_("passed"), "good"),
    "warning": State("⚠", N_("warning"), "warn"),
    "error": State("✖", N_("error"), "bad"),
    "none": State("–", N_("does not apply"), "dim"),
}
ITEM: dict[str, State] = {
    "draft": State("✎", N_("draft"), "accent"),
    "submitted": State("◔", N_("submitted")),
    "approved": State("●", N_("all approved"), "good"),
    "returned": State("↩", N_("returned"), "bad"),
    "released": State("✔", N_("released"), "good"),
    "withdrawn": State("⊘", N_("withdrawn"), "warn"),
}
CHANNEL: dict[str, State] = {
    "waiting": State("○", N_("waiting"), "dim"),
    "staged": State("⇡", N_("staged"), "accent"),
    "opened": State("◉", N_("opened"), "good"),
    "published": State("✔", N_("published"), "good"),
    "retrying": State("↻", N_("trying again"), "warn"),
    "failed": State("✖", N_("failed"), "bad"),
    "missed": State("✖", N_("missed"), "bad"),
}
PHASES: dict[Phase, str] = {
    "waiting": N_("wait"),
    "staging": N_("stage"),
    "judging": N_("judge"),
    "ready": N_("ready"),
    "opening": N_("open"),
    "comparing": N_("compare"),
    "done": N_("done"),
}
GATES = {
    "summary": N_("short version"),
    "sources": N_("sources"),
    "legal": N_("legal basis"),
    "translation": N_("translation"),
    "assets": N_("assets"),
    "length": N_("length"),
    "terms": N_("terms"),
}
STEPS = {
    "appraise": N_("appraise"),
    "review": N_("review"),
    "check": N_("check"),
}
LATE = 1000  # milliseconds after its instant
LANGUAGES = {"vi": N_("Vietnamese"), "en": N_("English")}


def release_state(state: ReleaseState, held: bool) -> State:
    """A release's state; a hold is laid over any other."""
    return HELD if held else RELEASE[state]


def channel_state(channel: ChannelState) -> State:
    """How far a channel has come."""
    return CHANNEL[channel.outcome]


def late_text(ms: float) -> str:
    """How late a release went out (milliseconds): `+3 ms`, from a second on `+22,4 s`."""
    return f"+{dates.number(ms)} ms" if ms < LATE else f"+{dates.number(ms / 1000, 1)} s"


def late_tone(ms: float) -> Tone:
    """A release that was a second late or more did not go out in time."""
    return "good" if ms < LATE else "warn"


def word(table: dict[str, str], key: str) -> str:
    """The word for a gate, step or language; one that Desk does not know stands for itself."""
    return _(table[key]) if key in table else key

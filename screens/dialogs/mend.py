"""Mend a slip: one text to change, with the difference and the rule below while one types."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import ComposeResult
from textual.content import Content

from desk.errors import DeskError
from desk.locales import _, told
from desk.text import nfc
from screens.dialogs.base import Dialog
from screens.source.release_room import FixChecked
from screens.widgets.plain import TONES, Plain, line, lines
from screens.widgets.text_area import TextArea

SHOWN = 6  # lines of the difference


class Mend(Dialog[str]):
    """Returns the text as it shall be. `check` says what that would change; it runs in a thread."""

    def __init__(
        self, title: str, text: str, check: Callable[[str], FixChecked], about: str | Content, *,
        before: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(title, about)
        self._shown = text if before is None else before
        self._check = check
        self._why = _("Nothing changed")
        self.accept_label = _("continue") + "  ^S"

    def fields(self) -> ComposeResult:
        """The text, the difference, and why it may not be."""
        yield TextArea(self._shown, id="mend", compact=True)
        yield Plain("", id="mend-diff")
        yield Plain("", id="missing")

    def on_mount(self) -> None:
        """Typing goes to the text."""
        self.query_one(TextArea).focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Compare; an older comparison that still runs is dropped."""
        event.stop()
        text = nfc(self.query_one(TextArea).text)
        self._why = _("being compared …")
        self.run_worker(self._compare(text), group="compare", exclusive=True)

    async def _compare(self, text: str) -> None:
        try:
            found = await asyncio.to_thread(self._check, text)
        except DeskError as error:
            found = FixChecked((), told(error.sentence))
        self._why = found.why_not
        rows = [difference_line(one) for one in found.lines[:SHOWN]]
        self.query_one("#mend-diff", Plain).show(lines(*rows))
        good = line(("✔ " + _("small enough for a quick fix"), TONES["good"]))
        bad = line(("✖ " + found.why_not, TONES["bad"]))
        self.query_one("#missing", Plain).show(bad if found.why_not else good)

    def value(self) -> str | None:
        """The text, once it is found to be a quick fix."""
        return None if self._why else nfc(self.query_one(TextArea).text)


def difference_line(text: str) -> Content:
    """A line of a difference: what goes and what comes, by its sign and a tone."""
    tone = {"-": "bad", "+": "good"}.get(text[:1], "dim")
    return line((text, TONES[tone]))

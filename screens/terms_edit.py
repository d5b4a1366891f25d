"""`desk terms edit FILE`: a file, its findings while one types, and what to write instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import TextArea as StockTextArea

from desk.errors import DeskError
from desk.locales import _, language
from desk.terms.edited import EditedText
from desk.terms.finding import Finding
from desk.terms.fix import fix_safe, replacement
from desk.terms.ignores import Ignore, ignore, standing
from desk.terms.live import Live
from screens import themes
from screens.dialogs.answers import Answer, Answers
from screens.dialogs.choose import Choose
from screens.dialogs.message import ErrorMessage
from screens.dialogs.reason import ReasonDialog
from screens.parting import Parting
from screens.widgets.findings import FindingsArea, Mark
from screens.widgets.plain import TONES, Plain, line, lines

PAUSE = 0.08  # seconds without a key after which changed paragraphs are scanned
SIGNS = {"error": "✖", "warning": "⚠", "info": "·"}


@dataclass
class Editing:
    """One file being edited. `write` and `keep` store the text and a decision; they raise
    DeskError."""

    name: str
    text: EditedText
    live: Live
    author: str
    write: Callable[[str], None]
    keep: Callable[[Ignore], None]
    ignores: list[Ignore] = field(default_factory=list)

    def find(self, text: str) -> tuple[Finding, ...]:
        """What stands in the text; only paragraphs that changed are scanned."""
        return standing(self.live.update(text), text, self.ignores, self.live.dated)


class TermsScreen(Parting, Screen[None]):
    """The text above, the finding under the cursor below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "step(1)", show=False, priority=True),
        Binding("f2", "step(-1)", show=False, priority=True),
        Binding("f4", "mend", show=False, priority=True),
        Binding("f8", "mend_all", show=False, priority=True),
        Binding("f12", "keep", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("escape,f10", "leave", show=False),
    ]

    def __init__(self, editing: Editing) -> None:
        super().__init__()
        self.editing = editing
        self.findings: tuple[Finding, ...] = ()
        self.stored = editing.text.text
        self._scanning = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """Head, text, what is said of the place, keys."""
        yield Plain("", id="terms-head")
        yield FindingsArea(self.stored, id="terms-text", compact=True, soft_wrap=True)
        yield Plain("", id="terms-said")
        keys = _("F3 next  F2 before  F4 mend  F8 all safe  F12 keep  ^S save  Esc close")
        yield Plain(line((keys, TONES["dim"])), id="terms-keys")

    def on_mount(self) -> None:
        """The text is there; the findings come."""
        self.area.focus()
        self.look(0)

    @property
    def area(self) -> FindingsArea:
        """The text."""
        return self.query_one("#terms-text", FindingsArea)

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return self.area.text != self.stored

    # Findings

    def on_text_area_changed(self, event: StockTextArea.Changed) -> None:
        """Something was typed."""
        event.stop()
        self.look(PAUSE)

    def on_text_area_selection_changed(self, event: StockTextArea.SelectionChanged) -> None:
        """The cursor has moved."""
        event.stop()
        self._tell()

    def look(self, pause: float) -> None:
        """Scan, unless another key comes first."""
        self.run_worker(self._look(pause), group="look", exclusive=True)

    async def _look(self, pause: float) -> None:
        await asyncio.sleep(pause)
        async with self._scanning:
            text = self.area.text
            found = await asyncio.to_thread(self.editing.find, text)
            if text == self.area.text:
                self.findings = tuple(sorted(found, key=lambda one: (one.start, one.end)))
                self.area.show_marks([Mark(o.start, o.end, o.severity) for o in self.findings])
                self._tell()

    def _tell(self) -> None:
        counts = {name: sum(one.severity == name for one in self.findings) for name in SIGNS}
        marks = "  ".join(f"{SIGNS[name]} {count}" for name, count in counts.items())
        state = ("● " + _("changed"), TONES["warn"]) if self.changed else "✔"
        head = line((self.editing.name, "bold"), "  ", marks, "  ", state)
        self.query_one("#terms-head", Plain).show(head)
        number = self.area.here()
        said = _("Put the cursor on an underlined place, or press F3.")
        if not self.findings:
            said = _("Nothing to mend.")
        shown = line((said, TONES["dim"]))
        if number is not None and number < len(self.findings):
            shown = _about(self.findings[number])
        self.query_one("#terms-said", Plain).show(shown)

    def _here(self) -> Finding | None:
        number = self.area.here()
        if number is None or number >= len(self.findings):
            self.notify(_("There is no finding here; F3 leads to the next one."))
            return None
        return self.findings[number]

    # Keys

    def action_step(self, by: int) -> None:
        """To the next finding, or the one before."""
        if self.area.step(by) is None:
            self.notify(_("Nothing to mend."))

    @work(group="act")
    async def action_mend(self) -> None:
        """Write what is suggested; of several, the person chooses."""
        finding = self._here()
        if finding is None:
            return
        if not finding.suggestions:
            self.notify(_("Nothing is suggested here: mend it by hand, or keep it (F12)."))
            return
        choice = 0
        if len(finding.suggestions) > 1:
            options = [(str(n), text or _("take it out"))
                       for n, text in enumerate(finding.suggestions)]  # fmt: skip
            chosen = await self.app.push_screen_wait(
                Choose(_("Write instead of “{text}”").format(text=finding.found), options)
            )
            if chosen is None:
                return
            choice = int(chosen)
        new = replacement(self.area.text, finding, choice)
        self.area.mend(finding.start, finding.end, new)

    def action_mend_all(self) -> None:
        """All that is safe, as one step."""
        fixed = fix_safe(self.area.text, self.findings)
        if not fixed.applied:
            self.notify(_("Nothing here can be mended without looking at it."))
            return
        cursor = self.area.cursor_location
        self.area.put_all(fixed.text)
        self.area.move_cursor(cursor)
        self.notify(_("{n} places mended; ^Z takes it back.").format(n=len(fixed.applied)))

    @work(group="act")
    async def action_keep(self) -> None:
        """Keep the finding under the cursor as it stands, with a reason."""
        finding = self._here()
        if finding is None:
            return
        dialog = ReasonDialog(_("Why does it stay?"), _about(finding), _("keep"))
        reason = await self.app.push_screen_wait(dialog)
        if reason is None:
            return
        made = ignore(finding, self.area.text, reason=reason, author=self.editing.author)
        try:
            await asyncio.to_thread(self.editing.keep, made)
        except DeskError as error:
            self._trouble(error)
            return
        self.editing.ignores.append(made)
        self.look(0)

    @work(group="act")
    async def action_save(self) -> None:
        """Write the file, whole or not at all."""
        await self.save()

    async def save(self) -> bool:
        """Whether it is stored now."""
        text = self.area.text
        try:
            raw = self.editing.text.written(text)
            await asyncio.to_thread(self.editing.write, raw)
        except DeskError as error:
            self._trouble(error)
            return False
        self.editing.text, self.stored = EditedText(raw), text
        self.notify(_("Saved."), timeout=2)
        self._tell()
        return True

    @work(group="act", exclusive=True)
    async def action_leave(self) -> None:
        """Close; ask first when something is not saved."""
        if self.changed:
            answers = [Answer("save", _("save"), "s"), Answer("lose", _("discard it"), "l")]
            text = _("The text has changed since it was saved.")
            answer = await self.app.push_screen_wait(Answers(_("Close"), text, answers))
            if answer is None or (answer == "save" and not await self.save()):
                return
        self.app.exit()

    def _trouble(self, error: DeskError) -> None:
        self.app.push_screen(ErrorMessage(error))


def _about(finding: Finding) -> Content:
    """What is said of a finding: message, suggestions, rule, source."""
    tone = TONES["bad" if finding.severity == "error" else "warn"]
    rows = [line((f"{SIGNS[finding.severity]} ", tone), (finding.said(language()), "bold"))]
    if finding.suggestions:
        rows.append(line("→ ", "  |  ".join(text or _("take it out") for text in
                                            finding.suggestions)))  # fmt: skip
    rows.append(line((f"{finding.rule} ({finding.source})", TONES["dim"])))
    return lines(*rows)


class TermsEdit(App[None]):
    """The small app around one file."""

    CSS_PATH = Path(__file__).parent / "styles" / "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", show=False, priority=True)]

    def __init__(self, editing: Editing, theme: str = "dark") -> None:
        super().__init__()
        self.editing = editing
        for known in themes.THEMES:
            self.register_theme(known)
        self.theme = f"desk-{theme}"

    def on_mount(self) -> None:
        """The one screen."""
        self.push_screen(TermsScreen(self.editing))

    def action_leave(self) -> None:
        """Leave as Escape does."""
        if isinstance(self.screen, TermsScreen):
            self.screen.action_leave()


def edit(editing: Editing, theme: str = "dark") -> None:
    """Edit a file until the person leaves."""
    TermsEdit(editing, theme).run()

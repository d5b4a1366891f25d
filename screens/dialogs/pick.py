"""Pick several of many: a list to mark, that a few letters narrow down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import _, ngettext
from desk.text import folded
from screens.dialogs.base import Dialog
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Plain, line


class Pick(Dialog[tuple[str, ...]]):
    """Returns the ids marked, in the order of the list; at least `least` of them.

    Enter marks and unmarks; Ctrl+S accepts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("f2", "mark", show=False),
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        marked: Sequence[str] = (),
        *,
        text: str | Content = "",
        least: int = 1,
    ) -> None:
        super().__init__(title, text)
        self.accept_label = _("go on") + "  ^S"
        self._options = list(options)
        self._marked = set(marked)
        self._least = least
        self._shown: list[str] = []

    def fields(self) -> ComposeResult:
        """The letters, what is left, how many are marked."""
        yield Input(placeholder=_("a few letters; Enter marks"), id="words", compact=True)
        yield OptionList(id="found", markup=False, compact=True)
        yield Plain("", id="missing")

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self.query_one("#found").can_focus = False
        self.query_one(Input).focus()
        self._list()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow it down."""
        event.stop()
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter marks the one under the cursor."""
        event.stop()
        self.action_mark()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """So does a click."""
        event.stop()
        self._toggle(event.option_index)

    def action_step(self, by: int) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._shown)

    def action_mark(self) -> None:
        """Mark or unmark the one under the cursor."""
        index = self.query_one(OptionList).highlighted
        if index is not None and self._shown:
            self._toggle(index)

    def value(self) -> tuple[str, ...] | None:
        """What is marked, when it is enough."""
        chosen = tuple(id for id, _name in self._options if id in self._marked)
        if len(chosen) < self._least:
            self.query_one("#missing", Plain).show("⚠ " + _("Mark at least one: Enter."))
            return None
        return chosen

    def _toggle(self, index: int) -> None:
        self._marked ^= {self._shown[index]}
        self._list(index)

    def _list(self, at: int = 0) -> None:
        options = self.query_one(OptionList)
        wanted = folded(self.query_one(Input).value).split()
        found = [(id, name) for id, name in self._options
                 if all(word in folded(f"{name} {id}") for word in wanted)]  # fmt: skip
        self._shown = [id for id, _name in found]
        options.clear_options()
        for id, name in found:
            mark = ("☒ ", TONES["good"]) if id in self._marked else ("☐ ", TONES["dim"])
            tail = f"  {id}" if id != name else ""
            options.add_option(Option(line(mark, name, (tail, "$text-muted"))))
        options.highlighted = min(at, len(self._shown) - 1) if self._shown else None
        count = len(self._marked)
        self.query_one("#missing", Plain).show(
            ngettext("{n} marked", "{n} marked", count).format(n=count)
        )

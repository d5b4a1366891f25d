"""Choose one of many: a list that a few letters narrow down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import _
from screens.dialogs.base import Dialog
from screens.dialogs.palette import folded
from screens.widgets.input import Input
from screens.widgets.plain import line


class Choose(Dialog[str]):
    """Returns the id chosen. Options are ids with their names, in order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        text: str | Content = "",
        *,
        at: str = "",
    ) -> None:
        super().__init__(title, text)
        self.accept_label = _("choose") + "  Enter"
        self._options = list(options)
        self._at = at
        self._shown: list[str] = []

    def fields(self) -> ComposeResult:
        """The letters, and what is left."""
        yield Input(placeholder=_("a few letters"), id="words", compact=True)
        yield OptionList(id="found", markup=False, compact=True)

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self.query_one("#found").can_focus = False
        self.query_one(Input).focus()
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow it down."""
        event.stop()
        self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the one under the mark."""
        event.stop()
        self.action_accept()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """So does a click."""
        event.stop()
        self.dismiss(self._shown[event.option_index])

    def action_step(self, by: int) -> None:
        """Move the mark."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._shown)

    def value(self) -> str | None:
        """The one under the mark."""
        index = self.query_one(OptionList).highlighted
        return self._shown[index] if index is not None and self._shown else None

    def _list(self, words: str) -> None:
        options = self.query_one(OptionList)
        wanted = folded(words).split()
        found = [
            (id, name)
            for id, name in self._options
            if all(word in folded(f"{name} {id}") for word in wanted)
        ]
        self._shown = [id for id, _name in found]
        options.clear_options()
        for id, name in found:
            tail = f"  {id}" if id not in ("", name) else ""
            options.add_option(Option(line(name, (tail, "$text-muted"))))
        at = self._shown.index(self._at) if self._at in self._shown else 0
        options.highlighted = at if self._shown else None

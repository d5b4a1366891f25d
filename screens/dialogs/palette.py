"""The palette: find an action by a few letters of its name, with or without Vietnamese marks."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import _
from screens import actions
from screens.dialogs.base import Dialog
from screens.widgets.input import Input
from screens.widgets.plain import TONES, line, lines


def folded(text: str) -> str:
    """Letters as people search them: lower case, no marks, đ as d."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def matching(words: str, found: list[actions.Action]) -> list[actions.Action]:
    """The actions in which every word occurs; those with it in their name first."""
    wanted = folded(words).split()
    ranked: list[tuple[int, int, actions.Action]] = []
    for order, action in enumerate(found):
        name = folded(f"{actions.title(action)} {action.title}")
        about = folded(f"{name} {_(action.tooltip)} {action.id} {action.twin}")
        if all(word in about for word in wanted):
            ranked.append((sum(word not in name for word in wanted), order, action))
    return [action for _misses, _order, action in sorted(ranked, key=lambda entry: entry[:2])]


class Palette(Dialog[actions.Action]):
    """Returns the action chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    def __init__(self, place: str, keymap: actions.Keymap) -> None:
        super().__init__(_("All actions"))
        self._keymap = keymap
        self._all = [*actions.of_place(place), *actions.of_place("everywhere")]
        self._shown: list[actions.Action] = []

    def fields(self) -> ComposeResult:
        """The words looked for, and what was found."""
        yield Input(placeholder=_("a few letters"), id="words", compact=True)
        yield OptionList(id="found", markup=False, compact=True)

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self.query_one("#found").can_focus = False
        self.query_one(Input).focus()
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again."""
        self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the action under the mark."""
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

    def value(self) -> actions.Action | None:
        """The action under the mark."""
        index = self.query_one(OptionList).highlighted
        return self._shown[index] if index is not None and self._shown else None

    def _list(self, words: str) -> None:
        options = self.query_one(OptionList)
        self._shown = matching(words, self._all)
        options.clear_options()
        for action in self._shown:
            key = " ".join(actions.shown(k) for k in actions.keys_of(action, self._keymap))
            head = line((actions.title(action), "bold"), (f"  {key}", "$text-accent"))
            options.add_option(Option(lines(head, line(("  " + _(action.tooltip), TONES["dim"])))))
        options.highlighted = 0 if self._shown else None

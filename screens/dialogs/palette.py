"""The palette: find an action by a few letters of its name, with or without Vietnamese marks."""

from __future__ import annotations

from textual.content import Content

from desk.locales import _
from desk.text import folded
from screens import actions
from screens.actions.action import Action
from screens.dialogs.narrowing import Narrowing
from screens.widgets.plain import TONES, line, lines


def matching(words: str, found: list[Action]) -> list[Action]:
    """The actions in which every word occurs; those with it in their name first."""
    wanted = folded(words).split()
    ranked: list[tuple[int, int, Action]] = []
    for order, action in enumerate(found):
        name = folded(f"{actions.title(action)} {action.title}")
        about = folded(f"{name} {_(action.tooltip)} {action.id} {action.twin}")
        if all(word in about for word in wanted):
            ranked.append((sum(word not in name for word in wanted), order, action))
    return [action for _misses, _order, action in sorted(ranked, key=lambda entry: entry[:2])]


class Palette(Narrowing[Action, Action]):
    """Returns the action chosen."""

    def __init__(self, place: str, keymap: actions.Keymap) -> None:
        super().__init__(_("All actions"))
        self._keymap = keymap
        self._all = [*actions.of_place(place), *actions.of_place("everywhere")]

    def found(self, words: str) -> list[tuple[Action, Content]]:
        """The actions that fit, with their keys and what they do."""
        return [(action, self._entry(action)) for action in matching(words, self._all)]

    def _entry(self, action: Action) -> Content:
        key = " ".join(actions.shown(k) for k in actions.keys_of(action, self._keymap))
        head = line((actions.title(action), "bold"), (f"  {key}", "$text-accent"))
        return lines(head, line(("  " + _(action.tooltip), TONES["dim"])))

    def clicked(self, index: int) -> None:
        """A click takes it."""
        self.dismiss(self._shown[index])

    def value(self) -> Action | None:
        """The action under the mark."""
        return self.marked

"""The last line of every room: what can be done now, from the registry; it can be clicked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.content import Content
from textual.events import Click
from textual.geometry import Offset
from textual.widget import Widget

from screens import actions
from screens.actions.action import Action
from screens.jump import Target
from screens.widgets.plain import line


class Footline(Widget):
    """As many actions as fit, the most wanted first; help and the palette always.

    Where most of it cannot be done now, that gives way to what can be.
    """

    DEFAULT_CSS = """
    Footline { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    def __init__(self, place: str, keymap: actions.Keymap) -> None:
        super().__init__()
        self._place = place
        self._keymap = keymap
        self._dimmed: frozenset[str] = frozenset()
        own = [key for a in actions.of_place(place) for key in actions.keys_of(a, keymap)]
        self._typing = bool(own) and not any(len(key) == 1 for key in own)
        self._spans: list[tuple[int, int, Action]] = []

    def dim(self, actions_of: frozenset[str]) -> None:
        """Show these actions (by id) as ones that cannot be done now; pressed, they say why."""
        if actions_of != self._dimmed:
            self._dimmed = actions_of
            self.refresh()

    def render(self) -> Content:
        """The line, and note where each action stands."""
        width = self.content_size.width
        found = actions.in_footer(self._place)
        pinned = [a for a in found if a.place == "everywhere"]
        own = [a for a in found if a.place != "everywhere"]
        if 2 * sum(action.id in self._dimmed for action in own) > len(own):
            own.sort(key=lambda action: action.id in self._dimmed)
        chosen: list[Action] = []
        room = width
        for action in [*pinned[:1], *own, *pinned[1:]]:
            size = self._part(action).cell_length + 2
            if size <= room + 2:
                chosen.append(action)
                room -= size
        text, self._spans = Content(""), []
        for action in sorted(chosen, key=lambda a: a.footer):
            part = self._part(action)
            if text:
                text += Content("  ")
            self._spans.append((text.cell_length, text.cell_length + part.cell_length, action))
            text += part
        return text

    def _part(self, action: Action) -> Content:
        keys = actions.keys_of(action, self._keymap)
        if self._typing:  # letters and signs go into the text here: name a key that does not
            keys = tuple(k for k in keys if "+" in k or k[1:].isdigit()) or keys
        key = actions.shown(keys[0])
        if action.id in self._dimmed:
            return line((f"{key} {actions.title(action)}", "dim $text-muted"))
        return line((key, "bold $text-accent"), f" {actions.title(action)}")

    def jump_targets(self) -> Iterator[Target]:
        """Every action that is offered."""
        for start, _end, action in self._spans:
            yield Target(Offset(start, 0), partial(self.app.run_action, action.run, self.screen))

    async def on_click(self, event: Click) -> None:
        """Do the action that was clicked."""
        place = event.get_content_offset(self)
        for start, end, action in self._spans:
            if place is not None and start <= place.x < end:
                await self.app.run_action(action.run, self.screen)

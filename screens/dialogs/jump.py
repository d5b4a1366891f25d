"""The letters of jump mode, over the room as it is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.events import Click, Key
from textual.screen import ModalScreen

from screens.jump import Target, labels
from screens.parting import Parting
from screens.widgets.plain import Plain


class Jump(Parting, ModalScreen[Target | None]):
    """Returns the target whose letters were typed; any other key leaves."""

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        self._targets = dict(zip(labels(len(targets)), targets, strict=False))
        self._typed = ""

    def compose(self) -> ComposeResult:
        """A label for each target."""
        for label, target in self._targets.items():
            shown = Plain(label, classes="jump-label")
            shown.absolute_offset = target.place
            yield shown

    def on_key(self, event: Key) -> None:
        """A letter narrows down, the last one goes."""
        event.stop()
        event.prevent_default()
        self._typed += event.key
        if self._typed in self._targets:
            self.dismiss(self._targets[self._typed])
        elif not any(label.startswith(self._typed) for label in self._targets):
            self.dismiss(None)
        else:
            for shown in self.query(".jump-label").results(Plain):
                shown.display = str(shown.content).startswith(self._typed)

    def on_click(self, event: Click) -> None:
        """A click leaves."""
        event.stop()
        self.dismiss(None)

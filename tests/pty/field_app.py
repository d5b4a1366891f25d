"""A program for the pty tests: one field; Ctrl+G writes its value to a file and clears it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from screens.widgets.input import Input
from screens.widgets.text_area import TextArea


class FieldApp(App[None]):
    """`field_app.py input|area FILE`: take what is typed, write it down, start afresh."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("ctrl+g", "write")]

    def __init__(self, kind: str, path: Path) -> None:
        super().__init__()
        self.kind, self.path, self.written = kind, path, 0

    def compose(self) -> ComposeResult:
        yield Input(id="field") if self.kind == "input" else TextArea(id="field")
        yield Static("READY", id="mark", markup=False)

    def on_mount(self) -> None:
        self.query_one("#field").focus()

    def value(self) -> str:
        field = self.query_one("#field")
        return field.value if isinstance(field, Input) else field.text

    def action_write(self) -> None:
        self.path.write_text(self.value(), encoding="utf-8", newline="")
        self.written += 1
        self.clear()
        self.query_one("#mark", Static).update(f"WRITTEN {self.written}.")

    def clear(self) -> None:
        field = self.query_one("#field")
        if isinstance(field, Input):
            field.value = ""
        else:
            field.load_text("")


if __name__ == "__main__":
    FieldApp(sys.argv[1], Path(sys.argv[2])).run()

"""A program for the pty tests: the desk on the sample newsroom, with one file looked at."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from screens import terminal_pictures
from screens.app import DeskApp
from screens.dialogs.picture import FileView
from screens.sample import SampleSource
from screens.source.item_room import ItemFile


class Showing(DeskApp):
    """Opens the file as soon as the desk stands."""

    file = Path()

    def on_ready(self) -> None:
        data = self.file.read_bytes()
        told = ItemFile(
            "a-1", self.file.name, "image/png", len(data), sha256(data).hexdigest(), "picture",
            "làng trên núi",
        )  # fmt: skip
        self.push_screen(FileView(told, data))


if __name__ == "__main__":
    Showing.file = Path(sys.argv[1])
    terminal_pictures.PATIENCE = 15.0  # a terminal answers at once, a test on a busy machine late
    Showing(SampleSource(), drawing=terminal_pictures.ask_terminal()).run()

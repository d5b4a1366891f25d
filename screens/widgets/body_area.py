"""The field in which an item's text is written: pasted text is cleaned, told, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from desk.items.intake import Change
from desk.items.intake import clean_paste as clean_intake
from screens.widgets import edit
from screens.widgets.text_area import TextArea

_SIGN = re.compile(r" {0,3}(?:#{1,6}[ \t]+|(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)+")
"""What makes a line a heading, an entry of a list or a quotation (CommonMark)."""


class BodyArea(TextArea):
    """A `TextArea` for CommonMark.

    What is pasted first stands there as it came (without terminal controls), then cleaned: two
    steps, so that undo gives back the text that was pasted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "text_start", show=False),
        Binding("ctrl+end", "text_end", show=False),
    ]

    class Cleaned(Message):
        """Pasted text was cleaned, and how."""

        def __init__(self, changes: Sequence[Change]) -> None:
            self.changes = tuple(changes)
            super().__init__()

    def _insert_cleaned(self, text: str) -> None:
        if self.read_only:
            return
        raw = edit.clean_paste(text, multiline=True).text
        if edit.joins_left(raw):
            super()._insert_cleaned(text)
            return
        cleaned = clean_intake(text)
        safe = edit.clean_paste(cleaned.text, multiline=True).text
        start, end = sorted(self.selection)
        self.history.checkpoint()
        result = self.replace(raw, start, end, maintain_selection_offset=False)
        if safe != raw:
            self.history.checkpoint()
            self.replace(safe, start, result.end_location, maintain_selection_offset=False)
            self.history.checkpoint()
        if cleaned.changes:
            self.post_message(self.Cleaned(cleaned.changes))

    def action_text_start(self) -> None:
        """To the beginning of the text."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """To its end."""
        self.move_cursor(self.document.end)

    def put_all(self, text: str) -> None:
        """Put another text in place of the whole, as one step that can be undone."""
        if text == self.text:
            return
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()
        self.move_cursor((0, 0))

    def insert_here(self, text: str) -> None:
        """Put a short text where the cursor is."""
        start, end = self.selection
        self.replace(text, start, end, maintain_selection_offset=False)

    def mark_here(self, mark: str) -> None:
        """Put a footnote's mark where the cursor is, or behind what is selected.

        In front of a heading's or a list's sign it would be one no more: then it goes behind it.
        """
        row, column = max(self.selection)
        sign = _SIGN.match(self.document.get_line(row))
        place = (row, max(column, sign.end() if sign else 0))
        self.replace(mark, place, place, maintain_selection_offset=False)

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a place; both count from 1. Past the end is the end."""
        row = max(0, min(line - 1, self.document.line_count - 1))
        width = len(self.document.get_line(row))
        self.move_cursor((row, max(0, min(column - 1, width))), center=True)
        self.focus()

"""A field of many lines that Vietnamese input methods cannot break."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.document._wrapped_document import WrappedDocument
from textual.events import Click, Key, Paste
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widgets import TextArea as StockTextArea
from textual.widgets.text_area import EditResult, Location, Selection

from desk.text import nfc, safe_text
from screens.widgets import edit
from screens.widgets.long_line import LongLine, WrappedLines

_KEYS = edit.key_table(
    StockTextArea.BINDINGS,
    leave=frozenset({"copy", "paste", "cut", "select_line", "select_all"}),  # F6, F7 are the app's
)

_WORD = re.compile(r"\w+")


class TextArea(StockTextArea, inherit_bindings=False):
    """Textual's TextArea, with keys obeyed in order, text in NFC, the cursor on graphemes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+x,super+x", "cut", show=False),
        Binding("ctrl+c,super+c", "copy", show=False),
        Binding("ctrl+v", "paste", show=False),
    ]

    def __init__(self, text: str = "", **options: Any) -> None:
        """`options` are those of Textual's TextArea."""
        self._shown: str | None = None
        super().__init__(safe_text(text, multiline=True), **options)

    def on_click(self, event: Click) -> None:
        """A double click selects the word there, a third one its line."""
        row, column = self.get_target_document_location(event)
        text = self.document.get_line(row)
        if event.chain == 2:
            word = next((one for one in _WORD.finditer(text) if one.start() <= column <= one.end()),
                        None)  # fmt: skip
            if word is not None:
                self.selection = Selection((row, word.start()), (row, word.end()))
        elif event.chain == 3:
            self.selection = Selection((row, 0), (row, len(text)))

    @property
    def wrapped_document(self) -> WrappedDocument:
        """The document as it is wrapped; Textual makes one for every text."""
        return self._wrapped

    @wrapped_document.setter
    def wrapped_document(self, made: WrappedDocument) -> None:
        self._wrapped = WrappedLines(made.document, tab_width=self.indent_width)

    @property
    def text(self) -> str:
        """The whole text."""
        return super().text if self._shown is None else self._shown

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows seen. Textual asks for the whole text at each: they are put together once."""
        self._shown = super().text
        try:
            return super().render_lines(crop)
        finally:
            self._shown = None

    def get_line(self, line_index: int) -> Text:
        """A line to be styled and shown; a long one lays out only what is seen of it."""
        line = self.document.get_line(line_index)
        if self.wrapped_document.get_offsets(line_index):
            return LongLine(line)
        return super().get_line(line_index)

    def load_text(self, text: str) -> None:
        """Show another text and forget the undo history; controls in it become pictures."""
        super().load_text(safe_text(text, multiline=True))

    def keeps(self, event: Key) -> bool:
        """Whether what this key does is done here, before the next one is looked at."""
        typed = event.is_printable or event.key == "enter"
        return event.key in _KEYS or (typed and not self.read_only)

    async def _on_key(self, event: Key) -> None:
        await edit.edit_with(self, _KEYS, event)

    async def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        self._insert_cleaned(event.text)

    def action_paste(self) -> None:
        """Paste what was last copied inside the app."""
        self._insert_cleaned(self.app.clipboard)

    def _insert_cleaned(self, text: str) -> None:
        cleaned = edit.clean_paste(text, multiline=True)
        if cleaned.text and not self.read_only:
            start, end = self.selection
            self.replace(cleaned.text, start, end, maintain_selection_offset=False)

    def replace(
        self,
        insert: str,
        start: Location,
        end: Location,
        *,
        maintain_selection_offset: bool = True,
    ) -> EditResult:
        """Put `insert` in place of a range; a combining mark joins the letter before it."""
        start, end = sorted((start, end))
        insert = nfc(insert)
        if edit.joins_left(insert) and start[1] > 0:
            line = self.document.get_line(start[0])
            left = edit.before(line, start[1])
            insert, start = nfc(line[left : start[1]] + insert), (start[0], left)
        return super().replace(
            insert, start, end, maintain_selection_offset=maintain_selection_offset
        )

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor; how far that was.

        Not while a line that is undone is gone and the cursor still stands there: Textual comes by
        here when the scrollbar goes with the lines, and puts the cursor back only afterwards.
        """
        if self.cursor_location[0] >= self.document.line_count:
            return Offset(0, 0)
        return super().scroll_cursor_visible(center, animate)

    def get_cursor_left_location(self) -> Location:
        """One grapheme to the left, or the end of the line above."""
        row, column = self.cursor_location
        if column == 0:
            return super().get_cursor_left_location()
        return row, edit.before(self.document.get_line(row), column)

    def get_cursor_right_location(self) -> Location:
        """One grapheme to the right, or the start of the line below."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column >= len(line):
            return super().get_cursor_right_location()
        return row, edit.after(line, column)

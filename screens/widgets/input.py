"""A one-line text field that Vietnamese input methods cannot break."""

from __future__ import annotations

from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import Input as StockInput
from textual.widgets.input import Selection

from desk.locales import _
from desk.text import nfc, safe_text
from screens.widgets import edit

LONGEST = 10_000
"""Letters of one line that a paste may bring; what is longer belongs into another field."""
_KEYS = edit.key_table(StockInput.BINDINGS, leave=frozenset({"copy", "paste", "cut"}))


class Input(StockInput):
    """Textual's Input, with keys obeyed in order, text in NFC, the cursor on graphemes.

    Its value never holds a control character: one set by the program shows as its picture.
    """

    class Obeyed(Message):
        """Enter was obeyed by what is around the field: it comes up right behind `Submitted`."""

    def validate_value(self, value: str) -> str:
        """The value as it may be stored and shown."""
        return safe_text(value)

    def validate_selection(self, selection: Selection) -> Selection:
        """Both ends on boundaries of graphemes, inside the value."""
        return Selection(
            edit.snap(self.value, selection.start), edit.snap(self.value, selection.end)
        )

    async def action_submit(self) -> None:
        """Enter."""
        await super().action_submit()
        self.post_message(self.Obeyed())

    def keeps(self, event: Key) -> bool:
        """Whether what this key does is done here, before the next one is looked at."""
        return event.is_printable or (event.key in _KEYS and event.key != "enter")

    async def _on_key(self, event: Key) -> None:
        await edit.edit_with(self, _KEYS, event)

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        self._insert_cleaned(event.text)

    def action_paste(self) -> None:
        """Paste what was last copied inside the app."""
        self._insert_cleaned(self.app.clipboard)

    def _insert_cleaned(self, text: str) -> None:
        if len(text) > LONGEST:  # it would only make the field slow, and no field takes as much
            told = _("It has {n} characters; a field of one line takes {most}. Nothing was pasted.")
            self.notify(told.format(n=len(text), most=LONGEST), severity="warning")
            return
        cleaned = edit.clean_paste(text, multiline=False).text
        if not self.password:  # a passphrase is what it is
            cleaned = edit.without_invisible(cleaned)
        if cleaned:
            self.replace(cleaned, *self.selection)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put `text` in place of `start` to `end`; a combining mark joins the letter before it."""
        start, end = sorted((max(0, start), min(len(self.value), end)))
        text = nfc(text)
        if edit.joins_left(text):
            left = edit.before(self.value, start)
            text, start = nfc(self.value[left:start] + text), left
        super().replace(text, start, end)

    def action_cursor_left(self, select: bool = False) -> None:
        """One grapheme to the left; out of a selection, to its start."""
        self._move(edit.before(self.value, self.selection.end), select, min(self.selection))

    def action_cursor_right(self, select: bool = False) -> None:
        """One grapheme to the right; out of a selection, to its end."""
        self._move(edit.after(self.value, self.selection.end), select, max(self.selection))

    def _move(self, target: int, select: bool, edge: int) -> None:
        start = self.selection.start
        if select:
            self.selection = Selection(start, target)
        else:
            self.cursor_position = target if self.selection.is_empty else edge

    def action_delete_left(self) -> None:
        """Delete the selection or the grapheme before the cursor."""
        if not self.selection.is_empty:
            self.delete_selection()
        elif (end := self.cursor_position) > 0:
            self.delete(edit.before(self.value, end), end)

    def action_delete_right(self) -> None:
        """Delete the selection or the grapheme after the cursor."""
        if not self.selection.is_empty:
            self.delete_selection()
        else:
            start = self.cursor_position
            self.delete(start, edit.after(self.value, start))

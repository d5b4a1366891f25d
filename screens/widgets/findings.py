"""The text field that shows findings: underlined where they stand, gone to, mended in place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich.text import Text

from screens.widgets.body_area import BodyArea

_STYLES: Final = {"error": "bold underline", "warning": "underline", "info": "italic underline"}
"""By shape, not by colour: terminals without colour show them too."""


@dataclass(frozen=True)
class Mark:
    """A finding's span in the text of the field: code points, from 0."""

    start: int
    end: int
    severity: Literal["error", "warning", "info"]


class FindingsArea(BodyArea):
    """A `BodyArea` with marks. Who scans the text says where they stand: `show_marks`."""

    marks: tuple[Mark, ...] = ()
    _of_line: dict[int, list[tuple[int, int, str]]] = {}  # noqa: RUF012 - replaced, never changed
    _starts: Sequence[int] = (0,)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Underline these places of the text as it is now."""
        if tuple(marks) == self.marks:
            return
        self.marks = tuple(sorted(marks, key=lambda one: (one.start, one.end)))
        self._starts = self.line_starts()
        found: dict[int, list[tuple[int, int, str]]] = {}
        for mark in self.marks:
            row = bisect_right(self._starts, mark.start) - 1
            while row < len(self._starts) and self._starts[row] < mark.end:
                begin = max(0, mark.start - self._starts[row])
                end = mark.end - self._starts[row]
                found.setdefault(row, []).append((begin, end, _STYLES[mark.severity]))
                row += 1
        self._of_line = found
        self.notify_style_update()
        self.refresh()

    def line_starts(self) -> list[int]:
        """Where each line of the text starts."""
        starts = [0]
        for row in range(self.document.line_count - 1):
            starts.append(starts[-1] + len(self.document.get_line(row)) + 1)
        return starts

    def get_line(self, line_index: int) -> Text:
        """A line with its marks."""
        text = super().get_line(line_index)
        for start, end, style in self._of_line.get(line_index, ()):
            text.stylize(style, start, min(end, len(text)))
        return text

    @property
    def offset_at_cursor(self) -> int:
        """Where the cursor is, in code points from the start of the text."""
        row, column = self.cursor_location
        return self.line_starts()[row] + column

    def place_of(self, offset: int) -> tuple[int, int]:
        """Row and column of an offset, from 0."""
        starts = self.line_starts()
        row = max(0, bisect_right(starts, offset) - 1)
        return row, min(offset - starts[row], len(self.document.get_line(row)))

    def here(self) -> int | None:
        """The number of the mark under the cursor."""
        at = self.offset_at_cursor
        return next((n for n, m in enumerate(self.marks) if m.start <= at <= m.end), None)

    def step(self, by: int) -> int | None:
        """Go to the next mark or the one before, round the end. Its number, or None."""
        if not self.marks:
            return None
        at = self.offset_at_cursor
        if by > 0:
            number = next((n for n, m in enumerate(self.marks) if m.start > at), 0)
        else:
            number = next((n for n in range(len(self.marks) - 1, -1, -1)
                           if self.marks[n].start < at), len(self.marks) - 1)  # fmt: skip
        self.move_cursor(self.place_of(self.marks[number].start), center=True)
        return number

    def mend(self, start: int, end: int, new: str) -> None:
        """Put another text in place of a span, as one step that can be undone."""
        self.history.checkpoint()
        first, last = self.place_of(start), self.place_of(end)
        self.replace(new, first, last, maintain_selection_offset=False)
        self.history.checkpoint()
        self.move_cursor(self.place_of(start + len(new)))

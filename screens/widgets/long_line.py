"""Long lines in a text area: of a line that is wrapped often, only what is seen is laid out.

Textual's `TextArea` makes a rich `Text` of the whole line for every row of it on the screen, and
parts that into all rows, for every key. A paragraph of 3,000 letters took longer than a frame.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

from rich.text import Span, Text
from textual.document._document import Document, DocumentBase, Location
from textual.document._wrapped_document import WrappedDocument

_MANY = 20  # rows of a line from which on it is mended, not wrapped anew
_FURTHER = 12  # rows below an edit within which a row ends where it did before, as a rule


class LongLine(Text):
    """A line that lays out the section it is asked for first, when it is divided.

    It answers what `TextArea` asks of a line: its length, styles by place, and its sections.
    """

    def __init__(self, line: str) -> None:
        super().__init__("", end="", no_wrap=True)
        self._line, self._length = line, len(line)

    def __len__(self) -> int:
        return self._length

    @property
    def plain(self) -> str:
        """The line."""
        return self.part(0, self._length)

    @plain.setter
    def plain(self, new_text: str) -> None:
        self._line, self._length = new_text, len(new_text)

    def set_length(self, new_length: int) -> None:
        """Crop it, or fill it with spaces."""
        self._length = new_length

    @property
    def has_tabs(self) -> bool:
        """Whether its letters are of different widths in different places."""
        return "\t" in self._line

    def part(self, start: int, end: int) -> str:
        """The letters between two places."""
        return self._line[start:end].ljust(end - start)

    def expand_tabs(self, tab_size: int | None = None) -> None:
        """Never asked: a line that is not wrapped is not long."""
        raise NotImplementedError

    def divide(self, offsets: Iterable[int]) -> Sections:  # type: ignore[override]
        """Its sections between these places, each laid out when it is asked for."""
        return Sections(self, [0, *offsets, len(self)])

    def section(self, start: int, end: int) -> Text:
        """One part of it, with the styles that reach into it."""
        spans = [
            Span(max(span.start, start) - start, min(span.end, end) - start, span.style)
            for span in self.spans
            if span.start < end and span.end > start
        ]
        return Text(
            self.part(start, end), style=self.style, end="", no_wrap=True, spans=spans
        )  # fmt: skip


class Sections(Sequence[Text]):
    """The rows of a long line. After one was laid out, the others are asked for their tabs alone:
    of a line without any they are empty.
    """

    def __init__(self, line: LongLine, places: list[int]) -> None:
        self._line, self._places = line, places
        self._tabs = line.has_tabs
        self._made = False

    def __len__(self) -> int:
        return len(self._places) - 1

    @overload
    def __getitem__(self, index: int) -> Text: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...
    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        if self._made and not self._tabs:
            return _NO_TABS  # asked for each row above the one that is shown
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        self._made = True
        return self._line.section(*self._places[index : index + 2])


class _NoTabs(Text):
    plain = ""


_NO_TABS = _NoTabs()


class WrappedLines(WrappedDocument):
    """Textual's wrapped document, quick in long lines.

    Sections are cut from the line, not from a rich text; a letter typed wraps a few rows anew,
    until a row ends where it did before, and not the whole line.
    """

    def __init__(self, document: DocumentBase, width: int = 0, tab_width: int = 4) -> None:
        self._across, self._tab = width, tab_width  # set first: the base wraps at once
        self._height = 0
        super().__init__(document, width, tab_width)

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Wrap everything for a width in cells; 0 does not wrap."""
        self._across, self._tab = width, self._tab if tab_width is None else tab_width
        self._height = 0
        super().wrap(width, tab_width)

    @property
    def height(self) -> int:
        """How many rows there are; asked for each row shown, so they are not counted anew."""
        self._height = self._height or self.location_to_offset(self.document.end).y + 1
        return self._height

    def get_sections(self, line_index: int) -> list[str]:
        """The rows of a line, as strings."""
        line = self.document.get_line(line_index)
        places = [0, *self.get_offsets(line_index), len(line)]
        return [line[start:end] for start, end in itertools.pairwise(places)]

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Wrap anew what an edit has changed; the places are those of before and after it."""
        self._height = 0
        if len({start[0], old_end[0], new_end[0]}) > 1 or not self._mended(
            start[0], min(start[1], old_end[1], new_end[1]), old_end[1], new_end[1]
        ):
            super().wrap_range(start, old_end, new_end)

    def _mended(self, row: int, first: int, old_end: int, new_end: int) -> bool:
        """Wrap the rows around an edit inside one long line. False: the whole line is due."""
        if not 0 <= row < self.document.line_count:
            return False
        line, places = self.document.get_line(row), self.get_offsets(row)
        if len(places) < _MANY or "\t" in line:
            return False
        kept = max(0, bisect_right(places, first) - 1)  # a shorter word may go to the row above
        begin, by = (places[kept - 1] if kept else 0), new_end - old_end
        last = bisect_right(places, max(old_end, first)) + _FURTHER
        stop = places[last] + by if last < len(places) else len(line)
        part = WrappedDocument(Document(line[begin:stop]), self._across, self._tab)
        made = [begin + place for place in part.get_offsets(0)]
        if stop == len(line) and kept + len(made) == len(places):
            places[kept:] = made
            return True
        for number, place in enumerate(made):
            there = place - by
            if place > new_end and there > old_end and _holds(places, there):
                after = [old + by for old in places[bisect_right(places, there) :]]
                mended = [*places[:kept], *made[: number + 1], *after]
                if len(mended) != len(places):
                    return False  # rows below move: Textual counts them anew
                places[:] = mended
                return True
        return False


def _holds(places: list[int], place: int) -> bool:
    return (at := bisect_left(places, place)) < len(places) and places[at] == place

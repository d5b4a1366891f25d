"""A document as an editor sees it: lines, and columns in the unit that both sides agreed on.

LSP 3.17: a line ends with LF, CRLF or CR, and with nothing else; a column past its end means its
end. Offsets inside are code points.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from desk.terms.finding import Lines

Encoding = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: Final[tuple[Encoding, ...]] = ("utf-32", "utf-16", "utf-8")
"""What we speak; columns in UTF-32 cost nothing here."""
Place = tuple[int, int]
"""Line and column, from 0, the column in units of the encoding."""


def units(text: str, encoding: Encoding) -> int:
    """How many code units a text takes; a lone surrogate one of UTF-16, three of UTF-8."""
    if encoding == "utf-32" or (encoding == "utf-8" and text.isascii()):
        return len(text)
    if encoding == "utf-16":
        return len(text) + sum(char > "\uffff" for char in text)
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class Text:
    """A text that is changed by giving a new one."""

    text: str
    encoding: Encoding = "utf-16"

    @cached_property
    def starts(self) -> list[int]:
        """Where lines start."""
        return Lines(self.text).starts

    def _line(self, line: int) -> tuple[int, int]:
        """The span of a line without its end."""
        start = self.starts[line]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def offset(self, place: Place) -> int:
        """The offset of a place; one inside a character means the character's start."""
        line, column = place
        if line >= len(self.starts):
            return len(self.text)
        start, end = self._line(max(0, line))
        if self.encoding == "utf-32":
            return min(end, start + max(0, column))
        left = max(0, column)
        for at in range(start, end):
            left -= units(self.text[at], self.encoding)
            if left < 0:
                return at
            if left == 0:
                return at + 1
        return start if column <= 0 else end

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        line = bisect_right(self.starts, offset) - 1
        start = self.starts[line]
        return line, units(self.text[start:offset], self.encoding)

    def changed(self, start: Place, end: Place, new: str) -> Text:
        """The text with what stands between two places replaced."""
        first, last = self.offset(start), self.offset(end)
        return Text(self.text[:first] + new + self.text[max(first, last) :], self.encoding)

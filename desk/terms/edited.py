"""A text file while it is edited: untouched lines keep their bytes, whatever the editor shows.

The editor shows NFC text with LF; on saving, a line that was not touched comes back as it was, and
a new one gets the newline and the composition (NFC or NFD) that the file has for the most part.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

from desk.text import nfc, safe_text

_LINE: Final = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")


class EditedText:
    """The text of a file as it was read."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        found = [(match[1], match[2]) for match in _LINE.finditer(raw)]
        # The pattern also matches the nothing after a last line without an end.
        self._lines = found[:-1] if len(found) > 1 and not found[-2][1] else found

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The lines as an editor shows them: NFC, controls made visible."""
        return tuple(safe_text(nfc(line), multiline=True) for line, _end in self._lines)

    @property
    def text(self) -> str:
        """The whole as an editor shows it."""
        return "\n".join(self.shown)

    @cached_property
    def newline(self) -> str:
        """The newline that most lines have; LF where there is none."""
        ends = [end for _line, end in self._lines if end]
        return max(("\n", "\r\n", "\r"), key=ends.count)

    @cached_property
    def _decomposed(self) -> bool:
        marked = [line for line, _end in self._lines if not line.isascii()]
        apart = [line for line in marked if not unicodedata.is_normalized("NFC", line)]
        return len(apart) * 2 > len(marked)

    def written(self, text: str) -> str:
        """The file for the edited text, whose lines end with LF."""
        new = text.split("\n")
        if tuple(new) == self.shown:
            return self.raw
        lines: list[tuple[str, str]] = []
        for start, end, first, last in _parts(self.shown, new):
            if self.shown[start:end] == tuple(new[first:last]):
                lines += self._lines[start:end]
            else:
                lines += [(self._composed(line), self.newline) for line in new[first:last]]
        ended = [(line, end or self.newline) for line, end in lines[:-1]]
        last_line = lines[-1][0] if lines else ""
        return "".join(line + end for line, end in ended) + last_line

    def _composed(self, line: str) -> str:
        return unicodedata.normalize("NFD", line) if self._decomposed else line


def _parts(old: tuple[str, ...], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Which lines of one text stand for which of the other. What both share at either end is cut
    off first, so that a long file costs no more than what was changed in it."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
    )
    inner = [(a + head, b + head, c + head, d + head) for _t, a, b, c, d in middle.get_opcodes()]
    return [
        (0, head, 0, head), *inner, (len(old) - tail, len(old), len(new) - tail, len(new))
    ]  # fmt: skip

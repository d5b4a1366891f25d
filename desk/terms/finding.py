"""One finding: what is wrong where, what to write instead, and who says so."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from desk.terms.entry import SEVERITIES, Severity

Says = tuple[str, str]
"""A sentence in English and in Vietnamese."""

Where = Literal["headline", "body", "caption", "quote", "source"]
LOWERED: Final[dict[Severity, Severity]] = {
    "error": "warning", "warning": "warning", "info": "info",
}  # fmt: skip
_BREAK: Final = re.compile("\r\n|\n|\r")


class Finding(NamedTuple):
    """A place in a text that a rule speaks against. A tuple: a long text has ten thousand.

    `start:end` are code points of the text as it was given, `line` and `column` count from 1.
    `entry` is the id of the termbase entry, or of the pattern with "pattern." before it.
    `safe` says that the first suggestion can be put there without anybody looking.
    """

    entry: str
    language: str
    severity: Severity
    start: int
    end: int
    line: int
    column: int
    found: str
    suggestions: tuple[str, ...]
    message: str
    message_vi: str
    rule: str
    source: str
    where: Where = "body"
    case_only: bool = False
    safe: bool = False

    def said(self, language: str) -> str:
        """The message in the language of the interface."""
        return self.message_vi if language == "vi" else self.message

    def moved(self, by: int, line: int, column: int) -> Finding:
        """The same finding after text was put in or taken out before it."""
        return self._replace(start=self.start + by, end=self.end + by, line=line, column=column)

    def as_json(self) -> dict[str, object]:
        """The finding as plain values."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in _NAMES
            for value in [getattr(self, name)]
        }


_NAMES: Final = Finding._fields


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """The gravest severity among findings."""
    found = {finding.severity for finding in findings}
    return next((severity for severity in SEVERITIES if severity in found), None)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings by place; at one place the graver, then the longer, then by id."""
    return tuple(
        sorted(findings, key=lambda one: (
            one.start, SEVERITIES.index(one.severity), -one.end, one.entry,
        ))
    )  # fmt: skip


class Lines:
    """Lines and columns of a text, from 1, in code points. CRLF, LF and CR end a line."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def starts(self) -> list[int]:
        """Where each line starts."""
        if "\r" not in self._text:
            return list(
                accumulate([len(line) + 1 for line in self._text.split("\n")[:-1]], initial=0)
            )
        return [0, *(match.end() for match in _BREAK.finditer(self._text))]

    def place(self, at: int) -> tuple[int, int]:
        """The line and column of an offset."""
        index = bisect_right(self.starts, at) - 1
        return index + 1, at - self.starts[index] + 1

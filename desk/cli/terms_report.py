"""How findings are shown: for people with line and caret, and as annotations for GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desk.cli.output import text_width
from desk.locales import _, language, ngettext, told
from desk.terms.finding import Lines
from desk.text import safe_text

if TYPE_CHECKING:
    from desk.terms.files import TextFile
    from desk.terms.finding import Finding

MOST: Final = 1_000
"""Findings of one file that the readable report shows; `--json` and the others have all."""
_BEFORE: Final = 28  # code points of the line that are shown before a finding
_WIDE: Final = 74  # and altogether, so that a terminal of 80 cells breaks no line
_LEVELS: Final = ("error", "warning", "info")
_GITHUB: Final = {"error": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True)
class Checked:
    """One file and what was found in it; `fixed` counts the fixes that were made."""

    file: TextFile
    language: str
    findings: tuple[Finding, ...] = ()
    fixed: int = 0

    def count(self, severity: str) -> int:
        """How many findings of a severity stand."""
        return sum(one.severity == severity for one in self.findings)

    def as_json(self) -> dict[str, object]:
        """The file and its findings as plain values."""
        problem = self.file.problem
        return {
            "path": self.file.name,
            "language": self.language,
            "markup": self.file.markup,
            "problem": problem.as_json() if problem else None,
            "fixed": self.fixed,
            "findings": [one.as_json() for one in self.findings],
        }


def report(checked: Sequence[Checked]) -> Iterator[str]:
    """What people read: each finding with its line and a caret, then the sum."""
    for one in checked:
        problem = one.file.problem
        if problem:
            hint = f"\n    → {told(problem.hint)}" if problem.hint else ""
            place = f"{safe_text(one.file.name)}:{problem.line}:{problem.column}"
            yield f"{place}: ✖ {told(problem.what)}{hint}"
        for finding in one.findings[:MOST]:
            yield _shown(one.file, finding)
        if len(one.findings) > MOST:
            yield left_out(one.file.name, len(one.findings) - MOST)
    yield summary(checked)


def summary(checked: Sequence[Checked]) -> str:
    """How many files, and how many findings of each severity."""
    counts = {name: sum(one.count(name) for one in checked) for name in _LEVELS}
    fixed = sum(one.fixed for one in checked)
    line = ngettext("{n} file checked:", "{n} files checked:", len(checked)).format(n=len(checked))
    errors, warnings, hints = (counts[name] for name in ("error", "warning", "info"))
    counted = (
        ngettext("{n} error", "{n} errors", errors).format(n=errors),
        ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings),
        ngettext("{n} hint", "{n} hints", hints).format(n=hints),
    )
    line += " " + ", ".join(counted)
    return line + (_(", {fixed} fixed").format(fixed=fixed) if fixed else "")


def left_out(name: str, more: int) -> str:
    """That a file has more findings than are shown, and where all of them are."""
    said = ngettext(
        "{n} more finding is not shown; --json has all",
        "{n} more findings are not shown; --json has all", more,
    )  # fmt: skip
    return f"{safe_text(name)}: " + said.format(n=f"{more:,}" if language() == "en" else more)


def _shown(file: TextFile, finding: Finding) -> str:
    grade = {"error": _("error"), "warning": _("warning"), "info": _("hint")}[finding.severity]
    said = finding.said(language())
    place = f"{safe_text(file.name)}:{finding.line}:{finding.column}"
    head = f"{place}: {grade}: {said} [{finding.entry}]"
    line, caret = excerpt(file.text, finding.start, finding.end, finding.column)
    return f"{head}\n    {line}\n    {caret}\n    {finding.rule} ({finding.source})"


def excerpt(text: str, start: int, end: int, column: int) -> tuple[str, str]:
    """The line around a span with carets under it, cut to a width that terminals have.

    Carets count terminal cells: marks take none, wide letters two.
    """
    first = start - column + 1
    # No farther than is shown: a text of one line is not gone through for each finding in it.
    far = min(len(text), end + _WIDE + 1)
    stop = min((at for at in (text.find("\n", start, far), text.find("\r", start, far))
                if at >= 0), default=far)  # fmt: skip
    last = min(end, stop) if stop > start else end
    left = max(first, start - _BEFORE)
    room = max(0, _WIDE - (last - left))
    right = min(max(stop, last), last + room)
    before = ("…" if left > first else "") + _line(text[left:start])
    piece = _line(text[start:last])
    after = _line(text[last:right]) + ("…" if right < stop else "")
    caret = " " * text_width(before) + "^" * max(1, text_width(piece))
    return before + piece + after, caret


def _line(text: str) -> str:
    return safe_text(text.replace("\t", " ").replace("\n", " ").replace("\r", " "))


def github(checked: Iterable[Checked]) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the lines of a change."""
    for one in checked:
        problem, lines = one.file.problem, Lines(one.file.text)
        if problem:
            where = {"line": problem.line, "col": problem.column}
            yield _command("error", one.file.name, where, "terms", told(problem.what))
        for each in one.findings:
            last, column = lines.place(each.end)
            where = {"line": each.line, "endLine": last}
            if last == each.line:  # columns count within one line only
                where = {"line": last, "col": each.column, "endColumn": column}
            message = f"{each.said(language())}\n{each.rule} ({each.source})"
            yield _command(_GITHUB[each.severity], one.file.name, where, each.entry, message)


def _command(level: str, file: str, where: dict[str, int], title: str, message: str) -> str:
    given = {"file": _relative(file), **where, "title": title}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in given.items())
    return f"::{level} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _relative(name: str) -> str:
    path = os.path.relpath(name) if os.path.isabs(name) else os.path.normpath(name)
    return name if path.startswith("..") else path

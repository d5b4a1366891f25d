"""Fixing: put suggestions where findings stand, one or all that are safe, and show it as a diff."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from desk.errors import UsageError
from desk.terms.finding import Finding

_BLANKS: Final = re.compile(r"(\s+)")
_ROUNDS: Final = 8  # a fix may uncover another: a look-alike letter hid a term


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after fixes, and the findings that were fixed, in the order in which it was done."""

    text: str
    applied: tuple[Finding, ...]


def fix_one(text: str, finding: Finding, choice: int = 0) -> str:
    """The text with one suggestion of one finding. Raises UsageError when there is none such."""
    new = replacement(text, finding, choice)
    return text[: finding.start] + new + text[finding.end :]


def replacement(text: str, finding: Finding, choice: int = 0) -> str:
    """What a suggestion puts in the place of a finding: decomposed, with the blanks, as the text.

    Raises UsageError when there is none such.
    """
    if not 0 <= choice < len(finding.suggestions):
        raise UsageError("There is no such suggestion", finding.found)
    return _fitting(text[finding.start : finding.end], finding.suggestions[choice])


def fix_safe(text: str, findings: Iterable[Finding]) -> Fixed:
    """The text with every safe fix whose span meets no other's."""
    parts: list[str] = []
    applied: list[Finding] = []
    at = 0
    for finding in sorted(findings, key=lambda one: (one.start, -one.end)):
        if not finding.safe or not finding.suggestions or finding.start < at:
            continue
        piece = text[finding.start : finding.end]
        parts += (text[at : finding.start], _fitting(piece, finding.suggestions[0]))
        at = finding.end
        applied.append(finding)
    return Fixed("".join((*parts, text[at:])), tuple(applied))


def fix_all(text: str, check: Callable[[str], Sequence[Finding]]) -> Fixed:
    """Fix what is safe, check again, and go on until nothing safe is left."""
    applied: tuple[Finding, ...] = ()
    for _ in range(_ROUNDS):
        fixed = fix_safe(text, check(text))
        if fixed.text == text:
            break
        text, applied = fixed.text, applied + fixed.applied
    return Fixed(text, applied)


def diff(before: str, after: str, name: str) -> str:
    """A unified diff of two versions of a file; "" where they are alike."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
                 min(len(old), len(new)))  # fmt: skip
    # difflib is slow on what is alike: keep the lines around the first change only.
    skipped = max(0, first - 3)
    made = difflib.unified_diff(
        old[skipped:], new[skipped:], f"a/{name}", f"b/{name}", lineterm="\n"
    )
    lines = [_moved(line, skipped) if line.startswith("@@") else line for line in made]
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
                   for line in lines)  # fmt: skip


def _moved(hunk: str, by: int) -> str:
    """A hunk's heading with its line numbers `by` further down."""
    return re.sub(r"(?<=[-+])\d+", lambda match: str(int(match.group()) + by), hunk, count=2)


def _fitting(piece: str, suggestion: str) -> str:
    """The suggestion as the text is written: decomposed where it is, with its own blanks."""
    words, blanks = suggestion.split(" "), _BLANKS.findall(piece)
    if len(blanks) == len(words) - 1:
        suggestion = "".join(word + blank for word, blank in zip(words, (*blanks, ""), strict=True))
    if not unicodedata.is_normalized("NFC", piece) and unicodedata.is_normalized("NFD", piece):
        suggestion = unicodedata.normalize("NFD", suggestion)
    return suggestion

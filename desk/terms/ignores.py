"""Ignores: one finding at one place that somebody decided to keep, with reason, name and expiry.

An ignore holds for one paragraph as it stands: the digest of that paragraph is part of it. Text
that changes elsewhere moves it along; text that changes there voids it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from desk.errors import UsageError
from desk.terms.finding import Finding
from desk.text import nfc

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One ignored finding: `start:end` of the text when it was ignored, `text` the digest there.

    `expires` is the last day on which it holds; None holds until the text changes.
    """

    entry: str
    start: int
    end: int
    found: str
    text: str
    reason: str
    author: str
    expires: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether it has not expired on a day."""
        return self.expires is None or day is None or day <= self.expires

    def as_json(self) -> dict[str, object]:
        """The ignore as plain values."""
        given = {name: getattr(self, name) for name in _NAMES}
        given["expires"] = self.expires.isoformat() if self.expires else ""
        return {name: value for name, value in given.items() if value != ""}


_NAMES = tuple(Ignore.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings after ignores: what stands, what is ignored by which, and ignores that are void."""

    standing: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, Ignore], ...]
    void: tuple[Ignore, ...]


def ignore(
    finding: Finding, text: str, *, reason: str, author: str, expires: date | None = None
) -> Ignore:
    """Ignore this finding in this text. Raises UsageError without a reason or a name."""
    if not reason.strip() or not author.strip():
        raise UsageError("An ignore needs a reason and a name", finding.found)
    return Ignore(
        finding.entry, finding.start, finding.end, finding.found,
        Paragraphs(text).digest(finding), nfc(reason.strip()), nfc(author.strip()), expires,
    )  # fmt: skip


def judge(
    findings: Iterable[Finding], text: str, ignores: Collection[Ignore], day: date | None = None
) -> Judged:
    """Part findings by ignores. Each ignore takes one finding: the nearest that it fits."""
    found = list(findings)
    paragraphs = Paragraphs(text)
    open_by: dict[tuple[str, str, str], list[Finding]] = {}
    wanted = {(one.entry, one.found) for one in ignores}
    for one in found:
        if (one.entry, one.found) in wanted:
            open_by.setdefault((one.entry, one.found, paragraphs.digest(one)), []).append(one)
    ignored: list[tuple[Finding, Ignore]] = []
    void: list[Ignore] = []
    for held in sorted(ignores, key=lambda one: (one.start, one.entry)):
        fits = open_by.get((held.entry, held.found, held.text), [])
        if not fits or not held.holds(day):
            void.append(held)
            continue
        nearest = min(fits, key=lambda one: abs(one.start - held.start))
        fits.remove(nearest)
        ignored.append((nearest, held))
    gone = {id(one) for one, _ in ignored}
    return Judged(tuple(one for one in found if id(one) not in gone), tuple(ignored), tuple(void))


def standing(
    findings: Iterable[Finding], text: str, ignores: Collection[Ignore], day: date | None = None
) -> tuple[Finding, ...]:
    """The findings that no ignore takes out."""
    return judge(findings, text, ignores, day).standing


class Paragraphs:
    """The paragraphs of a text and their digests."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cuts = [match.span() for match in _PARAGRAPH.finditer(text)]

    def span(self, at: int) -> tuple[int, int]:
        """The paragraph around a place."""
        from bisect import bisect_right

        index = bisect_right(self._cuts, (at, len(self._text)))
        start = self._cuts[index - 1][1] if index else 0
        end = self._cuts[index][0] if index < len(self._cuts) else len(self._text)
        return start, max(start, end)

    def digest(self, finding: Finding) -> str:
        """SHA-256 of the paragraph (NFC, UTF-8) and of the place of the finding in it."""
        start, end = self.span(finding.start)
        paragraph = nfc(self._text[start:end])
        place = len(nfc(self._text[start : finding.start]))
        return hashlib.sha256(f"{place}\n{paragraph}".encode()).hexdigest()

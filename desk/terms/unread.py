"""What the markup hides from the checker and a reader may yet see, for those who must not miss it.

Code, comments, titles of links and front matter are no prose, and who checks a manuscript wants
them left alone. A gate cannot: a portal shows code, and shows what it does not understand. There
a term that stands in such a part, or reaches into one, is told one grade milder.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from desk.terms.check import Checking
from desk.terms.entry import Scope
from desk.terms.finding import LOWERED, Finding
from desk.terms.fold import SKIPPED, Edit, fold
from desk.terms.markup import Markup, Region, Regions, Seen, addresses, in_order
from desk.terms.termbase import Termbase

Span = tuple[int, int]


def unread_findings(
    text: str,
    termbase: Termbase,
    found: Iterable[Finding],
    *,
    language: str,
    markup: Markup = "plain",
    scope: Scope = "body",
    dated: date | None = None,
) -> list[Finding]:
    """Terms in what was not read of a text, or half in it, besides those `found` already.

    What lies wholly in an address of the web or of mail stays untold. Linear time.
    """
    edits = _edits(text, markup)
    unread = [(start, end) for start, end, new in edits if _hides(text, start, end, new)]
    if not unread:
        return []
    folded = fold(text)
    seen = Seen(text, folded, Regions(()), "plain", folded.odd)
    checking = Checking(text, termbase, language, "plain", scope, dated, seen)
    known = sorted((one.start, one.end) for one in found)
    told = [
        one
        for one in checking.findings(patterns=False)
        if _meets(unread, one) and not _meets(known, one)
    ]
    addressed = [(start, end) for start, end, _ in addresses(text, 0, len(text))] if told else []
    return [
        one._replace(severity=LOWERED[one.severity], safe=False)
        for one in told
        if not _holds(addressed, one)
    ]


def _edits(text: str, markup: Markup) -> list[Edit]:
    regions: list[Region] = []
    if markup == "markdown":
        from desk.terms.markdown import marks

        return in_order(marks(text, regions))
    if markup == "html":
        from desk.terms.html import tags

        return in_order(tags(text, regions))
    return in_order(addresses(text, 0, len(text)))


def _hides(text: str, start: int, end: int, new: str) -> bool:
    """Whether an edit takes out anything that could be part of a word."""
    return (not new or SKIPPED in new) and any(map(str.isalnum, text[start:end]))


def _meets(spans: list[Span], one: Finding) -> bool:
    """Whether a finding shares a character with one of the spans, which are in order."""
    at = bisect_left(spans, (one.end, 0)) - 1
    return at >= 0 and spans[at][1] > one.start


def _holds(spans: list[Span], one: Finding) -> bool:
    """Whether a finding lies wholly in one of the spans."""
    at = bisect_left(spans, (one.start + 1, 0)) - 1
    return at >= 0 and one.end <= spans[at][1]

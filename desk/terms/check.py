"""The one entry point: `check(text, termbase, …)` gives every finding, in the order of the text.

Findings are the same for composed and decomposed copies of a text, and say where they stand in the
text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from desk.terms.casing import capitals
from desk.terms.context import Context
from desk.terms.entry import EVERYWHERE, Entry, Scope, Severity
from desk.terms.finding import LOWERED, Finding, Lines, Where, in_order
from desk.terms.fold import key
from desk.terms.markup import Markup, Seen, see, see_asides
from desk.terms.match import Hit, Variant
from desk.terms.say import beside, suggestions, told
from desk.terms.termbase import Termbase
from desk.text import nfc

if TYPE_CHECKING:
    from desk.terms.ignores import Ignore

_NUMERAL = re.compile(r"[0-9][\w./,-]*+")
_CURRENCY = re.compile(r"(?<!\w)(?:VND|VNĐ|USD|EUR|JPY|GBP|CNY|AUD|SGD|KRW|THB)$")  # VND1.250.000


def check(
    text: str,
    termbase: Termbase,
    *,
    language: str,
    markup: Markup = "plain",
    scope: Scope = "body",
    dated: date | None = None,
    ignores: Collection[Ignore] = (),
    patterns: bool = True,
    notes: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Check a text of any length and origin; never raises for what is in it.

    `scope` is what the text is where its markup says nothing (a headline field: "headline").
    `dated` is the day the text is of: rules count that hold on it. `notes` are the labels of the
    sources and legal texts of an item; with them, figures without a source and legal texts without
    a link are told (`desk.terms.patterns.sourcing`). `ignores` take out what they cover.
    """
    found = Checking(text, termbase, language, markup, scope, dated).findings(patterns)
    if notes is not None:
        from desk.terms.patterns.sourcing import uncovered_findings

        found += uncovered_findings(text, language, notes)
    if ignores:
        from desk.terms.ignores import standing

        return standing(in_order(found), text, ignores, dated)
    return in_order(found)


class Checking:
    """One text being checked: its visible form, its context, and the rules that hold."""

    def __init__(
        self,
        text: str,
        termbase: Termbase,
        language: str,
        markup: Markup,
        scope: Scope = "body",
        dated: date | None = None,
        seen: Seen | None = None,
    ) -> None:
        self.text = text
        self.language = language
        self.scope = scope
        self.dated = dated
        self.termbase = termbase
        self.matcher = termbase.matcher(language)
        self.seen = see(text, markup) if seen is None else seen
        self.context = Context(self.seen)
        self.lines = Lines(text)

    def findings(self, patterns: bool = True, *, whole: bool | None = None) -> list[Finding]:
        """Findings of terms, and of patterns where no term speaks; `whole` as the registry's."""
        hits = self.matcher.find(self.seen.folded, self.allowed)
        found = [self.told(hit) for hit in hits]
        if patterns:
            from desk.terms.patterns.registry import run

            found += run(self, hits, whole=whole)
        return found + self._beside(patterns)

    def _beside(self, patterns: bool) -> list[Finding]:
        """What is found in the asides, each read by itself."""
        if not self.seen.asides:
            return []
        beside = Checking(self.text, self.termbase, self.language, self.seen.markup, self.scope,
                          self.dated, see_asides(self.seen))  # fmt: skip
        hits = beside.matcher.find(beside.seen.folded, beside.allowed)
        found = [beside.told(hit) for hit in hits]
        if patterns:
            from desk.terms.patterns.registry import run

            found += run(beside, hits, whole=False, raw=False)
        # A quotation mark that a fix writes could end the attribute.
        return [one._replace(safe=one.safe and _quoteless(one.suggestions[0])) for one in found]

    def allowed(self, hit: Hit) -> bool | None:
        """Whether a hit counts here; None where the form is right as it stands."""
        variant, start = hit.variant, hit.start
        entry = variant.entry
        if (entry.since or entry.until) and not entry.holds(self.dated):
            return None
        if entry.scope != EVERYWHERE and not self._in_scope(entry, start):
            return None
        if (variant.lent or entry.case == "headline") and self._tolerated(hit):
            return None
        if entry.historical and entry.since and self.context.past(start, entry.since):
            return None
        return True

    @cached_property
    def numerals(self) -> list[tuple[int, int]]:
        """Runs that begin with a figure and stand alone: 7,4 and 30/2020/NĐ-CP and 20-11-2026."""
        text, found = self.seen.folded.cased, []
        for match in _NUMERAL.finditer(text):
            start, end = match.span()
            # Most stand after a blank, which is looked at first.
            before = text[start - 1] if start else " "
            alone = before == " " or not (before.isalnum() or before in "/.,-:_")
            if alone or (before.isupper() and _CURRENCY.search(text, max(0, start - 4), start)):
                found.append((start, end))
        return found

    @cached_property
    def compounds(self) -> list[int]:
        """Where those of them begin that are more than letters and figures: dates, decimals."""
        text = self.seen.folded.cased
        return [
            start for start, end in self.numerals if not text[start:end].rstrip(".,-/").isalnum()
        ]

    def where(self, start: int) -> Where:
        """What the text is at a place of the folded text."""
        if self.context.plain:
            return self.scope
        if self.context.sourced(start):
            return "source"
        return "quote" if self.context.quoted(start) else self.kind(start)

    def kind(self, start: int) -> Scope:
        """Headline, caption or body, quoted or not."""
        if self.context.within(start, "headline"):
            return "headline"
        return "caption" if self.context.within(start, "caption") else self.scope

    def _in_scope(self, entry: Entry, start: int) -> bool:
        if "quote" not in entry.scope and self.where(start) in ("quote", "source"):
            return False
        return self.kind(start) in entry.scope or (
            entry.scope == {"quote"} and self.context.quoted(start)
        )

    def _tolerated(self, hit: Hit) -> bool:
        """Whether the place asks for the capitals that are written."""
        start, end, variant, _ = hit
        if variant.word:
            return False
        if variant.entry.case == "headline" and self.kind(start) == "headline":
            return True
        found = self.seen.folded.cased[start:end]
        first = found[0]
        if first == first.lower():
            return False
        return capitals(first.lower() + found[1:]) in variant.lent and self.context.begins(start)

    def parted(self, at: int) -> bool:
        """Whether the dash at a place has a blank beside it, which folding takes away."""
        first, last = self.span(at, at + 1)
        return any(ch.isspace() for ch in self.text[max(0, first - 1) : last + 1])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the folded text in the text as given."""
        return self.seen.folded.back(start, end)

    def made(
        self, entry: str, start: int, end: int, severity: Severity, suggested: Iterable[str],
        says: tuple[str, str], rule: str, source: str, *, safe: bool, case_only: bool = False,
    ) -> Finding:  # fmt: skip
        """A finding at a span of the folded text, milder in a quotation."""
        first, last = self.span(start, end)
        line, column = self.lines.place(first)
        piece = self.text[first:last]
        where = self.where(start)
        spoken = where in ("quote", "source")
        grade = LOWERED[severity] if spoken else severity
        offered = tuple(dict.fromkeys(suggested))
        # Marks inside the span (bold, a link) would be lost with it.
        plain = piece == self.seen.folded.cased[start:end]
        whole = plain or _bare(key(piece)) == _bare(self.seen.folded.text[start:end])
        return Finding(
            entry=entry, language=self.language, severity=grade,
            start=first, end=last, line=line, column=column, found=piece if plain else nfc(piece),
            suggestions=offered, message=says[0], message_vi=says[1], rule=rule, source=source,
            where=where, case_only=case_only, safe=safe and whole and bool(offered) and not spoken,
        )  # fmt: skip

    def raw(
        self, entry: str, start: int, end: int, severity: Severity, suggested: tuple[str, ...],
        says: tuple[str, str], rule: str, source: str,
    ) -> Finding:  # fmt: skip
        """A finding at a span of the text as given, that no quotation makes milder."""
        line, column = self.lines.place(start)
        return Finding(
            entry=entry, language=self.language, severity=severity, start=start, end=end,
            line=line, column=column, found=nfc(self.text[start:end]), suggestions=suggested,
            message=says[0], message_vi=says[1], rule=rule, source=source, where=self.scope,
            safe=True,
        )  # fmt: skip

    def told(self, hit: Hit) -> Finding:
        """The finding that a hit is, with what is graver inside it."""
        variant, entry = hit.variant, hit.variant.entry
        found = self.seen.folded.cased[hit.start : hit.end]
        offered = self._offered(hit.start, hit.end, variant)
        says, rule, source = told(variant, found, offered), entry.rule, variant.source
        if hit.graver is not None:
            start, end, inner = hit.graver
            part = self.seen.folded.cased[start:end]
            right = self._offered(start, end, inner)
            rule, source = f"{rule} {inner.entry.rule}", f"{source}; {inner.source}"
            alone = ""
            if right and hit.start <= start and end <= hit.end:
                alone = found[: start - hit.start] + right[0] + found[end - hit.start :]
            if not alone or alone not in offered:
                says = beside(says, part, told(inner, part, right))
                offered = (*offered, alone) if alone else offered
        only_case = bool(offered) and offered[0].casefold() == found.casefold()
        return self.made(
            entry.id, hit.start, hit.end, hit.severity, offered, says, rule, source,
            safe=variant.safe, case_only=only_case,
        )  # fmt: skip

    def _offered(self, start: int, end: int, variant: Variant) -> tuple[str, ...]:
        """What to write instead of a variant there."""
        found = self.seen.folded.cased[start:end]
        return suggestions(variant, found, begins=lambda: self.context.begins(start))


def _quoteless(text: str) -> bool:
    return not set(text) & set("\"'<>&")


def _bare(text: str) -> str:
    """A folded text without blanks, since a line break may stand for one."""
    return text.replace(" ", "")

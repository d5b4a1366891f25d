"""The gate on terminology: errors are mended, warnings answered, and what is kept is shown."""

from __future__ import annotations

from collections.abc import Iterator

from desk.gates.registry import Finding, GateInput, finding, gate
from desk.items.terminology import Found, findings
from desk.text import one_line

GATE = "terms"


@gate(GATE, version=2, reads_terms=True)
def terms(given: GateInput) -> Iterator[Finding]:
    """Every text by the termbase in force; names that the other language lacks are hints."""
    if given.terms is None:
        says = ("No termbase was given to check with", "Chưa có kho thuật ngữ để kiểm tra")
        yield finding("error", "body", says)
        return
    for problem in given.terms.problems:
        says = (
            f"The termbase is not sound: {problem}",
            f"Kho thuật ngữ không nhất quán: {problem}",
        )
        yield finding("error", "body", says, hint="See: desk terms version")
    for found in findings(given.content, given.terms):
        yield _told(found)
    yield from _pairs(given)


def _told(found: Found) -> Finding:
    """A finding of the checker as one of the gate. A kept one warns, whatever it was."""
    one, kept = found.finding, found.kept
    says = (one.message, one.message_vi)
    hint = f"{one.rule} ({one.source})" if one.source else ""
    severity = one.severity
    if kept is not None:
        who, why = kept.ignore.author, one_line(kept.ignore.reason, 200)
        says = (f"{says[0]} (kept by {who}: {why})", f"{says[1]} ({who} giữ nguyên: {why})")
        severity = "info" if severity == "info" else "warning"
    return Finding(
        GATE, severity, found.piece.field, *says, hint, one.start, one.end,
        one.line, one.column, one.entry, kept.digest if kept else "", one.suggestions,
    )  # fmt: skip


def _pairs(given: GateInput) -> Iterator[Finding]:
    from desk.terms.pairs import pairs

    assert given.terms is not None
    for other in given.counterparts:
        language = str(other.get("language", ""))
        if language == given.language or not other.get("body"):
            continue
        for one in pairs(given.text("body"), str(other["body"]), given.terms.termbase,
                         language=given.language, other_language=language,
                         markup="markdown"):  # fmt: skip
            yield Finding(GATE, "info", "body", one.message, one.message_vi, "", one.start,
                          one.end, one.line, one.column, f"pair.{one.concept}")  # fmt: skip

"""One item's documents as the views of its screen, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desk.clock import parse_instant
from desk.items import correction, merge
from desk.items.body import parse as parse_body
from desk.items.drafts import Draft
from desk.items.merge import END, MINE, OTHER
from desk.locales import N_, _, told
from desk.trust.state import ItemState
from screens.newsroom.reviews import gate, said
from screens.source.item_room import (
    Entry,
    ItemCheck,
    ItemFile,
    ItemFinding,
    ItemText,
    Saved,
)

OPTIONAL = ("edit_note", "section", "urgency", "subjects", "places")
FIELDS = ("headline", "summary", "body", "sources", "legal", *OPTIONAL)
UNSETTLED = N_("Two versions stand side by side here: keep the right words, take the marks out")


def text_of(document: Mapping[str, Any]) -> ItemText:
    """The fields that a person writes."""
    return ItemText(
        str(document.get("headline", "")),
        str(document.get("summary", "")),
        str(document.get("body", "")),
        tuple(Entry(**one) for one in document.get("sources") or ()),
        tuple(Entry(**one) for one in document.get("legal") or ()),
        str(document.get("edit_note") or ""),
        str(document.get("section") or ""),
        int(document.get("urgency") or 0),
        tuple(document.get("subjects") or ()),
        tuple(document.get("places") or ()),
    )


def fields_of(text: ItemText) -> dict[str, Any]:
    """The same as free fields of a content document."""
    return {
        "headline": text.headline,
        "summary": text.summary,
        "body": text.body,
        "sources": [_entry(one) for one in text.sources],
        "legal": [_entry(one) for one in text.legal],
        "edit_note": text.edit_note,
        "section": text.section,
        "urgency": text.urgency or None,
        "subjects": list(text.subjects),
        "places": list(text.places),
    }


def whole(document: Mapping[str, Any], text: ItemText) -> dict[str, Any]:
    """The document with that text in it; what may be left out and is empty is not in it."""
    found = {**document, **fields_of(text)}
    return {name: value for name, value in found.items() if value or name not in OPTIONAL}


def _entry(one: Entry) -> dict[str, str]:
    required = ("id", "title", "url") if one.id.startswith("l") else ("id", "title")
    return {name: value for name, value in vars(one).items() if value or name in required}


def changes(old: ItemText, new: ItemText) -> dict[str, Any]:
    """The fields in which the two differ, as the new one has them."""
    before, after = fields_of(old), fields_of(new)
    return {name: after[name] for name in FIELDS if after[name] != before[name]}


def files_of(document: Mapping[str, Any]) -> tuple[ItemFile, ...]:
    """The files of a document."""
    return tuple(ItemFile(**one) for one in document.get("assets") or ())


def saved(draft: Draft) -> Saved:
    """A stored draft."""
    return Saved(draft.version, parse_instant(draft.saved), files_of(draft.document))


def merged(base: ItemText, mine: ItemText, theirs: ItemText) -> ItemText:
    """Two texts that began from `base` brought together."""
    found = merge.merge(fields_of(base), fields_of(mine), fields_of(theirs))
    return text_of(found.document)


def check_of(
    results: Sequence[Any],
    document: Mapping[str, Any],
    state: ItemState | None,
    terms: Sequence[ItemFinding] = (),
) -> ItemCheck:
    """What the gates said, with what a submit would refuse besides; the worst first.

    `terms` is what the live checker found, for kinds that have no gate of that name.
    """
    findings = [
        ItemFinding(
            result.id, found.severity, found.field, said(found), told(found.hint),
            found.start, found.end, found.line, found.column, found.entry, bool(found.kept),
            found.suggestions,
        )
        for result in results
        for found in result.findings
    ]  # fmt: skip
    if all(result.id != "terms" for result in results):
        findings += terms
    known = {(one.field, one.start, one.message) for one in findings}
    findings += [one for one in _of_body(document)
                 if (one.field, one.start, one.message) not in known]  # fmt: skip
    findings += _unsettled(document)
    number = state.current.number + 1 if state else 1
    findings += [
        ItemFinding("correction", "error", "edit_note", told(reason.text))
        for reason in correction.problems(
            correction.bound(dict(document), state, number), state, number
        )
    ]
    order = {"error": 0, "warning": 1, "info": 2}
    findings.sort(key=lambda one: (order[one.severity], FIELDS.index(one.field)
                                   if one.field in FIELDS else 9, one.start))  # fmt: skip
    return ItemCheck(tuple(gate(one) for one in results), tuple(findings))


def _of_body(document: Mapping[str, Any]) -> Iterator[ItemFinding]:
    """What never enters a revision, whatever gates its kind has."""
    for problem in parse_body(str(document.get("body", ""))).problems:
        if problem.severity == "error":
            yield ItemFinding(
                problem.code, "error", "body", said(problem), "",
                problem.start, problem.end, problem.line, problem.column,
            )  # fmt: skip


def _unsettled(document: Mapping[str, Any]) -> Iterator[ItemFinding]:
    for field in ("headline", "summary", "body", "edit_note"):
        text = str(document.get(field, ""))
        at = text.find(MINE)
        if at < 0 and merge.unresolved(text):
            at = min(place for mark in (OTHER, END) if (place := text.find(mark)) >= 0)
        if at >= 0:
            line = text.count("\n", 0, at) + 1
            column = at - (text.rfind("\n", 0, at) + 1) + 1
            yield ItemFinding("merge", "error", field, _(UNSETTLED), "", at, at + 3, line, column)

"""Merging: two people's changes to one text brought together, by paragraphs, losing no words.

A three-way merge: what only one side changed is taken; what both changed differently stands there
twice between marks, and a text with marks in it cannot be submitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from desk.errors import Reason, Refused
from desk.items.content import FREE_FIELDS
from desk.phrase import phrase

MINE, OTHER, END = "⟪⟪⟪", "⟪⟫", "⟫⟫⟫"
LINES = ("headline", "edit_note")
PARAGRAPHS = ("summary", "body")
ENTRIES = ("sources", "legal", "assets")
SETS = ("places", "subjects")
_BREAK = "\n\n"


@dataclass(frozen=True)
class Merged:
    """The free fields and assets of the merged document; the fields in which both sides differ."""

    document: Mapping[str, Any]
    clashes: tuple[str, ...]


def merge_text(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """The merged text, and whether marks stand in it. A paragraph is what blank lines enclose."""
    merged: list[str] = []
    clash = False
    parts = [text.split(_BREAK) for text in (base, mine, theirs)]
    for old, ours, others in _one_by_one(_regions(*parts)):
        if others in (old, ours):
            merged += ours
        elif ours == old:
            merged += others
        else:
            merged += [MINE, *ours, OTHER, *others, END]
            clash = True
    return _BREAK.join(merged), clash


def merge_line(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """The same for a text of one line, which is one paragraph whatever stands in it."""
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    return f"{MINE} {mine} {OTHER} {theirs} {END}", True


def unresolved(text: str) -> bool:
    """Whether marks of a merge stand in the text."""
    return any(mark in text for mark in (MINE, OTHER, END))


def refuse_unresolved(document: Mapping[str, Any]) -> None:
    """Raise Refused while somebody still has to choose between two versions of a passage."""
    fields = [n for n in (*LINES, *PARAGRAPHS) if unresolved(str(document.get(n, "")))]
    if fields:
        raise Refused(
            "Two versions still stand side by side",
            [Reason("merge", _marked(name)) for name in fields],
            "Keep the right words, take the marks out, then submit again.",
        )


def _marked(name: str) -> str:
    marks = f"{MINE} {OTHER} {END}"
    return phrase("{name}: the marks {marks} are in it", name=name, marks=marks)


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Bring two documents together that both began from `base`. None of them is changed."""
    theirs = _renumbered(base, mine, theirs)
    found: dict[str, Any] = {}
    clashes: list[str] = []
    for name in (*FREE_FIELDS, "assets"):
        old, ours, others = (document.get(name) for document in (base, mine, theirs))
        value, clash = _field(name, old, ours, others)
        if value is not None:
            found[name] = value
        if clash:
            clashes.append(name)
    return Merged(found, tuple(clashes))


def _field(name: str, old: Any, ours: Any, others: Any) -> tuple[Any, bool]:
    if others in (ours, old):
        return ours, False
    if ours == old:
        return others, False
    if name in LINES:
        return merge_line(str(old or ""), str(ours or ""), str(others or ""))
    if name in PARAGRAPHS:
        return merge_text(str(old or ""), str(ours or ""), str(others or ""))
    if name in ENTRIES:
        return _entries(old or (), ours or (), others or ())
    if name in SETS:
        return list(dict.fromkeys([*(ours or ()), *(others or ())])), False
    return ours, True


def _regions(
    base: list[str], mine: list[str], theirs: list[str]
) -> list[tuple[list[str], list[str], list[str]]]:
    """Stretches of the three, in order; those that are alike in all stand by themselves."""
    found: list[tuple[list[str], list[str], list[str]]] = []
    at = ours_at = others_at = 0
    for start, ours, others, size in [
        *_common(base, mine, theirs), (len(base), len(mine), len(theirs), 0)
    ]:  # fmt: skip
        stretch = (base[at:start], mine[ours_at:ours], theirs[others_at:others])
        if any(stretch):
            found.append(stretch)
        if size:
            same = base[start : start + size]
            found.append((same, same, same))
        at, ours_at, others_at = start + size, ours + size, others + size
    return found


def _one_by_one(
    regions: list[tuple[list[str], list[str], list[str]]],
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Stretches of as many paragraphs on all sides, paragraph by paragraph.

    So two people may change neighbouring paragraphs without getting into each other's way.
    """
    for region in regions:
        if len({len(side) for side in region}) == 1:
            for old, ours, others in zip(*region, strict=True):
                yield [old], [ours], [others]
        else:
            yield region


def _common(base: list[str], mine: list[str], theirs: list[str]) -> list[tuple[int, int, int, int]]:
    """Runs of paragraphs that are in all three: where in each, and how many."""
    first, second = _matches(base, mine), _matches(base, theirs)
    found: list[tuple[int, int, int, int]] = []
    i = j = 0
    while i < len(first) and j < len(second):
        (a, ours, size_a), (b, others, size_b) = first[i], second[j]
        start, end = max(a, b), min(a + size_a, b + size_b)
        if start < end:
            found.append((start, ours + start - a, others + start - b, end - start))
        if a + size_a < b + size_b:
            i += 1
        else:
            j += 1
    return found


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [(block.a, block.b, block.size) for block in blocks if block.size]


def _entries(old: Any, ours: Any, others: Any) -> tuple[list[Any], bool]:
    """Lists of entries with ids: mine in their order, then what the other side added."""
    before, left, right = ({e["id"]: e for e in rows} for rows in (old, ours, others))
    found: list[Any] = []
    clash = False
    taken = {*before, *left, *right}
    for id, entry in left.items():
        other, was = right.get(id), before.get(id)
        if other is None and was == entry:
            continue  # they took it out, and I had not touched it
        if other is None or other in (entry, was):
            found.append(entry)
        elif was == entry:
            found.append(other)
        else:
            clash = True
            found.append(entry)
            if "media_type" not in other:  # a file is one; its description is mine
                found.append({**other, "id": _fresh(id, taken)})
    for id, entry in right.items():
        if id not in left and before.get(id) != entry:
            found.append(entry)  # added, or changed while I took it out
    return found, clash


def _fresh(id: str, taken: set[str]) -> str:
    """The next free label of the same sort: `3` or `l3`."""
    letter = "l" if id.startswith("l") else ""
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def _renumbered(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The other side's document, with its own labels where both gave one label to two things."""
    result = dict(theirs)
    new: dict[str, str] = {}
    for name in ("sources", "legal"):
        rows = {d: {e["id"]: e for e in doc.get(name, ())}
                for d, doc in enumerate((base, mine, theirs))}  # fmt: skip
        taken = {*rows[0], *rows[1], *rows[2]}
        for id, entry in rows[2].items():
            if id not in rows[0] and id in rows[1] and rows[1][id] != entry:
                new[id] = _fresh(id, taken)
        result[name] = [{**e, "id": new.get(e["id"], e["id"])} for e in theirs.get(name, ())]
    if new:
        pattern = re.compile(r"\[\^([^\]\s]{1,32})\]")
        for name in PARAGRAPHS:
            result[name] = pattern.sub(
                lambda found: f"[^{new.get(found[1], found[1])}]", str(theirs.get(name, ""))
            )
    return result

"""What an import would do to a termbase, before anything is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from desk.terms.entry import STANDARD, Entry
from desk.terms.exchange.built import Imported, Loss
from desk.terms.termbase import Termbase


@dataclass(frozen=True)
class Conflict:
    """Why an entry of a file cannot simply be taken: with which entry it clashes, and how."""

    entry: str
    language: str
    other: str
    what: str


@dataclass(frozen=True)
class Preview:
    """`new` entries can be taken; `same` are there already; `conflicts` need a decision."""

    new: tuple[Entry, ...]
    same: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    losses: tuple[Loss, ...]


def preview(imported: Imported, termbase: Termbase) -> Preview:
    """Hold the entries of a file against the termbase."""
    standards, variants = _forms(termbase.entries)
    new: list[Entry] = []
    same: list[str] = []
    conflicts: list[Conflict] = []
    for entry in imported.entries:
        known = termbase.by_id.get((entry.language, entry.id))
        clashes = list(_clashes(entry, standards, variants))
        if known is not None and known.forms == entry.forms:
            same.append(entry.id)
        elif known is not None:
            conflicts.append(
                Conflict(entry.id, entry.language, known.id, "the id has other forms there")
            )
        elif clashes:
            conflicts += clashes
        else:
            new.append(entry)
    return Preview(tuple(new), tuple(same), tuple(conflicts), imported.losses)


def summed(losses: Iterable[Loss]) -> list[tuple[str, int, str]]:
    """Losses by what was lost: how often, and an entry as an example; the most frequent first."""
    listed = list(losses)
    first = {loss.what: loss.entry for loss in reversed(listed)}
    return [(what, n, first[what]) for what, n in Counter(one.what for one in listed).most_common()]


_Forms = dict[tuple[str, str], Entry]


def _forms(entries: Iterable[Entry]) -> tuple[_Forms, _Forms]:
    standards: _Forms = {}
    variants: _Forms = {}
    for entry in entries:
        for form in entry.forms:
            where = standards if form.status in STANDARD else variants
            where.setdefault((entry.language, form.text), entry)
    return standards, variants


def _clashes(entry: Entry, standards: _Forms, variants: _Forms) -> Iterable[Conflict]:
    for form in entry.forms:
        key = (entry.language, form.text)
        if form.status in STANDARD:
            if other := variants.get(key):
                what = f"{form.text}: right here, wrong there"
                yield Conflict(entry.id, entry.language, other.id, what)
        elif other := standards.get(key):
            what = f"{form.text}: wrong here, right there"
            yield Conflict(entry.id, entry.language, other.id, what)
        elif (other := variants.get(key)) and other.suggestions != entry.suggestions:
            what = f"{form.text}: there it becomes {'; '.join(other.suggestions)}"
            yield Conflict(entry.id, entry.language, other.id, what)

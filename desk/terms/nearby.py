"""Did you mean: entries that have nearly the same form, asked when one is added, never per key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from desk.terms.entry import Entry
from desk.terms.termbase import Termbase

NEAR: Final = 88.0
"""From 0 to 100: how alike two forms are that people may take for one."""
MOST: Final = 5


@dataclass(frozen=True)
class Near:
    """A form of an entry that is like `form`; `alike` from 0 to 100, 100 the same but for case."""

    form: str
    entry: Entry
    known: str
    alike: float


def near(entries: Iterable[Entry], termbase: Termbase) -> tuple[Near, ...]:
    """Entries of the termbase with a form like one of these, the most alike first.

    An entry is not near to the one whose place it takes.
    """
    from rapidfuzz import fuzz, process

    found: dict[tuple[str, str], Near] = {}
    for entry in entries:
        known = [
            (form.text, other)
            for other in termbase.of_language.get(entry.language, ())
            if other.id != entry.id
            for form in other.forms
        ]
        texts = [text.casefold() for text, _ in known]
        for form in entry.forms:
            hits = process.extract(
                form.text.casefold(), texts, scorer=fuzz.ratio, score_cutoff=NEAR, limit=MOST
            )
            for _, alike, at in hits:
                text, other = known[at]
                key = (entry.id, other.id)
                if key not in found or found[key].alike < alike:
                    found[key] = Near(form.text, other, text, float(alike))
    ordered = sorted(found.values(), key=lambda one: (-one.alike, one.entry.id))
    return tuple(ordered[:MOST])

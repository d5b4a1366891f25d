"""What an import would do to a termbase, before anything is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.locales.words import said
from desk.phrase import phrase
from desk.terms.entry import STANDARD, Entry
from desk.terms.exchange.built import Imported, Loss
from desk.terms.overlay import Key, Overlay
from desk.terms.termbase import Termbase
from desk.terms.validate import problems


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
    held = _Held(termbase.entries)
    new: list[Entry] = []
    same: list[str] = []
    conflicts: list[Conflict] = []
    for entry in imported.entries:
        known = termbase.by_id.get((entry.language, entry.id))
        clashes = list(held.clashes(entry))
        if (known is not None and known.forms == entry.forms) or held.says(entry):
            same.append(entry.id)
        elif known is not None:
            conflicts.append(_conflict(entry, known, phrase("the id has other forms there")))
        elif clashes:
            conflicts += clashes
        else:
            new.append(entry)
            held.add(entry)
    while wrong := _unusable(new, termbase):
        conflicts += wrong.values()
        new = [entry for entry in new if (entry.language, entry.id) not in wrong]
    return Preview(tuple(new), tuple(same), tuple(conflicts), imported.losses)


def _unusable(new: list[Entry], termbase: Termbase) -> dict[Key, Conflict]:
    """The new entries that could not be saved beside what is there, each with what is wrong."""
    laid = Overlay(tuple(new)).over(termbase)
    found: dict[Key, Conflict] = {}
    for one in problems(laid, {(entry.language, entry.id) for entry in new}):
        key = (one.language, one.id)
        found.setdefault(key, Conflict(one.id, one.language, "", one.what))
    return found


def summed(losses: Iterable[Loss]) -> list[tuple[str, int, str]]:
    """Losses by what was lost: how often, and an entry as an example; the most frequent first."""
    listed = list(losses)
    first = {loss.what: loss.entry for loss in reversed(listed)}
    return [(what, n, first[what]) for what, n in Counter(one.what for one in listed).most_common()]


class _Held:
    """The entries that there are, and those of the file that were taken before, by their forms."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_form: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Count one more."""
        for form in entry.forms:
            self._by_form.setdefault((entry.language, form.text), []).append(entry)

    def says(self, entry: Entry) -> bool:
        """Whether an entry, whatever its id, holds each of these forms with the same status."""
        first = self._by_form.get((entry.language, entry.forms[0].text), ())
        return any(set(entry.forms) <= set(other.forms) for other in first)

    def clashes(self, entry: Entry) -> Iterator[Conflict]:
        """What of an entry cannot stand beside the others, the first of each form."""
        for form in entry.forms:
            held = self._by_form.get((entry.language, form.text), ())
            right = next((one for one in held if _status(one, form.text) in STANDARD), None)
            wrong = next((one for one in held if _status(one, form.text) not in STANDARD), None)
            if form.status in STANDARD:
                if wrong:
                    told = phrase("{form}: right here, wrong there", form=form.text)
                    yield _conflict(entry, wrong, told)
            elif right:
                told = phrase("{form}: wrong here, right there", form=form.text)
                yield _conflict(entry, right, told)
            elif wrong and wrong.suggestions != entry.suggestions:
                told = phrase("{form}: there it becomes {forms}",
                              form=form.text, forms="; ".join(wrong.suggestions))  # fmt: skip
                yield _conflict(entry, wrong, told)
            elif wrong:
                status = _status(wrong, form.text)
                told = phrase("{form}: wrong there too", form=form.text)
                if status != form.status:
                    told = phrase("{form}: {status} there",
                                  form=form.text, status=said("form", status))  # fmt: skip
                yield _conflict(entry, wrong, told)


def _status(entry: Entry, text: str) -> str:
    return next(form.status for form in entry.forms if form.text == text)


def _conflict(entry: Entry, other: Entry, what: str) -> Conflict:
    return Conflict(entry.id, entry.language, other.id, what)

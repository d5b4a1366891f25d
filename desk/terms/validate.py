"""Whether a termbase can be used: entries that are empty, contradict another, or fail an example.

`problems(termbase)` tells everything that is wrong, entry by entry; nothing wrong is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from desk.phrase import Phrase, joined, phrase
from desk.terms.casing import capitals
from desk.terms.check import check
from desk.terms.entry import Entry, Form
from desk.terms.fold import fold_all
from desk.terms.termbase import Termbase

Key = tuple[str, str]
"""Language and id of an entry."""
_Node = tuple[str, str, tuple[bool, ...]]
"""Language, folded form, its capitals: two forms with one node are written alike."""
_FIRST: Final = date.min
_LAST: Final = date.max


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with an entry, and how to mend it. `line` is that of its file, 0 unknown."""

    language: str
    id: str
    what: str
    hint: str = ""
    line: int = field(default=0, compare=False)

    @property
    def sentence(self) -> Phrase:
        """Which entry, and what is wrong with it."""
        return joined(": ", [f"{self.language} {self.id}", self.what])

    def __str__(self) -> str:
        return str(self.sentence)


def problems(termbase: Termbase, keys: Collection[Key] | None = None) -> tuple[Wrong, ...]:
    """What is wrong with a termbase, or with the entries of `keys` in it, in its order."""
    relations = _Relations(termbase)
    found: list[Wrong] = []
    seen: set[Key] = set()
    for entry in termbase.entries:
        key = (entry.language, entry.id)
        if keys is None or key in keys:
            told = [*_twice(key, seen), *_alone(entry), *relations.against(entry)]
            # An entry that is wrong in itself fails its examples for that reason.
            found += (_wrong(entry, *one) for one in told or _examples(entry, termbase))
        seen.add(key)
    return tuple(found)


Told = tuple[Phrase, Phrase]
"""What is wrong, and how to mend it."""


def _wrong(entry: Entry, what: Phrase, hint: Phrase) -> Wrong:
    return Wrong(entry.language, entry.id, what, hint, entry.line)


def saying(what: str, hint: str, /, **values: object) -> Told:
    """Two templates with the same values, to be said in the reader's language."""
    return phrase(what, **values), phrase(hint, **values)


def _twice(key: Key, seen: set[Key]) -> Iterator[Told]:
    if key in seen:
        yield saying("the id is given twice", "An id is given once in a language")


def _alone(entry: Entry) -> Iterator[Told]:
    """What an entry says by itself."""
    if not entry.forms:
        yield saying("it has no form", "Add forms: with a text and a status")
    if not entry.source.source.title.strip():
        yield saying("it names no source", "Say where the rule is written")
    if not entry.rule.strip():
        yield saying("it states no rule", "Say in one sentence what holds")
    if not entry.scope:
        yield saying("it has no scope", "Name headline, body, caption or quote")
    if entry.since and entry.until and entry.since >= entry.until:
        yield saying("the rule ends before it begins", "Set until after from")
    for text in (*(form.text for form in entry.forms), *entry.left, *entry.right,
                 *entry.exceptions):  # fmt: skip
        if not any(map(str.isalnum, text)):
            yield saying("“{text}” is empty", "A form has a letter or a figure", text=text)
    if entry.variants and not entry.match:
        yield saying("no example that must match", "Add a sentence in which it is found")
    nodes: dict[_Node, Form] = {}
    for form in entry.forms:
        node = _node(entry.language, form.text)
        other = nodes.setdefault(node, form)
        if other is not form and other.standard is not form.standard:
            yield saying("“{form}” is both right and wrong", "Keep one of the two", form=form.text)
        elif other is not form:
            yield saying("“{form}” is given twice", "It is the same as “{other}”",
                         form=form.text, other=other.text)  # fmt: skip


def _examples(entry: Entry, termbase: Termbase) -> Iterator[Told]:
    for text, must in (*((one, True) for one in entry.match),
                       *((one, False) for one in entry.clean)):  # fmt: skip
        found = check(text, termbase, language=entry.language, dated=entry.since, patterns=False)
        told = [one.entry for one in found]
        if must and entry.id not in told:
            hint = "It must match; found there: {names}" if told else "It must match"
            yield saying("its example is not found: “{text}”", hint,
                         text=text, names=", ".join(told))  # fmt: skip
        elif not must and entry.id in told:
            where = next(one.found for one in found if one.entry == entry.id)
            yield saying("it finds “{where}” in a clean example: “{text}”", "It must not match",
                         where=where, text=text)  # fmt: skip


class _Relations:
    """Which form is right in which entry, and wrong in which."""

    def __init__(self, termbase: Termbase) -> None:
        self._right: dict[_Node, list[Entry]] = {}
        self._wrong: dict[_Node, list[Entry]] = {}
        listed = [(entry, form) for entry in termbase.entries for form in entry.forms]
        folds = fold_all(form.text for _, form in listed)
        self._nodes: dict[tuple[str, str], _Node] = {}
        for (entry, form), (cased, low) in zip(listed, folds, strict=True):
            node = (entry.language, low, capitals(cased))
            self._nodes[entry.language, form.text] = node
            (self._right if form.standard else self._wrong).setdefault(node, []).append(entry)

    def against(self, entry: Entry) -> Iterator[Told]:
        """Contradictions and cycles in which an entry takes part."""
        for form in entry.variants:
            node = self._nodes[entry.language, form.text]
            for other in self._others(self._right, node, entry):
                cycle = self._cycle(entry, form)
                if cycle:
                    yield saying("it makes a cycle: {cycle}", "Change it or {other}",
                                 cycle=cycle, other=other.id)  # fmt: skip
                else:
                    yield saying(
                        "it forbids “{form}”, which {other} asks for",
                        "Change one of the two, or let their dates not meet: {other}",
                        form=form.text, other=other.id,
                    )  # fmt: skip
            for other in self._others(self._wrong, node, entry):
                if (other.left, other.right) == (entry.left, entry.right):
                    yield saying("“{form}” is found by {other} already", "See {other}",
                                 form=form.text, other=other.id)  # fmt: skip
        for form in entry.standards:
            node = self._nodes[entry.language, form.text]
            for other in self._others(self._wrong, node, entry):
                if not any(self._cycle(other, one) for one in other.variants):
                    yield saying(
                        "it asks for “{form}”, which {other} forbids",
                        "Change one of the two, or let their dates not meet: {other}",
                        form=form.text, other=other.id,
                    )  # fmt: skip

    def _others(self, by: dict[_Node, list[Entry]], node: _Node, entry: Entry) -> list[Entry]:
        return [
            one
            for one in by.get(node, ())
            if (one.language, one.id) != (entry.language, entry.id) and _meet(one, entry)
        ]

    def _cycle(self, entry: Entry, form: Form) -> str:
        """The way back to a form through what entries suggest instead; "" when there is none."""
        goal = self._nodes[entry.language, form.text]
        ways = [(one.text, f"“{form.text}” → “{one.text}”") for one in entry.standards]
        met: set[_Node] = set()
        while ways:
            text, way = ways.pop()
            node = self._nodes[entry.language, text]
            if node == goal:
                return way
            if node not in met:
                met.add(node)
                for next_one in self._wrong.get(node, ()):
                    ways += [(s.text, f"{way} → “{s.text}”") for s in next_one.standards]
        return ""


def _meet(one: Entry, other: Entry) -> bool:
    """Whether the days on which two rules hold overlap."""
    return (one.since or _FIRST) < (other.until or _LAST) and (other.since or _FIRST) < (
        one.until or _LAST
    )


def _node(language: str, text: str) -> _Node:
    cased, low = next(fold_all([text]))
    return language, low, capitals(cased)

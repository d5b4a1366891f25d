"""Matching: one automaton over all forms of a termbase, and the rules that settle what it saw.

The automaton reports every occurrence of every form, overlapping ones too. Then, in this order:
word boundaries (only at an edge that is alphanumeric), letter case, contexts, shields, and last
the longest of what overlaps. Choosing the longest first would lose short hits whose longer rival
falls later.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from desk.terms.casing import capitals, shouted, steady, written
from desk.terms.entry import EVERYWHERE, SEVERITIES, Entry, Form, Severity
from desk.terms.fold import Folded, Pair, fold_all, folded_all
from desk.terms.settle import Cover, Excepted, Span, outside, settled

_PIECE: Final = 1 << 15
_CASINGS: Final = 64  # ways to write one form that are remembered; more are worked out again
_RANK: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A form that is found. `word` says that it differs from the standards in more than case.

    `inside` is where a standard begins in a longer variant that differs in its case alone ("ngày
    Quốc Khánh" for "Quốc khánh"), and how long it is; only that part is replaced.
    """

    entry: Entry
    form: Form
    cased: str
    standards: tuple[str, ...]
    word: bool
    inside: tuple[int, int] | None
    left: tuple[str, ...]
    right: tuple[str, ...]
    rank: tuple[int, str, int]
    suggestions: tuple[str, ...]
    source: str
    safe: bool
    asked: bool
    """Whether it depends on the day or the place that it counts."""
    lent: tuple[tuple[bool, ...], ...]
    """The capitals of the standards that begin small: where a sentence begins, it lends one."""


@dataclass(slots=True, eq=False)
class _Key:
    """Everything that one folded form stands for."""

    left_edge: bool
    right_edge: bool
    standards: list[str]
    variants: list[Variant]
    exceptions: list[Entry]
    fits: dict[str, tuple[Variant, ...]]
    steady: dict[str, bool]

    def of(self, found: str) -> tuple[Variant, ...]:
        """The variants that a text is by its case, none where it is a standard as written."""
        known = self.fits.get(found)
        if known is None:
            right = written(found, self.standards)
            known = () if right else tuple(v for v in self.variants if _cased(v, found))
            if len(self.fits) >= _CASINGS:
                self.fits.clear()
            self.fits[found] = known
        return known

    def shields(self, found: str) -> bool:
        """Whether a text is a standard in one of the ways it may be written."""
        known = self.steady.get(found)
        if known is None:
            known = steady(found, self.standards)
            if len(self.steady) >= _CASINGS:
                self.steady.clear()
            self.steady[found] = known
        return known


class Hit(NamedTuple):
    """A variant at a span of the folded text. A tuple, since one is made for each that is seen."""

    start: int
    end: int
    variant: Variant
    graver: tuple[int, int, Variant] | None = None
    """The gravest of what it pushed aside, where that is graver than itself."""

    @property
    def severity(self) -> Severity:
        """How gravely it is told."""
        return (self.graver[2] if self.graver else self.variant).entry.severity

    def moved(self, by: int) -> Hit:
        """The same in a text of which this one is a piece that begins at `by`."""
        start, end, variant, one = self
        return Hit(start + by, end + by, variant, one and (one[0] + by, one[1] + by, one[2]))

    @property
    def order(self) -> tuple[int, tuple[int, str, int], int]:
        """Longest first, then severity, id, order of forms, place."""
        return self.start - self.end, self.variant.rank, self.start


@dataclass(frozen=True, slots=True)
class Mention:
    """A form of an entry at a span of the folded text, right or not."""

    start: int
    end: int
    entry: Entry
    standard: bool
    text: str


Allowed = Callable[[Hit], bool | None]
"""Whether a hit counts: False when it is something else, None when it is right as it stands."""


class Matcher:
    """A compiled termbase of one language. Building is linear in the size of the forms.

    Only the folded forms go into the automaton at once. What else is known of a form is made when
    the form is first met, since most of a large termbase never occurs in a text.
    """

    def __init__(self, entries: Iterable[Entry], *, piece: int = _PIECE) -> None:
        """`piece`: code points of a text that are read in one go."""
        self._piece = piece
        self._entries = tuple(entries)
        self._owners = _owners(self._entries)
        self._rows: list[_Key | None] = [None] * len(self._owners)
        self._made: dict[int, list[tuple[str, _Part]]] = {}
        self._automaton = AhoCorasick(
            list(self._owners),
            matchkind=MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        )

    def find(self, folded: Folded, allowed: Allowed) -> list[Hit]:
        """The hits that stand, in the order of the text, none overlapping another."""
        if len(folded.text) <= self._piece:
            return self._find(folded.text, folded.cased, 0, allowed)
        found: list[Hit] = []
        for start, end in _pieces(folded.text, self._piece):
            found += self._find(folded.text[start:end], folded.cased[start:end], start, allowed)
        return found

    def _find(self, text: str, cased: str, base: int, allowed: Allowed) -> list[Hit]:
        """The hits of a text, or of a piece of one that begins at `base`; places of the whole."""
        hits, shields, excepted = self._seen(text, cased)
        if not hits:
            return hits
        standing: list[Hit] = []
        right = Cover()
        # What a standard covers is not asked about: had it shielded, so does what covers it.
        for hit in outside(hits, shields):
            start, end, variant, _ = hit
            if (variant.left or variant.right) and _beside(hit, text):
                continue
            verdict = not variant.asked or allowed(Hit(base + start, base + end, variant))
            if verdict:
                standing.append(hit)
            elif verdict is None and (
                not variant.word or steady(cased[start:end], (variant.cased,))
            ):
                right.add(start, end)
        found = settled(outside(standing, right), excepted)
        return [hit.moved(base) for hit in found] if base else found

    def _seen(self, text: str, cased: str) -> tuple[list[Hit], Cover, list[Excepted]]:
        """What the automaton sees in a text and boundaries and case let stand, by its ends."""
        hits: list[Hit] = []
        shields = Cover()
        excepted: list[Excepted] = []
        rows, size, starts, ends = self._rows, len(text), shields.starts, shields.ends
        for at, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            row = rows[at] or self._row(at, text[start:end])
            # Most forms stand between blanks, which are looked at first.
            if row.left_edge and start and text[start - 1] > " " and _joins(text[start - 1]):
                continue
            if row.right_edge and end < size and text[end] > " " and _joins(text[end]):
                continue
            found = cased[start:end]
            if row.standards and (row.steady.get(found) or row.shields(found)):
                starts.append(start)  # add() written out: most forms that are met are right
                ends.append(end)
            if row.variants:
                fits = row.fits.get(found)
                for variant in row.of(found) if fits is None else fits:
                    hits.append(Hit(start, end, variant))
            if row.exceptions:
                excepted += [(start, end, entry) for entry in row.exceptions]
        return hits, shields, excepted

    def mentions(self, folded: Folded) -> list[Mention]:
        """Every form that stands in a text and in no longer one, for pairs of languages."""
        text, found, spans = folded.text, [], Cover()
        for at, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            row = self._rows[at] or self._row(at, text[start:end])
            if (row.left_edge and start and _joins(text[start - 1])) or (
                row.right_edge and end < len(text) and _joins(text[end])
            ):
                continue
            spans.add(start, end)
            for owner in self._owners[text[start:end]]:
                entry = self._entries[owner]
                if text[start:end] in (known for known, _ in self._made[owner]):
                    right = written(folded.cased[start:end], row.standards)
                    found.append(Mention(start, end, entry, right, folded.cased[start:end]))
        over = spans.asked(longer=True)
        return [one for one in found if not over(one.start, one.end)]

    def _row(self, at: int, folded: str) -> _Key:
        """Everything that a folded form stands for, made when it is first met."""
        row = _Key(_joins(folded[0]), _joins(folded[-1]), [], [], [], {}, {})
        for owner in self._owners[folded]:
            if owner not in self._made:
                self._made[owner] = list(_parts(self._entries[owner]))
            for known, part in self._made[owner]:
                if known == folded:
                    _put(row, part)
        self._rows[at] = row
        return row


def _pieces(text: str, size: int) -> Iterator[Span]:
    """A long text cut between paragraphs, which no form and no context reaches across.

    What is seen in a piece is settled before the next is read: of a long text read at once, the
    hundred thousand places would be out of the processor's caches by then.
    """
    start = 0
    while (end := text.find("  ", start + size)) >= 0:
        yield start, end
        start = end
    yield start, len(text)


_Part = str | Variant | Entry
"""What a form is to its entry: a standard as written, a variant, or an exception of it."""


def _put(row: _Key, part: _Part) -> None:
    if isinstance(part, Variant):
        row.variants.append(part)
    elif isinstance(part, Entry):
        row.exceptions.append(part)
    else:
        row.standards.append(part)


def _owners(entries: Sequence[Entry]) -> dict[str, Sequence[int]]:
    """Every folded text that is looked for, with the places of the entries that have it.

    Written as a few passes over all of them at once, each in C: a newsroom may have 50,000.
    """
    texts = [form.text for entry in entries for form in entry.forms]
    counts = [len(entry.forms) for entry in entries]
    owners = list(chain.from_iterable(map(repeat, zip(range(len(entries))), counts)))
    folded = folded_all(texts)
    found: dict[str, Sequence[int]] = dict(zip(folded, owners, strict=True))
    shared: dict[str, set[int]] = {}
    for text, owner, last in zip(folded, owners, map(found.__getitem__, folded), strict=True):
        if owner is not last:
            shared.setdefault(text, set(last)).update(owner)
    excepting = [at for at, entry in enumerate(entries) for _ in entry.exceptions]
    exceptions = folded_all(text for entry in entries for text in entry.exceptions)
    for text, at in zip(exceptions, excepting, strict=True):
        shared.setdefault(text, set(found.get(text, ()))).add(at)
    found |= {text: sorted(places) for text, places in shared.items()}
    return found


def _texts(entry: Entry) -> Iterator[str]:
    """The texts of an entry that are looked for."""
    for form in entry.forms:
        yield form.text
    yield from entry.exceptions


def _parts(entry: Entry) -> Iterator[tuple[str, _Part]]:
    """The folded texts of an entry with what each is."""
    folds = fold_all((*_texts(entry), *entry.left, *entry.right))
    forms = [(form, *next(folds)) for form in entry.forms]
    exceptions = [next(folds)[1] for _ in entry.exceptions]
    left = tuple(next(folds)[1] for _ in entry.left)
    right = tuple(next(folds)[1] for _ in entry.right)
    standards = [(cased, folded) for form, cased, folded in forms if form.standard]
    written = tuple(cased for cased, _ in standards)
    # One preferred form is an answer; of two, a person chooses.
    sure = entry.severity != "info" and [f.status for f, *_ in forms].count("preferred") == 1
    offered, source = entry.suggestions, str(entry.source)
    dependent = bool(entry.since or entry.until or entry.scope != EVERYWHERE)
    for order, (form, cased, folded) in enumerate(forms):
        if form.standard:
            yield folded, cased
            continue
        # The name of a body that is no more may hold the name of the one that came after it.
        former = form.status == "superseded"
        inside = None if former else _inside(cased, folded, standards)
        word = inside is None and all(folded != standard for _, standard in standards)
        small = () if word or entry.case == "exact" else (s for s in written if not s[0].isupper())
        lent = tuple(map(capitals, small))
        rank = (_RANK[entry.severity], entry.id, order)
        yield folded, Variant(
            entry, form, cased, written, word, inside, left, right, rank, offered, source,
            sure and not former,
            dependent or (not word and (bool(lent) or entry.case == "headline")), lent,
        )  # fmt: skip
    for folded in exceptions:
        yield folded, entry


def _inside(cased: str, folded: str, standards: list[Pair]) -> tuple[int, int] | None:
    """Where the variant holds a standard in another case, with more words around it."""
    if any(part == folded for _, part in standards):
        return None
    for standard, part in sorted(standards, key=lambda pair: -len(pair[1])):
        at = f" {folded} ".find(f" {part} ") if part in folded else -1
        if at >= 0:
            first = at > 0  # amid a name its first letter is small: “Tổng cục Thống kê”
            same = capitals(cased[at : at + len(part)])[first:] == capitals(standard)[first:]
            return None if same else (at, len(part))
    return None


def _joins(ch: str) -> bool:
    """Whether a character beside an alphanumeric edge makes the word go on."""
    return ch.isalnum() or (not ch.isascii() and unicodedata.category(ch)[0] == "M")


def _cased(variant: Variant, found: str) -> bool:
    """Whether the case of the text makes it this variant."""
    if found == variant.cased:
        return True
    policy = variant.entry.case
    if variant.word and policy != "exact":
        return True
    seen, listed = capitals(found), capitals(variant.cased)
    if seen == listed or policy == "exact":
        return seen == listed
    if shouted(found):
        return False
    if policy == "any":
        return True
    if variant.inside is not None:  # the words before it may begin a sentence
        at, size = variant.inside
        return at > 0 and seen[at : at + size] == listed[at : at + size]
    return _capitals_astray(found, variant)


def _capitals_astray(found: str, variant: Variant) -> bool:
    """Whether a name of three syllables or more begins as it should and then goes wrong.

    Nobody can list each way to scatter capitals over "Ban Chấp hành Trung ương". Shorter terms are
    told only as listed: "Nhân Dân" is also a newspaper.
    """
    return (
        found.count(" ") >= 2
        and not found.islower()
        and any(found[0].isupper() == standard[0].isupper() for standard in variant.standards)
    )


def _beside(hit: Hit, text: str) -> bool:
    """Whether a negative context stands directly before or after."""
    left, right = hit.variant.left, hit.variant.right
    start, end = hit.start, hit.end
    before = start - 1 if start and text[start - 1] == " " else start
    after = end + 1 if text.startswith(" ", end) else end
    # One look at all phrases finds out that none is there, which is what happens most.
    if text.endswith(left, 0, before) and any(_ends_at(text, before, one) for one in left):
        return True
    return text.startswith(right, after) and any(_starts_at(text, after, one) for one in right)


def _ends_at(text: str, at: int, phrase: str) -> bool:
    start = at - len(phrase)
    if start < 0 or not text.startswith(phrase, start):
        return False
    return start == 0 or not (_joins(phrase[0]) and _joins(text[start - 1]))


def _starts_at(text: str, at: int, phrase: str) -> bool:
    end = at + len(phrase)
    if not text.startswith(phrase, at):
        return False
    return end == len(text) or not (_joins(phrase[-1]) and _joins(text[end]))

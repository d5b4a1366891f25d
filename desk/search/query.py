"""What a person looks for: words, exact phrases, and fields such as `agency:y-te after:2026-11`.

A field may be named in Vietnamese, accents left out or not, and a day be written 20/11/2026.
A word without accents finds it with and without; a word with an accent, or "a phrase" in quotes,
is found as it is written. Case never matters. Every word must occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desk.errors import UsageError
from desk.locales import N_
from desk.phrase import phrase
from desk.text import folded, nfc

FIELDS: Mapping[str, str] = {
    "agency": "agency",
    "co-quan": "agency",
    "kind": "kind",
    "loai": "kind",
    "lang": "lang",
    "ngon-ngu": "lang",
    "state": "state",
    "trang-thai": "state",
    "by": "by",
    "nguoi-lam": "by",
    "in": "in",
    "o": "in",
    "after": "after",
    "tu": "after",
    "before": "before",
    "truoc": "before",
    "is": "is",
    "la": "is",
}
"""The names of the fields, folded, in both languages: those of the calendar's queries too."""
PLACES = ("items", "releases", "contacts", "enquiries", "handbook", "terms", "log")
CALLED: Mapping[str, str] = {
    "items": N_("item"),
    "releases": N_("release"),
    "contacts": N_("contact"),
    "enquiries": N_("enquiry"),
    "handbook": N_("page"),
    "terms": N_("term"),
    "log": N_("act"),
}
"""What one thing of each place is called."""
PLACE_NAMES: Mapping[str, str] = {
    **{place: place for place in PLACES},
    "tin-bai": "items",
    "dot-cong-bo": "releases",
    "dau-moi": "contacts",
    "cau-hoi": "enquiries",
    "so-tay": "handbook",
    "thuat-ngu": "terms",
    "nhat-ky": "log",
}
"""What `in:` may name, folded, in both languages."""
IS_NAMES: Mapping[str, str] = {
    "da-cong-bo": "released",
    "da-dinh-chinh": "corrected",
    "da-go-bo": "withdrawn",
    "chua-cong-bo": "unreleased",
}
"""What `is:` may say in Vietnamese, folded."""
_PART = re.compile(r'(?:([\w-]+):)?(?:"([^"]*)"?|(\S+))')
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_WRITTEN = re.compile(r"(?:(\d{1,2})/)?(\d{1,2})/(\d{4})")  # 20/11/2026 or 11/2026


@dataclass(frozen=True)
class Word:
    """One word or phrase. `exact`: accents matter, since it has some or stood in quotes."""

    text: str
    exact: bool

    @property
    def plain(self) -> str:
        """Without accents, for an index that knows no others."""
        return folded(self.text)


@dataclass(frozen=True)
class Query:
    """Words that must all occur, and what each field may be (alternatives within one field)."""

    words: tuple[Word, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def allows(self, name: str, value: str) -> bool:
        """Whether that field may have this value; a field that was not asked for may have any."""
        wanted = self.fields.get(name)
        return wanted is None or value.casefold() in wanted

    def within(self, day: str) -> bool:
        """Whether a written instant or date lies in `after:` and `before:`, ends included."""
        after, before = self.fields.get("after", ("",))[-1], self.fields.get("before", ("",))[-1]
        if (after or before) and not day:
            return False
        return day >= after and (not before or day[: len(before)] <= before)

    def looks_in(self, place: str) -> bool:
        """Whether that place (`PLACES`) is searched."""
        return self.allows("in", place)

    @property
    def empty(self) -> bool:
        """Nothing was asked for."""
        return not self.words and not self.fields


def parse(text: str) -> Query:
    """Read a query. Raises UsageError for a date that is none or a place that is none."""
    words: list[Word] = []
    fields: dict[str, list[str]] = {}
    for name, quoted, bare in _PART.findall(nfc(text).casefold()):
        value = " ".join(quoted.split()) or bare
        if not value:
            continue
        if known := FIELDS.get(folded(name)):
            fields.setdefault(known, []).append(_checked(known, value))
            continue
        whole = f"{name}:{value}" if name else value
        words.append(Word(whole, bool(quoted) or folded(whole) != whole))
    return Query(tuple(words), {name: tuple(values) for name, values in fields.items()})


def _checked(name: str, value: str) -> str:
    if name in ("after", "before") and (day := _WRITTEN.fullmatch(value)):
        value = "-".join([day[3], *(part.zfill(2) for part in (day[2], day[1]) if part)])
    if name in ("after", "before") and not _DATE.fullmatch(value):
        raise UsageError(
            "That is not a date", phrase("{name}:{value}", name=name, value=value[:40]),
            "Write 2026, 2026-11 or 2026-11-20",
        )  # fmt: skip
    if name == "is":
        return IS_NAMES.get(folded(value), value)
    if name == "in":
        value = PLACE_NAMES.get(folded(value), value)
    if name == "in" and value not in PLACES:
        raise UsageError(
            "There is no such place to search",
            value[:40],
            phrase("One of: {names}", names=", ".join(PLACES)),
        )
    return value


class Text:
    """A text to look into, folded once."""

    __slots__ = ("exact", "plain", "whole")

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self.exact = nfc(whole).casefold()
        self.plain = folded(self.exact)

    def has(self, word: Word) -> bool:
        """Whether the word occurs."""
        return word.text in self.exact if word.exact else word.text in self.plain

    def has_all(self, words: Iterable[Word]) -> bool:
        """Whether every word occurs."""
        return all(self.has(word) for word in words)

    def count(self, words: Iterable[Word]) -> int:
        """How often the words occur together."""
        return sum((self.exact if word.exact else self.plain).count(word.text) for word in words)


SNIPPET = 120


def snippet(text: str, words: tuple[Word, ...], width: int = SNIPPET) -> str:
    """The line that has most of the words, cut around the first of them when it is long."""
    rows = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
    if not rows:
        return ""
    row = max(rows, key=lambda one: sum(Text(one).has(word) for word in words))
    if len(row) <= width:
        return row
    # Folding NFC text keeps the place of each letter near enough for a window around it.
    at = max(Text(row).plain.find(words[0].plain), 0) if words else 0
    start = max(0, min(at - width // 3, len(row) - width))
    end = start + width
    return ("…" if start else "") + row[start:end] + ("…" if end < len(row) else "")

"""What an exchange gives: entries that were built from a foreign file, and the losses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

from desk.errors import ConfigError, Problem
from desk.locales import N_, _
from desk.phrase import phrase
from desk.terms.entry import LANGUAGES, STANDARD, Citation, Entry, Form, Source, Status
from desk.terms.load import LONGEST
from desk.text import nfc, safe_text

LARGEST: Final = 32_000_000
"""Bytes of a file that is read; more is no termbase."""
MOST: Final = 100_000
"""Entries of a file that are read."""
MEND: Final = N_("Mend the file at the place named above, then try again")
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ufffd]"
)


@dataclass(frozen=True)
class Loss:
    """One thing that did not come across: of which entry (or where), and what.

    Both may be phrases, to be said in the reader's language.
    """

    entry: str
    what: str


@dataclass(frozen=True)
class Exported:
    """Files by name (bytes), and what the format could not hold."""

    files: Mapping[str, bytes]
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Imported:
    """Entries in the order of the file, and what of it was not taken."""

    entries: tuple[Entry, ...]
    losses: tuple[Loss, ...]


def unreadable(name: str, line: int, column: int, what: str, hint: str = "") -> ConfigError:
    """The error for a file that cannot be read on."""
    error = ConfigError(safe_text(name), [Problem(line, column, what, hint)])
    error.hint = hint or MEND
    return error


def within_limits(raw: bytes, name: str) -> None:
    """Raise ConfigError for a file that is too large to be a termbase."""
    if len(raw) > LARGEST:
        what = phrase("the file has {size} bytes; at most {most} are read",
                      size=f"{len(raw):,}", most=f"{LARGEST:,}")  # fmt: skip
        raise unreadable(name, 1, 1, what)


def clean(text: str) -> str:
    """One line of NFC text with single blanks; what nobody can see is left out."""
    return " ".join(_INVISIBLE.sub(" ", nfc(text)).split())


def slug(text: str) -> str:
    """An id made of a form: `Tổng Bí thư` becomes `tong-bi-thu`."""
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(ch for ch in bare if not unicodedata.combining(ch)).lower()
    return _NOT_IN_ID.sub("-", plain).strip("-")[:56].strip("-") or "term"


@dataclass
class Builder:
    """Collects entries, gives each a free id, and notes what could not be taken."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    _ids: set[tuple[str, str]] = field(default_factory=set)

    def lose(self, where: str, what: str) -> None:
        """Note something of the file that was not taken."""
        self.losses.append(Loss(where, what))

    def result(self) -> Imported:
        """What was built."""
        return Imported(tuple(self.entries), tuple(dict.fromkeys(self.losses)))

    def add(
        self,
        where: str,
        language: str,
        forms: Iterable[tuple[str, str]],
        *,
        id: str = "",
        rule: str = "",
        source: Citation | None = None,
        match: Iterable[str] = (),
        **given: Any,
    ) -> None:
        """Build one entry. What a termbase demands and the file lacks is filled in.

        The rule, when there is none, says whence it came; the source is the file; a variant
        without an example is its own. `where`: how to name the place when it is not taken.
        """
        found = self._forms(where, forms)
        if language not in LANGUAGES:
            what = (
                phrase("language {code}: Desk checks vi and en", code=language)
                if language
                else N_("no language is named: give it with --language vi or --language en")
            )
            self.lose(where, what)
            return
        if not found:
            self.lose(where, "no form that could be taken")
            return
        if all(form.status not in STANDARD for form in found):
            self.lose(where, "no form says what to write instead")
            return
        if len(self.entries) >= MOST:
            self.lose(where, phrase("more than {most} entries", most=f"{MOST:,}"))
            return
        best = min(found, key=lambda form: form.status != "preferred").text
        name = self._free(language, id if id and id == slug(id) else slug(id or best))
        variants = [form.text for form in found if not form.standard]
        told = [text for text in map(clean, match) if text]
        told += [
            text for text in variants if not any(text.casefold() in t.casefold() for t in told)
        ]
        given = {key: value for key, value in given.items() if value}
        concept = str(given.pop("concept", ""))
        self.entries.append(
            Entry(
                id=name,
                language=language,
                forms=tuple(found),
                rule=clean(rule) or _("Taken over from {name}.").format(name=clean(self.name)),
                source=source or Citation(Source("imported", clean(self.name))),
                concept=concept if concept and concept == slug(concept) else name,
                match=tuple(dict.fromkeys(told)),
                **given,
            )
        )

    def take(self, where: str, entry: Entry) -> None:
        """An entry that is whole, under another id where its own is taken."""
        if len(self.entries) >= MOST:
            self.lose(where, phrase("more than {most} entries", most=f"{MOST:,}"))
            return
        name = self._free(entry.language, entry.id)
        concept = entry.concept if entry.concept != entry.id else name
        self.entries.append(replace(entry, id=name, concept=concept, line=0))

    def _forms(self, where: str, forms: Iterable[tuple[str, str]]) -> list[Form]:
        """The forms, cleaned, none twice; a file without a preferred form has its first."""
        found: dict[str, Form] = {}
        for given, status in forms:
            text = clean(given)
            if not text:
                continue
            if len(text) > LONGEST:
                self.lose(where, phrase("a form of {count} characters", count=len(text)))
            elif text in found:
                self.lose(where, phrase("the form {form} a second time", form=text))
            else:
                found[text] = Form(text, cast(Status, status))
        return list(found.values())

    def _free(self, language: str, wanted: str) -> str:
        name, number = wanted, 1
        while (language, name) in self._ids:
            number += 1
            name = f"{wanted}-{number}"
        self._ids.add((language, name))
        return name

"""One entry of a termbase: a concept in one language, its forms, and when and why they hold.

The words follow ISO 30042 (TBX) and ISO 12620: a concept has forms, each with a normative status.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Status = Literal["preferred", "admitted", "deprecated", "superseded", "forbidden"]
Severity = Literal["error", "warning", "info"]
Case = Literal["exact", "sentence-start", "headline", "any"]
Scope = Literal["headline", "body", "caption", "quote"]

STATUSES: Final[tuple[Status, ...]] = (
    "preferred", "admitted", "deprecated", "superseded", "forbidden",
)  # fmt: skip
STANDARD: Final = frozenset({"preferred", "admitted"})
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
CASES: Final[tuple[Case, ...]] = ("exact", "sentence-start", "headline", "any")
SCOPES: Final[tuple[Scope, ...]] = ("headline", "body", "caption", "quote")
EVERYWHERE: Final = frozenset(SCOPES)
LANGUAGES: Final = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write the concept (NFC), and whether it may be used."""

    text: str
    status: Status

    @property
    def standard(self) -> bool:
        """Whether this form is right: preferred or admitted."""
        return self.status in STANDARD


@dataclass(frozen=True, slots=True)
class Source:
    """Where rules are written down: a decree, a style book, a list of names.

    `id` is what a file calls it; sources are the same whatever they are called.
    """

    id: str = field(compare=False)
    title: str
    place: str = ""
    date: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A source and the place in it, as people read it."""

    source: Source
    place: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.source.title, self.place) if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept in one language. Every text is NFC; dates are those of the text that is checked.

    `left` and `right` are phrases beside which a variant is something else; `exceptions` are
    phrases inside which it is. The rule holds for texts dated `since` or later and before
    `until`; `historical` exempts sentences that speak of a time before `since`.
    """

    id: str
    language: str
    forms: tuple[Form, ...]
    rule: str
    source: Citation
    concept: str = ""
    severity: Severity = "warning"
    case: Case = "sentence-start"
    scope: frozenset[Scope] = EVERYWHERE
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    historical: bool = False
    exceptions: tuple[str, ...] = ()
    owner: str = ""
    match: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def standards(self) -> tuple[Form, ...]:
        """The right forms, preferred before admitted, in the order of the file."""
        return tuple(sorted(self._of(True), key=lambda form: form.status != "preferred"))

    @property
    def variants(self) -> tuple[Form, ...]:
        """The forms that are found and told."""
        return tuple(self._of(False))

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What to write instead, best first."""
        return tuple(form.text for form in self.standards)

    def holds(self, dated: date | None) -> bool:
        """Whether the rule holds for a text of that date; an undated text is of today's rules."""
        if dated is None:
            return self.until is None
        return (self.since is None or dated >= self.since) and (
            self.until is None or dated < self.until
        )

    def _of(self, standard: bool) -> list[Form]:
        return [form for form in self.forms if form.standard is standard]

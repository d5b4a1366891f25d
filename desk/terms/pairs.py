"""Two languages: a concept named in one text whose proper form the translation lacks.

Concepts are shared by entries of both languages. Each is asked for once, at its first mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.terms.entry import Entry, Severity
from desk.terms.finding import LOWERED, Lines
from desk.terms.markup import Markup, see
from desk.terms.match import Mention
from desk.terms.termbase import Termbase
from desk.text import nfc


@dataclass(frozen=True, slots=True)
class PairFinding:
    """A name at `start:end` of the source text (code points) with no counterpart in the other.

    `expected` are the right forms there, best first; `instead` is what stands there in their
    place, "" when nothing does.
    """

    concept: str
    severity: Severity
    start: int
    end: int
    line: int
    column: int
    found: str
    expected: tuple[str, ...]
    instead: str
    message: str
    message_vi: str


def pairs(
    text: str,
    other: str,
    termbase: Termbase,
    *,
    language: str,
    other_language: str,
    markup: Markup = "plain",
) -> tuple[PairFinding, ...]:
    """Names of `text` whose form in the other language is missing in `other`, or another there."""
    first = _by_concept(termbase, text, language, markup)
    second = _by_concept(termbase, other, other_language, markup)
    lines, seen = Lines(text), see(text, markup)
    found: list[PairFinding] = []
    for concept, mentions in first.items():
        entries = termbase.of_concept.get((other_language, concept), ())
        expected = tuple(form for entry in entries for form in entry.suggestions)
        met = second.get(concept, [])
        if not expected or any(one.standard for one in met):
            continue
        start, end = seen.folded.back(mentions[0].start, mentions[0].end)
        line, column = lines.place(start)
        name, instead = nfc(text[start:end]), met[0].text if met else ""
        found.append(
            PairFinding(
                concept, _severity(entries), start, end, line, column, name, expected, instead,
                *_says(name, expected[0], instead),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.start))


def _by_concept(
    termbase: Termbase, text: str, language: str, markup: Markup
) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in termbase.matcher(language).mentions(see(text, markup).folded):
        found.setdefault(mention.entry.concept, []).append(mention)
    return found


def _severity(entries: Sequence[Entry]) -> Severity:
    """Never an error: a translation may say it in another way."""
    return LOWERED[min((entry.severity for entry in entries), key=list(LOWERED).index)]


def _says(name: str, expected: str, instead: str) -> tuple[str, str]:
    if instead:
        return (
            f"“{name}” is “{expected}” in the other language, not “{instead}”",
            f"“{name}” ở bản kia là “{expected}”, không phải “{instead}”",
        )
    return (
        f"“{name}” has no counterpart in the other language: “{expected}”",
        f"“{name}” chưa có ở bản kia: “{expected}”",
    )

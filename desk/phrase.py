"""Phrases for people: filled in in English, with the template kept for the reader's language.

What refuses or explains does not know who will read it: the judge is pure, and an error may end in
a log, in JSON or on a screen. So a sentence is written once, in English, as a template with named
values; it *is* the English text, and `desk.locales.told` says it again in the language chosen:

    raise NotFound(phrase("{person} has no key", person=who))

A text without values may stand as it is: the catalogue knows it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Instant(str):
    """A written instant (`desk.clock`) among the values of a phrase.

    In English, for programs, it is what is written; `desk.locales.told` says it on the clocks of
    the newsroom.
    """

    __slots__ = ()


class Phrase(str):
    """The English text; `template`, `values` and `versions` let it be said in other languages.

    `versions`: the same in other languages (BCP 47 code to text) where whoever said it knew them.
    """

    template: str
    values: Mapping[str, object]
    versions: Mapping[str, str]
    __slots__ = ("template", "values", "versions")

    def __new__(
        cls, template: str, values: Mapping[str, object], versions: Mapping[str, str] | None = None
    ) -> Phrase:
        """Fill the template in. Raises KeyError when a value that it names is missing."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values, made.versions = template, dict(values), dict(versions or {})
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], Mapping[str, str]]:  # type: ignore[override]
        """What makes it again, for copies."""
        return self.template, self.values, self.versions


def phrase(template: str, /, **values: object) -> Phrase:
    """A sentence. A value that is itself a sentence is translated with it; others stay as given."""
    return Phrase(template, values)


def instant(written: str) -> Instant:
    """An instant for a phrase: `phrase("over since {at}", at=instant(release.at))`."""
    return Instant(written)


def both(english: str, vietnamese: str) -> Phrase:
    """A text that was written in both languages where it was found."""
    return Phrase(english, {}, {"vi": vietnamese})


def joined(separator: str, parts: Iterable[str]) -> Phrase:
    """Texts one after the other, each to be said by itself."""
    named = {f"p{number}": as_phrase(part) for number, part in enumerate(parts)}
    return Phrase(separator.join(f"{{{name}}}" for name in named), named)


def parts_of(text: str) -> tuple[str, ...]:
    """What `joined` was given; a text that it did not make is one part."""
    values = text.values.values() if isinstance(text, Phrase) else ()
    return tuple(part for part in values if isinstance(part, str)) or (text,)


def as_phrase(text: str) -> Phrase:
    """A text as a phrase: as it is, or one without values."""
    return text if isinstance(text, Phrase) else Phrase(text, {})

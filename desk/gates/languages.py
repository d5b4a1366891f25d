"""The gate on translation: every language is there, and all say the same figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from desk.gates.registry import Finding, GateInput, finding, gate
from desk.items.body import parse
from desk.items.figures import Figure, figures
from desk.items.number_words import SPELLED
from desk.trust.canonical import digest

Key = tuple[Decimal, bool]
_NAMES = {"vi": ("Vietnamese", "tiếng Việt"), "en": ("English", "tiếng Anh")}


@gate("translation", version=1)
def translation(given: GateInput) -> Iterator[Finding]:
    """The message exists in every language of its kind, newest to newest, figures alike."""
    message = given.content.get("message")
    others = [other for other in given.counterparts if message and other.get("message") == message]
    present = {given.language, *(str(other.get("language")) for other in others)}
    for language in given.kind_policy.get("languages", ()):
        if language not in present:
            english, vietnamese = _named(language)
            yield finding(
                "error",
                "language",
                (f"The version in {english} is missing", f"Thiếu bản {vietnamese}"),
                hint="Make it from this item: desk item new --translates ITEM",
            )
    for other in others:
        if other.get("language") != given.language:
            yield from _age(given, other)
            yield from _figures(given, other)


def _named(language: object) -> tuple[str, str]:
    """What a language is called in English and in Vietnamese; its code where there is no name."""
    return _NAMES.get(str(language), (str(language), f"ngôn ngữ {language}"))


def _age(given: GateInput, other: Mapping[str, Any]) -> Iterator[Finding]:
    """Whichever was made from the other was made from its present text."""
    english, vietnamese = _named(other.get("language"))
    for derived, source, says in (
        (
            given.content,
            other,
            (
                f"The version in {english} has changed since this was translated",
                f"Bản {vietnamese} đã thay đổi sau khi được dịch sang bản này",
            ),
        ),
        (
            other,
            given.content,
            (
                f"The version in {english} was translated from an older text",
                f"Bản {vietnamese} được dịch từ nội dung cũ hơn",
            ),
        ),
    ):
        made_from = derived.get("translates") or {}
        if made_from.get("item") != source.get("item") or "content" not in made_from:
            continue
        if made_from["content"] != digest(source):
            yield finding("warning", "translates", says, hint="Compare the two and submit again")


def _figures(given: GateInput, other: Mapping[str, Any]) -> Iterator[Finding]:
    """Figures of the whole text, compared as values: 7,4 in one language is 7.4 in the other."""
    language = str(other.get("language", ""))
    mine = _stated(given.content, given.body.text)
    theirs = _stated(other, parse(str(other.get("body", ""))).text)
    for here, there, where in ((mine, theirs, language), (theirs, mine, given.language)):
        shown = _words(given.content if where == given.language else other)
        english, vietnamese = _named(where)
        for key in here.keys() - there.keys():
            if _spelled(key, shown):
                continue
            figure = here[key]
            says = (
                f"The figure {figure.text} does not stand in the version in {english}",
                f"Số liệu {figure.text} không có trong bản {vietnamese}",
            )
            yield finding("warning", "body", says, hint="Compare the two versions")
    yield from _counts(given, other)


def _stated(content: Mapping[str, Any], body: str) -> dict[Key, Figure]:
    language = str(content.get("language", "vi"))
    texts = (str(content.get("headline", "")), str(content.get("summary", "")), body)
    return {figure.key: figure for text in texts for figure in figures(text, language)}


def _counts(given: GateInput, other: Mapping[str, Any]) -> Iterator[Finding]:
    """As many footnotes to each source in both, since a lost footnote is a lost figure."""
    mine = Counter(reference.label for reference in given.body.references)
    theirs = Counter(reference.label for reference in parse(str(other.get("body", ""))).references)
    for label in sorted(mine.keys() ^ theirs.keys()):
        where = other.get("language") if label in mine else given.language
        english, vietnamese = _named(where)
        says = (
            f"Footnote {label} does not stand in the version in {english}",
            f"Chú thích {label} không có trong bản {vietnamese}",
        )
        yield finding("info", "body", says)


def _words(content: Mapping[str, Any]) -> frozenset[str]:
    text = " ".join(str(content.get(name, "")) for name in ("headline", "summary", "body"))
    return frozenset(re.findall(r"[^\W\d_]+", text.casefold()))


def _spelled(key: Key, shown: frozenset[str]) -> bool:
    """Whether a small whole number is written as a word: "5 tỉnh" and "five provinces"."""
    value, percent = key
    if percent or value != value.to_integral_value() or not 0 <= value < len(SPELLED):
        return False
    return any(set(word.split()) <= shown for word in SPELLED[int(value)])

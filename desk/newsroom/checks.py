"""Checks that relate two places of calendar.yaml: references, repeated ids, names, chains.

They look at the plain values, not at the typed configuration, and step over whatever has the
wrong type, so that one run finds these problems too when single values are bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from desk.newsroom import values
from desk.newsroom.checks_days import check_blackouts, check_slots, check_spans
from desk.newsroom.checks_reach import check_alerts, check_mail, check_press
from desk.newsroom.checks_view import Found, View
from desk.newsroom.config import ROLES, STEPS
from desk.newsroom.marks import Path
from desk.phrase import Phrase, phrase


def check_relations(view: View) -> Iterator[Found]:
    """Everything wrong between places of the file, in no order."""
    for check in (
        _repeated_ids,
        _repeated_words,
        _unknown_words,
        _names,
        _chains,
        _drivers,
        check_spans,
        check_blackouts,
        check_slots,
        check_alerts,
        check_mail,
        check_press,
    ):
        yield from check(view)


def _repeated_ids(view: View) -> Iterator[Found]:
    for noun in ("agencies", "slots", "channels"):
        seen: set[str] = set()
        for path, part in view.each(noun):
            one = part.get("id")
            if isinstance(one, str) and one in seen:
                what = phrase("the id {found} is taken", found=values.shown(one))
                yield Found((*path, "id"), what, "Ids are unique")
            elif isinstance(one, str):
                seen.add(one)
    taken: dict[str, str] = {}
    for path, part in view.each("channels"):
        folder = view.parsed(values.parse_path, part.get("path"))
        if folder and folder in taken:
            yield Found(
                (*path, "path"),
                phrase(
                    "{found} is already the folder of '{channel}'",
                    found=values.shown(folder),
                    channel=taken[folder],
                ),
                "Give each channel a folder of its own",
            )
        elif folder:
            taken[folder] = str(part.get("id", "another"))


_LANGUAGE = phrase("language")
_CHANNEL = phrase("channel")
_Words = tuple[list[tuple[Path, str]], Phrase, Sequence[str] | None]


def _word_lists(view: View) -> Iterator[_Words]:
    """Every list of words with what a word of it is called, and the words known (None: any)."""
    newsroom = view.mapping(view.root.get("newsroom"))
    releases = view.mapping(view.root.get("releases"))
    yield view.words(newsroom, ("newsroom",), "languages"), _LANGUAGE, None
    yield view.words(releases, ("releases",), "withdraw_roles"), phrase("role"), ROLES
    for path, part in view.each("agencies"):
        yield view.words(part, path, "sections"), phrase("section"), list(view.sections)
    for path, part in view.each("kinds"):
        yield view.words(part, path, "chain"), phrase("step"), STEPS
        yield view.words(part, path, "gates"), phrase("gate"), view.gates
        yield view.words(part, path, "languages"), _LANGUAGE, view.languages or None
    for path, part in view.each("channels"):
        yield view.words(part, path, "languages"), _LANGUAGE, view.languages or None
    for path, part in view.each("slots"):
        yield view.words(part, path, "kinds"), phrase("kind"), list(view.kinds)
        yield view.words(part, path, "channels"), _CHANNEL, view.channel_ids
    for path, part in view.each("blackouts"):
        yield view.words(part, path, "channels"), _CHANNEL, view.channel_ids
    for path, part in view.each("alerts"):
        yield view.words(part, path, "when"), phrase("event"), None
    press = view.mapping(view.at(("press", "contact")))
    yield view.words(press, ("press", "contact"), "languages"), _LANGUAGE, None


def _repeated_words(view: View) -> Iterator[Found]:
    for words, noun, _ in _word_lists(view):
        seen: set[str] = set()
        for path, word in words:
            if word in seen:
                what = phrase(
                    "the {noun} {found} is listed twice", noun=noun, found=values.shown(word)
                )
                yield Found(path, what, "Keep one")
            seen.add(word)


def _unknown_words(view: View) -> Iterator[Found]:
    for words, noun, known in _word_lists(view):
        for path, word in words:
            if known is not None and word not in known:
                what = phrase("unknown {noun} {found}", noun=noun, found=values.shown(word))
                yield Found(path, what, values.closest(word, known))


def _names(view: View) -> Iterator[Found]:
    """Names have every language of the newsroom; reasons (`why`) at least one; none another."""
    places: list[tuple[Path, Any, bool]] = [
        (("newsroom", "name"), view.mapping(view.root.get("newsroom")).get("name"), True)
    ]
    places += [
        (("sections", key), names, True)
        for key, names in view.mapping(view.root.get("sections")).items()
    ]
    for noun in ("agencies", "kinds", "channels", "slots"):
        places += [((*path, "name"), part.get("name"), True) for path, part in view.each(noun)]
    places += [((*path, "why"), part.get("why"), False) for path, part in view.each("blackouts")]
    places += [(path, view.at(path), True) for path in _PRESS_TEXTS]
    for path, names, every in places:
        if not isinstance(names, dict) or not names or not view.languages:
            continue
        for key in names:
            if key not in view.languages:
                hint = values.closest(key, view.languages)
                what = phrase("unknown language {found}", found=values.shown(key))
                yield Found((*path, key), what, hint, True)
        missing = [language for language in view.languages if language not in names]
        if every and missing:
            listed = ", ".join(missing)
            yield Found(
                path,
                phrase("no text in {languages}", languages=listed),
                phrase("Add {language}: … beside the others", language=missing[0]),
            )


_PRESS_TEXTS: tuple[Path, ...] = (
    ("press", "contact", "post"),
    ("press", "byline"),
    ("press", "logo", "alt"),
    ("press", "logo", "use"),
)


def _chains(view: View) -> Iterator[Found]:
    for path, part in view.each("kinds"):
        steps = [word for _, word in view.words(part, path, "chain") if word in STEPS]
        if steps != sorted(steps, key=STEPS.index):
            right = ", ".join(sorted(set(steps), key=STEPS.index))
            hint = phrase("Write [{right}]", right=right)
            yield Found((*path, "chain"), "the steps stand in another order", hint)
        if part.get("urgent") is not True:
            continue
        if isinstance(part.get("chain"), tuple) and len(part["chain"]) > 1:
            yield Found(
                (*path, "chain"),
                "an urgent kind has a chain of one step",
                "Keep one step, or take urgent: true out",
            )
        for gate_path, gate in view.words(part, path, "gates"):
            if gate == "translation":
                yield Found(
                    gate_path,
                    "an urgent kind does not wait for its translation",
                    "Take the gate out, or urgent: true",
                )


def _drivers(view: View) -> Iterator[Found]:
    needs = {"desk": ("url", ("path",)), "folder": ("path", ("url", "key", "credential"))}
    for path, part in view.each("channels"):
        driver = part.get("driver")
        if not isinstance(driver, str):
            continue
        if driver not in view.drivers:
            hint = values.closest(driver, view.drivers)
            what = phrase("unknown driver {found}", found=values.shown(driver))
            yield Found((*path, "driver"), what, hint)
        if driver not in needs:
            continue
        needed, foreign = needs[driver]
        if part.get(needed) is None:
            example = "https://portal.example.org" if needed == "url" else "var/press"
            hint = phrase("Write for example {key}: {example}", key=needed, example=example)
            what = phrase("a {driver} channel needs '{key}'", driver=driver, key=needed)
            yield Found(path, what, hint)
        for key in foreign:
            if key in part:
                what = phrase("a {driver} channel has no '{key}'", driver=driver, key=key)
                yield Found((*path, key), what, "Take it out", at_key=True)

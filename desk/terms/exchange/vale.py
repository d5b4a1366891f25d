"""Vale: rules of the extension point `substitution`, one file for each level and case policy.

A key of `swap` is a regular expression; `a|b` on the right are suggestions in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from desk.locales import N_
from desk.newsroom.document import Document
from desk.phrase import phrase
from desk.terms.entry import SCOPES, Entry
from desk.terms.exchange.built import Builder, Exported, Imported, Loss, unreadable
from desk.terms.exchange.words import NotWords, escaped, expanded
from desk.terms.exchange.yamls import line_of, quoted, read_yaml

LEVELS: Final = {"error": "error", "warning": "warning", "info": "suggestion"}
_SEVERITIES: Final = {level: severity for severity, level in LEVELS.items()}
_KEPT: Final = frozenset({"preferred", "deprecated"})
_READ: Final = frozenset({"extends", "message", "level", "ignorecase", "swap", "link", "source"})


def write(entries: tuple[Entry, ...]) -> Exported:
    """Rule files such as `error.yml` and `error-any-case.yml`, to lie in a style's folder."""
    rules: dict[tuple[str, bool], dict[str, str]] = {}
    losses: list[Loss] = []
    for entry in entries:
        losses += _losses(entry)
        right = "|".join(text for text in entry.suggestions if "|" not in text)
        for form in entry.variants if right else ():
            same = any(form.text.casefold() == s.text.casefold() for s in entry.standards)
            any_case = entry.case == "any" or (not same and entry.case != "exact")
            swap = rules.setdefault((LEVELS[entry.severity], any_case), {})
            key = escaped(form.text)
            if key in swap:
                what = phrase("{form}: an entry before has it", form=form.text)
                losses.append(Loss(entry.id, what))
            swap.setdefault(key, right)
    return Exported({_name(*key): _text(*key, swap) for key, swap in rules.items()}, tuple(losses))


def read(raw: bytes, name: str, language: str = "") -> Imported:
    """The entries of one substitution rule. Raises ConfigError with line and column."""
    document = read_yaml(raw, name)
    value = document.value
    if not isinstance(value, dict) or value.get("extends") != "substitution":
        raise unreadable(name, 1, 1, "this is not a substitution rule of Vale",
                        "The file says: extends: substitution")  # fmt: skip
    swap = value.get("swap")
    if not isinstance(swap, dict):
        raise unreadable(name, 1, 1, "the rule has no swap", "Write swap: and wrong: right below")
    builder = Builder(name)
    for key in (key for key in value if key not in _READ):
        builder.lose(line_of(document, (key,)), phrase("{key} of the rule", key=key))
    for right, lefts in _grouped(document, swap, builder).items():
        forms = [(text, "preferred" if n == 0 else "admitted") for n, text in enumerate(right)]
        words = [word for word, _ in lefts if word not in right]
        builder.add(
            lefts[0][1],
            language,
            [*forms, *((word, "deprecated") for word in words)],
            severity=_SEVERITIES.get(str(value.get("level", "")), "warning"),
            case=_case(bool(value.get("ignorecase")), right, words),
            rule=str(value.get("message") or "").replace("%s", "…"),
        )
    return builder.result()


def _grouped(
    document: Document, swap: dict[str, Any], builder: Builder
) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Wrong words and their lines by what they are replaced with."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key, value in swap.items():
        where = line_of(document, ("swap", key))
        right = tuple(part for part in str(value if value is not None else "").split("|") if part)
        try:
            words = expanded(key)
        except NotWords as error:
            what = phrase("the pattern {pattern}: {why}", pattern=key[:60], why=error.why)
            builder.lose(where, what)
            continue
        if right:
            found.setdefault(right, []).extend((word, where) for word in words)
        else:
            builder.lose(where, phrase("{form}: nothing to write instead", form=key[:60]))
    return found


def _case(ignore: bool, right: tuple[str, ...], words: list[str]) -> str:
    """The case policy that finds what Vale would."""
    if ignore:
        folded = {text.casefold() for text in right}
        return "any" if any(word.casefold() in folded for word in words) else "sentence-start"
    return "exact"


def _name(level: str, any_case: bool) -> str:
    return f"{level}-any-case.yml" if any_case else f"{level}.yml"


def _text(level: str, any_case: bool, swap: dict[str, str]) -> bytes:
    lines = [
        "extends: substitution",
        "message: \"Write '%s' instead of '%s'.\"",
        f"level: {level}",
        f"ignorecase: {'true' if any_case else 'false'}",
        "swap:",
        *(f"  {quoted(key)}: {quoted(right)}" for key, right in swap.items()),
    ]
    return ("\n".join(lines) + "\n").encode()


def _losses(entry: Entry) -> Iterator[Loss]:
    held = {
        N_("rule and source"): True,
        N_("status of forms"): bool({form.status for form in entry.forms} - _KEPT),
        N_("concept"): entry.concept != entry.id,
        N_("sentence start: capitals there are told too"): entry.case not in ("exact", "any"),
        N_("scope"): len(entry.scope) < len(SCOPES),
        N_("contexts"): bool(entry.left or entry.right),
        N_("dates"): bool(entry.since or entry.until or entry.historical),
        N_("exceptions"): bool(entry.exceptions),
        N_("examples"): bool(entry.match or entry.clean),
        N_("owner"): bool(entry.owner),
        N_("the whole entry: it has no variant"): not entry.variants,
    }
    yield from (Loss(entry.id, what) for what, present in held.items() if present)
    for form in entry.variants:
        if not (form.text[0].isalnum() and form.text[-1].isalnum()):
            what = phrase("{form}: Vale misses what begins or ends with a mark", form=form.text)
            yield Loss(entry.id, what)
    for text in entry.suggestions:
        if "|" in text:
            what = phrase("the suggestion {form}, since | parts them", form=text)
            yield Loss(entry.id, what)

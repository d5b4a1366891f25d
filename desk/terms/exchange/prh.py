"""prh (proofread-helper): a YAML of rules with `expected`, `patterns` and `specs`.

prh reads no other key of a rule, so `desk` holds the whole entry: what Desk wrote comes back as it
was, unless somebody has changed the rule meanwhile. Then the rule counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from desk.errors import ConfigError
from desk.locales import N_
from desk.newsroom.document import Document
from desk.newsroom.marks import Path
from desk.phrase import phrase
from desk.terms.entry import Entry
from desk.terms.exchange.built import Builder, Exported, Imported, Loss, unreadable
from desk.terms.exchange.words import NotWords, escaped, expanded
from desk.terms.exchange.yamls import line_of, quoted, read_yaml, texts
from desk.terms.plain import entry_of, plain

_LEFT: Final = r"(?<![\p{L}\p{N}])"
_RIGHT: Final = r"(?![\p{L}\p{N}])"
_READ: Final = frozenset({"expected", "pattern", "patterns", "specs", "prh", "options", "desk"})


def write(entries: tuple[Entry, ...]) -> Exported:
    """One file `prh.yml`, with the match examples as specs and the rule as the message."""
    lines = ["version: 1", "rules:"]
    for entry in entries:
        if entry.variants and entry.standards:
            lines += _rule(entry)
    if len(lines) == 2:
        lines[1] = "rules: []"
    losses = tuple(loss for entry in entries for loss in _losses(entry))
    return Exported({"prh.yml": ("\n".join(lines) + "\n").encode()}, losses)


def read(raw: bytes, name: str, language: str = "") -> Imported:
    """The entries of a prh file. Raises ConfigError with line and column when it is malformed."""
    document = read_yaml(raw, name)
    value = document.value
    rules = value.get("rules") if isinstance(value, dict) else None
    if not isinstance(rules, tuple):
        raise unreadable(name, 1, 1, "this is not a prh file: it has no list of rules",
                        "The file says: version: 1, and rules: below")  # fmt: skip
    builder = Builder(name)
    for key in (key for key in value if key not in ("version", "rules", "meta")):
        builder.lose(line_of(document, (key,)), phrase("{key} of the file", key=key))
    for at, rule in enumerate(rules):
        _add(builder, document, ("rules", at), rule, language)
    return builder.result()


def _rule(entry: Entry) -> list[str]:
    best = entry.suggestions[0]
    lines = [f"  - expected: {quoted(best)}", "    patterns:"]
    lines += [f"      - {quoted(_pattern(form.text))}" for form in entry.variants]
    specs = [text for text in entry.match if _mended(entry, text) != text][:1]
    if specs:
        lines.append("    specs:")
        for text in specs:
            lines.append(f"      - from: {quoted(text)}")
            lines.append(f"        to: {quoted(_mended(entry, text))}")
    whole = json.dumps(plain(entry), ensure_ascii=False)
    return [*lines, f"    prh: {quoted(entry.rule)}", f"    desk: {whole}"]


def _pattern(text: str) -> str:
    """A form as whole words. The boundary that prh has an option for knows ASCII letters only: it
    stands at no edge of "thư", and a file with such a rule and an example is refused."""
    first = _LEFT if text[0].isalnum() else ""
    last = _RIGHT if text[-1].isalnum() else ""
    return f"/{first}{escaped(text)}{last}/"


def _mended(entry: Entry, text: str) -> str:
    """What prh makes of a text by the rule of an entry: it compares that with the example."""
    ways = (
        (r"(?<![^\W_])" if one[0].isalnum() else "")
        + re.escape(one)
        + (r"(?![^\W_])" if one[-1].isalnum() else "")
        for one in (form.text for form in entry.variants)
    )
    return re.sub("|".join(ways), lambda _found: entry.suggestions[0], text)


def _add(builder: Builder, document: Document, path: Path, rule: Any, language: str) -> None:
    where = line_of(document, path)
    if isinstance(rule, str):
        rule = {"expected": rule}
    if not isinstance(rule, dict) or not isinstance(rule.get("expected"), str):
        builder.lose(where, "a rule without expected")
        return
    for key in (key for key in rule if key not in _READ):
        builder.lose(where, phrase("{key} of the rule", key=key))
    if "desk" in rule:
        whole = _whole(rule)
        if whole is not None:
            builder.take(where, whole)
            return
        builder.lose(where, phrase("{key} of the rule", key="desk"))
    expected = str(rule["expected"])
    patterns = texts(rule.get("pattern")) + texts(rule.get("patterns"))
    words = [] if patterns else _other_case(expected)
    folded = not patterns
    for pattern in patterns:
        try:
            words += _words(pattern)
            folded |= _any_case(pattern)
        except NotWords as error:
            what = phrase("the pattern {pattern}: {why}", pattern=pattern[:60], why=error.why)
            builder.lose(where, what)
    specs = rule.get("specs")
    listed = specs if isinstance(specs, tuple) else ()
    told = [str(one["from"]) for one in listed if isinstance(one, dict) and "from" in one]
    variants = [(word, "deprecated") for word in dict.fromkeys(words) if word != expected]
    if not variants:
        alone = "{form}: no wrong form is listed; kept as a standard"
        builder.lose(where, phrase(alone, form=expected[:60]))
    builder.add(
        where,
        language,
        [(expected, "preferred"), *variants],
        case=_case(expected, [word for word, _ in variants], folded),
        rule=str(rule.get("prh") or ""),
        match=[text for text in told if any(word in text for word, _ in variants)],
    )


def _whole(rule: dict[str, Any]) -> Entry | None:
    """The entry that Desk wrote beside a rule, if the rule still says the same."""
    given = rule["desk"]
    if not isinstance(given, dict):
        return None
    try:
        entry = entry_of(given)
    except ConfigError:
        return None
    same = [*_rule_of(entry)] == [rule["expected"], rule.get("prh"), *texts(rule.get("patterns"))]
    return entry if same else None


def _rule_of(entry: Entry) -> Iterator[str]:
    """What of an entry stands in its rule, too: what to write, why, and instead of what."""
    yield from entry.suggestions[:1]
    yield entry.rule
    yield from (_pattern(form.text) for form in entry.variants)


def _words(pattern: str) -> list[str]:
    """A pattern is literal text, or an expression between slashes with flags."""
    if len(pattern) > 1 and pattern.startswith("/"):
        return expanded(pattern[1:].rpartition("/")[0].removeprefix(_LEFT).removesuffix(_RIGHT))
    return [pattern]


def _any_case(pattern: str) -> bool:
    """Whether an expression has the flag that makes letters of both cases one."""
    return pattern.startswith("/") and "i" in pattern[1:].rpartition("/")[2]


def _other_case(expected: str) -> list[str]:
    """What a rule without a pattern speaks against: the same letters in another case."""
    return [text for text in (expected.lower(), expected.upper()) if text != expected][:1]


def _case(expected: str, words: list[str], folded: bool) -> str:
    """The case policy that finds what prh would; "" where nothing is to be found."""
    if not words:
        return ""
    if not folded:
        return "exact"
    same = any(word.casefold() == expected.casefold() for word in words)
    return "any" if same else "sentence-start"


def _losses(entry: Entry) -> Iterator[Loss]:
    if not entry.variants:
        yield Loss(entry.id, N_("the whole entry: it has no variant"))

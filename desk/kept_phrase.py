"""Phrases kept in a JSON file: English where programs read it, and beside it how each was made.

A publisher does not know who will read its status file. Its texts stand there in English; under
`phrases`, each English text has its template and values, so that whoever reads the file can have
it said in the reader's language (`desk.locales.told`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from desk.phrase import Instant, Phrase

KEY = "phrases"
INSTANT = "instant"
DEEPEST = 8
"""How far phrases in phrases, and lists in a file, are followed."""
_TEMPLATE = re.compile(r"(?:[^{}]|\{\{|\}\}|\{[a-z][a-z0-9_]*(?::[+,]?(?:\.[0-9])?[a-z]?)?\})*")
"""Names with a short format only: a file must not reach into values, or ask for a wide column."""


def with_phrases(value: Mapping[str, Any]) -> dict[str, Any]:
    """A document with how its phrases were made, where it has any that more than English needs."""
    found: dict[str, Any] = {}
    _collect(value, found)
    return {**value, KEY: found} if found else dict(value)


def revived(value: Any) -> Any:
    """A document as it was read, with its phrases again, and without the list of them.

    What does not fit (a file is a file) stays the plain text that it was. Never raises.
    """
    if not isinstance(value, dict):
        return value
    kept = value.get(KEY)
    kept = kept if isinstance(kept, dict) else {}
    made = {english: _made(english, how) for english, how in kept.items()}
    rest = {name: one for name, one in value.items() if name != KEY}
    return _walked(rest, made, DEEPEST)


def _collect(value: object, found: dict[str, Any]) -> None:
    if isinstance(value, Phrase):
        found[str(value)] = _how(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            _collect(one, found)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _collect(one, found)


def _how(text: Phrase) -> dict[str, Any]:
    values = {name: _value(one) for name, one in text.values.items()}
    return {"template": text.template, "values": values, "versions": dict(text.versions)}


def _value(value: object) -> object:
    if isinstance(value, Phrase):
        return _how(value)
    if isinstance(value, Instant):
        return {INSTANT: str(value)}
    return value if isinstance(value, (str, int, float)) else str(value)


def _made(english: str, how: object) -> str:
    found = _phrase(how, DEEPEST)
    return found if found is not None and str(found) == english else english


def _phrase(how: object, depth: int) -> Phrase | None:
    """The phrase that a file describes; None for anything else."""
    if not (isinstance(how, dict) and depth and isinstance(how.get("template"), str)):
        return None
    values, versions = how.get("values"), how.get("versions")
    if not (isinstance(values, dict) and isinstance(versions, dict)):
        return None
    given: dict[str, object] = {}
    for name, one in values.items():
        made = _revived_value(one, depth - 1) if isinstance(one, dict) else one
        if not isinstance(made, (str, int, float)):
            return None
        given[name] = made
    if given and not _TEMPLATE.fullmatch(how["template"]):
        return None
    said = {str(code): str(text) for code, text in versions.items()}
    try:
        return Phrase(how["template"], given, said)
    except (KeyError, ValueError, IndexError, OverflowError):
        return None


def _revived_value(how: dict[str, Any], depth: int) -> str | None:
    """A value that was an instant or a phrase itself; None for anything else."""
    written = how.get(INSTANT)
    return Instant(written) if isinstance(written, str) else _phrase(how, depth)


def _walked(value: Any, made: Mapping[str, str], depth: int) -> Any:
    if isinstance(value, str):
        return made.get(value, value)
    if not depth:
        return value
    if isinstance(value, dict):
        return {name: _walked(one, made, depth - 1) for name, one in value.items()}
    return [_walked(one, made, depth - 1) for one in value] if isinstance(value, list) else value

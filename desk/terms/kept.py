"""The file of ignores: findings that somebody decided to keep, one line each, read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from desk.errors import ConfigError, NotFound, Problem, Unavailable
from desk.newsroom.document import read_document
from desk.terms.ignores import Ignore
from desk.text import safe_text

_TEXTS: Final = ("entry", "found", "text", "reason", "author")
_NUMBERS: Final = ("start", "end")
_HEADING: Final = (
    "# Findings that were decided to be kept. A text that changes there voids its line."
)


def read_ignores(path: Path) -> tuple[Ignore, ...]:
    """The ignores in a file. Raises ConfigError with line and column, NotFound, Unavailable."""
    try:
        document = read_document(path.read_bytes())
    except FileNotFoundError:
        raise NotFound("There is no such file of ignores", safe_text(path)) from None
    except OSError as error:
        raise Unavailable("The ignores cannot be read", f"{path}: {error.strerror}") from None
    problems, found = list(document.problems), []
    value = document.value
    listed = value.get("ignores") if isinstance(value, dict) else None
    if document.readable and not isinstance(listed, tuple):
        problems.append(Problem(1, 1, "expected a list ignores:", "Make it: desk terms ignore"))
    for at, one in enumerate(listed if isinstance(listed, tuple) else ()):
        ignore = _ignore(one)
        if ignore is None:
            mark = document.marks.value(("ignores", at))
            what = "expected entry, start, end, found, text, reason, author, and expires or not"
            problems.append(Problem(mark.line, mark.column, what))
        else:
            found.append(ignore)
    if problems:
        raise ConfigError(safe_text(path), problems)
    return tuple(found)


def _ignore(value: Any) -> Ignore | None:
    if not isinstance(value, dict) or set(value) - {*_TEXTS, *_NUMBERS, "expires"}:
        return None
    texts = [value.get(name) for name in _TEXTS]
    numbers = [value.get(name) for name in _NUMBERS]
    if not all(isinstance(one, str) and one for one in texts):
        return None
    if not all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in numbers):
        return None
    try:
        expires = date.fromisoformat(value["expires"]) if value.get("expires") else None
    except (ValueError, TypeError):
        return None
    entry, found, text, reason, author = map(str, texts)
    return Ignore(entry, int(str(numbers[0])), int(str(numbers[1])), found, text, reason, author,
                  expires)  # fmt: skip


def text_of(ignores: Iterable[Ignore]) -> str:
    """The file of these ignores, each on a line."""
    lines = [f"  - {json.dumps(one.as_json(), ensure_ascii=False)}" for one in ignores]
    return "\n".join([_HEADING, "ignores:" if lines else "ignores: []", *lines]) + "\n"

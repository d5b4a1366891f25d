"""Loading calendar.yaml: from a file to a checked configuration, or to all of its problems at once.

load(path)  -> NewsroomConfig, or ConfigError with every problem in file order
check(path) -> CheckReport: the same problems, and warnings about what is allowed but unwise
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from desk import shared_files
from desk.errors import ConfigError, NotFound, Problem, Unavailable
from desk.newsroom import values
from desk.newsroom.checks import check_relations
from desk.newsroom.checks_view import Found, View
from desk.newsroom.config import (
    KNOWN_DRIVERS,
    KNOWN_GATES,
    NewsroomConfig,
    model_at,
)
from desk.newsroom.document import MAX_BYTES, MAX_PROBLEMS, REFUSED, dotted, read_document
from desk.newsroom.marks import Mark, Marks, Path
from desk.newsroom.staffing import chain_gaps, unstaffed
from desk.phrase import phrase
from desk.text import safe_text

__all__ = ["CheckReport", "chain_gaps", "check", "load", "load_bytes", "read_bytes"]


@dataclass(frozen=True)
class CheckReport:
    """What `check` found: problems stop the file from being used, warnings do not."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file can be used."""
        return not self.problems

    def as_json(self) -> dict[str, object]:
        """The report as plain values for `--json`."""
        return {
            "ok": self.ok,
            "problems": [one.as_json() for one in self.problems],
            "warnings": [one.as_json() for one in self.warnings],
        }


def load(
    path: str | FilePath,
    *,
    known_drivers: Iterable[str] = KNOWN_DRIVERS,
    known_gates: Iterable[str] = KNOWN_GATES,
) -> NewsroomConfig:
    """Read and check calendar.yaml.

    Raises ConfigError with every problem (line, column, path, hint), NotFound when there is no
    such file, Unavailable when it cannot be read.
    """
    file = FilePath(path)
    return load_bytes(
        read_bytes(file), str(file), known_drivers=known_drivers, known_gates=known_gates
    )


def load_bytes(
    raw: bytes,
    file: str = "calendar.yaml",
    *,
    known_drivers: Iterable[str] = KNOWN_DRIVERS,
    known_gates: Iterable[str] = KNOWN_GATES,
) -> NewsroomConfig:
    """The same for bytes that were read already; `file` is the name told in errors."""
    document = read_document(raw)
    problems = list(document.problems)
    config = None
    if document.readable:
        config, wrong = _typed(document.value, document.marks)
        problems += wrong
        view = View(document.value, known_drivers, known_gates)
        relations = islice(check_relations(view), MAX_PROBLEMS)
        problems += [_located(found, document.marks) for found in relations]
    if problems or config is None:
        raise ConfigError(safe_text(file), _in_order(problems))
    return config.at_marks(document.marks)


def check(
    path: str | FilePath,
    roster: Mapping[str, Any] | None = None,
    *,
    known_drivers: Iterable[str] = KNOWN_DRIVERS,
    known_gates: Iterable[str] = KNOWN_GATES,
) -> CheckReport:
    """Check calendar.yaml, with a roster document also whether its people can fill the chains.

    Raises NotFound or Unavailable when there is nothing to read, and nothing else.
    """
    from desk.newsroom.advice import warnings

    try:
        config = load(path, known_drivers=known_drivers, known_gates=known_gates)
    except ConfigError as error:
        return CheckReport(error.problems)
    people = roster["people"] if roster is not None else None
    gaps = chain_gaps(config, people) if people is not None else []
    idle = unstaffed(config, people) if people is not None else []
    return CheckReport(tuple(_in_order(gaps)), tuple(_in_order(warnings(config, idle))))


def read_bytes(file: FilePath) -> bytes:
    """The bytes of the file, one more than `MAX_BYTES` at most. Raises NotFound, Unavailable."""
    try:
        with open(file, "rb", opener=shared_files.plain) as stream:
            return stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(
            "There is no such calendar", safe_text(file), "Make a newsroom: desk newsroom init"
        ) from None
    except IsADirectoryError:
        raise NotFound(
            "A folder is not a calendar", safe_text(file), "Name the calendar.yaml in it"
        ) from None
    except OSError as error:
        raise Unavailable(
            "The calendar cannot be read",
            f"{safe_text(file)}: {error.strerror}",
            "Look at the file's permissions and the disk",
        ) from None


def _typed(value: Any, marks: Marks) -> tuple[NewsroomConfig | None, list[Problem]]:
    """The typed configuration, or what is wrong with its single values."""
    if not isinstance(value, dict):
        hint = "Start it with newsroom:, agencies:, kinds:, channels:, releases:"
        what = phrase("expected a mapping, found {found}", found=values.described(value))
        return None, [Problem(1, 1, what, hint)]
    try:
        return NewsroomConfig.model_validate(value), []
    except ValidationError as error:
        found = [e for e in error.errors(include_url=False) if not _is_echo(e)]
        return None, [_translated(e, marks) for e in found[:MAX_PROBLEMS]]


def _is_echo(error: ErrorDetails) -> bool:
    """Whether another problem says it: of a refused value, or of a list whose entries are wrong."""
    given = error["input"]
    return given is REFUSED or (error["type"] == "too_short" and bool(given))


def _located(found: Found, marks: Marks) -> Problem:
    mark = marks.key(found.path) if found.at_key else marks.value(found.path)
    return Problem(mark.line, mark.column, found.what, found.hint, dotted(found.path))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """In file order, each place and sentence once."""
    unique = {(p.line, p.column, p.what): p for p in reversed(list(problems))}
    return [unique[key] for key in sorted(unique)]


_MAPPING = (
    phrase("a mapping"),
    phrase("Write {brackets}, or indented lines key: value", brackets="{key: value}"),
)
_EXPECTED = {
    "string_type": (phrase("text"), phrase('Put it in quotes: "…"')),
    "int_type": (
        phrase("a whole number"),
        phrase("Write it without quotes, fraction or unit: 2"),
    ),
    "bool_type": (phrase("true or false"), phrase("Write true or false, without quotes")),
    "tuple_type": (phrase("a list"), phrase("Write [a, b], or one line '- a' for each")),
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
}
_BOUNDS = {
    "greater_than_equal": ("ge", phrase("at least")),
    "less_than_equal": ("le", phrase("at most")),
}


def _translated(error: ErrorDetails, marks: Marks) -> Problem:
    """One of pydantic's errors in our words, with its place."""
    path: Path = tuple(error["loc"])
    kind, given = error["type"], error["input"]
    ctx: Mapping[str, Any] = error.get("ctx", {})
    at_key = False
    if path and path[-1] == "[key]":
        # Pydantic says "[key]" where the key of a mapping, not its value, is wrong.
        path, at_key = path[:-1], True
    mark: Mark = marks.key(path) if at_key else marks.value(path)
    what, hint = "", ""
    if kind == "missing":
        name, path = str(path[-1]), path[:-1]
        mark = marks.value(path) if not path else marks.key(path)
        what, hint = phrase("'{key}' is missing", key=name), _example(path, name)
    elif kind == "extra_forbidden":
        mark = marks.key(path)
        what = phrase("unknown key {found}", found=values.shown(path[-1]))
        hint = values.closest(str(path[-1]), _keys_at(path[:-1]))
    elif isinstance(ctx.get("error"), values.BadValue):
        what, hint = ctx["error"].what, ctx["error"].hint
    elif kind in _EXPECTED:
        expected, hint = _EXPECTED[kind]
        what = phrase(
            "expected {expected}, found {described}",
            expected=expected,
            described=values.described(given),
        )
    elif kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        said = {"words": words, "bound": ctx[name]}
        what = phrase("expected {words} {bound}, found {found}", found=values.shown(given), **said)
        hint = phrase("Use a value of {words} {bound}", **said)
    elif kind == "too_short":
        what = phrase("expected at least one entry, found none")
        hint = phrase("Write at least one")
    else:
        what = error["msg"]
    return Problem(mark.line, mark.column, what, hint, dotted(path))


def _keys_at(path: Path) -> list[str]:
    model, _ = model_at(path)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _example(path: Path, name: str) -> str:
    model, _ = model_at(path)
    for key, field in model.model_fields.items() if model else ():
        if (field.alias or key) == name and field.examples:
            example = field.examples[0]
            return phrase("Write for example {key}: {example}", key=name, example=example)
    return phrase("Add {key}:", key=name)

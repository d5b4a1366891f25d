"""Gathering: what `desk --help` and the help of each verb say, read from the code of desk/cli.

A verb's docstring, `help=` of options and commands, the sentence of a noun, and the words beside
an example are text for people by where they stand: they need no mark.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

_OPTIONS = frozenset({"option", "Option", "command", "Root"})
_COMMENT = re.compile(r"\S  +(\S.*)$")


def helped(source: str) -> Iterator[tuple[str, int]]:
    """Every such text of a module, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and _is_verb(node):
            yield inspect.cleandoc(ast.get_docstring(node) or ""), node.lineno
        elif isinstance(node, ast.Call):
            yield from _called(node)


def helped_under(root: Path) -> Iterator[tuple[Path, str, int]]:
    """The same of the whole command line. `root`: the folder that `desk` lies in."""
    for path in sorted((root / "desk" / "cli").glob("*.py")):
        for text, line in helped(path.read_text("utf-8")):
            if text:
                yield path, text, line


def _is_verb(node: ast.FunctionDef) -> bool:
    calls = (each for each in node.decorator_list if isinstance(each, ast.Call))
    return any(
        _name(call) == "verb"
        or (_name(call) == "command" and all(word.arg != "help" for word in call.keywords))
        for call in calls
    )


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _called(call: ast.Call) -> Iterator[tuple[str, int]]:
    name = _name(call)
    if name in _OPTIONS:
        for word in call.keywords:
            if word.arg == "help" and isinstance(word.value, ast.Constant):
                yield inspect.cleandoc(str(word.value.value)), word.value.lineno
    elif name == "noun" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
        yield str(call.args[1].value), call.lineno
    elif name == "examples":
        for line in call.args:
            met = _COMMENT.search(str(line.value)) if isinstance(line, ast.Constant) else None
            if met is not None:
                yield met[1], line.lineno

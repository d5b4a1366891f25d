"""English in the code that no catalogue knows: sentences that a reader of Vietnamese would meet.

Any literal with words in it counts, wherever it stands, unless its place shows that nobody reads
it or that it is translated: a rule by following the output would miss the helper in between.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from desk.locales.gather import said
from desk.locales.gather_help import helped
from desk.locales.words import WORDS

_WORDS = re.compile(
    r"[A-Za-z]{2,}[,:;.]? +(?:\{\}|[a-z]{2,})|\{\}[:;,]? +[a-z]{3,}|[a-z]{3,}:? \{\}"
)
_TRANSLATED = frozenset({"_", "N_", "ngettext", "phrase", "told", "both", "because", "malformed"})
_FOR_PROGRAMMERS = frozenset(
    {
        "RuntimeError",
        "TypeError",
        "ValueError",
        "AssertionError",
        "KeyError",
        "LookupError",
        "AttributeError",
    }
)
_CODE = frozenset(
    {"examples", "compile", "sub", "text", "query", "query_one", "word", "words", "typed"}
)
"""Calls whose literals are code: command lines, patterns, selectors, contexts of the catalogue."""
_NAMES = re.compile(r"_?(?:[A-Z_]*CSS|STYLE\w*|TWINS?)$")
"""Names that hold style sheets and commands."""


@dataclass(frozen=True)
class Unsaid:
    """One English text and its line; `{}` stands for each value."""

    text: str
    line: int


def unsaid(source: str) -> Iterator[Unsaid]:
    """Every text of a module that reads like English and passes no catalogue."""
    tree = ast.parse(source)
    known = {one.text for one in said(source)} | {text for text, _ in helped(source)}
    yield from _walk(tree, known | set(WORDS))


def _walk(node: ast.AST, known: set[str]) -> Iterator[Unsaid]:
    for child in ast.iter_child_nodes(node):
        text = _text(child)
        if text is not None:
            if _WORDS.search(text) and text not in known and not text.startswith("desk "):
                yield Unsaid(text, getattr(child, "lineno", 0))
        elif not _silent(child):
            yield from _walk(child, known)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        return "".join(map(str, parts))
    return None


def _silent(node: ast.AST) -> bool:
    """Whether what stands inside is translated, or is for nobody to read."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)  # a docstring
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _TRANSLATED | _FOR_PROGRAMMERS | _CODE
    if isinstance(node, ast.Assign):
        return any(isinstance(to, ast.Name) and _NAMES.match(to.id) for to in node.targets)
    return isinstance(node, ast.Assert)

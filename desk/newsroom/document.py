"""The YAML text of a file of rules as plain values, each with its place, and everything odd in it.

Only the plain part of YAML is read: mappings, lists, text, whole numbers, true, false. Anchors,
aliases, tags and merge keys are refused where they stand, so nothing expands and nothing runs.
Unlike YAML 1.1, `09:30`, `no` and `2026-11-21` stay the text that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import yaml
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from desk.errors import Problem
from desk.newsroom.marks import Mark, Marks, Path
from desk.newsroom.values import shown
from desk.phrase import phrase
from desk.text import nfc

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
MAX_NODES = 20_000
MAX_PROBLEMS = 500
"""How many problems of one sort are told: enough to work on, and a hostile file makes no more."""

_REFUSED_TAG = "!refused"
# Line separators and bidi controls too: an editor shows such lines in another order.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e"
    "\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
)
_ODD = re.compile(f"[{_INVISIBLE}]|\r(?!\n)|^[ ]*\t[ \t]*", re.MULTILINE)
# U+FFFD stands for a character that was reported where it stood.
_ODD_IN_VALUE = re.compile(f"[{_INVISIBLE}]")
_INT = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][0-9]+")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Refused:
    """Stands for a value that was refused already, so that nobody complains about it twice."""

    def __repr__(self) -> str:
        return "(refused)"


REFUSED: Final = _Refused()


@dataclass(frozen=True)
class Document:
    """What a file holds. `readable` is False when the YAML itself could not be read to its end.

    `value` is made of dict, tuple, str, int, float, bool, None and REFUSED.
    """

    value: Any
    marks: Marks
    problems: tuple[Problem, ...]
    readable: bool = True


def read_document(
    raw: bytes, *, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_NODES, quick: bool = False
) -> Document:
    """Read the bytes of a YAML file. Never raises for what is in them.

    `quick` lets libyaml read a file that is plain at first sight, fifteen times as fast, which
    matters for files of many entries; the answer is the same.
    """
    if len(raw) > max_bytes:
        what = phrase("the file has {count} bytes", count=f"{len(raw):,}")
        problem = Problem(1, 1, what, phrase("At most {most} are read", most=f"{max_bytes:,}"))
        return Document(None, Marks(), (problem,), readable=False)
    text = raw.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff")
    problems = list(islice(_odd_characters(text), MAX_PROBLEMS))
    if quick and not problems and (plain := _quick_root(text)) is not None:
        reader = _Reader()
        value = reader.read(plain, ())
        return Document(value, Marks(reader.values, reader.keys), tuple(reader.problems))
    loader = _Loader(_ODD.sub(_replacement, text), max_nodes)
    try:
        root = loader.get_single_node()
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML lets chr() and int() fail on escapes and versions that are out of range.
        # After odd characters the syntax error is most likely their doing.
        syntax = [] if problems else [_syntax_problem(error, loader)]
        return Document(None, Marks(), (*problems, *loader.problems, *syntax), readable=False)
    except _TooMuch as error:
        return Document(None, Marks(), (*problems, *loader.problems, error.problem), readable=False)
    finally:
        loader.dispose()
    reader = _Reader()
    value = reader.read(root, ()) if root is not None else None
    marks = Marks(reader.values, reader.keys)
    return Document(value, marks, (*problems, *loader.problems, *reader.problems))


# What may be an anchor, alias or tag, or nest without brackets or blanks: "- - - a", "? ? a".
_NOT_PLAIN = re.compile(r"(?:^|[\s\[{,])[&*!][^\s&]|^ {24}|^[ ]*(?:[-?:][ ]+){3}", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")


def _quick_root(text: str) -> Node | None:
    """What libyaml composes; None when the careful loader must look, also to tell what is wrong.

    The composer in C overflows the stack on deep nesting, and expands aliases: such text never
    reaches it.
    """
    if not yaml.__with_libyaml__ or _NOT_PLAIN.search(text):
        return None
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > MAX_DEPTH // 2:
            return None
    try:
        root: Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None
    return root


def _replacement(match: re.Match[str]) -> str:
    return " " * len(match.group()) if match.group().isspace() else "\ufffd"


def _odd_characters(text: str) -> Iterator[Problem]:
    line, line_start, counted = 1, 0, 0
    for match in _ODD.finditer(text):
        breaks = text.count("\n", counted, match.start())
        if breaks:
            line += breaks
            line_start = text.rindex("\n", counted, match.start()) + 1
        counted = match.start()
        found = match.group()
        at = match.start() + (found.index("\t") if "\t" in found else 0)
        yield Problem(line, at - line_start + 1, *_about(found))


def _about(found: str) -> tuple[str, str]:
    code = ord(found[0])
    if "\t" in found:
        return phrase("a tab in the indentation"), phrase("Indent with blanks only")
    if 0xDC80 <= code <= 0xDCFF:
        return (
            phrase("the byte {byte} is not UTF-8", byte=f"{code - 0xDC00:#04x}"),
            phrase("Save the file as UTF-8"),
        )
    if found == "\x00":
        return phrase("a NUL character"), phrase("Take it out; is this a text file?")
    return (
        phrase("the invisible character {code}", code=f"U+{code:04X}"),
        phrase("Take it out; lines end with a newline, and text keeps its order"),
    )


class _TooMuch(Exception):
    """Deeper or longer than any newsroom: reading stops here."""

    def __init__(self, mark: yaml.Mark, what: str, hint: str) -> None:
        super().__init__(what)
        self.problem = Problem(mark.line + 1, mark.column + 1, what, hint)


class _Loader(yaml.SafeLoader):
    """Composes nodes with the pure Python scanner, whose marks are right; refuses what is extra."""

    def __init__(self, text: str, max_nodes: int = MAX_NODES) -> None:
        super().__init__(text)
        self.problems: list[Problem] = []
        self._max_nodes = max_nodes
        self._depth = 0
        self._nodes = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        mark = event.start_mark
        self._nodes += 1
        if self._depth >= MAX_DEPTH:
            most = phrase("At most {most} levels are read", most=MAX_DEPTH)
            raise _TooMuch(mark, phrase("nested too deep"), most)
        if self._nodes > self._max_nodes:
            most = phrase("At most {most} values are read", most=f"{self._max_nodes:,}")
            raise _TooMuch(mark, phrase("too many entries"), most)
        if isinstance(event, AliasEvent):
            self.get_event()  # type: ignore[no-untyped-call]
            alias = phrase("an alias, {found}", found=shown_plain(f"*{event.anchor}"))
            self._refuse(mark, alias, phrase("Write the value out"))
            return ScalarNode(_REFUSED_TAG, "", mark)
        if event.anchor is not None:
            anchor = phrase("an anchor, {found}", found=shown_plain(f"&{event.anchor}"))
            self._refuse(mark, anchor, phrase("Take it out and write values out"))
            event.anchor = None
        tag = event.tag
        if tag is not None:
            found = phrase("a tag, {found}", found=shown_plain(tag))
            self._refuse(mark, found, phrase("Take it out; quote the value if it is text"))
            event.tag = None
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        if tag is not None and isinstance(node, ScalarNode):
            node.tag = _REFUSED_TAG
        return node

    def _refuse(self, mark: yaml.Mark, what: str, hint: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(mark.line + 1, mark.column + 1, what, hint))


def shown_plain(text: str) -> str:
    """Text from the file without quotes, on one safe line of bounded length."""
    return shown(text, 60)[1:-1]


class _Reader:
    """Turns composed nodes into plain values and notes where each stands."""

    def __init__(self) -> None:
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.problems: list[Problem] = []

    def read(self, node: Node, path: Path) -> Any:
        self.values[path] = _mark(node)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return tuple(self.read(child, (*path, i)) for i, child in enumerate(node.value))
        if node.tag == _REFUSED_TAG or not isinstance(node, ScalarNode):
            return REFUSED
        if odd := _ODD_IN_VALUE.search(node.value):
            code = f"U+{ord(odd.group()):04X}"
            what = phrase("an escape for the invisible character {code}", code=code)
            self._add(_mark(node), path, what, phrase("Take it out"))
            return REFUSED
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = _mark(key_node)
            if not isinstance(key_node, ScalarNode):
                what = phrase("a key that is not text")
                self._add(mark, path, what, phrase("Write key: value"))
                continue
            if key_node.tag == _REFUSED_TAG:
                continue
            key = nfc(key_node.value)
            here = (*path, key)
            if key == "<<" and not key_node.style:
                self._add(mark, here, phrase("a merge key, <<"), phrase("Write the values out"))
            elif key in found:
                first = self.keys[here].line
                self._add(
                    mark,
                    here,
                    phrase("{key} is given twice", key=shown(key)),
                    phrase("The first is on line {line}", line=first),
                )
            else:
                self.keys[here] = mark
                found[key] = self.read(value_node, here)
        return found

    def _add(self, mark: Mark, path: Path, what: str, hint: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(mark.line, mark.column, what, hint, dotted(path)))


def _mark(node: Node) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    text = str(node.value)
    if not node.style:  # None from the careful loader, "" from libyaml
        if text in _WORDS:
            return _WORDS[text]
        if _INT.fullmatch(text):
            return int(text)
        if len(text) < 40 and _FLOAT.fullmatch(text):
            return float(text)
    return nfc(text)


def dotted(path: Path) -> str:
    """A path as people write it: `kinds.news.chain[0]`."""
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else f".{step}" if out else str(step)
    return shown_plain(out) if len(out) > 60 or not out.isprintable() else out


_HINTS = (
    (
        "mapping values are not allowed",
        phrase("Put text that holds ': ' in quotes; check the indentation"),
    ),
    ("expected <block end>", phrase("Check the indentation here and in the lines above")),
    ("could not find expected ':'", phrase("Write key: value, with a blank after the colon")),
    ("expected ',' or", phrase("Close the bracket, or put a comma between the entries")),
    ("expected the node content", phrase("A value is missing here")),
    ("cannot start any token", phrase("Put the text in quotes")),
    ("but found another document", phrase("Keep one document: take the line --- out")),
    ("unexpected end of stream", phrase("A quote or bracket above is not closed")),
)
_LOOK = phrase("Check quotes and indentation")


def _syntax_problem(error: Exception, loader: _Loader) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        here = loader.get_mark()
        what = phrase("this is not YAML: {error}", error=shown_plain(str(error)))
        return Problem(here.line + 1, here.column + 1, what, "Check the escape in the quotes")
    mark = error.problem_mark or error.context_mark
    said = " ".join(part for part in (error.context, error.problem) if part)
    hint = next((hint for part, hint in _HINTS if part in said), _LOOK)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = phrase("this is not YAML: {error}", error=shown(said, 120)[1:-1])
    return Problem(line, column, what, hint)

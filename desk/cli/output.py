"""What the command line prints: data on stdout, narration on stderr, and nothing else prints.

With `--json` stdout carries exactly one JSON document (RFC 8259, UTF-8, sorted keys): the data, or
`{"error": {"code", "title", "message", "hint", "details", "exit_code"}}` when the command failed.
The same error is told to people on stderr in both cases. Whatever came from outside passes
`safe_text`, so that no field can move the cursor, ring, retitle or reorder a terminal; in JSON the
same characters are written as `\\uXXXX`, which loses nothing.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import IO, Any, TypeVar

from desk.errors import DeskError, Unavailable
from desk.locales import _, told
from desk.phrase import Phrase
from desk.text import nfc, safe_text

T = TypeVar("T")
_NOT_IN_JSON = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PLAINER = {"✖": "x", "→": "->", "…": "...", "–": "-", "—": "-", "─": "-", "·": "-", "đ": "d"}
_PLAINER |= {"Đ": "D", "✓": "ok", "“": '"', "”": '"', "’": "'"}


@dataclass(frozen=True)
class Column:
    """A table's column: its heading, and whether its cells stand to the right (numbers)."""

    title: str
    right: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings. Cells are anything `str()` takes; they are shown as one line each."""

    columns: Sequence[str | Column]
    rows: Sequence[Sequence[object]]
    title: str = ""


@dataclass(frozen=True)
class Fields:
    """Labels and values, one pair a line. A value of several lines keeps them."""

    pairs: Sequence[tuple[str, object]] = field(default=())


Block = str | Table | Fields
Human = Callable[[T], Block | Iterable[Block]]


class ReaderGone(Exception):
    """Whoever read our stdout has closed it: `desk ... | head`. No error to tell anybody."""


class Output:
    """The two streams of one run of the command line."""

    def __init__(
        self,
        *,
        json: bool = False,
        quiet: bool = False,
        stdout: IO[str] | None = None,
        stderr: IO[str] | None = None,
    ) -> None:
        self.json = json
        self.quiet = quiet
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr
        self._emitted = False

    def emit(self, data: T, human: Human[T] | None = None) -> None:
        """Print the result of a command, once: JSON with `--json`, else what `human` makes of it.

        `data` is a frozen view, a dict, a list or a plain value; `human` turns it into lines
        (str), a Table, Fields or several of them. Without `human` a list becomes a table and a
        view or dict becomes fields. Raises ReaderGone, or Unavailable when stdout is full.
        """
        if self.json:
            self._emit_json(plain(data))
            return
        self._emitted = True
        blocks = human(data) if human else default_view(plain(data))
        for block in [blocks] if isinstance(blocks, (str, Table, Fields)) else blocks:
            if isinstance(block, Table) and not block.rows:
                self.say(_("Nothing to show."))
            else:
                self._write(self._stdout, self._rendered(block))

    def say(self, text: str) -> None:
        """Tell the person what is going on (stderr). Silent with `--quiet`."""
        if not self.quiet:
            self._narrate(told(text))

    def warn(self, text: str) -> None:
        """Tell the person something that must not be missed (stderr), also with `--quiet`."""
        self._narrate(f"! {told(text)}")

    def fail(self, error: DeskError) -> None:
        """Tell an error: to people on stderr, and with `--json` to scripts on stdout."""
        red, off = ("\x1b[1;31m", "\x1b[0m") if self._colours(self._stderr) else ("", "")
        title, message, hint = told(error.title), told(error.message), told(error.hint)
        lines = [f"{red}✖{off} {safe_text(title)}"]
        lines += ["  " + line for line in safe_text(message, multiline=True).splitlines()]
        if hint:
            lines += [f"  → {safe_text(hint)}"]
        self._write(self._stderr, "\n".join(lines) + "\n")
        if self.json and not self._emitted:
            as_json = {
                "code": error.code,
                "title": title,
                "message": message,
                "hint": hint,
                "details": error.details,
                "exit_code": error.exit_code,
            }
            self._emit_json({"error": plain(as_json)})

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[], None]]:
        """Show `label 3/12` on one line of stderr; call what it yields after each step.

        Nothing at all is shown when stderr is no terminal, or with `--quiet`.
        """
        shown = is_terminal(self._stderr) and not self.quiet
        done = 0

        def draw() -> None:
            if shown:
                self._write(self._stderr, f"\r\x1b[K{safe_text(label)} {done}/{total}")

        def step() -> None:
            nonlocal done
            done += 1
            draw()

        draw()
        try:
            yield step
        finally:
            if shown:
                self._write(self._stderr, "\r\x1b[K")

    @property
    def on_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return is_terminal(self._stdout)

    def flush(self) -> None:
        """Push everything out. Raises ReaderGone, or Unavailable when stdout is full."""
        for stream in (self._stdout, self._stderr):
            self._write(stream, "")

    def _narrate(self, text: str) -> None:
        self._write(self._stderr, safe_text(text, multiline=True) + "\n")

    def _emit_json(self, document: object) -> None:
        if self._emitted:
            raise RuntimeError("a command emits one JSON document")
        self._emitted = True
        text = to_json(document, indent=2 if self.on_terminal else None)
        self._write(self._stdout, text, encoding="utf-8")

    def _rendered(self, block: Block) -> str:
        if isinstance(block, str):
            return safe_text(_said(block), multiline=True) + "\n"
        if isinstance(block, Fields):
            return _fields(block)
        return _rich_table(block) if self.on_terminal else _plain_table(block)

    def _colours(self, stream: IO[str] | None) -> bool:
        plain_wanted = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return is_terminal(stream) and not plain_wanted

    def _write(self, stream: IO[str] | None, text: str, encoding: str = "") -> None:
        if stream is None:  # the descriptor was closed before Python started
            return
        wanted = encoding or getattr(stream, "encoding", None) or "utf-8"
        try:
            binary = getattr(stream, "buffer", None)
            if binary is None:
                stream.write(text)
            else:
                stream.flush()
                binary.write(text.encode(wanted, "desk-plainer"))
            stream.flush()
        except BrokenPipeError:
            if stream is self._stdout:
                raise ReaderGone from None
        except OSError as error:
            raise Unavailable("Cannot write the output", error.strerror or str(error)) from None


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal; a closed or missing one is not."""
    return stream is not None and not stream.closed and stream.isatty()


def plain(value: object) -> Any:
    """A view as plain JSON values. Instants are written in UTC, phrases in the language chosen;
    bytes are refused: what a view shows is text. Raises TypeError for what has no JSON form.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Phrase):
        return nfc(told(value))
    if isinstance(value, str) and not isinstance(value, Enum):
        return nfc(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        from desk.clock import written

        return written(value)
    if isinstance(value, (date, PurePath)):
        return nfc(str(value))
    as_json = getattr(value, "as_json", None)
    if callable(as_json):
        return plain(as_json())
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if hasattr(value, "items"):
        return {str(plain(key)): plain(child) for key, child in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(child) for child in value), key=str)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, memoryview)):
        return [plain(child) for child in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(document: object, indent: int | None = None) -> str:
    """One JSON document: sorted keys, text as itself, terminal controls escaped, a newline last."""
    import json

    text = json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=indent)
    # Such characters stand only inside strings, where an escape means the same.
    return _NOT_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def default_view(data: object) -> Block:
    """How plain values look when a command says nothing better."""
    if isinstance(data, dict):
        return Fields([(str(key), _cell(value)) for key, value in data.items()])
    if isinstance(data, list) and all(isinstance(row, dict) for row in data):
        names = list(dict.fromkeys(key for row in data for key in row))
        return Table(names, [[row.get(name, "") for name in names] for row in data])
    if isinstance(data, list):
        return "\n".join(_cell(row) for row in data)
    return _cell(data)


def text_width(text: str) -> int:
    """How many terminal cells a safe line takes: marks none, wide East Asian two (UAX #11)."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(ch) in "WF" for ch in text)
    bare = sum(unicodedata.category(ch) in ("Mn", "Me", "Cf") for ch in text)
    return len(text) + wide - bare


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_cell(child) for child in value)
    if isinstance(value, (dict, bool)) or is_dataclass(value):
        return to_json(plain(value)).strip()
    return safe_text(" ".join(str(plain(value)).split()))


def _said(text: str) -> str:
    """A phrase in the reader's language; any other text as it is."""
    return told(text) if isinstance(text, Phrase) else text


def _columns(table: Table) -> list[Column]:
    """The columns with their headings in the reader's language."""
    columns = [Column(each) if isinstance(each, str) else each for each in table.columns]
    return [Column(told(each.title), each.right) for each in columns]


def _fields(block: Fields) -> str:
    pairs = [(safe_text(told(label)), value) for label, value in block.pairs]
    width = max((text_width(name) for name, _ in pairs), default=0)
    lines = []
    for name, value in pairs:
        text = safe_text(_said(value), multiline=True) if isinstance(value, str) else _cell(value)
        first, *rest = text.splitlines() or [""]
        lines.append(f"{name}{' ' * (width - text_width(name))}  {first}".rstrip())
        lines += [f"{' ' * width}  {line}".rstrip() for line in rest]
    return "".join(line + "\n" for line in lines)


def _plain_table(table: Table) -> str:
    columns = _columns(table)
    rows = [[safe_text(column.title) for column in columns]]
    rows += [[_cell(value) for value in row] for row in table.rows]
    widths = [max(text_width(row[n]) for row in rows) for n in range(len(columns))]
    lines = [safe_text(table.title)] if table.title else []
    for row in rows:
        cells = []
        for column, width, text in zip(columns, widths, row, strict=True):
            gap = " " * (width - text_width(text))
            cells.append(gap + text if column.right else text + gap)
        lines.append("  ".join(cells).rstrip())
    return "".join(line + "\n" for line in lines)


def _rich_table(table: Table) -> str:
    import io
    import shutil

    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=box.SIMPLE_HEAD, title=Text(safe_text(table.title)) or None)
    for column in _columns(table):
        justify = "right" if column.right else "left"
        drawn.add_column(Text(safe_text(column.title)), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in table.rows:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    width = shutil.get_terminal_size().columns
    canvas = io.StringIO()
    Console(file=canvas, force_terminal=True, width=width, highlight=False).print(drawn)
    return canvas.getvalue()


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """For streams that are not UTF-8: letters lose their marks rather than become `?`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = []
    for char in error.object[error.start : error.end]:
        base = _PLAINER.get(char) or unicodedata.normalize("NFKD", char)[0]
        found.append(base if base.isascii() else "?")
    return "".join(found), error.end


codecs.register_error("desk-plainer", _plainer)

"""CSV that a spreadsheet opens without computing anything (RFC 4180; attack 31)."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from desk.errors import Conflict, Unavailable
from desk.text import safe_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under a line of headings. Text cells are made safe by `neutral_cell`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral_cell(value) for value in row])
    return out.getvalue()


def neutral_cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula, on one line, without control characters.

    Text that one would compute gets an apostrophe before it; numbers stay numbers.
    """
    if not isinstance(value, str):
        return value
    line = safe_text(" ".join(value.split()))
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line


def write_new(path: Path, text: str) -> Path:
    """Write a table to a file that is not there yet, readable by the newsroom's group.

    Raises Conflict for one that is there, Unavailable.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640)
    except FileExistsError:
        raise Conflict("This file is there already", str(path), "Move it away") from None
    except OSError as error:
        raise Unavailable("The file cannot be written", error.strerror or "") from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path

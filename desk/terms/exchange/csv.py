"""CSV (RFC 4180): one row per entry, every field a column; nothing is lost on the way back.

Several values in one cell are parted by ` | `. A cell that a spreadsheet would take for a formula
gets an apostrophe, which is taken off again. A plain table of two columns (wrong, right) is read
as well, parted by commas, semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from desk.phrase import phrase
from desk.terms.entry import CASES, SCOPES, SEVERITIES, STATUSES, Citation, Entry, Source
from desk.terms.exchange.built import (
    Builder,
    Exported,
    Imported,
    Loss,
    clean,
    unreadable,
    within_limits,
)

COLUMNS: Final = (
    "id", "language", "concept", *STATUSES, "severity", "case", "scope",
    "unless_left", "unless_right", "from", "until", "historical", "exceptions", "rule",
    "source", "place", "date", "url", "where", "source_id", "owner", "match", "clean",
)  # fmt: skip
_ALIASES: Final = {
    "wrong": "deprecated", "variant": "deprecated", "avoid": "deprecated", "sai": "deprecated",
    "tránh": "deprecated", "không dùng": "deprecated", "right": "preferred",
    "standard": "preferred", "term": "preferred", "đúng": "preferred", "chuẩn": "preferred",
    "why": "rule", "reason": "rule", "note": "rule", "lý do": "rule", "quy tắc": "rule",
    "nguồn": "source", "lang": "language", "ngôn ngữ": "language", "mức": "severity",
    "level": "severity", "use": "preferred",
}  # fmt: skip
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_PARTED: Final = re.compile(r"(?<!\\)((?:\\\\)*)\s*\|\s*")


def write(entries: tuple[Entry, ...]) -> Exported:
    """One file `terms.csv`, UTF-8 with a byte order mark, which spreadsheets need."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for entry in entries:
        cells = _cells(entry)
        table.writerow([_neutral(cells.get(column, "")) for column in COLUMNS])
    losses = [
        Loss(entry.id, "order of forms of different status")
        for entry in entries
        if [form for status in STATUSES for form in entry.forms if form.status == status]
        != list(entry.forms)
    ]
    return Exported({"terms.csv": ("\ufeff" + out.getvalue()).encode()}, tuple(losses))


def read(raw: bytes, name: str, language: str = "") -> Imported:
    """The entries of a CSV file with a heading. Raises ConfigError with line and column."""
    within_limits(raw, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = phrase("the byte {byte} is not UTF-8", byte=f"{raw[error.start]:#04x}")
        raise unreadable(name, line, 1, what, "Save the file as CSV UTF-8") from None
    heading = text.partition("\n")[0]
    parter = max(",;\t", key=heading.count)
    builder = Builder(name)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=parter, strict=True)
    rows = _rows(table, name)
    first = next(rows, (1, []))[1]
    columns = [_column(cell) for cell in first]
    if "preferred" not in columns:
        raise unreadable(name, 1, 1, "the first row names no column 'preferred' (or 'right')",
                        "Name the columns, such as: wrong,right,reason")  # fmt: skip
    for column in (c for c in columns if c and c not in COLUMNS):
        builder.lose(phrase("line {line}", line=1), phrase("the column {name}", name=column[:40]))
    for line, row in rows:
        _add(builder, line, dict(zip(columns, row, strict=False)), language)
    return builder.result()


def _rows(table: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, each with its line."""
    while True:
        try:
            row = next(table, None)
        except csv.Error as error:
            hint = "Put cells that hold quotes or line breaks in quotes"
            line = max(1, table.line_num)
            what = phrase("this is not a CSV file: {why}", why=error)
            raise unreadable(name, line, 1, what, hint) from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield table.line_num, [_plain(cell) for cell in row]


def _column(cell: str) -> str:
    name = clean(cell).casefold()
    return _ALIASES.get(name, name)


def _cells(entry: Entry) -> dict[str, str]:
    source = entry.source.source
    by_status = {s: _join(f.text for f in entry.forms if f.status == s) for s in STATUSES}
    return by_status | {
        "id": entry.id,
        "language": entry.language,
        "concept": entry.concept,
        "severity": entry.severity,
        "case": entry.case,
        "scope": _join(one for one in SCOPES if one in entry.scope),
        "unless_left": _join(entry.left),
        "unless_right": _join(entry.right),
        "from": entry.since.isoformat() if entry.since else "",
        "until": entry.until.isoformat() if entry.until else "",
        "historical": "yes" if entry.historical else "",
        "exceptions": _join(entry.exceptions),
        "rule": entry.rule,
        "source": source.title,
        "place": source.place,
        "date": source.date.isoformat() if source.date else "",
        "url": source.url,
        "where": entry.source.place,
        "source_id": source.id,
        "owner": entry.owner,
        "match": _join(entry.match),
        "clean": _join(entry.clean),
    }


def _add(builder: Builder, line: int, row: dict[str, str], language: str) -> None:
    where = phrase("line {line}", line=line)
    days = {key: _day(builder, where, row.get(key, "")) for key in ("from", "until", "date")}
    if days["from"] and days["until"] and days["from"] >= days["until"]:
        builder.lose(where, "until, which is not after from")
        days["until"] = None
    scope = frozenset(one for one in _split(row.get("scope", "")) if one in SCOPES)
    title = clean(row.get("source", ""))
    source = None
    if title:
        url = row.get("url", "") if row.get("url", "").startswith("https://") else ""
        known = Source(clean(row.get("source_id", "")) or "csv", title, clean(row.get("place", "")),
                       days["date"], url)  # fmt: skip
        source = Citation(known, clean(row.get("where", "")) or known.place)
    builder.add(
        where,
        clean(row.get("language", "")).lower() or language,
        [(text, status) for status in STATUSES for text in _split(row.get(status, ""))],
        id=clean(row.get("id", "")),
        concept=clean(row.get("concept", "")),
        rule=row.get("rule", ""),
        source=source,
        match=_split(row.get("match", "")),
        clean=tuple(map(clean, _split(row.get("clean", "")))),
        severity=_word(builder, where, row, "severity", SEVERITIES),
        case=_word(builder, where, row, "case", CASES),
        scope=scope,
        left=tuple(map(clean, _split(row.get("unless_left", "")))),
        right=tuple(map(clean, _split(row.get("unless_right", "")))),
        since=days["from"],
        until=days["until"],
        historical=bool(row.get("historical", "").strip()) and days["from"] is not None,
        exceptions=tuple(map(clean, _split(row.get("exceptions", "")))),
        owner=clean(row.get("owner", "")),
    )


def _word(
    builder: Builder, where: str, row: dict[str, str], column: str, known: tuple[str, ...]
) -> str:
    given = clean(row.get(column, "")).casefold()
    if given and given not in known:
        builder.lose(where, f"{column} {given[:40]}")
        return ""
    return given


def _day(builder: Builder, where: str, text: str) -> date | None:
    given = clean(text)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        builder.lose(where, phrase("the date {day}", day=given[:40]))
        return None


def _join(texts: Iterable[str]) -> str:
    return " | ".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def _split(cell: str) -> list[str]:
    parts: list[str] = []
    rest = cell.strip()
    start = 0
    for match in _PARTED.finditer(rest):
        parts.append(rest[start : match.end(1)])
        start = match.end()
    parts.append(rest[start:])
    return [re.sub(r"\\([\\|])", r"\1", part) for part in parts if part.strip()]


def _neutral(cell: str) -> str:
    """The cell with an apostrophe where a spreadsheet would begin to calculate."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    """What `_neutral` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell

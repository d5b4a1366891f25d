"""Intake: text from the clipboard made into a clean body, with a list of what was done to it.

No line is ever dropped: what is not understood stays as it is. Documents (.docx, .html) and old
encodings would come in here too, each as a function that gives a `Cleaned`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from desk.text import nfc

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Zero-width space, word joiner, byte order mark, Mongolian separator. Joiners (200c, 200d) are
# here as well: neither Vietnamese nor English is written with them.
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u180e]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAKS = re.compile("\r\n|[\r\x0b\x85\u2028]")
_PARAGRAPHS = re.compile("[\x0c\u2029]")
# Bullets as Word and its Symbol and Wingdings fonts leave them in plain text.
_SIGNS = (
    "\u2022\u2023\u25e6\u2043\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u2219\u00b7"
    "\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\u27a2\u2713"
)
# Word's second level is a letter o, its dashes are followed by a tab.
_BULLET = re.compile(rf"^([ \t]{{0,20}})(?:[{_SIGNS}]|[o–—-](?=\t))[ \t]{{0,20}}(?=\S)")
_NUMBERED = re.compile(r"^[ \t]{0,20}\(?(?:\d{1,3}|[a-zđ])[.)]\t")
# An entry of a Markdown list, as cleaning leaves it.
_ENTRY = re.compile(r"^[ \t]{0,20}[-*+] ")
# The look behind keeps a long run from being tried again at each of its spaces.
_TRAILING = re.compile(r"(?<![ \t])[ \t]++$", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """One kind of thing that was done, how often, and how to say it."""

    code: str
    count: int
    message: str
    message_vi: str


@dataclass(frozen=True)
class Cleaned:
    """The clean text and what was done; the caller keeps the original for undo."""

    text: str
    changes: tuple[Change, ...]


_SAYS: dict[str, tuple[str, str]] = {
    "nfc": ("letters with loose marks were composed (Unicode NFC)", "chữ tổ hợp đã được ghép dấu"),
    "line-ends": ("line ends were made alike", "dấu xuống dòng đã được thống nhất"),
    "spaces": ("special spaces became plain ones", "khoảng trắng đặc biệt đã thành dấu cách"),
    "zero-width": ("invisible characters were removed", "ký tự vô hình đã được bỏ"),
    "soft-hyphens": ("soft hyphens were removed", "dấu gạch nối mềm đã được bỏ"),
    "bidi": ("direction controls were removed", "ký tự điều khiển hướng chữ đã được bỏ"),
    "controls": ("control characters were removed", "ký tự điều khiển đã được bỏ"),
    "bullets": ("bullets became Markdown lists", "dấu đầu dòng đã thành danh sách Markdown"),
    "tables": ("tables became Markdown tables", "bảng đã thành bảng Markdown"),
    "trailing": ("spaces at line ends were removed", "dấu cách cuối dòng đã được bỏ"),
}


def clean_paste(text: str) -> Cleaned:
    """Clean pasted text; doing it again changes nothing.

    Special spaces become spaces, invisible characters go, line ends become LF, bullets become
    "- ", lines with tabs between cells become tables. Every kind of change is counted.
    """
    done: Counter[str] = Counter()
    text = _compose(text, done)
    plain = _BREAKS.sub("\n", text)
    done["line-ends"] = len(_BREAKS.findall(text)) + len(_PARAGRAPHS.findall(text))
    text = _PARAGRAPHS.sub("\n\n", plain)
    for code, pattern, instead in (
        ("soft-hyphens", re.compile("\u00ad"), ""),
        ("zero-width", _ZERO_WIDTH, ""),
        ("bidi", _BIDI, ""),
        ("controls", _CONTROL, ""),
        ("spaces", _SPACES, " "),
    ):
        text, count = pattern.subn(instead, text)
        done[code] += count
    # Marks that an invisible character kept apart from their letter join it now.
    text = _compose(text, done)
    text, done["trailing"] = _trailing(text)
    lines = _bullets(_tables(text.split("\n"), done), done)
    text = "\n".join(lines)
    changes = tuple(Change(code, done[code], *says) for code, says in _SAYS.items() if done[code])
    return Cleaned(text, changes)


def _compose(text: str, done: Counter[str]) -> str:
    composed = nfc(text)
    done["nfc"] += composed != text
    return composed


def _bullets(lines: list[str], done: Counter[str]) -> list[str]:
    found = []
    for line in lines:
        match = _BULLET.match(line)
        if not match:
            found.append(line)
            continue
        # Markdown nests by two columns; four would make code of a first line.
        depth = min(len(match[1].expandtabs(4)) // 4, 5)
        found.append("  " * depth + "- " + line[match.end() :])
        done["bullets"] += 1
    return found


def _tables(lines: list[str], done: Counter[str]) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(lines):
        size = _table_at(lines, index)
        if not size:
            found.append(lines[index])
            index += 1
            continue
        if found and found[-1].strip():
            found.append("")
        found += _markdown_table([line.split("\t") for line in lines[index : index + size]])
        index += size
        if index < len(lines) and lines[index].strip():
            found.append("")
        done["tables"] += 1
    return found


def _table_at(lines: list[str], index: int) -> int:
    """How many lines from here are rows of one table: two or more with tabs inside."""
    size = 0
    while index + size < len(lines) and _is_row(lines[index + size]):
        size += 1
    return size if size > 1 else 0


def _is_row(line: str) -> bool:
    """A tab between two things. List entries and lines indented by tabs are no rows."""
    if "\t" not in line.strip() or line.startswith(("\t\t", "    ")):
        return False
    return not any(entry.match(line) for entry in (_BULLET, _NUMBERED, _ENTRY))


def _markdown_table(rows: list[list[str]]) -> list[str]:
    width = max(len(row) for row in rows)

    def written(cells: list[str]) -> str:
        escaped = [re.sub(r"(?<!\\)\|", r"\|", " ".join(cell.split())) for cell in cells]
        return "| " + " | ".join(escaped + [""] * (width - len(cells))) + " |"

    rule = "|" + " --- |" * width
    return [written(rows[0]), rule, *(written(row) for row in rows[1:])]


def _trailing(text: str) -> tuple[str, int]:
    """Trailing spaces go, but for the two that CommonMark reads as a line break."""
    count = 0

    def shorten(match: re.Match[str]) -> str:
        nonlocal count
        inside = match.start() > 0 and text[match.start() - 1] != "\n"
        kept = "  " if inside and match.group() == "  " and match.end() < len(text) else ""
        count += kept != match.group()
        return kept

    return _TRAILING.sub(shorten, text), count

"""Differences between two content documents, by field, down to the word.

Paragraphs are matched first and only changed ones are compared word by word; Vietnamese words
are compared by syllable, which is what stands between spaces. Both steps have a bound, past which
a stretch is shown as replaced whole, so that no text can make a reviewer wait.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from desk.items.legal import legal_citations
from desk.items.numbers import numbers
from desk.phrase import phrase
from desk.text import safe_text

Op = Literal["equal", "insert", "delete", "replace"]
TEXTS = ("headline", "summary", "body", "edit_note")
LISTS = ("sources", "legal", "assets")
_CITED = frozenset({"id", "title", "number", "date", "url"})  # a source or a legal text
QUICK_FIX = 40  # characters
_MOST_WORDS = 2_000  # of two paragraphs together, for a comparison word by word
_MOST_LINES = 1_500  # of a changed stretch together, for a comparison line by line
# A run of letters with marks, a run of digits, white space, or one other character.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])++|\d++|\s++|[^\w\s]|_")


@dataclass(frozen=True)
class Hunk:
    """A stretch that is equal, inserted, deleted or replaced; one of the texts may be empty."""

    op: Op
    old: str
    new: str


@dataclass(frozen=True)
class FieldDiff:
    """The hunks of one field in order; joined, their old texts give the old field."""

    field: str
    hunks: tuple[Hunk, ...]


def diff_content(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldDiff]:
    """The fields in which two content documents differ, texts first, then lists, then the rest.

    The salt is left out: it differs by design and says nothing.
    """
    rest = sorted(({*old, *new}) - {*TEXTS, *LISTS, "salt", "format"})
    found = []
    for name in (*TEXTS, *LISTS, *rest):
        if old.get(name) == new.get(name):
            continue
        hunks = diff_text(_as_text(old.get(name)), _as_text(new.get(name)))
        found.append(FieldDiff(name, tuple(hunks)))
    return found


def diff_text(old: str, new: str) -> list[Hunk]:
    """The hunks that turn one text into the other."""
    hunks: list[Hunk] = []
    for op, before, after in _diff_lines(old.splitlines(True), new.splitlines(True)):
        if op == "replace":
            hunks += _diff_words(before, after)
        else:
            hunks.append(Hunk(op, before, after))
    return _joined(hunks)


def is_quick_fix(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether a change may go by the short way, and if not, why.

    At most 40 characters (removed and added ones both count) of the headline, the summary or the
    body of the same item, without figures, other numbers, names or document numbers.
    """
    changes = diff_content(old, new)
    if not changes:
        return False, phrase("Nothing changed")
    if len(changes) > 1:
        fields = ", ".join(c.field for c in changes)
        return False, phrase("More than one field changed: {fields}", fields=fields)
    change = changes[0]
    if change.field not in ("headline", "summary", "body"):
        why = phrase("The field {field} cannot be mended by a quick fix", field=change.field)
        return False, why
    changed = [hunk for hunk in change.hunks if hunk.op != "equal"]
    size = sum(len(hunk.old) + len(hunk.new) for hunk in changed)
    if size > QUICK_FIX:
        return False, phrase(
            "{size} characters changed; a quick fix changes at most {most}",
            size=size, most=QUICK_FIX,
        )  # fmt: skip
    if any(_touches_number(hunk) for hunk in changed):
        return False, phrase("A number changed")
    texts = [str(document.get(change.field, "")) for document in (old, new)]
    language = str(new.get("language", "vi"))
    if _numbers(texts[0]) != _numbers(texts[1]):
        return False, phrase("A figure or a document number changed")
    if _citations(texts[0], language) != _citations(texts[1], language):
        return False, phrase("A legal citation changed")
    if _markup(texts[0]) != _markup(texts[1]):
        return False, phrase("A footnote or a link changed")
    if _names(texts[0]) != _names(texts[1]):
        return False, phrase("A name changed (a word with a capital letter)")
    return True, ""


def render(diff: Sequence[FieldDiff]) -> list[str]:
    """Plain unified lines for a terminal: "@@ field", then "- " and "+ " lines, all safe."""
    lines: list[str] = []
    for change in diff:
        lines.append(f"@@ {safe_text(change.field)}")
        old, new = "", ""
        for hunk in change.hunks:
            if hunk.op != "equal":
                old, new = old + hunk.old, new + hunk.new
                continue
            # Equal text belongs to the lines that it shares with a change; whole lines do not.
            head, _, tail = hunk.old.partition("\n")
            if old or new:
                old, new = old + head, new + head
            if "\n" in hunk.old:
                lines += _lines(old, new)
                last = tail.rpartition("\n")[2]
                old, new = last, last
            elif not old and not new:
                old, new = hunk.old, hunk.old
        lines += _lines(old, new)
    return lines


def _lines(old: str, new: str) -> list[str]:
    before, after = old.splitlines(), new.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    signed = [f"- {safe_text(line)}" for line in before]
    return signed + [f"+ {safe_text(line)}" for line in after]


def _as_text(value: object) -> str:
    """A field as lines: one line an entry, "key: value" pairs in a fixed order."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return "".join(f"{_entry(entry)}\n" for entry in value)
    return _entry(value)


def _entry(entry: object) -> str:
    if isinstance(entry, Mapping):
        if {"id", "title"} <= entry.keys() <= _CITED:  # as a reader writes it down
            rest = [str(entry[key]) for key in ("number", "date", "url") if key in entry]
            return f"[{entry['id']}] " + " · ".join([str(entry["title"]), *rest])
        return "; ".join(f"{key}: {_entry(entry[key])}" for key in sorted(entry))
    return str(entry)


def _diff_lines(old: list[str], new: list[str]) -> list[tuple[Op, str, str]]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    most = min(len(old), len(new)) - head
    while tail < most and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    found: list[tuple[Op, str, str]] = []
    if head:
        found.append(("equal", "".join(old[:head]), "".join(new[:head])))
    found += _compare(middle_old, middle_new, _MOST_LINES)
    if tail:
        found.append(("equal", "".join(old[-tail:]), "".join(new[-tail:])))
    return found


def _diff_words(old: str, new: str) -> list[Hunk]:
    compared = _compare(_WORD.findall(old), _WORD.findall(new), _MOST_WORDS)
    return [Hunk(op, before, after) for op, before, after in compared]


def _compare(old: list[str], new: list[str], most: int) -> list[tuple[Op, str, str]]:
    if not old and not new:
        return []
    if not old or not new or len(old) + len(new) > most:
        op: Op = "insert" if not old else "delete" if not new else "replace"
        return [(op, "".join(old), "".join(new))]
    return [
        (tag, "".join(old[a:b]), "".join(new[c:d]))
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]


def _joined(hunks: list[Hunk]) -> list[Hunk]:
    found: list[Hunk] = []
    for hunk in hunks:
        if found and found[-1].op == hunk.op:
            last = found.pop()
            hunk = Hunk(hunk.op, last.old + hunk.old, last.new + hunk.new)  # noqa: PLW2901
        found.append(hunk)
    return found


def _touches_number(hunk: Hunk) -> bool:
    return any(ch.isnumeric() for ch in hunk.old + hunk.new)


def _numbers(text: str) -> list[tuple[str, str]]:
    """Numbers with the word after each, since "triệu" for "tỷ" changes a figure too."""
    found = []
    for number in numbers(text):
        follow = re.match(r"\W{0,3}(\w{0,12})", text[number.end : number.end + 16])
        found.append((number.text, follow[1].casefold() if follow else ""))
    return found


def _citations(text: str, language: str) -> list[str]:
    return [cited.number for cited in legal_citations(text, language)]


def _names(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if any(ch.isupper() for ch in word)]


def _markup(text: str) -> list[str]:
    return re.findall(r"\[\^[^\]\s]{1,32}\]|\]\([^()\s]{0,2048}\)|<[^<>\s]{0,2048}>", text)

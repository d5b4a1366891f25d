"""Patterns of other tools that are lists of words: `colou?r`, `(?:Viet|Vit) nam`, `[Dd]esk`."""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from desk.phrase import phrase

MOST: Final = 32
"""How many words one pattern may stand for."""
# At the end, after an even number of backslashes only: `\\b` is the word of a backslash and a b.
_BOUNDARY: Final = re.compile(r"^(?:\\b|\^)|(?<!\\)(?P<pairs>(?:\\\\)*+)(?:\\b|\$)\Z")
_MARKS: Final = frozenset(".^$*+?{}[]()|\\/")


class NotWords(ValueError):
    """The pattern stands for more than a list of words. `why`: what makes it so."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def expanded(pattern: str) -> list[str]:
    """The words that a regular expression stands for, if they are few.

    Literals, escaped marks, `?` after a character or group, groups of alternatives and classes of
    single characters are understood. Raises NotWords for anything else. Linear in what it gives.
    """
    if len(pattern) > 1000:
        raise NotWords("too long")
    words, at = _alternatives(_BOUNDARY.sub(r"\g<pairs>", pattern), 0, 0)
    if at is not None:
        raise NotWords(phrase("an unmatched bracket at {place}", place=at + 1))
    found = list(dict.fromkeys(word for word in words if word.strip()))
    if not found:
        raise NotWords("it matches nothing")
    return found


def escaped(text: str) -> str:
    """The text as a regular expression that matches just it."""
    return "".join(f"\\{ch}" if ch in _MARKS else ch for ch in text)


def _alternatives(text: str, at: int, depth: int) -> tuple[list[str], int | None]:
    """Words from `at` to the closing bracket of this depth, and where that is (None: the end)."""
    if depth > 5:
        raise NotWords("nested too deep")
    found: list[str] = []
    branch = [""]
    while at < len(text):
        ch = text[at]
        if ch == ")":
            return found + branch, at
        if ch == "|":
            found, branch, at = found + branch, [""], at + 1
            continue
        choices, at = _atom(text, at, depth)
        if at < len(text) and text[at] == "?":
            choices, at = [*choices, ""], at + 1
        elif at < len(text) and text[at] in "*+{":
            raise NotWords("a repetition")
        branch = [a + b for a, b in product(branch, choices)]
        if len(found) + len(branch) > MOST:
            raise NotWords(phrase("more than {most} words", most=MOST))
    return found + branch, None


def _atom(text: str, at: int, depth: int) -> tuple[list[str], int]:
    """The choices that one atom stands for, and where the next begins."""
    ch = text[at]
    if ch == "\\":
        if at + 1 >= len(text) or text[at + 1].isalnum():
            raise NotWords(phrase("the escape {mark}", mark=text[at : at + 2]))
        return [text[at + 1]], at + 2
    if ch == "[":
        end = text.find("]", at)
        inside = text[at + 1 : end]
        if end < 0 or not inside or set(inside) & set("^-\\["):
            raise NotWords("a class of characters")
        return list(inside), end + 1
    if ch == "(":
        start = at + 3 if text.startswith("(?:", at) else at + 1
        if text.startswith("(?", at) and start == at + 1:
            raise NotWords("a look-around or a flag")
        words, end_at = _alternatives(text, start, depth + 1)
        if end_at is None:
            raise NotWords("an unmatched bracket")
        return words, end_at + 1
    if ch in ".^$*+?{}":
        raise NotWords(phrase("the mark {mark}", mark=ch))
    return [ch], at + 1

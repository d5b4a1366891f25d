"""Tokens: a text cut once into words, numbers, document numbers, addresses and marks.

One expression does it, whose alternatives cannot overlap; each character is read once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Order matters: an address or a document number swallows the numbers inside it. Each alternative
# starts with a character or a fixed prefix that no earlier failed one has scanned far past.
_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s<>]++)"
    r"|(?P<doc>\d{1,6}[a-z]?(?:/\d{4})?(?:/[A-ZĐ][A-Za-zĐđ]{0,11}\d{0,3}(?:-[A-ZĐ][A-Za-zĐđ]{0,11}"
    r"){0,5}|-[A-ZĐ][A-Za-zĐđ]{0,9}/[A-ZĐ][A-Za-zĐđ]{0,9}(?:-[A-ZĐ][A-Za-zĐđ]{0,9}){0,3})(?![\w/]))"
    r"|(?P<num>\d++(?:[.,\u00a0\u2009\u202f]\d++)*+)"
    r"|(?P<word>(?:[^\W\d_]|[\u0300-\u036f])++)"
    r"|(?P<mark>[^\s\w]|_)"
)


@dataclass(frozen=True)
class Token:
    """A token of text; `word` is its folded form (NFC, casefolded), `capital` its first letter."""

    kind: str
    start: int
    end: int
    word: str
    capital: bool = False


def tokens(text: str) -> list[Token]:
    """All tokens of a text; white space is only the gap between them."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        piece = match.group()
        word = unicodedata.normalize("NFC", piece).casefold() if kind == "word" else piece
        found.append(Token(kind, match.start(), match.end(), word, piece[:1].isupper()))
    return found

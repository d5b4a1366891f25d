"""The two doors for text from outside: `nfc` on the way in, `safe_text` on the way to a terminal.

Everything that came from a file, a form, the network or the database passes `nfc()` once on the
way in. Everything that goes to a terminal passes `safe_text()` last, since terminals obey control
sequences in data (ECMA-48 C0/C1, OSC) and reorder text at bidi controls (UAX #9).
"""

from __future__ import annotations

import re
import unicodedata

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb{_BIDI}]")
_UNSAFE_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb{_BIDI}]")
_CONTROL_PICTURES = {**{c: 0x2400 + c for c in range(0x20)}, 0x7F: 0x2421}


def nfc(text: str) -> str:
    """Unicode Normalisation Form C (UAX #15); lone surrogates become U+FFFD."""
    if text.isascii():
        return text
    if any("\ud800" <= ch <= "\udfff" for ch in text):
        text = "".join("\ufffd" if "\ud800" <= ch <= "\udfff" else ch for ch in text)
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Text without case and accents, as people type it in a hurry: `Bộ Y tế` is `bo y te`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def has_words(text: str, words: str) -> bool:
    """Whether every word stands somewhere in the text, with or without case and accents."""
    whole = folded(text)
    return all(word in whole for word in folded(words).split())


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(_CONTROL_PICTURES.get(code, 0xFFFD))


def safe_text(text: object, *, multiline: bool = False) -> str:
    """`text` with every control, C1, bidi override and line separator made visible and harmless.

    One line unless `multiline`, which keeps tab and newline. The result never starts an escape
    sequence and never reorders its surroundings.
    """
    return (_UNSAFE if multiline else _UNSAFE_LINE).sub(_visible, nfc(str(text)))


def one_line(text: str, width: int = 80) -> str:
    """`text` as one safe line of at most `width` characters, cut with an ellipsis."""
    line = safe_text(" ".join(text.split()))
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"

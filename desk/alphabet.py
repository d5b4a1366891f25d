"""The Vietnamese alphabet: in which order names stand where a person looks for one.

As in Unicode CLDR (collation `vi`): a ă â b c d đ e ê … o ô ơ … u ư … y, with f j w z at their
places of the Latin alphabet. Letters count first, for the whole name; then the tones, in the order
level, grave, hook, tilde, acute, dot; last small letters before capitals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_MARKS = {"\u0306": 1, "\u0302": 2, "\u031b": 3}  # breve, circumflex, horn: letters of their own
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
Place = tuple[tuple[tuple[int, str, int], ...], tuple[int, ...], str]


def place(text: str) -> Place:
    """Where a name stands in the alphabet: `sorted(names, key=place)`."""
    letters: list[tuple[int, str, int]] = []
    tones: list[int] = []
    for ch in unicodedata.normalize("NFD", text.casefold().replace("đ", "d\u0306")):
        if ch in _MARKS and letters:
            group, letter, _mark = letters[-1]
            letters[-1] = (group, letter, _MARKS[ch])
        elif ch in _TONES and tones:
            tones[-1] = _TONES[ch]
        else:
            letters.append((_group(ch), ch, 0))
            tones.append(0)
    return tuple(letters), tuple(tones), text.swapcase()


def by_name(named: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Pairs of an id and a name as a person looks for them: by the name."""
    return tuple(sorted(named, key=lambda one: (place(one[1]), one[0])))


def _group(ch: str) -> int:
    """Spaces, then signs, then digits, then letters."""
    return 0 if ch.isspace() else 3 if ch.isalpha() else 2 if ch.isdigit() else 1

"""Shortcuts under a Vietnamese input method: which key a person meant, outside text fields.

An input method (Telex, VNI) believes it is composing a word. When `a` is pressed twice it sends
`a`, and then DEL and `â` in one burst, because in Telex `aa` spells `â`; `a` and then `s` come as
`a`, DEL and `á`. Outside text fields such a burst is one press: of the key that makes the mark
that is new. The letters around it are only taken back and typed again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal

from desk.text import nfc

BURST = 0.03
"""Seconds: keys nearer together than this came from a program, not from two presses."""

Method = Literal["telex", "vni"]
_LONGEST = 40  # letters of a word that are remembered
_ALONE = {"ư": "w", "Ư": "W", "ơ": "["}  # what Telex makes of one key, without a DEL
_STROKE, _HAT, _BREVE, _HORN = "đ", "\u0302", "\u0306", "\u031b"
_MARKS: Mapping[Method, Mapping[str, str]] = {
    "telex": {
        _HAT: "", _BREVE: "w", _HORN: "w", _STROKE: "d",
        "\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j",
    },
    "vni": {
        _HAT: "6", _BREVE: "8", _HORN: "7", _STROKE: "9",
        "\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5",
    },
}  # fmt: skip
"""The key that makes each mark, what shapes a letter before its tone; "" is the letter itself."""


def base_letter(character: str) -> str | None:
    """The letter under the marks of a Vietnamese letter (`ệ` gives `e`, `đ` gives `d`), or None."""
    if len(character := nfc(character)) != 1 or character.isascii() or not character.isalpha():
        return None
    if character in "đĐ":
        return "d" if character == "đ" else "D"
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else None


def _bare(letter: str) -> str:
    return base_letter(letter) or letter


def _marks(letter: str) -> set[str]:
    if letter in ("đ", "Đ"):
        return {_STROKE}
    return set(unicodedata.normalize("NFD", letter)[1:])


class Shortcuts:
    """Folds the keys that arrive outside text fields into the presses that were meant."""

    def __init__(self, method: Method = "telex") -> None:
        self._keys = _MARKS[method]
        self._word: list[str] = []  # what the input method believes to have typed
        self._taken: list[str] = []  # letters that it has deleted and not given again
        self._gone: set[str] = set()  # marks that went in this burst: they may come back elsewhere
        self._counted = True  # this burst's press was found already
        self._last = 0.0

    def reset(self) -> None:
        """Forget what was seen: the keys now go to a text field, or a word has ended."""
        self._word.clear()
        self._given()

    def _given(self) -> None:
        self._taken.clear()
        self._gone.clear()
        self._counted = True

    def press(self, key: str, character: str | None, when: float) -> str | None:
        """The key that was meant, or None when this event is no press at all.

        `when` is in seconds on a monotonic clock. Backspace is never a press: no act is bound to
        it. Keys that are not letters pass as they are.
        """
        in_burst = when - self._last < BURST
        self._last = when
        if key in ("backspace", "shift+backspace"):
            self._take_back(in_burst)
            return None
        if character is None or not character.isprintable() or character.isspace():
            self.reset()
            return key
        character = nfc(character)
        if unicodedata.combining(character):
            return self._marked(character, in_burst)
        if self._taken and self._is_given_again(character, in_burst):
            return self._given_again(character)
        if not in_burst:
            self._given()
        self._taken.clear()
        self._remember(character)
        return key if base_letter(character) is None else _ALONE.get(character)

    def _is_given_again(self, character: str, in_burst: bool) -> bool:
        """Whether it belongs to what is typed again: a marked letter may come a while later."""
        if character.isalpha():
            return in_burst or not character.isascii()
        return in_burst and character == self._taken[0]

    def _take_back(self, in_burst: bool) -> None:
        if not in_burst:
            self._given()
        self._taken.insert(0, self._word.pop() if self._word else "")
        self._counted = False

    def _remember(self, letter: str) -> None:
        self._word.append(letter)
        del self._word[:-_LONGEST]

    def _given_again(self, letter: str) -> str | None:
        """A letter that stands where one was deleted; what that was is not always known."""
        before = self._taken.pop(0) or _bare(letter)
        self._remember(letter)
        if _ALONE.get(before) == letter and not self._counted:
            self._counted = True
            return letter
        return self._new_mark(before if _bare(before) == _bare(letter) else _bare(letter), letter)

    def _marked(self, mark: str, in_burst: bool) -> str | None:
        """A combining mark by itself: some input methods send letters decomposed (NFD)."""
        if not self._word or not in_burst:
            return None
        before = self._word[-1]
        self._word[-1] = nfc(before + mark)
        return self._new_mark(before, self._word[-1])

    def _new_mark(self, before: str, letter: str) -> str | None:
        """The press that made `letter` of `before`, unless a mark only moved, or went."""
        was, now = _marks(before), _marks(letter)
        new = now - was - self._gone
        self._gone |= was - now
        if self._counted or not new:
            return None
        self._counted = True
        mark = next((one for one in self._keys if one in new), None)
        return None if mark is None else self._keys[mark] or _bare(letter)

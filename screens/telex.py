"""Shortcuts under a Vietnamese input method: which key a person meant, outside text fields.

An input method (Telex, VNI) believes it is composing a word. When `a` is pressed twice it sends
`a`, and then DEL and `â` in one burst, because in Telex `aa` spells `â`. Outside text fields that
second burst is a press of `a`. When the word it thinks it corrects is longer, it takes back and
retypes several letters; only the corrected one is a press, the others are its own retyping.
"""

from __future__ import annotations

import unicodedata

from desk.text import nfc

BURST = 0.03
"""Seconds: keys nearer together than this came from a program, not from two presses."""

_ALONE = {"ư": "w", "Ư": "W"}  # Telex spells ư with w, and sends it without a DEL


def base_letter(character: str) -> str | None:
    """The letter under the marks of a Vietnamese letter (`ệ` gives `e`, `đ` gives `d`), or None."""
    if len(character := nfc(character)) != 1 or character.isascii() or not character.isalpha():
        return None
    if character in "đĐ":
        return "d" if character == "đ" else "D"
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else None


class Shortcuts:
    """Folds the keys that arrive outside text fields into the presses that were meant."""

    def __init__(self) -> None:
        self._taken_back = 0  # letters the input method has deleted and not retyped yet
        self._retyping = False  # it is retyping what follows the corrected letter
        self._last = 0.0

    def reset(self) -> None:
        """Forget what was seen: the keys now go to a text field."""
        self._taken_back, self._retyping = 0, False

    def press(self, key: str, character: str | None, when: float) -> str | None:
        """The key that was meant, or None when this event is no press at all.

        `when` is in seconds on a monotonic clock. Backspace is never a press: no act is bound to
        it. Keys that are not letters pass as they are.
        """
        in_burst = when - self._last < BURST
        self._last = when
        if key in ("backspace", "shift+backspace"):
            self._taken_back = self._taken_back + 1 if in_burst or not self._taken_back else 1
            self._retyping = False
            return None
        if character is None or not character.isprintable():
            self.reset()
            return key
        base = base_letter(character)
        if self._taken_back:
            return self._after_deletion(key, base, in_burst)
        if base is None:
            return key
        return _ALONE.get(nfc(character))

    def _after_deletion(self, key: str, base: str | None, in_burst: bool) -> str | None:
        if base is not None and not self._retyping:
            self._taken_back -= 1
            self._retyping = True
            return base
        if in_burst and len(key) == 1 and key.isalpha():  # a letter taken back and given again
            self._taken_back -= 1
            return None
        self.reset()
        return key if base is None else None

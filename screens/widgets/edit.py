"""What typing, deleting and pasting mean in both text fields: composed, by grapheme, cleaned.

Vietnamese input methods (Telex, VNI) type into a terminal by sending DEL (0x7f) and replacement
letters in one burst. A field must therefore obey every editing key in the order in which the keys
arrive. Stock Textual inserts letters at once but runs backspace as a binding, one round through
the message queue later, which turns `Vie DEL ê t DEL DEL ệt` into `Vieê`. Our fields look keys up
in a table and act inside `_on_key`.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.cells import split_graphemes
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widget import Widget

from desk.text import nfc

_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200c\u2060\ufeff]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NEWLINES = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_NEVER_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

_NEAR = 48  # letters to each side of the cursor that are split into graphemes

KeyTable = Mapping[str, tuple[str, bool]]
"""Key name to the widget's action method (without `action_`) and whether it extends a selection."""


@dataclass(frozen=True)
class Cleaned:
    """Pasted text made fit for a field, and how many characters had to go."""

    text: str
    removed: int


def clean_paste(text: str, *, multiline: bool) -> Cleaned:
    """Pasted text in NFC without terminal controls and bidi overrides; lines are never dropped.

    A field of one line joins the pasted lines with spaces.
    """
    kept, removed = _NEVER_TEXT.subn("", _NEWLINES.sub("\n", nfc(text)))
    if not multiline:
        kept = " ".join(part for part in kept.replace("\t", " ").split("\n") if part.strip())
    return Cleaned(nfc(kept), removed)


def without_invisible(text: str) -> str:
    """One line without zero-width characters and soft hyphens, special spaces as plain ones."""
    return nfc(_SPACES.sub(" ", _INVISIBLE.sub("", text)))


def key_table(bindings: Iterable[BindingType], leave: frozenset[str] = frozenset()) -> KeyTable:
    """The editing keys of a stock widget, read from its bindings; `leave` names actions to skip."""
    table: dict[str, tuple[str, bool]] = {}
    for binding in bindings:
        if isinstance(binding, Binding):
            name, _, argument = binding.action.partition("(")
            if name not in leave:
                table.update(
                    (key.strip(), (name, bool(argument))) for key in binding.key.split(",")
                )
    if "backspace" in table:  # the kitty protocol tells shift apart, typists do not
        table["shift+backspace"] = table["backspace"]
    return table


async def edit_with(widget: Widget, table: KeyTable, event: Key) -> bool:
    """Run the editing action of a key before the next key is looked at. False: there is none."""
    if (found := table.get(event.key)) is None:
        return False
    event.stop()
    event.prevent_default()
    name, select = found
    action = getattr(widget, f"action_{name}")
    outcome = action(True) if select else action()
    if inspect.isawaitable(outcome):
        await outcome
    return True


def boundaries(text: str) -> list[int]:
    """Where graphemes of `text` begin, and its end: the only places where a cursor may rest."""
    if text.isascii():
        return list(range(len(text) + 1))
    spans, _width = split_graphemes(text)
    return [start for start, _end, _cells in spans] + [len(text)]


def _around(text: str, index: int) -> list[int]:
    """The boundaries near `index`.

    A line may have 100,000 letters. An ASCII letter, digit or space begins a grapheme whatever
    stands before it, so the part between two of them splits as it does in the whole.
    """
    start, end = max(0, index - _NEAR), min(len(text), index + _NEAR)
    while start > 0 and not _begins(text[start]):
        start -= 1
    while end < len(text) and not _begins(text[end]):
        end += 1
    return [start + place for place in boundaries(text[start:end])]


def _begins(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == " ")


def before(text: str, index: int) -> int:
    """The boundary next to the left of `index`; 0 at the start."""
    places = _around(text, index)
    return max((place for place in places if place < index), default=0)


def after(text: str, index: int) -> int:
    """The boundary next to the right of `index`; the end at the end."""
    places = _around(text, index)
    return min((place for place in places if place > index), default=len(text))


def snap(text: str, index: int) -> int:
    """`index` moved left onto a boundary."""
    index = max(0, min(index, len(text)))
    places = _around(text, index)
    return max((place for place in places if place <= index), default=0)


def joins_left(text: str) -> bool:
    """Whether text to be inserted begins with a mark that composes with what stands before it."""
    return bool(text) and unicodedata.combining(text[0]) != 0

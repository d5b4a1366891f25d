"""A program for the pty tests: the desk on the sample newsroom, which notes each act in a file.

`plain` is the sample as it is; in `evil` every text of every view is hostile.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

from desk.errors import NotFound, Reason, Refused
from screens.app import DeskApp
from screens.sample import SampleSource
from screens.source import Outcome, Source

EVIL = (
    "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[31m\x1b[?1049l\x9b31m\x9d0;x\x9c\x90q\x9c"
    "\u202eabc\u2066\u200f\x08\x7f\r\n[@click=app.quit]CLICK[/][bold]b[/]\u2028end"
)
IDS = frozenset(
    {"key", "item", "release", "revision", "id", "opens", "place", "zone", "digest", "manifest",
     "month", "at", "base", "after", "who_id", "own"}
)  # fmt: skip
"""Fields by which the desk asks again, or which are times: without them nothing opens."""
TEXTS = frozenset({"contacts_reply", "log_export", "item_serve"})
"""Calls whose answer is a text to show, not an id."""


class Noting(SampleSource):
    """Writes each act as a line."""

    path = Path()

    def _done(self, *call: str) -> None:
        super()._done(*call)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(" ".join(call[:2]) + "\n")


def hostile(value: Any) -> Any:
    """The same view with every text in it hostile; ids, times and words of fixed sets stay.

    A field is a text when its type says `str`: a state or a mode has a `Literal` for its type.
    """
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _of_type(str(field.type), getattr(value, field.name))
            for field in fields(value)
            if field.init and field.name not in IDS
            and (type(value).__name__, field.name) != ("Figures", "agency")
        }  # fmt: skip
        return replace(value, **changed)
    if isinstance(value, Mapping):
        return {key: hostile(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(hostile(one) for one in value)
    return value


def _of_type(written: str, value: Any) -> Any:
    if isinstance(value, str):
        return EVIL if written.startswith("str") else value
    if isinstance(value, list | tuple):
        plain = written == "tuple[str, ...]"
        found = tuple(_of_type("str", one) if plain else _part(one) for one in value)
        return found or ((EVIL,) if plain else ())
    if isinstance(value, Mapping):
        return {key: _of_type("str", one) if isinstance(one, str) else hostile(one)
                for key, one in value.items()}  # fmt: skip
    return hostile(value)


def _part(value: Any) -> Any:
    """An element of a tuple; of a pair the first is an id, or a time, and the rest are texts."""
    if not isinstance(value, tuple):
        return hostile(value)
    first, *rest = value
    return (first, *(EVIL if isinstance(one, str) else hostile(one) for one in rest))


class Evil(Noting):
    """Every text in every view is hostile, and so are outcomes and refusals."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or not hasattr(Source, name):
            return found
        return _answering(name, found)

    def approve(self, revision: str, digest: str, passphrase: str, warnings: str = "") -> Outcome:
        raise Refused(EVIL, (Reason(EVIL, EVIL, (EVIL,)),), EVIL)

    def contacts_reply(self, enquiry: str) -> str:
        return EVIL

    def item_bytes(self, item: str, file: str) -> bytes:
        raise NotFound(EVIL, EVIL, EVIL)


def _answering(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def answer(*arguments: Any) -> Any:
        found = call(*arguments)
        return EVIL if name in TEXTS else hostile(found)

    return answer


if __name__ == "__main__":
    kind, Noting.path = sys.argv[1], Path(sys.argv[2])
    chosen = {"plain": Noting, "evil": Evil}[kind]
    DeskApp(chosen(asks_passphrase=False)).run()

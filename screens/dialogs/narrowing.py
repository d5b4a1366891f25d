"""What every dialog with a long list is: a few letters narrow it down, the arrows move the mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import _
from desk.text import has_words
from screens.dialogs.base import Dialog
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Part, line

_DRAWN = re.compile(r"[a-z]{1,2}-[0-9a-z]{10}")

ResultT = TypeVar("ResultT")
EntryT = TypeVar("EntryT")


def named(options: Sequence[tuple[str, str]], words: str) -> list[tuple[str, str]]:
    """The options (id and name) in which every word stands, with or without accents."""
    return [one for one in options if has_words(f"{one[1]} {one[0]}", words)]


def named_line(id: str, name: str, *before: Part, often: bool = False) -> Content:
    """One option: its name, and its id behind it where that says more.

    An id that Desk has drawn by lot says nothing, unless the name stands there `often`.
    """
    says = id not in ("", name) and (often or not _DRAWN.fullmatch(id))
    return line(*before, name, (f"  {id}" if says else "", "$text-muted"))


def repeated(options: Sequence[tuple[str, str]]) -> frozenset[str]:
    """The names that several options have."""
    return frozenset(name for name, count in Counter(n for _id, n in options).items() if count > 1)


class Narrowing(Dialog[ResultT], Generic[ResultT, EntryT]):
    """A subclass says what is `found` for the words typed, and what Enter and a click do."""

    def __init__(self, title: str, text: str | Content = "") -> None:
        super().__init__(title, text)
        self._shown: list[EntryT] = []

    def found(self, words: str) -> Sequence[tuple[EntryT, Content]]:
        """The entries that fit the words, each with what stands for it in the list."""
        raise NotImplementedError

    def entered(self) -> None:
        """Enter takes the entry under the mark."""
        self.action_accept()

    def clicked(self, index: int) -> None:
        """So does a click on one."""
        raise NotImplementedError

    def begin(self) -> int:
        """Where the mark stands in a list that was narrowed anew."""
        return 0

    def hint(self) -> str:
        """What stands in the empty field."""
        return _("a few letters")

    @property
    def marked(self) -> EntryT | None:
        """The entry under the mark."""
        index = self.query_one(OptionList).highlighted
        return self._shown[index] if index is not None and self._shown else None

    def fields(self) -> ComposeResult:
        """The letters, and what is left."""
        yield Input(placeholder=self.hint(), id="words", compact=True)
        yield OptionList(id="found", markup=False, compact=True)

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self.query_one("#found").can_focus = False
        self.query_one(Input).focus()
        self.narrow()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow it down."""
        event.stop()
        self.narrow()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.entered()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        event.stop()
        self.clicked(event.option_index)

    def on_key(self, event: Key) -> None:
        """The arrows move the mark. A binding would come after an Enter of the same burst."""
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.action_step(1 if event.key == "down" else -1)

    def action_step(self, by: int) -> None:
        """Move the mark."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = ((options.highlighted or 0) + by) % len(self._shown)

    def narrow(self, at: int | None = None) -> None:
        """Show what fits; the mark goes to `at`, or to where it begins."""
        options = self.query_one(OptionList)
        entries = self.found(self.query_one(Input).value)
        self._shown = [entry for entry, _shown in entries]
        options.clear_options()
        options.add_options(Option(shown) for _entry, shown in entries)
        if not entries:
            none = _("Nothing found. Try fewer words, or without their accents.")
            options.add_option(Option(line((none, TONES["dim"])), disabled=True))
        place = self.begin() if at is None else at
        options.highlighted = min(place, len(self._shown) - 1) if self._shown else None

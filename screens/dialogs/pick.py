"""Pick several of many: a list to mark, that a few letters narrow down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

from desk.locales import _, ngettext
from screens.dialogs.narrowing import Narrowing, named, named_line, repeated
from screens.widgets.plain import TONES, Plain


class Pick(Narrowing[tuple[str, ...], str]):
    """Returns the ids marked, in the order of the list; at least `least` of them.

    Enter marks and unmarks; Ctrl+S accepts.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "mark", show=False)]

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        marked: Sequence[str] = (),
        *,
        text: str | Content = "",
        least: int = 1,
    ) -> None:
        super().__init__(title, text)
        self.accept_label = _("continue") + "  ^S"
        self._options = list(options)
        self._marked = set(marked)
        self._least = least

    def hint(self) -> str:
        """Enter does not accept here."""
        return _("a few letters; Enter marks")

    def fields(self) -> ComposeResult:
        """The letters, what is left, how many are marked."""
        yield from super().fields()
        yield Plain("", id="missing")

    def found(self, words: str) -> list[tuple[str, Content]]:
        """The options whose name or id has the words, marked or not."""
        marks = {True: ("☒ ", TONES["good"]), False: ("☐ ", TONES["dim"])}
        several = repeated(self._options)
        return [
            (id, named_line(id, name, marks[id in self._marked], often=name in several))
            for id, name in named(self._options, words)
        ]

    def narrow(self, at: int | None = None) -> None:
        """What fits, and how many are marked."""
        super().narrow(at)
        count = len(self._marked)
        self.query_one("#missing", Plain).show(
            ngettext("{n} marked", "{n} marked", count).format(n=count)
        )

    def entered(self) -> None:
        """Enter marks the one under the cursor."""
        self.action_mark()

    def clicked(self, index: int) -> None:
        """So does a click."""
        self._toggle(index)

    def action_mark(self) -> None:
        """Mark or unmark the one under the cursor."""
        index = self.query_one(OptionList).highlighted
        if index is not None and self._shown:
            self._toggle(index)

    def value(self) -> tuple[str, ...] | None:
        """What is marked, when it is enough."""
        chosen = tuple(id for id, _name in self._options if id in self._marked)
        if len(chosen) < self._least:
            self.query_one("#missing", Plain).show("⚠ " + _("Mark at least one: Enter."))
            return None
        return chosen

    def _toggle(self, index: int) -> None:
        self._marked ^= {self._shown[index]}
        self.narrow(index)

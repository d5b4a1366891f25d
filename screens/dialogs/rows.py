"""A list to look at, with things to do to its rows: sources, files, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import _
from screens import actions
from screens.dialogs.base import Dialog
from screens.widgets.plain import TONES, Plain, line


@dataclass(frozen=True)
class Deed:
    """One thing to do: its name, its keys (a letter and an F or Ctrl key), whether it needs a row.

    The first deed of a list is Enter as well.
    """

    name: str
    label: str
    keys: str
    row: bool = True


@dataclass(frozen=True)
class Chosen:
    """What to do, and the place of the row under the cursor (0 when there is none)."""

    deed: str
    row: int


class Rows(Dialog[Chosen]):
    """Returns what was chosen; None when the person closed the list."""

    def __init__(
        self,
        title: str,
        rows: Sequence[Content],
        deeds: Sequence[Deed],
        *,
        text: str | Content = "",
        empty: str = "",
        at: int = 0,
    ) -> None:
        super().__init__(title, text)
        self._rows, self._deeds, self._empty, self._at = list(rows), list(deeds), empty, at

    def fields(self) -> ComposeResult:
        """The list, and its keys."""
        yield OptionList(*(Option(row) for row in self._rows), id="found", compact=True)
        if not self._rows:
            yield Plain(line((self._empty, TONES["dim"])))
        parts: list[str | tuple[str, str]] = []
        for deed in self._deeds:
            if deed.row and not self._rows:
                continue
            key = actions.shown(deed.keys.split(",")[0])
            parts += [(key, "bold $text-accent"), f" {deed.label}   "]
        yield Plain(line(*parts), id="deeds")

    def on_mount(self) -> None:
        """Keys go to the list."""
        options = self.query_one(OptionList)
        options.display = bool(self._rows)
        if self._rows:
            options.highlighted = min(self._at, len(self._rows) - 1)
            options.focus()

    def on_key(self, event: Key) -> None:
        """The key of a deed does it."""
        for deed in self._deeds:
            if event.key in deed.keys.split(","):
                event.stop()
                event.prevent_default()
                self._do(deed)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click does the first deed."""
        event.stop()
        self._do(self._deeds[0])

    def action_accept(self) -> None:
        """So does Ctrl+S."""
        self._do(self._deeds[0])

    def _do(self, deed: Deed) -> None:
        row = self.query_one(OptionList).highlighted
        if deed.row and (row is None or not self._rows):
            self.app.notify(_("There is no row here to do that to."), severity="warning")
            return
        self.dismiss(Chosen(deed.name, row or 0))

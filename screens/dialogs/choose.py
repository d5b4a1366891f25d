"""Choose one of many: a list that a few letters narrow down."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from desk.locales import _
from screens.dialogs.narrowing import Narrowing, named, named_line, repeated


class Choose(Narrowing[str, str]):
    """Returns the id chosen. Options are ids with their names, in order."""

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        text: str | Content = "",
        *,
        at: str = "",
    ) -> None:
        super().__init__(title, text)
        self.accept_label = _("choose") + "  Enter"
        self._options = list(options)
        self._at = at

    def found(self, words: str) -> list[tuple[str, Content]]:
        """The options whose name or id has the words."""
        several = repeated(self._options)
        return [(id, named_line(id, name, often=name in several))
                for id, name in named(self._options, words)]  # fmt: skip

    def begin(self) -> int:
        """At the one that was chosen before, while it is shown."""
        return self._shown.index(self._at) if self._at in self._shown else 0

    def clicked(self, index: int) -> None:
        """A click takes it."""
        self.dismiss(self._shown[index])

    def value(self) -> str | None:
        """The one under the mark."""
        return self.marked

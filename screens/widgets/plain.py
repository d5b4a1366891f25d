"""Text on the screen that came from outside: made safe, never read as markup."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from desk.text import safe_text

Part = str | tuple[str, str]
"""A piece of a line: text, or text with a style of ours."""


def line(*parts: Part) -> Content:
    """One line of safe pieces."""
    return Content.assemble(
        *(
            safe_text(part) if isinstance(part, str) else (safe_text(part[0]), part[1])
            for part in parts
        )
    )


def lines(*rows: Content | str) -> Content:
    """Several lines as one content; text among them is made safe."""
    ready = [row if isinstance(row, Content) else Content(safe_text(row)) for row in rows]
    return Content("\n").join(ready)


class Plain(Static):
    """A Static that cannot be given markup."""

    def __init__(
        self,
        text: str | Content = "",
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(self._ready(text), markup=False, id=id, classes=classes)

    @staticmethod
    def _ready(text: str | Content) -> Content:
        return text if isinstance(text, Content) else Content(safe_text(text, multiline=True))

    def show(self, text: str | Content) -> None:
        """Show another text. Tabs and newlines stay, other controls become visible."""
        self.update(self._ready(text))


TONES = {
    "": "",
    "good": "$text-success",
    "warn": "$text-warning",
    "bad": "bold $text-error",
    "dim": "$text-muted",
    "accent": "$text-primary",
    "strong": "bold",
}
"""The style of each tone that a `State` may have."""

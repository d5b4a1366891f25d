"""Text on the screen that came from outside: made safe, never read as markup."""

from __future__ import annotations

import re

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from desk.text import safe_text

LEAST_WIDE = 12  # cells that a line has at least, however far it is indented

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
        self._shown = self._ready(text)
        super().__init__(self._shown, markup=False, id=id, classes=classes)

    @staticmethod
    def _ready(text: str | Content) -> Content:
        return text if isinstance(text, Content) else Content(safe_text(text, multiline=True))

    def show(self, text: str | Content) -> None:
        """Show another text. Tabs and newlines stay, other controls become visible.

        Rooms say it anew with every tick: what stands there already is not drawn again, and a
        line whose size does not follow its text moves nothing else on the screen.
        """
        ready = self._ready(text)
        if not ready.is_same(self._shown):
            self._shown = ready
            self.update(ready, layout=self.styles.auto_dimensions)


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


class Hanging(Plain):
    """A Plain whose long lines go on to the right of where they began: marks at the start of a
    line (of a difference, a list, a gate) stand alone in their column.
    """

    def __init__(
        self, text: str | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(text, id=id, classes=classes)
        self._hung_text, self._hung_width = self._ready(text), 0

    def show(self, text: str | Content) -> None:
        """Show another text."""
        self._hung_text = self._ready(text)
        self._lay()

    def on_resize(self) -> None:
        """Lines are broken anew, where the width is another one."""
        if self.content_size.width != self._hung_width:
            self._lay()

    def _lay(self) -> None:
        self._hung_width = self.content_size.width
        self.update(hung(self._hung_text, self._hung_width))


_GLUE = "\ue000"  # stands for a blank at which no line is broken
_MARK = re.compile(r"(?:(?<=\s)|^)([^\w\s]) (?=\S)")  # `✔ ` before its word
_PARTS = re.compile(r"\S+(?: \S+)*")  # what two blanks part


def hung(text: Content, width: int) -> Content:
    """Each line broken at `width` cells, what follows two cells right of its first letter.

    A line that begins with a mark (`+ `, `✔ `) begins with its text. A mark stays with its words.
    """
    rows: list[Content] = []
    for row in text.split("\n", allow_blank=True):
        if row.cell_length <= width or width < 2 * LEAST_WIDE:
            rows.append(row)
            continue
        inner = row.plain.lstrip()
        blank = len(row.plain) - len(inner)
        marked = len(inner) > 1 and inner[1] == " " and not inner[0].isalnum()
        # Blanks before the text are its place already, as in the lines of a difference.
        indent = min(width // 2, blank + 2 if marked or not blank else blank)
        glued = _glued(row, width // 2)
        head = glued.wrap(width)[0]
        rest = glued[len(head.plain) :]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
        rows.append(_loose(head.rstrip()))
        rows += [Content(" " * indent) + _loose(part) for part in rest.wrap(width - indent)]
    return Content("\n").join(rows)


def _glued(row: Content, most: int) -> Content:
    """Marks held to their words: to all up to two blanks where these are short, else to one."""

    def whole(part: re.Match[str]) -> str:
        short = _MARK.match(part[0]) and cell_len(part[0]) <= most
        return part[0].replace(" ", _GLUE) if short else part[0]

    plain = _PARTS.sub(whole, row.plain.replace(_GLUE, "�"))
    return Content(_MARK.sub(rf"\1{_GLUE}", plain), list(row.spans))


def _loose(row: Content) -> Content:
    return Content(row.plain.replace(_GLUE, " "), list(row.spans))

"""A body as the public reads it, for a terminal: CommonMark drawn as text, nothing executed.

Given a width, it is broken into lines here: what goes on in a list stays right of its mark, and
the columns of a table stand below each other.

Only what the portal's own parser understands is drawn; links show where they lead and cannot be
clicked; every piece of text is made safe.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token
from textual.content import Content

from desk.portal.contract.render import body_tokens, shown
from screens.rooms.markdown_table import table_rows
from screens.widgets.plain import line, lines

WIDE = 100  # cells of a table where no width is given


@dataclass
class _Drawing:
    """The rows drawn so far, and where the walk through the tokens is."""

    width: int = 0  # cells; 0: whoever shows it breaks the lines
    rows: list[Content] = field(default_factory=list)
    prefix: list[str] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    style: str = ""
    table: list[list[Content]] | None = None  # the rows of the table that is being read
    cells: list[Content] | None = None  # of its last row
    first: bool = False  # the next row carries the mark of its list entry

    def put(self, text: Content) -> None:
        """One block, behind the marks of its lists and quotations."""
        for number, part in enumerate(self._broken(text)):
            mark = "".join(self.prefix)
            if number or not self.first:
                mark = "".join("▏ " if p == "▏ " else " " * len(p) for p in self.prefix)
            self.rows.append(line(mark) + part)
        self.first = False

    def _broken(self, text: Content) -> list[Content]:
        room = self.width - sum(len(mark) for mark in self.prefix)
        if self.width <= 0 or room < 10:
            return list(text.split("\n"))
        return text.wrap(room)

    def put_table(self) -> None:
        """The table that was read, as wide as there is room."""
        room = (self.width or WIDE) - sum(len(mark) for mark in self.prefix)
        for row in table_rows(self.table or (), room):
            self.put(row)
        self.table = None

    def gap(self) -> None:
        """An empty row between blocks."""
        if self.rows and self.rows[-1].plain.strip():
            self.rows.append(Content(""))


def markdown_text(body: str, labels: Collection[str], width: int = 0) -> Content:
    """The body drawn; `labels` are the marks of its sources and legal texts. `width` in cells."""
    drawing = _Drawing(width)
    for token in body_tokens(body, labels):
        _draw(drawing, token)
    while drawing.rows and not drawing.rows[-1].plain.strip():
        drawing.rows.pop()
    return lines(*drawing.rows)


def _draw(at: _Drawing, token: Token) -> None:
    kind = token.type
    if kind == "inline":
        text = inline_text(token.children or (), at.style)
        if at.cells is not None:
            at.cells.append(text)
        else:
            at.put(text)
    elif kind == "heading_open":
        at.gap()
        at.style = "bold underline" if token.tag in ("h1", "h2") else "bold"
    elif kind == "heading_close":
        at.style = ""
        at.gap()
    elif kind == "paragraph_close":
        if not (token.hidden or at.prefix):
            at.gap()
    elif kind in ("bullet_list_open", "ordered_list_open"):
        start = token.attrGet("start")
        at.numbers.append(int(start or 1) if kind.startswith("ordered") else None)
    elif kind in ("bullet_list_close", "ordered_list_close"):
        at.numbers.pop()
        if not at.numbers:
            at.gap()
    elif kind == "list_item_open":
        number = at.numbers[-1]
        at.prefix.append("• " if number is None else f"{number}. ")
        at.first = True
        if number is not None:
            at.numbers[-1] = number + 1
    elif kind in ("list_item_close", "blockquote_close"):
        at.prefix.pop()
        if kind == "blockquote_close":
            at.gap()
    elif kind == "blockquote_open":
        at.prefix.append("▏ ")
    elif kind in ("fence", "code_block"):
        at.put(lines(*(line((row, "$text-accent")) for row in token.content.split("\n"))))
    elif kind == "hr":
        at.put(line("───"))
        at.gap()
    else:
        _draw_table(at, kind)


def _draw_table(at: _Drawing, kind: str) -> None:
    if kind == "table_open":
        at.table = []
    elif kind == "table_close":
        at.put_table()
        at.gap()
    elif kind == "thead_open":
        at.style = "bold"
    elif kind == "thead_close":
        at.style = ""
    elif kind == "tr_open":
        at.cells = []
    elif kind == "tr_close" and at.table is not None:
        at.table.append(at.cells or [])
        at.cells = None


def inline_text(tokens: Sequence[Token], style: str = "") -> Content:
    """Running text: emphasis, links with their addresses, marks of footnotes."""
    parts: list[Content] = []
    styles = [style] if style else []
    links: list[str] = []
    for token in tokens:
        now = " ".join(styles)
        if token.type in ("strong_open", "em_open"):
            styles.append("bold" if token.type == "strong_open" else "italic")
        elif token.type in ("strong_close", "em_close"):
            styles.pop()
        elif token.type == "link_open":
            links.append(str(token.attrGet("href") or ""))
            styles.append("underline")
        elif token.type == "link_close":
            styles.pop()
            parts.append(line((f" ‹{links.pop()}›", "$text-muted")))
        elif token.type == "cite":
            parts.append(line((f"[{shown(token.content)}]", "$text-primary")))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(Content(" " if token.type == "softbreak" else "\n"))
        elif token.type == "code_inline":
            parts.append(line((token.content, "$text-accent")))
        else:
            parts.append(line((token.content, now)))
    return Content("").join(parts)

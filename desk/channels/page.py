"""What a public page says: the text of the elements that a portal marks for comparison.

A portal writes `data-desk="headline"`, `"summary"` and `"body"` on the elements that hold them
(see docs/portal-contract.md). Everything else on the page may look as it likes.
"""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


class _Marked(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self._open: list[str] = []  # for each open element: the mark it carries, or ''

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow the nesting; note a mark."""
        if tag in _VOID:
            return
        mark = dict(attrs).get("data-desk") or ""
        self._open.append(mark)
        if mark:
            self.found.setdefault(mark, [])

    def handle_endtag(self, tag: str) -> None:
        """Leave the innermost element."""
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text belongs to every marked element around it."""
        for mark in {mark for mark in self._open if mark}:
            self.found[mark].append(data)


def marked_text(page: str) -> dict[str, str]:
    """Mark -> text with white space collapsed, for each marked element of an HTML page."""
    parser = _Marked()
    parser.feed(page)
    parser.close()
    return {mark: " ".join("".join(parts).split()) for mark, parts in parser.found.items()}

"""Markdown as the checker reads it: blocks by lines, marks inside them by one expression.

CommonMark closely enough to know code, addresses, headings, quotations, captions and notes from
prose. The item editor's own parser (desk.items.markdown) costs a hundred times as much and is
there to show a body; here only the places count.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from desk.terms.fold import Edit
from desk.terms.markup import Region, addresses, drop, skip

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t\r]*$")
_QUOTE = re.compile(r" {0,3}>[ ]?")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_NOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,40}\]:")
_LABEL = re.compile(
    r" {0,3}\[[^\]\n]{1,200}\]:[ \t]*+(?:<[^<>\n]*+>|\S++)"
    r"(?:[ \t]+(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\)))?[ \t\r]*$"
)
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_TITLE = re.compile(r"(?:title|headline|summary|description)[ \t]*:[ \t]*")

_INLINE = re.compile(
    r"(?P<escape>\\(?:[!-/:-@\[-`{-~]|(?=\r?\n)))"
    r"|(?P<code>`++)"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+>)"
    r"|(?P<tag></?(?P<name>[A-Za-z][A-Za-z0-9-]*+)[^<>]*+>)"
    r"|(?P<dest>(?<=\])\((?:[^()\n]|\([^()\n]*+\))*+\))"
    r"|(?P<ref>\[\^[^\]\s]{1,40}\])"
    r"|(?P<image>!\[(?P<alt>[^\]\n]{1,500})(?=\]\())"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<emphasis>\*{1,3}|~~|_{1,3})"
)
_LONGEST_WORDS = 500  # code points of the words of a link
_TRIGGER = re.compile(r"[`<\[\]&\\*_~]")
_CODE = frozenset({"code", "kbd", "samp", "var", "pre", "script", "style", "textarea"})
_BREAKS = frozenset({"hr", "p", "div", "li", "ul", "ol", "td", "th", "tr", "table"})


def marks(text: str, regions: list[Region]) -> list[Edit]:
    """The edits that leave the visible text; the regions are added to the list."""
    blocks = _Blocks(text, regions)
    blocks.read()
    for start, end in blocks.prose:
        blocks.edits += addresses(text, start, end)
        if _TRIGGER.search(text, start, end):
            blocks.edits += _inline(text, start, end, regions)
    return blocks.edits


def clean_starts(text: str) -> frozenset[int]:
    """Where lines start that are read alike whatever stands before them."""
    blocks = _Blocks(text, [])
    blocks.read()
    return frozenset(blocks.clean)


class _Blocks:
    """Goes over the lines once and tells prose from the rest."""

    def __init__(self, text: str, regions: list[Region]) -> None:
        self.text = text
        self.regions = regions
        self.edits: list[Edit] = []
        self.prose: list[tuple[int, int]] = []
        self.clean: list[int] = []
        self.open = -1  # where the paragraph began that is being read
        self.last = 0  # where its last line ended
        self.fence = ""
        self.listed = False
        self.unclosed = False  # no further comment has an end

    def read(self) -> None:
        """All lines."""
        at, size = self._front_matter(), len(self.text)
        while at < size:
            end = self.text.find("\n", at)
            end = size if end < 0 else end
            if self.open < 0 and not self.fence and not self.text[at].isspace():
                self.clean.append(at)
                self.listed = False
            at = self._comment(at, end) or self._line(at, end)
        self._close()

    def _front_matter(self) -> int:
        text = self.text
        if not text.startswith(("---\n", "---\r\n")):
            return 0
        close = re.compile(r"^(?:---|\.\.\.)[ \t\r]*$", re.MULTILINE).search(text, 4)
        if close is None:
            return 0
        at = 0
        while at < close.start():
            end = text.find("\n", at)
            title = _TITLE.match(text, at, end)
            start = title.end() if title else end
            if title:
                self.prose.append((start, end))
                self.regions.append(Region(start, end, "headline"))
            if start > at:
                self.edits.append(skip(at, start))
            at = end + 1
        self.edits.append(skip(*close.span()))
        return close.end()

    def _comment(self, at: int, end: int) -> int:
        """Past a comment that begins on this line, or 0."""
        start = -1 if self.fence or self.unclosed else self.text.find("<!--", at, end)
        if start < 0:
            return 0
        close = self.text.find("-->", start + 4)
        if close < 0:
            self.unclosed = True
            return 0
        self._line(at, start)
        self.edits.append(skip(start, close + 3))
        self._close()
        return close + 3

    def _line(self, at: int, end: int) -> int:
        text, body, quoted = self.text, at, 0
        while quoted < 12 and (mark := _QUOTE.match(text, body, end)):
            body, quoted = mark.end(), quoted + 1
        if quoted:
            self.edits.append(drop(at, body))
            self.regions.append(Region(at, end, "quote"))
        fence = _FENCE.match(text, body, end)
        if self.fence:
            if fence and fence[1].startswith(self.fence):
                self.fence = ""
            self.edits.append(skip(body, end))
        elif fence and not (fence[1][0] == "`" and text.find("`", fence.end(), end) >= 0):
            self._close()
            self.fence = fence[1]
            self.edits.append(skip(body, end))
        elif not text[body:end].strip():
            self._close()
        else:
            self._prose(body, end)
        return end + 1

    def _prose(self, body: int, end: int) -> None:
        text = self.text
        indented = _INDENTED.match(text, body, end)
        if indented and self.open < 0 and not self.listed:
            self.edits.append(skip(body, end))
        elif _HEADING.match(text, body, end):
            self._close()
            self._whole(body, end, "headline")
        elif self.open >= 0 and _UNDERLINE.match(text, body, end):
            self.regions.append(Region(self.open, body, "headline"))
            self._close()
        elif _NOTE.match(text, body, end):
            self._close()
            self._whole(body, end, "source")
        elif self.open < 0 and _LABEL.match(text, body, end):
            self.edits.append(skip(body, end))
        else:
            item = _ITEM.match(text, body, end)
            if item:
                self._close()
            if item or not indented:
                self.listed = bool(item) or (self.listed and self.open >= 0)
            if self.open < 0:
                self.open = body
            self.last = end

    def _whole(self, start: int, end: int, kind: str) -> None:
        self.prose.append((start, end))
        self.regions.append(Region(start, end, "headline" if kind == "headline" else "source"))
        self.listed = False

    def _close(self) -> None:
        if self.open >= 0:
            self.prose.append((self.open, self.last))
        self.open = -1


def _inline(text: str, start: int, end: int, regions: list[Region]) -> Iterator[Edit]:
    """Code, destinations of links, tags, entities and marks of emphasis in one paragraph."""
    runs: dict[int, list[int]] | None = None
    at, broken = start, 0
    endless: set[str] = set()  # tags of code that no tag closes any more
    while match := _INLINE.search(text, at, end):
        first, at = match.span()
        kind = match.lastgroup
        if match["code"]:
            if runs is None:
                runs = _runs(text, start, end)
            close = _closing(runs, first, at - first)
            if close:
                yield skip(first, close)
                at = close
        elif match["escape"]:
            yield drop(first, first + 1)
        elif match["entity"]:
            yield first, at, html.unescape(match["entity"])
        elif match["emphasis"]:
            if _emphasis(text, first, at, start, end):
                yield drop(first, at)
        elif match["tag"] and match["name"].lower() in _CODE:
            close = -1
            if not match["tag"].startswith("</") and match["name"] not in endless:
                close = text.find(f"</{match['name']}", at, end)
                endless |= {match["name"]} if close < 0 else set()
            yield drop(first, at) if close < 0 else skip(first, close)
            at = max(at, close)
        elif match["tag"] and match["name"].lower() == "br":
            # One breaks a line; two, with nothing between them, part paragraphs.
            two = broken and not text[broken:first].strip()
            yield skip(first, at) if two else (first, at, " ")
            broken = at
        elif match["tag"]:
            wide = match["name"].lower() in _BREAKS
            yield skip(first, at) if wide else drop(first, at)
        elif kind == "alt" or match["image"]:
            regions.append(Region(match.start("alt"), match.end("alt"), "caption"))
            yield drop(first, first + 2)
            at = first + 2
        elif match["dest"]:
            # What is left of a link are its words: the words of two stand side by side.
            opening = text.rfind("[", max(start, first - _LONGEST_WORDS), first)
            if opening >= 0:
                yield drop(opening, opening + 1)
            yield drop(first - 1, at)
        else:
            yield skip(first, at)


def _runs(text: str, start: int, end: int) -> dict[int, list[int]]:
    """The runs of backticks of a paragraph by their length, the last ones at the end."""
    found: dict[int, list[int]] = {}
    for match in re.compile("`+").finditer(text, start, end):
        found.setdefault(len(match.group()), []).append(match.start())
    for places in found.values():
        places.reverse()
    return found


def _closing(runs: dict[int, list[int]], first: int, size: int) -> int:
    """Where the code ends that a run of that size opens; 0 when nothing closes it."""
    places = runs.get(size, [])
    while places and places[-1] <= first:
        places.pop()
    return places[-1] + size if places else 0


def _emphasis(text: str, first: int, last: int, start: int, end: int) -> bool:
    before = text[first - 1] if first > start else " "
    after = text[last] if last < end else " "
    if before.isspace() and after.isspace():
        return False
    if text[first] == "_":
        return not (before.isalnum() and after.isalnum())
    return not (before.isdigit() and after.isdigit())

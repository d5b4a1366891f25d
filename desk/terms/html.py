"""HTML as the checker reads it: text between tags, entities read, code and scripts left alone.

Tags are told from text as the HTML standard does for well-formed pages; a broken page loses no
text, since whatever is no tag is text.
"""

from __future__ import annotations

import html
import re
from typing import Final

from desk.items.number_words import words
from desk.terms.fold import Edit
from desk.terms.markup import Kind, Region, addresses, drop, skip

_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<tag><(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*+)"
    r"(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>)"
    r"|(?P<declaration><[!?][^<>]*+>)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?)"
)
_UNREAD: Final = words("script style pre code kbd samp var textarea svg math template noscript")
_INLINE: Final = words(
    "a abbr b bdi bdo cite del dfn em font i ins mark q s small span strong strike sub sup u wbr "
    "time data label"
)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "title", "legend"), "headline"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    **dict.fromkeys(("blockquote", "q"), "quote"),
    "cite": "source",
}


def tags(text: str, regions: list[Region]) -> list[Edit]:
    """The edits that leave the visible text; the regions are added to the list."""
    edits: list[Edit] = []
    opened: dict[str, int] = {}
    at = read = 0
    while match := _TOKEN.search(text, at):
        first, at = match.span()
        edits += addresses(text, read, first)
        name = (match["name"] or "").lower()
        if match["comment"]:
            close = text.find("-->", at)
            at = len(text) if close < 0 else close + 3
            edits.append(skip(first, at))
        elif match["entity"]:
            edits.append((first, at, html.unescape(match["entity"])))
        elif match["declaration"]:
            edits.append(skip(first, at))
        elif name in _UNREAD and not match["close"] and not _empty(match["tag"]):
            at = _after(text, at, name)
            edits.append(skip(first, at))
        else:
            edits.append(drop(first, at) if name in _INLINE else skip(first, at))
            _note(opened, regions, name, match["close"] == "/", first, at)
        read = at
    edits += addresses(text, read, len(text))
    regions += [Region(start, len(text), _KINDS[name]) for name, start in opened.items()]
    return edits


def _empty(tag: str) -> bool:
    return tag.endswith("/>")


def _after(text: str, at: int, name: str) -> int:
    """Past the end tag of an element whose content is not read; the end of a page without one."""
    close = re.compile(rf"</{name}\b[^<>]*+>", re.IGNORECASE).search(text, at)
    return close.end() if close else len(text)


def _note(
    opened: dict[str, int], regions: list[Region], name: str, closes: bool, first: int, last: int
) -> None:
    kind = _KINDS.get(name)
    if kind is None:
        return
    if not closes:
        opened.setdefault(name, last)
    elif name in opened:
        regions.append(Region(opened.pop(name), first, kind))

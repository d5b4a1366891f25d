"""HTML as the checker reads it: text between tags and in attributes; code and scripts left alone.

Tags are told from text as the HTML standard does for well-formed pages; a broken page loses no
text, since whatever is no tag is text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from desk.items.number_words import words
from desk.terms.fold import Edit
from desk.terms.markup import Kind, Region, Span, addresses, drop, skip

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
_ATTRIBUTE = re.compile(
    r"(?<=[\s\"'/])(?P<name>[^\s\"'<>/=]++)\s*+=\s*+"
    r"(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'=<>`]++))"
)
_READ: Final = words(
    "alt title placeholder label aria-label aria-description aria-placeholder aria-roledescription"
)
_SHARED: Final = words(
    "description title og:title og:description og:image:alt twitter:title twitter:description "
    "twitter:image:alt dc.title dc.description dcterms.title dcterms.abstract"
)
"""What of a page's `meta` other sites show."""
_ENTITY = re.compile(r"&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")


def tags(text: str, regions: list[Region], asides: list[Span] | None = None) -> list[Edit]:
    """The edits that leave the visible text; the regions are added to the list.

    So are to `asides` the attributes that people read or hear, if they are asked for.
    """
    edits: list[Edit] = []
    opened: dict[str, int] = {}
    at = read = broken = 0
    while match := _TOKEN.search(text, at):
        first, at = match.span()
        edits += addresses(text, read, first)
        name = (match["name"] or "").lower()
        if asides is not None and name and not match["close"] and "=" in match["tag"]:
            asides += _told(text, name, match.end("name"), at, regions)
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
        elif name == "br":
            # One breaks a line; two, with nothing between them, part paragraphs.
            two = broken and not text[broken:first].strip()
            edits.append(skip(first, at) if two else (first, at, " "))
            broken = at
        else:
            edits.append(drop(first, at) if name in _INLINE else skip(first, at))
            _note(opened, regions, name, match["close"] == "/", first, at)
        read = at
    edits += addresses(text, read, len(text))
    regions += [Region(start, len(text), _KINDS[name]) for name, start in opened.items()]
    return edits


def _told(text: str, name: str, start: int, end: int, regions: list[Region]) -> Iterator[Span]:
    """The values of a tag's attributes that are shown or read out."""
    found = {one["name"].lower(): one for one in reversed([*_ATTRIBUTE.finditer(text, start, end)])}
    if name == "meta":
        about = found.get("name") or found.get("property")
        said = about is not None and _value(text, about)[2].strip().lower() in _SHARED
        wanted = ["content"] if said else []
    else:
        wanted = [one for one in found if one in _READ]
    for one in sorted(_value(text, found[key]) for key in wanted if key in found):
        if one[2].strip():
            yield one[0], one[1]
    if "alt" in wanted:
        regions.append(Region(*_value(text, found["alt"])[:2], "caption"))


def _value(text: str, match: re.Match[str]) -> tuple[int, int, str]:
    group = match.lastgroup or "bare"
    start, end = match.span(group)
    return start, end, text[start:end]


def values(text: str, spans: list[Span]) -> list[Edit]:
    """The edits that leave the values of attributes alone, each a paragraph of its own."""
    edits: list[Edit] = []
    done = 0
    for start, end in spans:
        edits.append((done, start, "\n\n"))
        edits += [
            (*one.span(), html.unescape(one[0])) for one in _ENTITY.finditer(text, start, end)
        ]
        edits += addresses(text, start, end)
        done = end
    return [*edits, (done, len(text), "\n\n")]


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

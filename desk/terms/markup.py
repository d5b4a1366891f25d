"""Markup: what of a text is read, what is left alone, and which parts are headings or quotations.

Three kinds are read: plain text, Markdown and HTML. The result is the visible text with the way
back to the original. Code, addresses and tags are never read; marks of emphasis have no width,
so that a term half in bold is still one term. Every scan is linear.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from desk.terms.fold import SKIPPED, Edit, Folded, edited, fold, occurrences, unusual

Markup = Literal["plain", "markdown", "html"]
Kind = Literal["headline", "caption", "quote", "source"]
Span = tuple[int, int]

MARKUPS: tuple[Markup, ...] = ("plain", "markdown", "html")
_OF_SUFFIX: dict[str, Markup] = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip


def markup_of(name: str) -> Markup:
    """The markup of a file by the end of its name; plain where it says nothing."""
    stem, dot, suffix = name.rpartition(".")
    return _OF_SUFFIX.get((dot + suffix).lower(), "plain") if stem else "plain"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the original text that is no running prose."""

    start: int
    end: int
    kind: Kind


class Regions:
    """The regions of one text, asked by place."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_kind: dict[Kind, list[Region]] = {}
        for region in sorted(regions, key=lambda one: one.start):
            kept = self._by_kind.setdefault(region.kind, [])
            if kept and region.end <= kept[-1].end:
                continue  # nested in one of its kind
            kept.append(region)

    def at(self, place: int, kind: Kind) -> bool:
        """Whether a place of the original lies in a region of that kind."""
        known = self._by_kind.get(kind)
        if not known:
            return False
        index = bisect_right(known, place, key=lambda one: one.start) - 1
        return index >= 0 and place < known[index].end

    def __bool__(self) -> bool:
        return bool(self._by_kind)


@dataclass(frozen=True, slots=True)
class Seen:
    """The visible text, folded, leading back to the original, and the regions of the original.

    `odd` holds the unusual characters of the original, visible or not. `asides` are the parts of
    the original that are read beside the text: what attributes say of pictures and fields.
    """

    original: str
    folded: Folded
    regions: Regions
    markup: Markup
    odd: frozenset[str]
    asides: tuple[Span, ...] = ()


def see(text: str, markup: Markup) -> Seen:
    """Read a text of that markup. Never raises for what is in it."""
    regions: list[Region] = []
    asides: list[Span] = []
    if markup == "markdown":
        from desk.terms.markdown import marks

        edits = in_order(marks(text, regions))
    elif markup == "html":
        from desk.terms.html import tags

        edits = in_order(tags(text, regions, asides))
    else:
        edits = in_order(addresses(text, 0, len(text)))
    folded = _folded(text, edits)
    hidden = "".join(text[start:end] for start, end, _ in edits)
    odd = folded.odd | unusual(hidden)
    return Seen(text, folded, Regions(regions), markup, odd, tuple(asides))


def see_asides(seen: Seen) -> Seen:
    """The same text, of which only the asides are read."""
    from desk.terms.html import values

    edits = in_order(values(seen.original, list(seen.asides)))
    return replace(seen, folded=_folded(seen.original, edits), asides=())


def _folded(text: str, edits: list[Edit]) -> Folded:
    visible, places = edited(text, edits)
    folded = fold(visible)
    return replace(folded, steps=(*folded.steps, places)) if places else folded


def skip(start: int, end: int) -> Edit:
    """Leave a part unread: it keeps its length, and no term reaches across it."""
    return start, end, SKIPPED * (end - start)


def drop(start: int, end: int) -> Edit:
    """Take a mark out as if it had no width."""
    return start, end, ""


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Edits by place, the first of two that overlap."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one[0], -one[1])):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


# Written without a repeat that could be entered at many places: each trigger is a short literal,
# and what belongs to it is read from there, to the left a bounded way only.
_ENDINGS = (
    "docx?|xlsx?|pptx?|od[tsp]|pdf|rtf|txt|md|csv|tsv|html?|xml|json|ya?ml|tbx|epub|zip|rar|7z|gz"
    "|jpe?g|png|gif|svg|webp|tiff?|heic|mp[34]|mov|avi|wav|m4a|js|css|py|sh"
)
_ADDRESS = re.compile(
    r"(?P<url>(?:https?://|ftp://|www\.)"
    r"(?:[^\s<>\"“”()\[\]]|\([^\s<>\"“”()\[\]]*+\))++)"
    r"|(?P<mail>@(?=\w)[\w-]++(?:\.[\w-]++)*+)"
    r"|(?P<host>\.(?:vn|com|org|net|gov|edu|info|asia)\b(?![.-]?\w)(?:/[^\s<>\"“”()\[\]]*+)?)"
    rf"|(?P<file>\.(?:{_ENDINGS}|{_ENDINGS.upper()})\b(?![.-]?\w))"
    r"|(?P<hidden>(?<!\S)\.[a-z][a-z0-9_-]++)"
    r"|(?P<tag>\#(?=[^\W\d])\w++)"
)
# One character is found ten times as fast as two, and an expression that begins with one nearly so.
_MARKS = "@#"
# Most dots end a sentence: the blank after them is looked at before all else.
_DOT = re.compile(
    r"\.(?!\s)"
    rf"(?:(?=vn|com|org|net|gov|edu|info|asia|(?:{_ENDINGS}|{_ENDINGS.upper()})\b)"
    r"|(?<=www\.)"
    r"|(?<=[ \n]\.))"  # a dot before a name: .gitignore
)
_SCHEMES = ("https://", "http://", "ftp://")
_LEFT = re.compile(r"[\w.+-]")
_PATH = re.compile(r"[\w.+~/\\-]")
_FARTHEST = 64  # code points to the left that a mail address or a host name may have


def addresses(text: str, start: int, end: int) -> Iterator[Edit]:
    """Addresses of the web and of mail, names of hosts and files, hashtags, handles: no prose."""
    done = start
    for at in _starts(text, start, end):
        match = _ADDRESS.match(text, at, end) if at >= done else None
        if match is None:
            continue
        first, last = match.span()
        done = last
        if match.lastgroup in ("mail", "host", "file"):
            floor = max(start, first - _FARTHEST)
            left = _PATH if match.lastgroup == "file" else _LEFT
            while first > floor and left.match(text, first - 1):
                first -= 1
            if match.lastgroup != "mail" and first == match.start():
                continue  # ".com" alone
        elif match.lastgroup == "tag" and first > start and text[first - 1].isalnum():
            continue
        while last > first + 1 and text[last - 1] in ".,;:!?'’…":
            last -= 1
        yield skip(first, last)


def _starts(text: str, start: int, end: int) -> list[int]:
    """Where an address may begin, or the sign in its middle that tells it."""
    found = [at for mark in _MARKS for at in occurrences(text, mark, start, end)]
    for match in _DOT.finditer(text, start, end):
        found += (match.start() - 3, match.start())
    for at in occurrences(text, "://", start, end) if text.find(":", start, end) >= 0 else ():
        found += (
            at + 3 - len(scheme) for scheme in _SCHEMES if text.endswith(scheme, start, at + 3)
        )
    return sorted(at for at in found if at >= start)

"""The Markdown parser: markdown-it-py set up for bodies, telling where each piece stood.

markdown-it-py gives lines for blocks and nothing for inline tokens. The state below notes the
position at which each token is pushed; `_Lines` carries it from a block's content, which has lost
its markers ("> ", "- ", "# "), back to the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from desk.items.body import BlockKind

DEEPEST = 12  # levels of quotes and lists; the parser drops what is deeper, so it is refused
_REFERENCE = re.compile(r"\[\^([A-Za-z0-9][A-Za-z0-9_-]{0,31})\]")

Role = Literal["text", "code", "other", "reference", "link", "picture"]


@dataclass(frozen=True)
class Piece:
    """A piece of a block: its visible text and the source offset `at` which it starts.

    "text" and "code" stand in the source letter by letter; "other" (entities, line breaks,
    autolinks) does not. `value` is the label of a reference, the address of a link or picture.
    """

    role: Role
    text: str
    at: int
    value: str = ""


@dataclass(frozen=True)
class RawBlock:
    """One block of visible text with its pieces in reading order."""

    kind: BlockKind
    pieces: list[Piece]
    table: int = -1
    row: int = -1


class _State(StateInline):
    """Inline state that writes into `token.meta["at"]` where each token began."""

    _pending_at: int | None = None

    def append_pending(self, text: str) -> None:
        if self._pending_at is None:
            self._pending_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:
        token = super().pushPending()
        token.meta["at"] = self.pos if self._pending_at is None else self._pending_at
        self._pending_at = None
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        self._pending_at = None
        at = self.pos
        if ttype == "text" and len(self.tokens) > 1:
            # A run of emphasis marks is pushed mark by mark while `pos` stands at its start.
            before = self.tokens[-2]
            if before.type == "text" and before.meta.get("at", -1) >= at:
                at = before.meta["at"] + len(before.content)
        token.meta["at"] = at
        return token


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _footnote(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta["label"] = match[1]
    state.pos = match.end()
    return True


def _any_link(_url: str) -> bool:
    """Let every address through, so that a bad one is reported and not shown as plain text."""
    return True


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark and tables, no raw HTML, footnote references; made once."""
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    md.inline = _Inline()
    md.configure("commonmark", {"html": False, "maxNesting": DEEPEST})
    md.enable("table")
    # Joining would lose the positions of the joined tokens.
    md.disable(["text_join", "fragments_join"], ignoreInvalid=True)
    md.inline.ruler.before("link", "footnote_ref", _footnote)
    md.validateLink = _any_link  # type: ignore[method-assign,assignment]
    return md


class _Lines:
    """Maps positions in a block's content to offsets in the source, line by line."""

    def __init__(self, content: str, source: str, spans: list[tuple[int, int]]) -> None:
        self.content = content
        self._marks: list[int] = []
        self._ends: list[int] = []
        self._to: list[int] = []
        at = 0
        for line, (start, end) in zip(content.split("\n"), spans, strict=False):
            bare = line.strip()
            # What the block parser removed stood in front, so the last occurrence is the one.
            where = source.rfind(bare, start, end) if bare else end
            indent = len(line) - len(line.lstrip())
            self._add(at + indent, len(line) - indent, max(where, start))
            at += len(line) + 1
        self._fallback = spans[0][0] if spans else 0

    def _add(self, mark: int, size: int, to: int) -> None:
        self._marks.append(mark)
        self._ends.append(mark + size)
        self._to.append(to)

    def __call__(self, position: int) -> int:
        index = bisect_right(self._marks, position) - 1
        if index < 0:
            return self._to[0] if self._to else self._fallback
        return self._to[index] + min(position, self._ends[index]) - self._marks[index]

    def runs(self, text: str, position: int) -> list[tuple[str, int]]:
        """`text`, which starts at `position` of the content, cut where the source has a gap."""
        found: list[tuple[str, int]] = []
        index = bisect_right(self._marks, position)
        while index < len(self._marks) and self._marks[index] < position + len(text):
            size = self._marks[index] - position
            found.append((text[:size], self(position)))
            text, position, index = text[size:], position + size, index + 1
        return [*found, (text, self(position))]


class _Cell(_Lines):
    """The same for a table cell, whose escaped bars have lost their backslash."""

    def __init__(self, content: str, source: str, start: int, end: int) -> None:
        super().__init__("", source, [(start, end)])
        self.content = content
        self._marks, self._ends, self._to = [], [], []
        where = source.find(content.replace("|", "\\|"), start, end)
        to = max(where, start)
        mark = 0
        for part in content.split("|"):
            self._add(mark, len(part) + 1, to)
            mark += len(part) + 1
            to += len(part) + 2
            # The bar itself maps to its backslash, one place before it.
        self.end = min(end, max(where, start) + len(content) + content.count("|"))


def read(source: str) -> tuple[list[RawBlock], list[int]]:
    """The blocks of a body in reading order; offsets where nesting is too deep to be read on."""
    # markdown-it turns CRLF into one character; this keeps lengths.
    text = source.replace("\r\n", " \n").replace("\r", "\n")
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    walk = _Walk(text, spans)
    return walk.blocks(parser().parse(text)), walk.deep


class _Walk:
    """Goes once over the block tokens."""

    def __init__(self, source: str, spans: list[tuple[int, int]]) -> None:
        self.source = source
        self.spans = spans
        self.table = -1
        self.row = -1
        self.cursor = 0
        self.deep: list[int] = []

    def blocks(self, tokens: list[Token]) -> list[RawBlock]:
        found: list[RawBlock] = []
        kind: BlockKind = "paragraph"
        for token in tokens:
            if token.type in _NESTING and token.level >= DEEPEST - 1 and token.map:
                self.deep.append(self.spans[token.map[0]][0])
            if token.type in ("paragraph_open", "heading_open", "th_open", "td_open"):
                kind = _KINDS[token.type]
            elif token.type == "table_open":
                self.table, self.row = self.table + 1, -1
            elif token.type == "tr_open":
                self.row += 1
                self.cursor = self.spans[token.map[0]][0] if token.map else 0
            elif token.type == "inline":
                found.append(self._inline(token, kind))
            elif token.type in ("fence", "code_block"):
                found.append(self._code(token))
        return found

    def _span(self, token: Token) -> list[tuple[int, int]]:
        first, last = token.map or [0, 0]
        return self.spans[first:last]

    def _inline(self, token: Token, kind: BlockKind) -> RawBlock:
        spans = self._span(token)
        if kind != "cell":
            to_source = _Lines(token.content, self.source, spans)
            return RawBlock(kind, _pieces(token.children or [], to_source))
        cell = _Cell(token.content, self.source, self.cursor, spans[0][1] if spans else 0)
        self.cursor = cell.end
        return RawBlock(kind, _pieces(token.children or [], cell), self.table, self.row)

    def _code(self, token: Token) -> RawBlock:
        spans = self._span(token)[1 if token.type == "fence" else 0 :]
        to_source = _Lines(token.content, self.source, spans)
        pieces: list[Piece] = []
        at = 0
        for line in token.content.removesuffix("\n").split("\n"):
            if pieces:
                pieces.append(Piece("other", "\n", to_source(at - 1)))
            bare = line.strip()
            indent = len(line) - len(line.lstrip())
            pieces.append(Piece("code", bare, to_source(at + indent)))
            at += len(line) + 1
        return RawBlock("code", pieces)


_NESTING = ("blockquote_open", "bullet_list_open", "ordered_list_open", "list_item_open")
_KINDS: dict[str, BlockKind] = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "th_open": "cell",
    "td_open": "cell",
}


def _pieces(children: list[Token], to_source: _Lines) -> list[Piece]:
    found: list[Piece] = []
    open_links: list[int] = []
    autolink = False
    for token in children:
        place = token.meta.get("at", 0)
        at = to_source(place)
        if token.type == "text" and not autolink:
            found += [Piece("text", *run) for run in to_source.runs(token.content, place)]
        elif token.type in ("text", "text_special"):
            found.append(Piece("other", token.content, at))
        elif token.type == "code_inline":
            place += len(token.markup)
            if to_source.content[place : place + 1] == " " != token.content[:1]:
                place += 1  # CommonMark takes one space off each side
            found += [Piece("code", *run) for run in to_source.runs(token.content, place)]
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Piece("other", " " if token.type == "softbreak" else "\n", at))
        elif token.type == "footnote_ref":
            found.append(Piece("reference", "", at, str(token.meta["label"])))
        elif token.type == "link_open":
            autolink = token.markup == "autolink"
            open_links.append(len(found))
            at = at if autolink else to_source(place - 1)  # `place` is behind the bracket
            found.append(Piece("link", "", at, str(token.attrs.get("href", ""))))
        elif token.type == "link_close" and open_links:
            autolink = False
            index = open_links.pop()
            words = "".join(p.text for p in found[index + 1 :] if p.role != "link")
            found[index] = Piece("link", words, found[index].at, found[index].value)
        elif token.type == "image":
            alt = "".join(child.content for child in token.children or [])
            found.append(Piece("picture", alt, at, str(token.attrs.get("src", ""))))
    return found

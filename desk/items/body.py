"""The body: CommonMark without raw HTML, read into plain text that knows where it came from.

Everything a reader will see is in `Body.text`, also code, table cells and picture descriptions,
so that no figure can hide from a gate. Positions are offsets in code points of the source;
lines and columns count from 1. Tables are those of GitHub Flavored Markdown.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from desk.items.links import foreign_host, refuse_link
from desk.items.sentences import sentences
from desk.text import one_line, safe_text

if TYPE_CHECKING:
    from desk.items.markdown import Piece, RawBlock

LONGEST = 1_000_000  # code points
MOST_BRACKETS = 20_000  # each one costs the parser a search, and no news text has so many
MOST_LINES = 20_000
_RAW_HTML = re.compile(r"</?[A-Za-z][^<>]{0,300}+>|<!--|<!\[?[A-Z]|<\?[A-Za-z]")
_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]{1,32})\]:", re.MULTILINE)

Severity = Literal["error", "warning", "info"]
Says = tuple[str, str]  # the same in English and Vietnamese
BlockKind = Literal["paragraph", "heading", "cell", "code"]


@dataclass(frozen=True)
class BodyProblem:
    """One thing wrong in a body: what, where in the source, in both languages."""

    code: str
    severity: Severity
    start: int
    end: int
    line: int
    column: int
    message: str
    message_vi: str


@dataclass(frozen=True)
class Block:
    """A run of plain text: offsets in `Body.text`. Cells know their table and row (0 = head)."""

    kind: BlockKind
    start: int
    end: int
    table: int = -1
    row: int = -1


@dataclass(frozen=True)
class Reference:
    """A footnote reference `[^label]`: source offsets, and where it stands in the plain text."""

    label: str
    start: int
    end: int
    at: int
    line: int
    column: int


@dataclass(frozen=True)
class Link:
    """A link or a picture: where it points, its words, its source offset, line and column."""

    url: str
    text: str
    start: int
    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Body:
    """A parsed body. `offsets[i]` is the source offset of `text[i]`; it ends with the length."""

    source: str
    text: str
    offsets: Sequence[int] = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    references: tuple[Reference, ...]
    links: tuple[Link, ...]
    pictures: tuple[Link, ...]
    problems: tuple[BodyProblem, ...]

    @cached_property
    def _lines(self) -> list[int]:
        return _line_starts(self.source)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a source offset."""
        return _position(self._lines, offset)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source offsets of a span of the plain text."""
        first = self.offsets[start]
        return first, max(first, self.offsets[end - 1] + 1 if end > start else first)

    @cached_property
    def units(self) -> tuple[tuple[int, int], ...]:
        """What one footnote vouches for: sentences of prose, rows of tables, in plain offsets."""
        found: list[tuple[int, int]] = []
        row: tuple[int, int] | None = None
        for block in self.blocks:
            if block.kind == "cell":
                if row == (block.table, block.row):
                    found[-1] = (found[-1][0], block.end)
                else:
                    found.append((block.start, block.end))
                row = (block.table, block.row)
                continue
            row = None
            for part in sentences(self.text[block.start : block.end]):
                found.append((block.start + part.start, block.start + part.end))
        return tuple(found)

    def covering(self, at: int) -> frozenset[str]:
        """Labels of the references that vouch for the plain text at that offset."""
        return self._labels.get(self._unit_at(at), frozenset())

    def _unit_at(self, at: int) -> int:
        return bisect_right(self._unit_starts, at) - 1

    @cached_property
    def _unit_starts(self) -> list[int]:
        return [start for start, _ in self.units]

    @cached_property
    def _labels(self) -> dict[int, frozenset[str]]:
        labels: dict[int, set[str]] = {}
        heads: dict[int, set[str]] = {}
        for reference in self.references:
            unit = self._unit_at(reference.at)
            block = self._block_at(reference.at)
            # A reference in front of a sentence's first letter stands right after the one before.
            if unit > 0 and self.units[unit][0] == reference.at and block.start < reference.at:
                unit -= 1
            labels.setdefault(unit, set()).add(reference.label)
            if block.kind == "cell" and block.row == 0:
                heads.setdefault(block.table, set()).add(reference.label)
        for block in self.blocks:  # the head of a table vouches for all of its rows
            if block.table in heads:
                labels.setdefault(self._unit_at(block.start), set()).update(heads[block.table])
        return {unit: frozenset(found) for unit, found in labels.items()}

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def _block_at(self, at: int) -> Block:
        if not self.blocks:
            return Block("paragraph", 0, 0)
        return self.blocks[max(0, bisect_right(self._block_starts, at) - 1)]


def _line_starts(source: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", source))]


def _position(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def parse(source: str) -> Body:
    """Read a body. Never raises: what is wrong is in `problems`, in source order.

    A body past the limits is not parsed; its plain text is then its source. Line ends may be
    LF, CR or CRLF, offsets count the characters given.
    """
    starts = _line_starts(source)
    too_big = _too_big(source, starts)
    if too_big:
        whole = (Block("paragraph", 0, len(source)),) if source.strip() else ()
        plain = array("L", range(len(source) + 1))
        return Body(source, source, plain, whole, (), (), (), (too_big,))
    from desk.items.markdown import read

    blocks, deep = read(source)
    return _Reader(source, starts).body(blocks, deep)


def _too_big(source: str, starts: list[int]) -> BodyProblem | None:
    for size, most, en, vi in (
        (len(source), LONGEST, "characters", "ký tự"),
        (len(starts), MOST_LINES, "lines", "dòng"),
        (source.count("["), MOST_BRACKETS, "square brackets", "dấu ngoặc vuông"),
    ):
        if size > most:
            message = f"The body has more than {most:,} {en}"
            message_vi = f"Nội dung có quá {most:,} {vi}".replace(",", ".")
            return BodyProblem("too-big", "error", 0, 0, 1, 1, message, message_vi)
    return None


class _Reader:
    """Puts the pieces of the parser together: plain text, offsets, references, problems."""

    def __init__(self, source: str, starts: list[int]) -> None:
        self.source = source
        self.starts = starts
        self.parts: list[str] = []
        self.offsets = array("L")
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.links: list[Link] = []
        self.pictures: list[Link] = []
        self.problems: list[BodyProblem] = []

    def body(self, blocks: list[RawBlock], deep: list[int]) -> Body:
        for raw in blocks:
            self._block(raw)
        for at in deep[:1]:
            says = (
                "Quotes or lists are nested too deeply; what is inside would be lost",
                "Trích dẫn hoặc danh sách lồng quá sâu; phần bên trong sẽ bị mất",
            )
            self._problem("too-deep", (at, at), says)
        self.offsets.append(len(self.source))
        for match in _DEFINITION.finditer(self.source):
            self._problem(
                "footnote-definition",
                (match.start(1) - 2, match.end() - 1),
                (
                    "A footnote is defined in the body; add it to the sources instead",
                    "Chú thích được viết trong nội dung; hãy đưa vào danh mục nguồn",
                ),
            )
        return Body(
            self.source,
            "".join(self.parts),
            self.offsets,
            tuple(self.blocks),
            tuple(self.references),
            tuple(self.links),
            tuple(self.pictures),
            tuple(sorted(self.problems, key=lambda problem: problem.start)),
        )

    def _block(self, raw: RawBlock) -> None:
        if self.blocks:
            last = self.blocks[-1]
            same_row = raw.kind == "cell" and (last.table, last.row) == (raw.table, raw.row)
            gap = "\t" if same_row else "\n\n"
            self.parts.append(gap)
            self.offsets.extend([self.offsets[-1] if self.offsets else 0] * len(gap))
        start = len(self.offsets)
        for piece in raw.pieces:
            self._piece(piece)
        self.blocks.append(Block(raw.kind, start, len(self.offsets), raw.table, raw.row))
        self._raw_html(raw.pieces)

    def _piece(self, piece: Piece) -> None:
        line, column = _position(self.starts, piece.at)
        if piece.role == "reference":
            end = piece.at + len(piece.value) + 3
            place = len(self.offsets)
            found = Reference(piece.value, piece.at, end, place, line, column)
            self.references.append(found)
            return
        if piece.role in ("link", "picture"):
            link = Link(piece.value, piece.text, piece.at, line, column)
            (self.links if piece.role == "link" else self.pictures).append(link)
            if piece.role == "link":
                self._check_link(link)
                return
        self.parts.append(piece.text)
        size = len(piece.text)
        exact = piece.role in ("text", "code")
        self.offsets.extend(range(piece.at, piece.at + size) if exact else [piece.at] * size)

    def _check_link(self, link: Link) -> None:
        span = (link.start, link.start + 1)
        shown = one_line(link.url, 60)
        if refused := refuse_link(link.url):
            says = (f"A link {refused[0]}: {shown}", f"Liên kết {refused[1]}: {shown}")
            self._problem("link", span, says)
        elif host := foreign_host(link.url):
            shown = one_line(host, 60)
            says = (
                f"A link names a host in letters that can imitate another: {shown}",
                f"Liên kết dùng tên miền có thể giả dạng tên khác: {shown}",
            )
            self._problem("link-lookalike", span, says, "warning")

    def _raw_html(self, pieces: list[Piece]) -> None:
        run: list[Piece] = []
        for piece in [*pieces, None]:
            joined = bool(run) and piece is not None and piece.at == run[-1].at + len(run[-1].text)
            if piece is not None and piece.role == "text" and (joined or not run):
                run.append(piece)
                continue
            self._search_html(run)
            run = [piece] if piece is not None and piece.role == "text" else []

    def _search_html(self, run: list[Piece]) -> None:
        text = "".join(piece.text for piece in run)
        if "<" not in text:
            return
        for match in _RAW_HTML.finditer(text):
            at = run[0].at + match.start()
            self._problem(
                "raw-html",
                (at, at + len(match.group())),
                (
                    "HTML is not allowed here and would be shown as it stands",
                    "Không dùng mã HTML trong nội dung; mã sẽ hiện nguyên văn",
                ),
            )

    def _problem(
        self, code: str, span: tuple[int, int], says: Says, severity: Severity = "error"
    ) -> None:
        line, column = _position(self.starts, span[0])
        self.problems.append(BodyProblem(code, severity, *span, line, column, *says))


def reference_problems(
    body: Body, sources: Collection[str], legal: Collection[str]
) -> list[BodyProblem]:
    """Footnotes that lead nowhere (errors) and sources or legal texts never cited (warnings)."""
    known = {*sources, *legal}
    problems = [
        BodyProblem(
            "unresolved-footnote",
            "error",
            reference.start,
            reference.end,
            reference.line,
            reference.column,
            f"Footnote {safe_text(reference.label)} leads to no source or legal text",
            f"Chú thích {safe_text(reference.label)} không dẫn tới nguồn hay căn cứ pháp lý nào",
        )
        for reference in body.references
        if reference.label not in known
    ]
    cited = {reference.label for reference in body.references}
    for names, en, vi in ((sources, "Source", "Nguồn"), (legal, "Legal text", "Căn cứ pháp lý")):
        problems += [
            BodyProblem(
                "unused-source",
                "warning",
                0,
                0,
                1,
                1,
                f"{en} {safe_text(name)} is not cited in the body",
                f"{vi} {safe_text(name)} chưa được dẫn trong nội dung",
            )
            for name in names
            if name not in cited
        ]
    return problems

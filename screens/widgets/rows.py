"""Rows of a table that may be very long: fetched by keyset, grouped, only some kept in memory.

The source says how its rows are grouped (days, say) and how many each group has; that fixes the
line of every row without reading any. Rows then come in chunks of whole groups, each fetched by
the cursor before its first group, so a jump anywhere costs one query and no OFFSET.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """A row: `key` is unique and is the cursor after which the next row follows."""

    @property
    def key(self) -> str:
        """The row's place in the source's order, as an opaque text."""
        ...


RowT = TypeVar("RowT", bound=Keyed)
Row_co = TypeVar("Row_co", bound=Keyed, covariant=True)


@dataclass(frozen=True)
class Group:
    """Rows under one heading. `after` is the cursor before the first of them; "" is the start.

    A group without a title has no heading line.
    """

    after: str
    title: str
    count: int
    tag: str = ""
    """What a program finds the group by, ordered like the groups (an ISO date, say)."""


class RowSource(Protocol[Row_co]):
    """Where a table's rows come from. Plain functions: the table calls them in a thread."""

    def groups(self) -> Sequence[Group]:
        """All groups in order. Their counts add up to the number of rows."""
        ...

    def page(self, after: str, limit: int) -> Sequence[Row_co]:
        """At most `limit` rows that follow the cursor `after`, in order, across groups."""
        ...


@dataclass(frozen=True)
class Chunk:
    """Rows that are fetched together: from row `first` on, `count` of them."""

    number: int
    first: int
    count: int
    after: str | None  # None: known once the chunk before it has been fetched


class Shape:
    """Which line shows which row: headings and rows of all groups, in order."""

    def __init__(self, groups: Sequence[Group], chunk_rows: int = 200) -> None:
        self.groups = [group for group in groups if group.count > 0]
        self.first_row = [0, *accumulate(group.count for group in self.groups)]
        self.first_line = [0, *accumulate(g.count + bool(g.title) for g in self.groups)]
        self.chunks = list(self._cut(chunk_rows))
        self._chunk_starts = [chunk.first for chunk in self.chunks]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.first_row[-1]

    @property
    def lines(self) -> int:
        """How many lines rows and headings take."""
        return self.first_line[-1]

    def row_at(self, line: int) -> int | None:
        """The row on that line; None for a heading or outside."""
        if not 0 <= line < self.lines:
            return None
        index = bisect_right(self.first_line, line) - 1
        within = line - self.first_line[index] - bool(self.groups[index].title)
        return None if within < 0 else self.first_row[index] + within

    def heading_at(self, line: int) -> Group | None:
        """The group whose heading stands on that line."""
        if not 0 <= line < self.lines:
            return None
        index = bisect_right(self.first_line, line) - 1
        group = self.groups[index]
        return group if group.title and line == self.first_line[index] else None

    def line_of(self, row: int) -> int:
        """The line on which that row stands."""
        index = self.group_index(row)
        within = row - self.first_row[index] + bool(self.groups[index].title)
        return self.first_line[index] + within

    def group_index(self, row: int) -> int:
        """The index of the group that holds that row."""
        return bisect_right(self.first_row, row) - 1

    def chunk_of(self, row: int) -> Chunk:
        """The chunk that holds that row."""
        return self.chunks[bisect_right(self._chunk_starts, row) - 1]

    def _cut(self, size: int) -> Iterator[Chunk]:
        """Whole groups up to `size` rows; a larger group alone, in pieces of `size`."""
        number, index = 0, 0
        while index < len(self.groups):
            first, after = self.first_row[index], self.groups[index].after
            stop = max(index + 1, bisect_right(self.first_row, first + size) - 1)
            count = self.first_row[stop] - first
            for piece in range(0, count, size):
                taken = min(size, count - piece)
                yield Chunk(number, first + piece, taken, None if piece else after)
                number += 1
            index = stop


class Cache(Generic[RowT]):
    """The chunks read last, and the cursors learnt on the way. Filled in threads, read anywhere."""

    def __init__(self, source: RowSource[RowT], shape: Shape, keep: int = 24) -> None:
        self._source = source
        self._shape = shape
        self._keep = keep
        self._lock = Lock()
        self._chunks: OrderedDict[int, Sequence[RowT]] = OrderedDict()
        self._cursors = {c.number: c.after for c in shape.chunks if c.after is not None}

    def row(self, index: int) -> RowT | None:
        """A row, when its chunk is here."""
        chunk = self._shape.chunk_of(index)
        rows = self._chunks.get(chunk.number)
        within = index - chunk.first
        return rows[within] if rows is not None and within < len(rows) else None

    def has(self, chunk: Chunk) -> bool:
        """Whether that chunk is here. To have it is to have used it last."""
        with self._lock:
            if chunk.number not in self._chunks:
                return False
            self._chunks.move_to_end(chunk.number)
            return True

    def fetch(self, chunk: Chunk) -> bool:
        """Read a chunk, and those before it whose last key it needs. Blocks: call it in a thread.

        False when the source has fewer rows there than it said: it has changed since.
        """
        start = chunk.number
        while start not in self._cursors:
            start -= 1
        whole = True
        for number in range(start, chunk.number + 1):
            wanted = self._shape.chunks[number]
            rows = self._source.page(self._cursors[number], wanted.count)
            whole = whole and len(rows) == wanted.count
            if not rows:
                return False
            self._keep_chunk(number, rows)
        return whole

    def _keep_chunk(self, number: int, rows: Sequence[RowT]) -> None:
        with self._lock:
            self._cursors.setdefault(number + 1, rows[-1].key)
            self._chunks[number] = rows
            self._chunks.move_to_end(number)
            while len(self._chunks) > self._keep:
                self._chunks.popitem(last=False)

    def place(self, key: str) -> int | None:
        """Which row has that key, of a source whose keys and cursors are ordered as texts.

        Reads the group where it must stand. Blocks: call it in a thread.
        """
        group = bisect_left([group.after for group in self._shape.groups], key) - 1
        if group < 0:
            return None
        row, end = self._shape.first_row[group], self._shape.first_row[group + 1]
        while row < end:
            chunk = self._shape.chunk_of(row)
            self.fetch(chunk)
            if (found := self.find(key)) is not None:
                return found
            row = chunk.first + chunk.count
        return None

    def find(self, key: str) -> int | None:
        """The index of the row with that key, among the chunks that are here."""
        with self._lock:
            chunks = list(self._chunks.items())
        for number, rows in chunks:
            for within, row in enumerate(rows):
                if row.key == key:
                    return self._shape.chunks[number].first + within
        return None


def first_rows(
    source: RowSource[RowT], row: int, at: str | None = None, to: Callable[[], str] | None = None
) -> tuple[Shape, Cache[RowT], int, bool]:
    """Everything that a first picture needs with the cursor at that row, for `VirtualTable.load`.

    Gives the row where the cursor comes to stand, and whether that is the one with the key `to`.
    Blocks: call it in a thread.
    """
    looked, place = "", None
    while True:
        shape = Shape(source.groups())
        cache = Cache(source, shape)
        key = to() if to else ""
        place = cache.place(key) if key else None
        if place is not None or key in ("", looked):
            break
        looked = key  # moved between the two questions, perhaps: both are asked once more
    if not shape.rows:
        return shape, cache, 0, False
    if place is not None:
        row = place
    elif at is not None:
        index = bisect_left([group.tag for group in shape.groups], at)
        row = shape.first_row[min(index, len(shape.groups) - 1)]
    row = min(row, shape.rows - 1)
    for near in {shape.chunk_of(max(0, row - 60)), shape.chunk_of(row)}:
        if not cache.has(near):  # read twice, the row may have left it meanwhile
            cache.fetch(near)
    return shape, cache, row, place is not None


class KnownRows(Generic[RowT]):
    """A `RowSource` of rows that were read at once: for lists that never grow long."""

    def __init__(self, rows: Sequence[RowT] = ()) -> None:
        self.rows = list(rows)
        self._after = {"": 0} | {row.key: place for place, row in enumerate(self.rows, 1)}

    def groups(self) -> Sequence[Group]:
        """One group without a heading."""
        return [Group("", "", len(self.rows))]

    def page(self, after: str, limit: int) -> Sequence[RowT]:
        """Rows after a key."""
        start = self._after.get(after, len(self.rows))
        return self.rows[start : start + limit]

    def place(self, key: str) -> int | None:
        """Which row has that key, from 0."""
        place = self._after.get(key)
        return None if not place else place - 1

"""The lines of a long table: every row has one, and chunks cover all rows by keyset alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.rows import Cache, Group, Shape, first_rows


@dataclass(frozen=True)
class Row:
    key: str


class Memory:
    """Rows 0 to n-1 in groups; counts how many it has handed out."""

    def __init__(self, counts: Sequence[int]) -> None:
        self.counts = list(counts)
        self.read = 0

    def groups(self) -> Sequence[Group]:
        found, first = [], 0
        for number, count in enumerate(self.counts):
            after = f"{first - 1:06}" if first else ""
            found.append(Group(after, f"day {number}" if number % 3 else "", count, f"{number:03}"))
            first += count
        return found

    def page(self, after: str, limit: int) -> Sequence[Row]:
        start = int(after) + 1 if after else 0
        stop = min(start + limit, sum(self.counts))
        self.read += stop - start
        return [Row(f"{number:06}") for number in range(start, stop)]


COUNTS = st.lists(st.integers(0, 30), max_size=25)


@given(COUNTS, st.integers(1, 12))
def test_every_row_has_one_line_and_every_line_a_row_or_a_heading(
    counts: list[int], size: int
) -> None:
    shape = Shape(Memory(counts).groups(), size)
    seen = [shape.row_at(line) for line in range(shape.lines)]
    assert [row for row in seen if row is not None] == list(range(sum(counts)))
    for line, row in enumerate(seen):
        if row is None:
            assert shape.heading_at(line) is not None
        else:
            assert shape.line_of(row) == line
            assert shape.heading_at(line) is None
    assert shape.row_at(-1) is shape.row_at(shape.lines) is None


@given(COUNTS, st.integers(1, 12), st.randoms(use_true_random=False))
def test_chunks_in_any_order_give_every_row(counts: list[int], size: int, random: Random) -> None:
    source = Memory(counts)
    shape = Shape(source.groups(), size)
    assert sum(chunk.count for chunk in shape.chunks) == sum(counts)
    cache: Cache[Row] = Cache(source, shape, keep=1000)
    order = list(shape.chunks)
    random.shuffle(order)
    for chunk in order:
        assert chunk.count <= size
        assert cache.fetch(chunk)
    for row in range(sum(counts)):
        assert cache.row(row) == Row(f"{row:06}")
        assert cache.find(f"{row:06}") == row


def test_a_jump_to_the_end_reads_one_chunk() -> None:
    source = Memory([40] * 1000)
    shape = Shape(source.groups())
    cache: Cache[Row] = Cache(source, shape)
    cache.fetch(shape.chunk_of(shape.rows - 1))
    assert source.read <= 200
    assert cache.row(39_999) == Row("039999")


def test_old_chunks_are_forgotten() -> None:
    source = Memory([10] * 100)
    shape = Shape(source.groups(), 10)
    cache: Cache[Row] = Cache(source, shape, keep=3)
    for chunk in shape.chunks:
        cache.fetch(chunk)
    assert [cache.has(chunk) for chunk in shape.chunks[-4:]] == [False, True, True, True]


@pytest.mark.parametrize("left", [0, 5])
def test_rows_that_went_away_are_noticed(left: int) -> None:
    source = Memory([10])
    shape = Shape(source.groups())
    source.counts = [left]
    assert not Cache(source, shape).fetch(shape.chunks[0])


class Changing:
    """A list from which a row moves to the end between two questions, whichever they are."""

    def __init__(self, asks: int) -> None:
        self.left = asks

    def keys(self) -> list[str]:
        self.left -= 1
        order = ["a", "c", "d"] if self.left < 0 else ["a", "b", "d"]
        return [*order, "x"] if self.left < 0 else order

    def groups(self) -> list[Group]:
        return [Group("", "", len(self.keys()))]

    def page(self, after: str, limit: int) -> list[Row]:
        return [Row(key) for key in self.keys() if key > after][:limit]

    def where(self) -> str:
        return "x" if "x" in self.keys() else "b"


@pytest.mark.parametrize("asks", range(8))
def test_a_row_that_moves_between_two_questions_is_not_lost(asks: int) -> None:
    source = Changing(asks)
    _shape, cache, row, found = first_rows(source, 1, to=source.where)
    there = cache.row(row)
    assert found
    assert there is not None
    assert there.key in ("b", "x")

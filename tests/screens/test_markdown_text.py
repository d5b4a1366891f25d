"""Bodies in a terminal: lists hang, tables stand in columns, nothing is lost or too wide."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.rooms.markdown_table import LEAST, widths
from screens.rooms.markdown_text import markdown_text

WORDS = st.text("abcđêếộ ", min_size=1, max_size=40).map(str.strip).filter(bool)
TABLE = """giờ | ai | việc
--- | --- | ---
07:00 | biên tập viên trực | đọc nhật ký ban đêm, báo động, câu hỏi từ nước ngoài
T | bộ công bố | mở mọi kênh cùng một lúc"""


def drawn(body: str, width: int) -> list[str]:
    return markdown_text(body, (), width).plain.split("\n")


def test_a_table_stands_in_columns_and_its_cells_go_on_below() -> None:
    rows = drawn(TABLE, 48)
    bars = [[at for at, letter in enumerate(row) if letter in "│┼"] for row in rows]
    assert bars[0] == bars[1]
    assert all(set(one) <= set(bars[0]) for one in bars)
    assert max(map(cell_len, rows)) <= 48
    assert "đọc nhật ký ban đêm" not in rows[2] or len(rows) > 4
    joined = " ".join(" ".join(row.split("│")[-1].split()) for row in rows)
    assert "đọc nhật ký ban đêm, báo động, câu hỏi từ nước ngoài" in joined


def test_a_list_goes_on_right_of_its_mark() -> None:
    rows = drawn(
        "1. một hai ba bốn năm sáu bảy tám chín mười\n2. hai\n\n> trích một hai ba bốn", 20
    )
    assert rows[0].startswith("1. một")
    assert rows[1].startswith("   ")
    assert [row for row in rows if row.startswith("2. ")]
    assert all(row.startswith("▏ ") for row in rows[-2:])


def test_without_a_width_lines_are_left_to_who_shows_them() -> None:
    long = "từ " * 60
    assert drawn(long, 0) == [long.strip()]


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.integers(1, 200))
@example([15, 20, 60], 45)
def test_columns_fit_where_they_can(natural: list[int], room: int) -> None:
    found = widths(natural, room)
    assert len(found) == len(natural)
    if sum(natural) <= room:
        assert found == natural
    elif LEAST * len(natural) <= room:
        assert sum(found) <= room
    assert all(one <= max(need, LEAST, room) for one, need in zip(found, natural, strict=True))


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=5),
       st.integers(20, 80))  # fmt: skip
def test_no_word_of_a_table_is_lost(cells: list[list[str]], width: int) -> None:
    body = "\n".join(["a | b", "--- | ---", *(" | ".join(row) for row in cells)])
    rows = drawn(body, width)
    assert max(map(cell_len, rows)) <= width
    told = "".join("".join(rows).split())
    for row in cells:
        for word in " ".join(row).split():
            assert all(letter in told for letter in word)

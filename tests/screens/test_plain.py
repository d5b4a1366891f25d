"""Long lines hang: what goes on stands right of its mark, and no letter is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content

from screens.widgets.plain import LEAST_WIDE, Hanging, hung

DIFF = (
    "+ tăng 7,4% so với cùng kỳ năm trước và còn dài nữa\n  một dòng không đổi mà cũng dài như thế"
)


@given(st.text("aăđế +-✔… \n", max_size=300), st.integers(2 * LEAST_WIDE, 90))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    found = hung(Content(text), width)
    assert found.plain.split() == text.split() or "".join(found.plain.split()) == "".join(
        text.split()
    )
    assert all(row.cell_length <= width for row in found.split("\n", allow_blank=True))


def test_what_goes_on_stands_right_of_its_mark() -> None:
    rows = hung(Content(DIFF), 24).plain.split("\n")
    assert [row for row in rows if row[:2] not in ("+ ", "  ")] == []
    assert rows[0] == "+ tăng 7,4% so với cùng"
    assert rows[1] == "  kỳ năm trước và còn"


def test_a_mark_stays_with_its_words() -> None:
    gates = "điều kiện ✔ tóm tắt  ✔ nguồn  ⚠ thuật ngữ  ✔ bản dịch  ○ kiểm duyệt  ○ kiểm tra"
    for width in range(2 * LEAST_WIDE, 80):
        rows = hung(Content(gates), width).plain.split("\n")
        assert not [row for row in rows if row.endswith(("✔", "⚠", "○"))]
        assert any("⚠ thuật ngữ" in row for row in rows)


class Two(App[None]):
    def compose(self) -> ComposeResult:
        yield Hanging(id="text")


async def test_lines_are_broken_anew_when_the_terminal_changes() -> None:
    app = Two()
    async with app.run_test(size=(24, 10)) as pilot:
        text = app.query_one(Hanging)
        text.show(DIFF)
        await pilot.pause()
        assert text.size.height == 5
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert text.size.height == 2

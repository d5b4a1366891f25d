"""The table a person moves in: cursor, headings, columns by width, safe cells, honest reloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from textual.app import App, ComposeResult

from desk.errors import Unavailable
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Column, VirtualTable, fit, layout


@dataclass(frozen=True)
class Row:
    key: str
    text: str


class Days:
    """Three rows a day, so many days; `fault` makes it fail."""

    def __init__(self, days: int) -> None:
        self.rows = [Row(f"{n:06}", f"dòng {n}") for n in range(3 * days)]
        self.fault: Unavailable | None = None
        self.pages = 0

    def groups(self) -> Sequence[Group]:
        if self.fault:
            raise self.fault
        keys = [row.key for row in self.rows]
        firsts = range(0, len(keys), 3)
        return [
            Group(keys[n - 1] if n else "", f"ngày {n // 3}", len(keys[n : n + 3]), f"{n // 3:04}")
            for n in firsts
        ]

    def page(self, after: str, limit: int) -> Sequence[Row]:
        self.pages += 1
        rows = [row for row in self.rows if row.key > after]
        return rows[:limit]


COLUMNS = [
    Column[Row]("Khóa", 6, lambda row: (row.key, "strong")),
    Column[Row]("Chữ", 10, lambda row: (row.text, ""), flex=True),
    Column[Row]("Thêm", 10, lambda row: ("thêm", "dim"), rank=2),
    Column[Row]("Nữa", 10, lambda row: ("nữa", "dim"), rank=3),
]


class Showing(App[None]):
    """One table; keeps what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[str] = []
        self.failed: list[str] = []

    def compose(self) -> ComposeResult:
        yield VirtualTable(COLUMNS, empty="Trống.")

    @property
    def table(self) -> VirtualTable[Row]:
        return self.query_one(VirtualTable)

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        self.chosen.append(event.row.key)

    def on_virtual_table_failed(self, event: VirtualTable.Failed) -> None:
        self.failed.append(event.error.title)

    def picture(self) -> list[str]:
        table = self.table
        return [table.render_line(y).text for y in range(table.size.height)]


async def test_the_cursor_passes_headings_and_keeps_in_sight() -> None:
    app = Showing()
    async with app.run_test(size=(60, 10)) as pilot:
        await app.table.load(Days(30))
        app.table.focus()
        await pilot.press("down", "down", "down")
        assert app.table.current == Row("000003", "dòng 3")
        assert sum("▸" in line for line in app.picture()) == 1
        await pilot.press("end")
        await pilot.pause()
        assert "▸ 000089" in "\n".join(app.picture())
        await pilot.press("home")
        await pilot.pause()
        assert " ngày 0 " in app.picture()[1]


async def test_enter_and_double_click_choose() -> None:
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(Days(3))
        app.table.focus()
        await pilot.press("down", "enter")
        await pilot.click(VirtualTable, offset=(5, 4))
        await pilot.pause()
        assert app.table.current == Row("000002", "dòng 2")
        await pilot.click(VirtualTable, offset=(5, 4), times=2)
        await pilot.pause()
        assert app.chosen == ["000001", "000002"]
        await pilot.click(VirtualTable, offset=(5, 5))  # a heading
        assert app.table.current == Row("000002", "dòng 2")


@pytest.mark.parametrize(("width", "titles"), [(24, 2), (36, 3), (60, 4)])
def test_columns_come_as_there_is_room(width: int, titles: int) -> None:
    chosen = layout(COLUMNS, width)
    assert [column.title for column, _size in chosen] == ["Khóa", "Chữ", "Thêm", "Nữa"][:titles]
    assert sum(size + 1 for _column, size in chosen) <= width - 2


async def test_a_reload_keeps_the_cursor_on_its_row() -> None:
    app, days = Showing(), Days(5)
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(days)
        app.table.cursor = 7
        await pilot.pause()
        days.rows = days.rows[2:]
        await app.table.load(days)
        assert app.table.current == Row("000007", "dòng 7")
        assert app.table.cursor == 5


async def test_it_opens_at_a_day_and_not_at_the_start() -> None:
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(Days(500), at="0400")
        await pilot.pause()
        assert app.table.current == Row("001200", "dòng 1200")
        assert " ngày 400 " in app.picture()[1]
        await app.table.load(Days(500), at="9999")
        assert app.table.current == Row("001497", "dòng 1497")


async def test_a_hundred_thousand_rows_are_not_read_to_open() -> None:
    app, days = Showing(), Days(33_334)
    async with app.run_test(size=(60, 12)):
        await app.table.load(days)
        assert app.table.rows == 100_002
        assert days.pages <= 2


async def test_rows_not_read_yet_show_dots_and_fill_in() -> None:
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(Days(500))
        await pilot.pause()
        app.table.scroll_to(y=1000, animate=False, force=True)
        assert "···" in "\n".join(app.picture())
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "dòng 75" in "\n".join(app.picture())


async def test_an_empty_table_says_so_and_takes_keys() -> None:
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(Days(0))
        app.table.focus()
        await pilot.press("down", "end", "pagedown", "home", "enter")
        assert "Trống." in "\n".join(app.picture())
        assert app.table.current is None


async def test_a_source_that_fails_is_told_and_the_rows_stay() -> None:
    app, days = Showing(), Days(3)
    async with app.run_test(size=(60, 12)) as pilot:
        await app.table.load(days)
        days.fault = Unavailable("The database does not answer")
        await app.table.load(days)
        await pilot.pause()
        assert app.failed == ["The database does not answer"]
        assert "dòng 0" in "\n".join(app.picture())


async def test_attack_29_cells_and_headings_are_clean() -> None:
    class Evil(Days):
        def groups(self) -> Sequence[Group]:
            return [Group("", "\x1b]0;x\x07\u202e[@click=app.quit]", 3)]

    app, days = Showing(), Evil(1)
    days.rows = [Row(row.key, "\x1b[31m\x9b1m\u202eà\n[@click=app.quit]x[/]") for row in days.rows]
    async with app.run_test(size=(60, 12)):
        await app.table.load(days)
        text = "\n".join(app.picture())
        assert "[@click=app.q" in text
        assert not set(text) & set("\x1b\x07\x9b\u202e")
        for y in range(app.table.size.height):
            strip = app.table.render_line(y)
            assert strip.cell_length == 60
            assert not [s for s in strip if s.style and (s.style.meta or s.style.link)]


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [("Việt", 6, "Việt  "), ("Việt Nam", 5, "Việt…"), ("新聞社", 5, "新聞…"), ("x", 0, "")],
)
def test_a_cell_has_its_width_whatever_it_holds(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted

"""The handbook room: an alarm at night, the right page, and pages that nobody trusts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.handbook.pages import Handbook
from screens.app import DeskApp
from screens.newsroom.handbook import HandbookPart
from screens.rooms.handbook_room import HandbookRoom
from screens.sample import SampleSource
from tests.screens.waiting import picture, settled

HOSTILE = (
    "# x\x1b]0;owned\x07[@click=app.quit]y[/]\u202ez\n\n[leave](javascript:alert(1)) \x9b31m\n"
)
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Book(SampleSource):
    """The sample newsroom with the real pages of a folder."""

    root: Path

    @property
    def _book(self) -> HandbookPart:
        part = HandbookPart()
        part._house = type("House", (), {"calendar": self.root / "calendar.yaml"})()  # type: ignore[assignment]
        return part

    def handbook_pages(self, query: str):
        return self._book.handbook_pages(query)

    def handbook_page(self, name: str):
        return self._book.handbook_page(name)


LANGUAGE = "vi"


@pytest.fixture
def app(tmp_path: Path) -> DeskApp:
    clock = FakeClock("2026-11-20T07:00:00Z")
    source = Book(clock)
    source.root = tmp_path
    return DeskApp(source, clock=clock, room="handbook")


async def test_the_pages_are_listed_and_the_first_is_open(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "Lịch làm việc trong ngày" in text
        assert "Ai làm gì, vào lúc nào" in text


async def test_an_alarm_leads_to_its_page(app: DeskApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1")
        await settled(pilot)
        app.open_handbook("log-alarm")
        await settled(pilot)
        assert isinstance(app.screen, HandbookRoom)
        assert "nhật ký không nối tiếp" in picture(app)


async def test_searching_without_accents_and_back(app: DeskApp) -> None:
    async with app.run_test(size=(170, 40)) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"mat", "space", *"may", "enter")
        await settled(pilot)
        found = picture(app)
        assert "Bị chiếm tài khoản hoặc lộ khóa" in found
        assert "Lịch làm việc trong ngày" not in found
        await pilot.press("escape")
        await settled(pilot)
        assert "Lịch làm việc trong ngày" in picture(app)


async def test_enter_goes_to_the_page_and_escape_comes_back(app: DeskApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        assert app.focused is not None
        assert app.focused.id == "page"
        await pilot.press("escape")
        assert app.focused.id == "pages"


async def test_attack_29_a_hostile_page_is_only_text(app: DeskApp, tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    folder.mkdir()
    (folder / "a-trap.md").write_text(HOSTILE, "utf-8")
    assert Handbook(tmp_path, "vi").page("a-trap").own
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        app.open_handbook("a-trap")
        await settled(pilot)
        text = picture(app)
        assert "[@click=app.quit]y[/]" in text
        assert not BAD.search(text.replace("\n", ""))
        await pilot.click("#page-text", offset=(6, 0))
        await settled(pilot)
        assert app.is_running


async def test_a_table_keeps_its_rows(app: DeskApp) -> None:
    async with app.run_test(size=(170, 40)) as pilot:
        await settled(pilot)
        assert re.search(r"07:00 +│ biên tập viên trực +│ đọc nhật ký", picture(app))

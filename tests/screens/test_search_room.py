"""The search room on a real newsroom: type, find, go there; and nothing stays when it is locked."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language
from desk.search.find import Finder
from screens.app import DeskApp
from screens.dialogs.message import ErrorMessage
from screens.rooms.handbook_room import HandbookRoom
from screens.rooms.item_room import ItemRoom
from screens.rooms.search_room import SearchRoom, state_cell
from screens.source.search_room import Found
from screens.widgets.input import Input
from tests.screens.newsroom_world import build, source


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("search"))


def desk(newsroom: DemoNewsroom) -> DeskApp:
    return DeskApp(source(newsroom), clock=newsroom.room.clock, room="search")


async def settled(pilot: Pilot[None]) -> None:
    for _round in range(3):
        await pilot.pause()
        groups = ("read", "rows", "meet", "pulse", "page", "forget")
        waiting = [w for w in pilot.app.workers if w.group in groups]
        await pilot.app.workers.wait_for_complete(waiting)
    await pilot.pause()


async def asked(pilot: Pilot[None], query: str) -> None:
    """Type the question over the old one, and look."""
    field = pilot.app.screen.query_one("#question", Input)
    if not field.has_focus:
        await pilot.press("slash")
    field.value = query
    await pilot.press("enter")
    await settled(pilot)


def text_of(app: DeskApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_an_item_under_embargo_is_found_and_opened(newsroom: DemoNewsroom) -> None:
    finder = Finder(newsroom.room, newsroom.actor("lead-1"))
    title = next(
        hit.title for hit in finder.find("in:items is:unreleased lang:vi", 100) if not hit.sealed
    )
    app = desk(newsroom)
    async with app.run_test(size=(160, 40)) as pilot:
        await settled(pilot)
        await asked(pilot, f'"{title}" in:items lang:vi')
        assert title[:30] in text_of(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ItemRoom)


async def test_a_page_of_the_handbook_is_one_enter_away(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await asked(pilot, "leader hangs in:handbook")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, HandbookRoom)
        assert "hangs or dies" in text_of(app)


async def test_a_wrong_field_is_told(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await asked(pilot, "after:yesterday")
        assert isinstance(app.screen, ErrorMessage)
        assert "not a date" in str(app.screen.error)


async def test_the_curtain_drops_what_was_opened(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await asked(pilot, "in:items is:unreleased quý")
        finder = app.source._finder  # type: ignore[attr-defined]
        assert finder._opened
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert not finder._opened
        await pilot.press("enter")
        assert isinstance(app.screen, SearchRoom)


@pytest.mark.parametrize(
    ("place", "state", "word"),
    [("enquiries", "open", "open"), ("items", "approved", "approved"), ("terms", "", "")],
)
def test_a_state_is_a_word_of_its_place_never_a_code(place: str, state: str, word: str) -> None:
    set_language("vi")
    found = Found("1", place, "x", "title", "", state, "", "vi", None, sealed=False)
    text = state_cell(found)[0]
    assert bool(text) == bool(word)
    assert not word or word not in text


async def test_escape_leaves_the_line_so_that_digits_go_to_rooms(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        field = app.screen.query_one(Input)
        await pilot.press("7", "escape")
        assert field.value == "7"
        assert app.focused is not field
        await pilot.press("escape")
        assert app.focused is field
        await pilot.press("escape", "7")
        await settled(pilot)
        assert isinstance(app.screen, HandbookRoom)

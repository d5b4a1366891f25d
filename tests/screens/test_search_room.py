"""The search room on a real newsroom: type, find, go there; and nothing stays when it is locked."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language
from desk.search.find import Finder
from screens.app import DeskApp
from screens.dialogs.message import ErrorMessage, Message
from screens.rooms.handbook_room import HandbookRoom
from screens.rooms.item_room import ItemRoom
from screens.rooms.search_room import SearchRoom, state_cell
from screens.source.search_room import Found
from screens.widgets.input import Input
from tests.screens.newsroom_world import build, source
from tests.screens.waiting import picture, settled


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("search"))


def desk(newsroom: DemoNewsroom) -> DeskApp:
    return DeskApp(source(newsroom), clock=newsroom.room.clock, room="search")


async def asked(pilot: Pilot[None], query: str) -> None:
    """Type the question over the old one, and look."""
    field = pilot.app.screen.query_one("#question", Input)
    if not field.has_focus:
        await pilot.press("slash")
    field.value = query
    await pilot.press("enter")
    await settled(pilot)


async def test_an_item_under_embargo_is_found_and_opened(newsroom: DemoNewsroom) -> None:
    finder = Finder(newsroom.room, newsroom.actor("lead-1"))
    title = next(
        hit.title for hit in finder.find("in:items is:unreleased lang:vi", 100) if not hit.sealed
    )
    app = desk(newsroom)
    async with app.run_test(size=(160, 40)) as pilot:
        await settled(pilot)
        await asked(pilot, f'"{title}" in:items lang:vi')
        assert title[:30] in picture(app)
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
        assert "hangs or dies" in picture(app)


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


async def test_an_act_of_the_log_is_one_enter_away(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await asked(pilot, "in:log roster")
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Message)
        assert "signed by" in picture(app)


async def test_the_key_of_the_search_in_its_line_begins_it_anew(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        field = app.screen.query_one("#question", Input)
        await pilot.press("slash", *"roster", "enter")  # the cursor stood in the line already
        await settled(pilot)
        assert field.value == "roster"
        assert app.screen.query_one("#found").has_focus
        await pilot.press("ctrl+f", "ctrl+f", *"zone")
        assert (field.has_focus, field.value) == (True, "zone")


def test_what_a_term_is_for_is_said_in_the_language_of_the_reader() -> None:
    set_language("vi")
    term = Found("terms vi 1", "terms", "1", "tỉnh Cà Mau", "", "info", "", "vi", None, False)
    assert state_cell(term)[0] == "gợi ý"

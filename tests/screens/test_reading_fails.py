"""A newsroom that does not answer: it is told, and it holds nobody in a room or in a dialog."""

from __future__ import annotations

import pytest

from desk.errors import TrustError, Unavailable
from screens.app import DeskApp
from screens.dialogs.message import ErrorMessage
from screens.rooms.base import Room
from screens.rooms.queue_room import QueueRoom
from screens.sample.tour import go, sample_desk
from screens.widgets.plain import Plain
from tests.screens.sample_desk import source
from tests.screens.waiting import picture, settled, until

ROOMS = ("calendar", "queue", "items", "contacts", "terms", "handbook", "log", "search", "reports")
AWAY = "The newsroom does not answer"


def told(app: DeskApp) -> bool:
    return isinstance(app.screen, ErrorMessage)


@pytest.mark.parametrize("name", ROOMS)
async def test_an_error_of_reading_is_told_once_and_lets_the_person_go_on(name: str) -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, name)
        room = app.screen
        assert isinstance(room, Room)
        source(app).fault = Unavailable(AWAY, "database", "Try again")
        await pilot.press("f5")
        await until(pilot, lambda: told(app), "the error")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is room, "the room")
        await settled(pilot)
        assert app.screen is room, "it was read again, and the error was not told again"
        await pilot.press("f5")
        await until(pilot, lambda: told(app), "the error, as it was asked for again")
        source(app).fault = None


async def test_an_item_that_cannot_be_opened_is_left_by_escape() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "queue")
        queue = app.screen
        await pilot.press("o")  # the sample has no item of this revision
        await until(pilot, lambda: told(app), "the error")
        for _screen in ("the error", "the empty item"):
            await pilot.press("escape")
            await settled(pilot)
        assert app.screen is queue


async def test_a_text_that_cannot_be_opened_leaves_no_other_one_beside_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(revision: str) -> None:
        raise TrustError("The digest does not hold", revision)

    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "queue")
        room = app.screen
        assert isinstance(room, QueueRoom)
        assert "rev 4" in str(room.query_one("#review-text", Plain).render())
        monkeypatch.setattr(app.source, "review", broken)
        await pilot.press("down")
        await until(pilot, lambda: told(app), "the error")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is room, "the room")
        await settled(pilot)
        assert app.screen is room, picture(app)
        assert "could not be opened" in str(room.query_one("#review-text", Plain).render())

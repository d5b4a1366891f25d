"""Journalists' questions in the contacts room: asked, declined, answered, opened again."""

from __future__ import annotations

import re

import pytest

from desk.clock import FakeClock
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused
from desk.people import contacts, enquiry_answers, enquiry_views
from screens.dialogs.choose import Choose
from screens.dialogs.form import Form
from screens.dialogs.message import ErrorMessage
from screens.dialogs.reason import ReasonDialog
from screens.rooms.contacts_room import ContactsRoom
from screens.rooms.item_room import ItemRoom
from screens.widgets.input import Input
from screens.widgets.plain import Plain
from screens.widgets.text_area import TextArea
from tests.screens.contacts.contacts_desk import desk, dialog, pressed, typed
from tests.screens.contacts_world import Board
from tests.screens.waiting import picture, settled, until


async def test_an_editor_cannot_decline_and_is_told_who_can(
    newsroom: DemoNewsroom, board: Board
) -> None:
    app = desk(newsroom, "editor-1")
    async with app.run_test(size=(100, 30)) as pilot:
        await pressed(pilot, "tab")
        with pytest.raises(Refused):
            app.source.contacts_decline(board.enquiry, "Không")
        await pilot.press("y")
        await dialog(pilot, ErrorMessage)
        assert "lead-1" in picture(app)


async def test_a_question_is_declined_with_a_reason_in_vietnamese(
    newsroom: DemoNewsroom, board: Board
) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "tab")
        await pilot.press("d")
        await dialog(pilot, ReasonDialog)
        await typed(pilot, "Không thuộc thẩm quyền")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ContactsRoom))
        await settled(pilot)
    found = enquiry_views.show(newsroom.room, newsroom.actor("lead-1"), board.enquiry)
    assert (found.row.state, found.reason) == ("declined", "Không thuộc thẩm quyền")


async def test_a_question_of_several_lines_late_in_the_day(
    newsroom: DemoNewsroom, board: Board
) -> None:
    assert isinstance(newsroom.room.clock, FakeClock)
    newsroom.room.clock.advance(12 * 3600)  # 20:00 in Hà Nội
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "tab")
        await pilot.press("n")
        await dialog(pilot, Choose)
        await pilot.press("enter")
        await dialog(pilot, Form)
        due = app.screen.query_one("#field-due", Input)
        assert due.value == "2026-11-21 17:00"
        app.screen.query_one("#field-outlet", Input).value = "Báo Ví dụ"
        app.screen.query_one("#field-question", TextArea).text = "1. Bao nhiêu?\n2. Khi nào?"
        for wrong in ("x", "2026-11-20 17:00"):
            due.value = wrong
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert isinstance(app.screen, Form)
            assert "⚠" in str(app.screen.query_one("#missing", Plain).render())
        due.value = "2026-11-21 17:00"
        await pilot.press("ctrl+s")
        await dialog(pilot, ContactsRoom)
        await settled(pilot)
    (made,) = (one for one in enquiry_views.listed(newsroom.room, newsroom.actor("lead-1"))
               if one.outlet == "Báo Ví dụ")  # fmt: skip
    assert made.question == "1. Bao nhiêu?\n2. Khi nào?"
    assert made.row.due == "2026-11-21T10:00:00Z"


async def test_a_closed_question_is_open_again_by_another_deadline(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    enquiry_answers.decline(room, lead, board.enquiry, "Không thuộc thẩm quyền")
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "tab")
        for day in ("21", "22"):  # closed at first, open then
            await pilot.press("u")
            await dialog(pilot, Form)
            await pilot.press("ctrl+u", *f"2026-11-{day}", "space", *"16", "colon", *"00", "enter")
            await dialog(pilot, ContactsRoom)
            await settled(pilot)
            found = enquiry_views.show(room, lead, board.enquiry)
            assert (found.row.state, found.row.due) == ("open", f"2026-11-{day}T09:00:00Z")
        assert "unanswered" in picture(app)


async def test_a_key_that_cannot_act_says_why(newsroom: DemoNewsroom, board: Board) -> None:
    enquiry_answers.decline(newsroom.room, newsroom.actor("lead-1"), board.enquiry, "Trùng")
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await pressed(pilot, "a")
        await until(pilot, lambda: app._notifications)
        assert any("closed" in note.message for note in app._notifications)


async def test_whoever_is_on_duty_is_offered_first_for_a_question(
    newsroom: DemoNewsroom, board: Board
) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await pressed(pilot, "tab")
        await pilot.press("a")
        await dialog(pilot, Choose)
        shown = re.findall(
            r"([✔◐‖○–]) (.+) · (?:deputy on duty|on duty|away|off duty)", picture(app)
        )
        here = [mark for mark, _name in shown]
        assert set(here) >= {"✔", "○"}, picture(app)
        assert here == sorted(here, key="✔◐‖○–".index)
        await pilot.press("down", "enter")
        await settled(pilot)
    row = enquiry_views.show(newsroom.room, newsroom.actor("lead-1"), board.enquiry).row
    assert contacts.board(newsroom.room).contacts[row.contact].called("en") == shown[0][1]


async def test_answering_opens_an_item_in_the_language_of_the_question(
    newsroom: DemoNewsroom, board: Board
) -> None:
    app = desk(newsroom, "editor-1")
    async with app.run_test(size=(100, 30)) as pilot:
        await pressed(pilot, "tab")
        await pilot.press("w")
        await dialog(pilot, ItemRoom)
    row = enquiry_views.show(newsroom.room, newsroom.actor("lead-1"), board.enquiry).row
    assert row.state == "answering"

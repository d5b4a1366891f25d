"""The contacts room on a real newsroom: an hour of a shift lead with spokespersons."""

from __future__ import annotations

import re

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language
from desk.people import availability, contacts, enquiries
from desk.people.contacts import Change
from desk.trust.acts import CONTACTS
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Form
from screens.dialogs.message import Message
from screens.rooms.contacts_room import ContactsRoom
from screens.widgets.plain import Plain
from tests.screens.contacts.contacts_desk import desk, dialog, pressed, typed, until_seen
from tests.screens.contacts_world import PRIVATE, QUESTION, Board
from tests.screens.waiting import picture, settled, until

HOSTILE = "\x1b]0;owned\x07\x9b31m[@click=app.quit]x[/]\u202etxt"
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_at_a_glance_who_is_on_duty_and_what_waits(
    newsroom: DemoNewsroom, board: Board, size: tuple[int, int]
) -> None:
    app = desk(newsroom)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        shown = picture(app)
    for expected in ("on duty now: Statistics Office – SP 1", "1 gap this week", "✔ on duty",
                     "⚠ no deputy",
                     "Statistics Office", "⚠ 23/11 07:30", "1 question waits", "  01:30:00",
                     "Example Wire"):  # fmt: skip
        assert expected in shown


async def test_the_same_in_vietnamese(newsroom: DemoNewsroom) -> None:
    set_language("vi")
    app = desk(newsroom)
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        shown = picture(app)
    for expected in ("2 lĩnh vực", "☎ đang trực: ", "chưa có", "Câu hỏi của báo chí"):
        assert expected in shown


async def test_gaps_and_contacts_are_one_key_away(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await pressed(pilot, "b")
        assert "+84 24 555 0101 ▒" in picture(app)
        await pressed(pilot, "f3")
        shown = picture(app)
        assert "23/11 07:30" in shown
        assert "23/11 17:30" in shown
        await pressed(pilot, "n", "escape", "b")
        assert isinstance(app.screen, ContactsRoom)
        assert app.screen.mode == "topics"


async def test_the_filter_knows_no_marks(newsroom: DemoNewsroom) -> None:
    set_language("vi")
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await pressed(pilot, "slash")
        await typed(pilot, "bo y te")
        await pressed(pilot, "enter")
        room = app.screen
        assert isinstance(room, ContactsRoom)
        assert (room.board_table.rows, room.enquiry_table.rows) == (1, 0)
        await pressed(pilot, "escape")
        assert (room.board_table.rows, room.enquiry_table.rows) == (2, 1)


async def test_call_shows_private_numbers_to_who_may_know_them_only(
    newsroom: DemoNewsroom, board: Board
) -> None:
    for person, may in (("lead-1", True), ("editor-1", False)):
        app = desk(newsroom, person)
        async with app.run_test(size=(100, 40)) as pilot:
            await settled(pilot)
            await pilot.press("o")
            await dialog(pilot, Message)
            shown = picture(app)
            assert (PRIVATE in shown) is may
            assert app.clipboard == "+84 24 555 0101"


async def test_who_can_speak_to_a_release_is_noted(newsroom: DemoNewsroom, board: Board) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await pilot.press("k")
        await dialog(pilot, Choose)
        assert "nobody yet" in picture(app)
        first = app.screen
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not first)
        await dialog(pilot, Choose)
        await pilot.press("enter")
        await until(pilot, lambda: not availability.speakers(newsroom.room, newsroom.release).warn)
        said = availability.speakers(newsroom.room, newsroom.release)
    assert [word.by for word in said.words] == ["lead-1"]
    assert not said.warn


async def test_a_shift_is_seen_and_taken_away(newsroom: DemoNewsroom, board: Board) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "slash", *"spokesperson", "space", "1", "enter", "b")
        await pilot.press("enter")
        await dialog(pilot, Message)
        assert "Mon–Fri 07:30–17:30" in picture(app)
        assert "away 07:30 23/11/2026 – 17:30" in picture(app)
        await pressed(pilot, "escape")
        await pilot.press("x")
        await dialog(pilot, Choose)
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        assert "Mon–Fri" in picture(app)
        await pilot.press("enter")
        await dialog(pilot, ContactsRoom)
        await settled(pilot)
    kept = contacts.board(newsroom.room)
    assert board.first in kept.contacts
    assert [one.contact for one in kept.shifts.values()] == [board.health]


async def test_a_word_that_somebody_can_speak_is_taken_back(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    availability.acknowledge(room, lead, newsroom.release, contact=board.first)
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("k")
        await dialog(pilot, Choose)
        await pilot.press("enter")
        await pilot.pause()
        await dialog(pilot, Choose)
        await typed(pilot, "spokesperson 1")
        await pilot.press("enter")
        await dialog(pilot, Confirm)
        assert "Take that word back?" in picture(app)
        await pilot.press("enter")
        await dialog(pilot, ContactsRoom)
        await settled(pilot)
    found = availability.speakers(room, newsroom.release)
    assert [(word.contact, word.can) for word in found.words] == [(board.first, False)]


async def test_a_bar_marks_the_list_that_the_keys_are_for(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for marked, other in (("contacts", "enquiries"), ("enquiries", "contacts")):
            assert str(app.screen.query_one(f"#{marked}-line", Plain).render()).startswith("▌")
            assert "▌" not in str(app.screen.query_one(f"#{other}-line", Plain).render())
            await pressed(pilot, "tab")


async def test_a_topic_tells_the_number_to_call(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await dialog(pilot, Message)
        assert "+84 24 555 0101" in picture(app)
        assert PRIVATE not in picture(app)


async def test_attack_31_a_look_alike_is_kept_only_after_a_look(
    newsroom: DemoNewsroom, board: Board
) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(100, 40)) as pilot:
        await pressed(pilot, "b")
        await pilot.press("e")
        await dialog(pilot, Form)
        app.screen.query_one("#field-email").value = "press@exarnple.org"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until_seen(pilot, "#field-private_phone")
        await pilot.press("ctrl+s")
        await dialog(pilot, Confirm)
        assert "exarnple.org" in picture(app)
        await pilot.press("escape")
        await settled(pilot)
    assert contacts.board(newsroom.room).contacts[board.first].email == "press@example.org"


async def test_attack_29_hostile_text_in_every_field_stays_text(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    known = contacts.board(room)
    one = known.contacts[board.second]
    plain = HOSTILE.translate({ord(c): None for c in "\x1b\x07\x9b\u202e"})
    made = type(one)(one.id, one.agency, {"vi": plain, "en": plain}, url="https://example.org/[x]")
    contacts.change(room, lead, [Change(one.id, made)])
    enquiries.open_enquiry(
        room, lead, f"{QUESTION} {HOSTILE}", outlet=plain, due="2026-11-20T05:00:00Z",
        language="vi", agency="thong-ke",
    )  # fmt: skip
    with room.acting(CONTACTS) as tx:  # what no form lets in may still be signed
        value = {"agency": "thong-ke", "format": 1, "name": {"vi": HOSTILE}}
        entry = {"id": "c-0000000000", "value": value}
        tx.append("contacts.change", CONTACTS, {"entries": [entry]}, lead)
    app = desk(newsroom)
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        seen = [picture(app)]
        for keys in (("b",), ("down",), ("enter",), ("escape",), ("tab",), ("down",), ("enter",)):
            await pressed(pilot, *keys)
            seen.append(picture(app))
    whole = "".join(seen)
    assert "[@click=app.quit]" in whole
    assert BAD.findall(whole.replace("\n", "")) == []

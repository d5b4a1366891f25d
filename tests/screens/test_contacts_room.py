"""The contacts room on a real newsroom: an hour of a shift lead with spokespersons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from desk.clock import FakeClock
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused
from desk.locales import set_language
from desk.people import availability, contacts, enquiries, enquiry_answers, enquiry_views
from desk.people.contacts import Change
from desk.trust.acts import CONTACTS
from screens.app import DeskApp
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Form
from screens.dialogs.message import ErrorMessage, Message
from screens.dialogs.reason import ReasonDialog
from screens.rooms.contacts_room import ContactsRoom
from screens.rooms.item_room import ItemRoom
from screens.widgets.input import Input
from screens.widgets.plain import Plain
from screens.widgets.text_area import TextArea
from tests.screens.contacts_world import PRIVATE, QUESTION, Board, fill
from tests.screens.newsroom_world import build, copy, source
from tests.screens.waiting import picture, settled, until

HOSTILE = "\x1b]0;owned\x07\x9b31m[@click=app.quit]x[/]\u202etxt"
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoNewsroom, Board]:
    newsroom = build(tmp_path_factory.mktemp("built"))
    return newsroom, fill(newsroom)


@pytest.fixture
def newsroom(filled: tuple[DemoNewsroom, Board], tmp_path: Path) -> DemoNewsroom:
    return copy(filled[0], tmp_path / "room")


@pytest.fixture
def board(filled: tuple[DemoNewsroom, Board]) -> Board:
    return filled[1]


def desk(newsroom: DemoNewsroom, person: str = "lead-1") -> DeskApp:
    return DeskApp(source(newsroom, person), clock=newsroom.room.clock, room="contacts")


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, once all is read, and wait until what they began is read, too."""
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def typed(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "@": "at"}.get(char, char))


async def dialog(pilot: Pilot[None], kind: type) -> None:
    """Wait until a dialog of that kind is on top."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)
    await pilot.pause()


async def until_seen(pilot: Pilot[None], what: str) -> None:
    """Wait until the dialog on top has it."""
    await until(pilot, lambda: pilot.app.screen.query(what), what)
    await pilot.pause()


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
        await pilot.pause(0.2)
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

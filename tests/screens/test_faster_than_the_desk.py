"""A person who is faster than the desk: leaves, goes on or hides the screen before an answer."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from desk.clock import FakeClock
from desk.errors import Reason, Refused, Unavailable
from screens import type_ahead
from screens.app import DeskApp
from screens.dialogs.base import Dialog
from screens.dialogs.curtain import Curtain
from screens.dialogs.message import ErrorMessage, Message
from screens.dialogs.passphrase import Passphrase
from screens.dialogs.pick import Pick
from screens.dialogs.reason import ReasonDialog
from screens.rooms.base import Room
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.item_room import ItemRoom
from screens.rooms.items_room import ItemsRoom
from screens.rooms.log_room import LogRoom
from screens.rooms.monitor_room import MonitorRoom
from screens.rooms.queue_room import QueueRoom
from screens.rooms.release_room import ReleaseRoom
from screens.sample import PASSPHRASE, SampleSource
from screens.source.item_room import ItemCheck
from screens.widgets.input import Input
from screens.widgets.text_area import TextArea
from tests.screens.waiting import until

PATIENCE = 90.0  # seconds; only ends a hung test
LATE = Refused("Too late", (Reason("too-late", "it has gone out"),))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys do not wait for a dialog: they come when all waiting for it is over."""
    monkeypatch.setattr(type_ahead, "LONGEST", 0.0)
    monkeypatch.setattr(type_ahead, "NEXT", 0.0)


class Slow:
    """A call of the source that is under way until the test lets it go, or fail."""

    def __init__(self, source: SampleSource, name: str) -> None:
        self._begun, self._go = threading.Event(), threading.Event()
        self._real: Callable[..., Any] = getattr(source, name)
        self._error: Exception | None = None
        setattr(source, name, self._call)

    def _call(self, *arguments: Any, **named: Any) -> Any:
        self._begun.set()
        assert self._go.wait(PATIENCE)
        error, self._error = self._error, None  # once
        if error is not None:
            raise error
        return self._real(*arguments, **named)

    @property
    def begun(self) -> bool:
        return self._begun.is_set()

    def go(self, error: Exception | None = None) -> None:
        """Let it answer."""
        self._error = error
        self._go.set()


class Person:
    """Who sits at the desk of the sample."""

    def __init__(self, app: DeskApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.slow: list[Slow] = []

    @property
    def source(self) -> SampleSource:
        assert isinstance(self.app.source, SampleSource)
        return self.app.source

    def slowly(self, name: str) -> Slow:
        self.slow.append(Slow(self.source, name))
        return self.slow[-1]

    async def until(self, ready: Callable[[], object]) -> None:
        await until(self.pilot, ready, f"{self.app.screen_stack} {self.notices}")
        await self.pilot.pause()

    def burst(self, text: str) -> None:
        """Type it at once, with Enter behind it."""
        for char in text:
            self.app.post_message(Key("space" if char == " " else char, char))
        self.app.post_message(Key("enter", "\r"))

    async def begun(self, call: Slow) -> None:
        await self.until(lambda: call.begun)

    async def at(self, kind: type[Any]) -> Any:
        await self.until(lambda: isinstance(self.app.screen, kind) and self.app.screen.is_mounted)
        return self.app.screen

    @property
    def notices(self) -> str:
        return "\n".join(str(notice.message) for notice in self.app._notifications)

    async def release(self) -> ReleaseRoom:
        await self.at(CalendarRoom)
        self.app.push_screen(ReleaseRoom("r-quy3"))
        room: ReleaseRoom = await self.at(ReleaseRoom)
        await self.until(lambda: room.board)
        return room

    async def item(self) -> ItemRoom:
        await self.pilot.press("4")
        await self.at(ItemsRoom)
        self.app.push_screen(ItemRoom("i-1"))
        room: ItemRoom = await self.at(ItemRoom)
        await self.until(lambda: room.view)
        return room

    async def passphrase(self) -> None:
        dialog = await self.at(Passphrase)
        dialog.query_one(Input).value = PASSPHRASE
        await self.pilot.press("enter")

    async def hold(self) -> None:
        """Ask for a hold, up to its last Enter."""
        await self.pilot.press("h")
        dialog = await self.at(ReasonDialog)
        dialog.query_one(TextArea).text = "Số liệu chưa khớp"
        await self.pilot.press("ctrl+s")
        await self.passphrase()


@asynccontextmanager
async def person(room: str = "calendar") -> AsyncIterator[Person]:
    clock = FakeClock("2026-11-20T07:41:07Z")
    app = DeskApp(SampleSource(clock), clock=clock, room=room, idle_lock=0)
    async with app.run_test(size=(80, 24)) as pilot:
        someone = Person(app, pilot)
        await pilot.pause()
        try:
            yield someone
        finally:
            for call in someone.slow:
                call.go()


# Acts under way


async def test_a_hold_whose_room_was_left_is_told_where_the_person_is() -> None:
    async with person() as lead:
        await lead.release()
        call = lead.slowly("hold")
        await lead.hold()
        await lead.until(lambda: call.begun)
        await lead.pilot.press("escape")
        await lead.at(CalendarRoom)
        call.go()
        await lead.until(lambda: "Đã yêu cầu tạm dừng" in lead.notices)
        titles = [notice.title for notice in lead.app._notifications]
        assert "… requested, not confirmed" in titles


async def test_a_refusal_whose_room_was_left_is_shown_and_not_swallowed() -> None:
    async with person() as lead:
        await lead.release()
        call = lead.slowly("sign")
        await lead.pilot.press("s")
        await lead.passphrase()
        await lead.until(lambda: call.begun)
        await lead.pilot.press("escape")
        await lead.at(CalendarRoom)
        call.go(LATE)
        shown = await lead.at(ErrorMessage)
        assert shown.error is LATE
        await lead.pilot.press("escape")
        await lead.at(CalendarRoom)


async def test_the_desk_stays_when_what_was_asked_for_is_refused_or_not_confirmed() -> None:
    async with person() as lead:
        await lead.release()
        for error, kind in ((LATE, ErrorMessage), (None, ReleaseRoom)):
            call = lead.slowly("hold")
            await lead.hold()
            await lead.begun(call)
            await lead.pilot.press("q")
            await lead.until(lambda: "on its way" in lead.notices)
            call.go(error)
            await lead.at(kind)
            await lead.until(lambda: not any(w.group == "leave" for w in lead.app.workers))
            assert not lead.app._exit
            if error is not None:
                await lead.pilot.press("escape")
                await lead.at(ReleaseRoom)
        await lead.pilot.press("q")
        await lead.until(lambda: lead.app._exit)


async def test_a_submitted_item_closes_when_it_is_in_sight_again() -> None:
    for away, back in ((("f1",), "escape"), (("alt+3",), "4")):
        async with person() as editor:
            editor.source.item_check = _good  # type: ignore[method-assign]
            await editor.item()
            call = editor.slowly("item_submit")
            await editor.pilot.press("f9")
            await editor.until(lambda: editor.app.screen.query("#field-notes"))
            await editor.pilot.press("ctrl+s")
            await editor.passphrase()
            await editor.begun(call)
            await editor.pilot.press(*away)
            await editor.at(Message if away == ("f1",) else MonitorRoom)
            elsewhere = editor.app.screen
            call.go()
            await editor.until(lambda: "Submitted as rev 5" in editor.notices)
            await editor.until(lambda: not any(w.group == "act" for w in editor.app.workers))
            assert editor.app.screen is elsewhere
            await editor.pilot.press(back)
            await editor.at(ItemsRoom)


# Questions that come late


async def test_a_question_waits_in_the_room_where_it_was_asked() -> None:
    async with person("queue") as approver:
        room = await approver.at(QueueRoom)
        await approver.until(lambda: room.opened)
        call = approver.slowly("queue_who")
        await approver.pilot.press("m")
        await approver.until(lambda: call.begun)
        await approver.pilot.press("3")
        await approver.at(MonitorRoom)
        call.go()
        await approver.until(lambda: "A question waits where you were: queue" in approver.notices)
        await approver.at(MonitorRoom)
        await approver.pilot.press("q")  # an open question keeps the desk open, and is shown
        await approver.at(Pick)
        assert not approver.app._exit
        await approver.pilot.press("escape")
        await approver.at(QueueRoom)


async def test_nothing_comes_before_the_curtain() -> None:
    async with person("queue") as approver:
        room = await approver.at(QueueRoom)
        await approver.until(lambda: room.opened)
        call = approver.slowly("queue_who")
        await approver.pilot.press("w", "m")
        await approver.until(lambda: call.begun)
        await approver.pilot.press("ctrl+l")
        await approver.at(Curtain)
        call.go()
        for _round in range(20):
            await approver.pilot.pause()
            assert isinstance(approver.app.screen, Curtain)
        await approver.pilot.press("ctrl+l")
        await approver.until(lambda: not approver.app.locked)
        await approver.until(
            lambda: {Message, Pick} <= {type(one) for one in approver.app.screen_stack}
        )


@pytest.mark.parametrize("slow", ["queue", "review"])
async def test_approving_waits_for_the_text_instead_of_asking_to_press_again(
    monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST", PATIENCE)  # keys wait for the dialog, as they do
    async with person() as approver:
        await approver.at(CalendarRoom)
        call = approver.slowly(slow)
        await approver.pilot.press("2")
        room = await approver.at(QueueRoom)
        await approver.until(lambda: call.begun)
        approver.burst("a" + PASSPHRASE)
        await approver.pilot.pause()
        assert room.opened is None
        call.go()
        await approver.until(lambda: any(one[0] == "approve" for one in approver.source.calls))
        assert type(approver.app.screen) is QueueRoom


async def test_a_release_that_is_still_read_is_signed_once_it_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST", PATIENCE)
    async with person() as lead:
        await lead.at(CalendarRoom)
        call = lead.slowly("release_board")
        lead.app.push_screen(ReleaseRoom("r-quy3"))
        await lead.at(ReleaseRoom)
        await lead.until(lambda: call.begun)
        lead.burst("s" + PASSPHRASE)
        await lead.pilot.pause()
        call.go()
        await lead.until(lambda: any(one[0] == "sign" for one in lead.source.calls))


@pytest.mark.parametrize(
    ("digit", "read", "key", "kind"),
    [("1", "calendar_days", "h", ReasonDialog), ("6", "terms_board", "y", Passphrase)],
)
async def test_the_key_of_an_act_waits_for_a_room_that_is_still_read(
    monkeypatch: pytest.MonkeyPatch, digit: str, read: str, key: str, kind: type[Dialog[Any]]
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST", PATIENCE)
    async with person("log") as editor:
        await editor.at(LogRoom)
        call = editor.slowly(read)
        await editor.pilot.press(digit)
        await editor.begun(call)
        editor.burst(key)
        await editor.pilot.pause()
        assert isinstance(editor.app.screen, Room)
        call.go()
        await editor.at(kind)


# Leaving with a text open elsewhere


async def test_a_text_that_cannot_be_stored_keeps_the_desk_open_from_any_room() -> None:
    async with person() as editor:
        room = await editor.item()
        editor.source.item_save = _fails  # type: ignore[method-assign]
        await editor.pilot.press("x", "alt+3")
        await editor.at(MonitorRoom)
        await editor.pilot.press("q")
        await editor.until(lambda: editor.app.screen is room)
        assert not editor.app._exit
        assert "not saved" in editor.notices


async def test_leaving_from_any_room_takes_the_note_away_that_a_text_is_open() -> None:
    async with person() as editor:
        await editor.item()
        left: list[str] = []
        editor.source.item_leave = left.append  # type: ignore[method-assign]
        await editor.pilot.press("alt+3")
        await editor.at(MonitorRoom)
        await editor.pilot.press("q")
        await editor.until(lambda: editor.app._exit)
        assert left == ["i-1"]


def _good(*_arguments: object) -> ItemCheck:
    return ItemCheck()


def _fails(*_arguments: object) -> Any:
    raise Unavailable("The disk is full")

"""The desk as its people use it: rooms, acts with their dialogs, the curtain, small and grey."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from textual.widgets import Static

from desk.errors import Refused, Unavailable, because
from desk.locales import set_language
from desk.phrase import instant, phrase
from screens import themes
from screens.dialogs.base import Dialog
from screens.dialogs.confirm import Confirm
from screens.dialogs.curtain import Curtain
from screens.dialogs.message import ErrorMessage, Message
from screens.dialogs.passphrase import Passphrase
from screens.dialogs.reason import ReasonDialog
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.monitor_room import MonitorRoom
from screens.rooms.queue_room import QueueRoom
from screens.sample import PASSPHRASE
from screens.source import NextRelease
from screens.widgets.input import Input
from screens.widgets.masthead import countdown_line
from screens.widgets.text_area import TextArea
from screens.widgets.virtual_table import VirtualTable
from tests.screens.sample_desk import desk, source
from tests.screens.waiting import picture, settled, until


@pytest.mark.parametrize("code", ["vi", "en"])
@pytest.mark.parametrize("size", [(80, 24), (140, 45), (40, 10)])
async def test_every_room_shows_in_both_languages_at_every_size(
    code: str, size: tuple[int, int]
) -> None:
    set_language(code)
    app = desk()
    async with app.run_test(size=size) as pilot:
        for key, room in (("1", CalendarRoom), ("2", QueueRoom), ("3", MonitorRoom)):
            await pilot.press(key)
            await settled(pilot)
            assert isinstance(app.screen, room)
            text = picture(app)
            assert "00:18:5" in text
            assert max(len(line) for line in text.split("\n")) <= size[0]
            if size[0] >= 80:
                assert "20/11/2026 14:41:07" in text


async def test_the_calendar_opens_at_the_next_release_of_today() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "▸ 15:00 " in text
        assert "⇡ staged" in text
        assert "Today · Friday 20/11" in text
        assert "▒ sealed · SAO-MAI" in text
        assert "▓ blackout" in text


async def test_signing_shows_the_manifest_and_wants_passphrase_and_enter() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("s")
        await settled(pilot)
        assert isinstance(app.screen, Passphrase)
        text = picture(app)
        assert "a2d9 5e33" in text
        assert "15:00:00 20/11/2026 GMT+7 = 08:00:00Z" in text
        app.screen.query_one(Input).value = PASSPHRASE
        assert PASSPHRASE not in picture(app)
        assert not source(app).calls
        await pilot.press("enter")
        await settled(pilot)
        assert source(app).calls[0][:2] == ("sign", "r-quy3")


async def test_a_wrong_passphrase_is_told_and_nothing_is_signed() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f9", "x", "y", "enter")
        await settled(pilot)
        assert isinstance(app.screen, ErrorMessage)
        assert "The key stays locked" in picture(app)
        assert not source(app).calls


async def test_leaving_a_dialog_does_nothing() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key in ("s", "c", "h", "f1", "ctrl+p"):
            await pilot.press(key)
            await settled(pilot)
            assert isinstance(app.screen, Dialog), key
            await pilot.press("escape")
            await settled(pilot)
            assert isinstance(app.screen, CalendarRoom)
        assert not source(app).calls


async def test_approving_takes_the_revision_off_the_queue() -> None:
    app = desk(asks_passphrase=False, room="queue")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "+ tăng 7,4%" in picture(app)
        assert "8c1f 04b7" in picture(app)
        await pilot.press("a")
        await settled(pilot)
        assert isinstance(app.screen, Confirm)
        await pilot.press("enter")
        await settled(pilot)
        assert source(app).calls[0][0:2] == ("approve", "rev-1")
        assert app.screen.query_one(VirtualTable).rows == 3


async def test_a_revision_decided_meanwhile_is_no_error() -> None:
    app = desk(room="queue")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        room = app.screen
        assert isinstance(room, QueueRoom)
        gone = room._rows.rows[1]
        app.source.approve(gone.revision, app.source.review(gone.revision).digest, PASSPHRASE)
        await room._open(gone)
        await settled(pilot)
        assert app.screen is room


async def test_a_refusal_names_the_rule_and_who_can_before_any_dialog() -> None:
    app = desk(room="queue")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("n", "n")
        await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        assert isinstance(app.screen, ErrorMessage)
        text = picture(app)
        assert "[author]" in text
        assert "review-1, check-1" in text
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        assert isinstance(app.screen, Message)


async def test_a_return_wants_a_reason() -> None:
    app = desk(asks_passphrase=False, room="queue")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert isinstance(app.screen, ReasonDialog)
        await pilot.press("ctrl+s")
        assert "Say why" in picture(app)
        app.screen.query_one(TextArea).load_text("Thiếu nguồn cho số 7,4%")
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        call = source(app).calls[0]
        assert (call[0], call[1], call[3]) == ("return", "rev-1", "Thiếu nguồn cho số 7,4%")


async def test_a_hold_is_told_as_requested_until_it_is_confirmed() -> None:
    app = desk(asks_passphrase=False, room="monitor")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("h")
        await settled(pilot)
        await pilot.press("x", "ctrl+s")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert source(app).calls == [("hold", "r-quy3", "x")]
        assert "… requested, not confirmed" in [notice.title for notice in app._notifications]
        assert "‖ held" in picture(app)


async def test_the_countdown_runs_with_the_clock() -> None:
    app = desk(room="monitor")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.clock.advance(1120)  # type: ignore[attr-defined]
        app._tick()
        await pilot.pause()
        assert "00:00:13" in picture(app)


async def test_the_curtain_hides_all_text_and_keeps_what_lies_below() -> None:
    app = desk(asks_passphrase=False, room="queue")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        await pilot.press("b", "í", "m", "left", "ctrl+l")
        await settled(pilot)
        assert isinstance(app.screen, Curtain)
        app.notify("Số liệu quý III đã ký")
        await pilot.pause()
        text = picture(app)
        assert "00:18:53" in text
        assert "14:41:07" in text
        for word in ("quý", "tăng", "bím", "editor", "Return", "8c1f"):
            assert word not in text, word
        await pilot.press("1", "a", "q")
        assert isinstance(app.screen, Curtain)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ReasonDialog)
        await pilot.press("x")
        assert app.screen.query_one(TextArea).text == "bíxm"
        await pilot.press("ctrl+z", "escape")
        assert "Số liệu quý III đã ký" in [str(notice.message) for notice in app._notifications]


async def test_idling_draws_the_curtain_and_keys_keep_it_up() -> None:
    app = desk(idle_lock=60)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.clock.advance(50)  # type: ignore[attr-defined]
        await pilot.press("down")
        app.clock.advance(50)  # type: ignore[attr-defined]
        app._tick()
        assert not app.locked
        app.clock.advance(20)  # type: ignore[attr-defined]
        app._tick()
        await pilot.pause()
        assert app.locked


async def test_the_filter_narrows_and_escape_brings_all_back() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        everything = app.screen.query_one(VirtualTable).rows
        await pilot.press("slash", *"agency:tk", "enter")
        await settled(pilot)
        assert app.screen.query_one(VirtualTable).rows == 1
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen.query_one(VirtualTable).rows == everything


@pytest.mark.parametrize(
    ("keys", "room", "opened"), [(("1",), "1", "ReleaseRoom"), (("4",), "alt+4", "ItemRoom")]
)
async def test_the_digit_of_a_room_leads_back_to_its_list(
    keys: tuple[str, ...], room: str, opened: str
) -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)
        listed = app.screen
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == opened)
        await settled(pilot)
        await pilot.press(room)
        await until(pilot, lambda: app.screen is listed)


async def test_the_palette_does_what_was_chosen() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+p", *"monitor", "enter")
        await settled(pilot)
        assert isinstance(app.screen, MonitorRoom)


async def test_keys_can_be_remapped_and_the_foot_says_so() -> None:
    app = desk(room="queue", keymap={"queue.approve": "x,f9"})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "x approve" in picture(app)
        await pilot.press("a")
        await settled(pilot)
        assert isinstance(app.screen, QueueRoom)
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, Passphrase)


async def test_the_foot_can_be_clicked() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        column = picture(app).split("\n")[-1].index("? help")
        await pilot.click(offset=(column, 23))
        await settled(pilot)
        assert isinstance(app.screen, Message)


async def test_trouble_is_told_in_the_head_and_goes_away() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        source(app).fault = Unavailable("The database does not answer", "disk full")
        app.take_pulse()
        await settled(pilot)
        assert "⚠ The database does not answer: disk full" in picture(app)
        assert isinstance(app.screen, CalendarRoom)
        source(app).fault = None
        app.take_pulse()
        await settled(pilot)
        assert "database" not in picture(app)


@pytest.mark.parametrize("theme", [theme.name for theme in themes.THEMES])
async def test_every_theme_works(theme: str) -> None:
    app = desk(theme=theme)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "⇡ staged" in picture(app)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_text_of_every_theme_can_be_read(theme: Any) -> None:
    least = 7.0 if theme.name == "desk-contrast" else 4.5
    colours = [theme.foreground, *(theme.variables[n] for n in theme.variables if "text" in n)]
    for ground in (theme.background, theme.surface):
        for colour in colours:
            light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least, (colour, ground)


async def test_no_color_leaves_grey_and_every_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "⇡ staged" in picture(app)
        assert app.no_color


async def test_attack_29_markup_in_notices_and_errors_is_only_text() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        evil = "[@click=app.quit]x[/]\x1b[31m\x9b\u202e"
        app.notify(evil, title=evil)
        app._room.tell(Unavailable(evil, evil, evil))
        await settled(pilot)
        text = picture(app)
        assert "[@click=app.quit]x[/]" in text
        assert not set(text) & set("\x1b\x9b\u202e")
        for widget in app.screen.query(Static):
            assert not widget.query("*:hover")


async def test_a_bug_ends_the_desk_without_printing_values() -> None:
    from screens.crash import crash_report

    canary = "CANARY-7f3a"
    try:
        raise ValueError(canary)
    except ValueError:
        report = crash_report().plain
    assert "ValueError" in report
    assert "test_app.py" in report
    assert canary not in report


async def test_a_refusal_tells_instants_on_the_clocks_of_the_newsroom() -> None:
    app = desk(room="queue")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text, since = "held by {person} since {time}", instant("2026-11-20T07:39:00Z")
        held = because("held", text, person="lead-2", time=since, who=("lead-1",))
        never = phrase("until {until}", until=instant("2026-13-01T00:00:00Z"))  # as a file may say
        app.push_screen(ErrorMessage(Refused("Not now", [held], never)))
        await until(pilot, lambda: "held by lead-2 since 14:39:00 20/11/2026" in picture(app))
        assert "until 2026-13-01T00:00:00Z" in picture(app)


@pytest.mark.parametrize(
    ("seconds", "told"), [(75, "in 00:01:15"), (-2, "in 00:00:00"), (-75, "✖ late by 00:01:15")]
)
def test_a_release_that_should_be_out_is_late_and_not_about_to_go(seconds: int, told: str) -> None:
    moment = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    at = moment + timedelta(seconds=seconds)
    coming = NextRelease("r-1", "Cảnh báo bão", at, "provisional", False, 1, 2, False)
    assert told in countdown_line(coming, moment, 80).plain

"""Keys that are typed ahead: those after an act wait for its dialog."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import ComposeResult

from screens.app import DeskApp
from screens.dialogs.base import Dialog
from screens.dialogs.form import Field, Form
from screens.dialogs.passphrase import Passphrase
from screens.rooms.queue_room import QueueRoom
from screens.widgets.input import Input
from tests.screens.sample_desk import desk
from tests.screens.waiting import settled, until

NAMES = {"/": "slash", "\r": "enter", "\t": "tab", "\x1b": "escape"}


def burst(app: DeskApp, text: str) -> None:
    """Keys that arrive together, before the desk has done anything about the first."""
    for letter in text:
        app.post_message(events.Key(NAMES.get(letter, letter), letter))


async def test_a_passphrase_typed_at_once_after_an_act_goes_into_its_dialog() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        before = app.screen
        burst(app, "shl2q")  # h holds, l lifts, 2 is the queue, q ends the desk
        await until(pilot, lambda: [one.value for one in app.screen.query(Input)] == ["hl2q"])
        assert isinstance(app.screen, Passphrase)
        assert [one for one in app.screen_stack if isinstance(one, Dialog)] == [app.screen]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is before)
        burst(app, "2")
        await until(pilot, lambda: isinstance(app.screen, QueueRoom))
        await settled(pilot)


class Slow(Dialog[str]):
    """A dialog that stands on the screen before its field takes keys, as on a busy machine."""

    AUTO_FOCUS = ""

    def fields(self) -> ComposeResult:
        """One field, without the focus."""
        yield Input()


async def test_letters_wait_for_a_dialog_that_is_drawn_before_its_field_has_the_focus() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        dialog = Slow("Hold")
        app.push_screen(dialog)
        await until(pilot, lambda: app.screen is dialog and dialog.query(Input))
        burst(app, "hl2q")
        await settled(pilot)
        assert not dialog.query_one(Input).value
        dialog.query_one(Input).focus()
        await until(pilot, lambda: dialog.query_one(Input).value == "hl2q")
        dialog.set_focus(None)  # a click beside the field: keys do not wait for it any more
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not dialog)
        await settled(pilot)


@pytest.mark.parametrize(("leaving", "looked_for"), [("\r", "gdp"), ("\x1b", "")])
async def test_keys_after_a_filter_was_left_are_keys_of_the_list(
    leaving: str, looked_for: str
) -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        calendar = app.screen
        burst(app, f"/gdp{leaving}2")
        await until(pilot, lambda: isinstance(app.screen, QueueRoom))
        assert calendar.query_one(Input).value == looked_for
        await settled(pilot)


@pytest.mark.parametrize("onward", ["\r", "\t"])
async def test_letters_after_enter_or_tab_in_a_form_go_into_its_next_field(onward: str) -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        form = Form("Two", [Field("one", "first"), Field("two", "second")], "done")
        app.push_screen(form)
        await until(pilot, lambda: form.focused is not None)
        burst(app, f"quý{onward}một")
        await until(pilot, lambda: [one.value for one in form.query(Input)] == ["quý", "một"])

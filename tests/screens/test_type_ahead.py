"""Keys that are typed ahead: those after an act wait for its dialog."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from screens.app import DeskApp
from screens.dialogs.base import Dialog
from screens.dialogs.passphrase import Passphrase
from screens.rooms.queue_room import QueueRoom
from screens.widgets.input import Input
from tests.screens.sample_desk import desk, settle, until


def burst(app: DeskApp, text: str) -> None:
    """Keys that arrive together, before the desk has done anything about the first."""
    for letter in text:
        app.post_message(events.Key("enter" if letter == "\r" else letter, letter))


async def test_a_passphrase_typed_at_once_after_an_act_goes_into_its_dialog() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = app.screen
        burst(app, "shl2q")  # h holds, l lifts, 2 is the queue, q ends the desk
        await until(pilot, lambda: [one.value for one in app.screen.query(Input)] == ["hl2q"])
        assert isinstance(app.screen, Passphrase)
        assert [one for one in app.screen_stack if isinstance(one, Dialog)] == [app.screen]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is before)
        burst(app, "2")
        await until(pilot, lambda: isinstance(app.screen, QueueRoom))
        await settle(pilot)


class Slow(Dialog[str]):
    """A dialog that stands on the screen before its field takes keys, as on a busy machine."""

    AUTO_FOCUS = ""

    def fields(self) -> ComposeResult:
        """One field, without the focus."""
        yield Input()


async def test_letters_wait_for_a_dialog_that_is_drawn_before_its_field_has_the_focus() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        dialog = Slow("Hold")
        app.push_screen(dialog)
        await until(pilot, lambda: app.screen is dialog and dialog.query(Input))
        burst(app, "hl2q")
        await settle(pilot)
        assert not dialog.query_one(Input).value
        dialog.query_one(Input).focus()
        await until(pilot, lambda: dialog.query_one(Input).value == "hl2q")
        dialog.set_focus(None)  # a click beside the field: keys do not wait for it any more
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not dialog)
        await settle(pilot)

"""Every key that a terminal can send, in every room and every dialog that one key opens there.

Whatever is pressed: the desk does not end, nothing is done without its confirmation, and Escape
leads back to the room.
"""

from __future__ import annotations

import string

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from screens import actions
from screens.actions import Action
from screens.app import DeskApp
from screens.dialogs.answers import Answers
from screens.dialogs.base import Dialog
from screens.dialogs.rows import Rows
from screens.rooms.base import Room
from screens.sample import SampleSource
from screens.sample.tour import TOUR, go, sample_desk
from tests.screens.waiting import picture, settled, until

LANGUAGE = "vi"
MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")
KEYS = (
    *string.ascii_letters, *string.digits, *string.punctuation, " ",
    *(f"ctrl+{letter}" for letter in string.ascii_lowercase),
    *(f"f{number}" for number in range(1, 13)),
    *MOVES, *(f"shift+{key}" for key in MOVES), *(f"ctrl+{key}" for key in MOVES[:6]),
    "tab", "shift+tab", "enter", "backspace", "alt+b", "alt+f", "alt+enter",
    *"ếđơưĐẠ", "\u0302", "🙂", "👩",
)  # fmt: skip
PASTED = ("Tiếng Việt\nhai dòng\t\x1b[31m", "Tie\u0302\u0301ng " * 2000)
LEAVES = frozenset({"q", "ctrl+q"})  # in a room: the desk ends, as asked
ACCEPTS = frozenset({"enter", "alt+enter", "ctrl+s", "ctrl+j", "ctrl+m", "f9"})
HIDES = frozenset({"ctrl+l"})  # the curtain takes every key
SAVES = "save"  # a draft of one's own, sealed: stored without being asked
SHUTS = frozenset({"item.leave", "release.back"})  # what closes a room that lies over a list
PLACES = {
    "calendar": "calendar", "calendar-week": "calendar", "release": "release",
    "queue": "queue", "monitor": "monitor", "items": "items", "item": "item",
    "contacts": "contacts", "terms": "terms",
    "handbook": "handbook", "log": "log", "search": "search", "reports": "reports",
}  # fmt: skip
"""Pictures of the tour, each with the place whose keys hold there."""


def done(app: DeskApp) -> list[str]:
    """What was done so far, other than storing drafts."""
    assert isinstance(app.source, SampleSource)
    return [call[0] for call in app.source.calls if call[0] != SAVES]


class Place:
    """A room that a test came to, and its way back to it."""

    def __init__(self, pilot: Pilot[None], app: DeskApp) -> None:
        self.pilot, self.app = pilot, app
        room = app.screen
        assert isinstance(room, Room)
        self.room, self.mode = room, app.current_mode

    async def back(self, after: str) -> None:
        """By Escape alone; from another room by its own key."""
        for _escape in range(8):
            assert not self.app._exit, f"{after!r} ended the desk"
            if self.app.current_mode != self.mode:
                await self.app.switch_mode(self.mode)
            elif self.app.screen is not self.room:
                await self.pilot.press("escape")
            else:
                break
            await settled(self.pilot)
        assert self.app.screen is self.room, f"no way back after {after!r}:\n{picture(self.app)}"
        assert done(self.app) == [], f"{after!r} did something"

    async def press(self, key: str) -> Dialog[object] | None:
        """A key of the room, and the dialog that it opens."""
        await self.pilot.press(key)
        await settled(self.pilot)
        assert not self.app._exit, f"{key!r} ended the desk"
        return self.app.screen if isinstance(self.app.screen, Dialog) else None

    async def burst(self, keys: list[str], where: str) -> None:
        """Keys that mean nothing here, in one burst, and what is pasted: nothing comes of it."""
        before = self.app.screen
        for key in keys:
            char = key if len(key) == 1 else None
            self.app.post_message(events.Key(_character_to_key(key) if char else key, char))
        for text in PASTED:
            self.app.post_message(events.Paste(text))
        await settled(self.pilot)
        assert not self.app._exit, f"a key ended the desk in {where}"
        assert self.app.screen is before, f"a key led out of {where}:\n{picture(self.app)}"
        assert done(self.app) == [], f"a key did something in {where}"


def meant(place: str) -> dict[str, Action]:
    """The keys that mean something in a room."""
    both = [*actions.of_place(place), *actions.of_place("everywhere")]
    return {key: action for action in both for key in actions.keys_of(action, {})}


def last_key(action: Action) -> str:
    """The key of an action that no input method changes."""
    return action.keys.split(",")[-1]


def of_dialog(dialog: Dialog[object]) -> frozenset[str]:
    """The keys that a dialog answers by closing."""
    offered = dialog._deeds if isinstance(dialog, Rows) else ()
    answers = dialog._answers if isinstance(dialog, Answers) else ()
    return frozenset(key for one in (*offered, *answers) for key in one.keys.split(","))


def with_marks(keys: frozenset[str]) -> frozenset[str]:
    """With what Telex and VNI make of these letters (`screens.telex` gives them back)."""
    return keys | {marked for plain, marked in zip("deouw", "đếơưư", strict=True) if plain in keys}


async def arrived(name: str, pilot: Pilot[None], app: DeskApp) -> Place:
    """At that picture of the tour."""
    await go(pilot, name)
    await settled(pilot)
    return Place(pilot, app)


@pytest.mark.parametrize("name", PLACES)
async def test_no_key_of_a_room_ends_it_or_does_anything_unasked(name: str) -> None:
    app, own = sample_desk(), meant(PLACES[name])
    async with app.run_test(size=(80, 24)) as pilot:
        place = await arrived(name, pilot, app)
        for key, action in own.items():
            if action.place == "everywhere" and name != "calendar":
                continue  # they are the app's own, the same in each room
            if action.place != "everywhere" and key == last_key(action) != action.keys:
                continue  # it is pressed for its dialog, below
            if key not in LEAVES and action.id not in SHUTS:
                await place.press(key)
                await place.back(key)
                place.room.set_focus(None)
                await place.press("escape")  # a filter that has come goes again
                if app.screen is not place.room:  # it was closed by that
                    place = await arrived(name, pilot, app)
    assert app.return_code in (None, 0)


@pytest.mark.parametrize("name", PLACES)
async def test_keys_without_a_meaning_leave_a_room_as_it_is(name: str) -> None:
    app, own = sample_desk(), meant(PLACES[name])
    typed = with_marks(frozenset(own) | {"enter", "alt+enter", "ctrl+m", "ctrl+j", "ctrl+i"})
    keys = [key for key in KEYS if key not in typed | LEAVES | HIDES]
    async with app.run_test(size=(80, 24)) as pilot:
        place = await arrived(name, pilot, app)
        await place.burst(keys, name)


@pytest.mark.parametrize("name", [name for name in PLACES if name != "calendar-week"])
async def test_no_key_leads_out_of_a_dialog_but_its_own(name: str) -> None:
    reached = 0
    for action in actions.of_place(PLACES[name]):
        app, key = sample_desk(), last_key(action)
        async with app.run_test(size=(80, 24)) as pilot:
            place = await arrived(name, pilot, app)
            dialog = await place.press(key)
            if dialog is None:
                assert done(app) == [], f"{key!r} did something"
                continue
            reached += 1
            held = with_marks(of_dialog(dialog) | ACCEPTS | HIDES | LEAVES - {"q"})
            await place.burst([one for one in KEYS if one not in held], f"{name}, {action.id}")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is not dialog, f"Escape in {action.id}")  # noqa: B023
            await place.back(f"{key} escape")
    assert reached or name in ("search", "handbook")


def test_all_places_of_the_tour_with_keys_of_their_own_are_tried() -> None:
    assert set(PLACES.values()) == {one.place for one in actions.ACTIONS} - {"everywhere"}
    assert set(PLACES) <= set(TOUR)

"""The registry of actions: keys that input methods leave alone, one meaning each, all named."""

from __future__ import annotations

import re

import pytest

from desk.errors import UsageError
from desk.locales import set_language
from desk.text import folded
from screens import actions
from screens.app import DeskApp
from screens.dialogs.help import help_text
from screens.dialogs.palette import matching
from screens.rooms import PLACES, room_class


def test_every_action_has_a_key_that_input_methods_leave_alone() -> None:
    for action in actions.ACTIONS:
        keys = actions.keys_of(action, {})
        assert any(re.fullmatch(r"ctrl\+\w|f\d+|alt\+\w", key) for key in keys), action.id
        assert not any("backspace" in key or key == "ctrl+h" for key in keys)


def test_no_key_means_two_things_in_one_place() -> None:
    actions.check_keymap({})


def test_ids_are_unique_and_every_action_can_be_run() -> None:
    assert len(actions.BY_ID) == len(actions.ACTIONS)
    for action in actions.ACTIONS:
        target, _dot, name = action.run.partition("(")[0].rpartition(".")
        room = room_class(action.place) if action.place in PLACES else DeskApp
        owner = DeskApp if target == "app" else room
        assert hasattr(owner, f"action_{name}"), action.id


def test_acts_have_a_twin_on_the_command_line() -> None:
    only_on_screen = {
        "queue.next", "monitor.next", "handbook.next", "calendar.today", "item.field", "item.leave",
        "release.back",
    }  # fmt: skip
    for action in actions.ACTIONS:
        if action.place != "everywhere" and action.id not in only_on_screen:
            assert action.twin.startswith("desk "), action.id


@pytest.mark.parametrize(
    "keymap",
    [
        {"queue.dance": "x"},
        {"queue.approve": "backspace"},
        {"queue.approve": "ctrl+h"},
        {"queue.approve": "r"},
        {"queue.approve": "ctrl+l"},
        {"queue.approve": " "},
    ],
)
def test_a_keymap_that_cannot_work_is_refused(keymap: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        actions.check_keymap(keymap)


def test_two_actions_may_swap_their_keys() -> None:
    actions.check_keymap({"queue.approve": "r,f9", "queue.return": "a,f7"})


@pytest.mark.parametrize("place", sorted(PLACES))
def test_help_names_every_action_of_the_room_with_its_keys(place: str) -> None:
    set_language("en")
    text = help_text(place, {"app.lock": "ctrl+y"}).plain
    for action in actions.of_place(place):
        assert action.title in text
        assert action.twin in text
    assert "^Y" in text
    assert "‖ held" in text


def test_the_palette_finds_with_and_without_marks() -> None:
    set_language("vi")
    found = actions.of_place("queue")
    assert matching("duyet", found)[0].id == "queue.approve"
    assert matching("trả", found)[0].id == "queue.return"
    assert matching("TRA LAI", found)[0].id == "queue.return"
    assert matching("return", found)[0].id == "queue.return"
    assert matching("khong co gi ca", found) == []
    assert folded("Đợt CÔNG bố") == "dot cong bo"
    set_language("en")

"""The one registry of actions: footer, palette, help, docs and key bindings come from it.

Each room has a file of its own here with its `ACTIONS`. An action's default keys hold at least
one that an input method cannot change (Ctrl, F key, Enter), and never Backspace. Letters may be
remapped by the user: `keymap` maps an action's id to keys, comma separated, as Textual writes
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.binding import Binding

from desk.errors import UsageError
from desk.locales import _
from desk.phrase import phrase
from screens.actions import (
    calendar_room,
    contacts_room,
    everywhere,
    handbook_room,
    item_room,
    items_room,
    log_room,
    monitor_room,
    queue_room,
    release_room,
    reports_room,
    search_room,
    terms_room,
)
from screens.actions.action import Action

Keymap = Mapping[str, str]

ACTIONS: tuple[Action, ...] = (
    *everywhere.ACTIONS,
    *calendar_room.ACTIONS,
    *release_room.ACTIONS,
    *queue_room.ACTIONS,
    *monitor_room.ACTIONS,
    *items_room.ACTIONS,
    *item_room.ACTIONS,
    *contacts_room.ACTIONS,
    *terms_room.ACTIONS,
    *handbook_room.ACTIONS,
    *log_room.ACTIONS,
    *search_room.ACTIONS,
    *reports_room.ACTIONS,
)

BY_ID = {action.id: action for action in ACTIONS}
_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "comma": ",",
    "full_stop": ".",
    "colon": ":",
}


def keys_of(action: Action, keymap: Keymap) -> tuple[str, ...]:
    """The keys of an action under a keymap, the first one first."""
    keys = keymap.get(action.id, action.keys)
    return tuple(part for key in keys.split(",") if (part := key.strip()))


def shown(key: str) -> str:
    """A key as people write it: `^R`, `M-1`, `F5`, `?`, `a`."""
    if key.startswith("ctrl+"):
        return "^" + _NAMES.get(key[5:], key[5:]).upper()
    if key.startswith("alt+"):
        return "M-" + key[4:]
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return _NAMES.get(key, key)


def of_place(place: str) -> list[Action]:
    """The actions of one room, without those that work everywhere."""
    return [action for action in ACTIONS if action.place == place]


def in_footer(place: str) -> list[Action]:
    """What the footer of a room offers, the most wanted first."""
    found = [a for a in ACTIONS if a.footer and a.place in (place, "everywhere")]
    return sorted(found, key=lambda action: action.footer)


def bindings(place: str) -> list[Binding]:
    """Textual's bindings for a room, or for the app when the place is everywhere."""
    return [
        Binding(a.keys, a.run, a.title, show=False, priority=a.priority, tooltip=a.tooltip, id=a.id)
        for a in of_place(place)
    ]


def check_keymap(keymap: Keymap) -> None:
    """Raise UsageError for an action there is not, a key that may not be, or one used twice."""
    for id, keys in keymap.items():
        if id not in BY_ID:
            raise UsageError(
                "Unknown action in the keymap", id[:60], "The help (?) and docs list all actions"
            )
        if not keys.strip():
            raise UsageError("An action without a key", id)
        if any("backspace" in key or key.strip() == "ctrl+h" for key in keys.split(",")):
            raise UsageError(
                "Backspace cannot be a shortcut", id, "Input methods send it while composing"
            )
    for place in {action.place for action in ACTIONS} - {"everywhere"}:
        _check_clashes([*of_place("everywhere"), *of_place(place)], keymap)


def _check_clashes(actions: Sequence[Action], keymap: Keymap) -> None:
    taken: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            if (other := taken.setdefault(key, action.id)) != action.id:
                raise UsageError(
                    "One key for two actions",
                    phrase("{key}: {other} and {id}", key=key, other=other, id=action.id),
                    "Give one of them another key in the keymap",
                )


def title(action: Action) -> str:
    """The action's name in the language of the interface."""
    return _(action.title)

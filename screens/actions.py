"""The one registry of actions: footer, palette, help, docs and key bindings come from it.

An action is named apart from its keys. Its default keys hold at least one that an input method
cannot change (Ctrl, F key, Enter), and never Backspace. Letters may be remapped by the user:
`keymap` maps an action's id to keys, comma separated, as Textual writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

from desk.errors import UsageError
from desk.locales import N_, _

Place = Literal["everywhere", "calendar", "queue", "monitor"]
Keymap = Mapping[str, str]


@dataclass(frozen=True)
class Action:
    """One thing a person can do. `title` and `tooltip` are messages of the catalogue.

    `run` is the Textual action that does it; `twin` the command line that does the same, empty
    for what only makes sense on a screen. `footer` orders the footer: 0 is not shown there.
    """

    id: str
    place: Place
    run: str
    keys: str
    title: str
    tooltip: str
    twin: str = ""
    footer: int = 0
    priority: bool = False


ACTIONS: tuple[Action, ...] = (
    Action(
        "app.calendar",
        "everywhere",
        "app.room('calendar')",
        "1,f2",
        N_("calendar"),
        N_("What goes out when, whether it is ready, where there is room"),
        "desk release list",
    ),
    Action(
        "app.queue",
        "everywhere",
        "app.room('queue')",
        "2,f3",
        N_("queue"),
        N_("What waits for you, and what has changed in it"),
        "desk queue list",
    ),
    Action(
        "app.monitor",
        "everywhere",
        "app.room('monitor')",
        "3,f4",
        N_("monitor"),
        N_("Whether it will go out, did go out, and is still right"),
        "desk publisher status",
    ),
    Action(
        "app.refresh",
        "everywhere",
        "app.refresh_room",
        "ctrl+r,f5",
        N_("read again"),
        N_("Read this room again from the newsroom"),
    ),
    Action(
        "app.lock",
        "everywhere",
        "app.lock",
        "ctrl+l",
        N_("hide"),
        N_("Hide all text at once; the countdown stays"),
        priority=True,
    ),
    Action(
        "app.theme",
        "everywhere",
        "app.next_theme",
        "ctrl+t",
        N_("colours"),
        N_("Next colours: dark, light, high contrast, colour-blind safe"),
    ),
    Action(
        "app.palette",
        "everywhere",
        "app.palette",
        "ctrl+p",
        N_("all actions"),
        N_("Find an action by a few letters of its name"),
        footer=91,
    ),
    Action(
        "app.help",
        "everywhere",
        "app.help",
        "question_mark,f1",
        N_("help"),
        N_("The keys of this room and the words of its states"),
        footer=90,
    ),
    Action(
        "app.quit",
        "everywhere",
        "app.quit",
        "q,ctrl+q",
        N_("quit"),
        N_("Leave the desk; releases go out without it"),
        footer=92,
    ),
    Action(
        "calendar.open",
        "calendar",
        "open",
        "ctrl+o",
        N_("open"),
        N_("Show the release: its items, their gates, who has signed (also Enter)"),
        "desk release show RELEASE",
        footer=1,
    ),
    Action(
        "calendar.confirm",
        "calendar",
        "confirm",
        "c,f6",
        N_("confirm"),
        N_("Make a provisional release confirmed"),
        "desk release confirm RELEASE",
        footer=3,
    ),
    Action(
        "calendar.sign",
        "calendar",
        "sign",
        "s,f9",
        N_("sign"),
        N_("Sign off exactly the revisions shown"),
        "desk release sign RELEASE",
        footer=2,
    ),
    Action(
        "calendar.hold",
        "calendar",
        "hold",
        "h,f8",
        N_("hold"),
        N_("Stop this release; anyone may, with a reason"),
        "desk release hold RELEASE",
        footer=4,
    ),
    Action(
        "calendar.lift",
        "calendar",
        "lift",
        "l,f7",
        N_("lift"),
        N_("Let a held release go on; takes two people"),
        "desk release lift RELEASE",
        footer=7,
    ),
    Action(
        "calendar.filter",
        "calendar",
        "filter",
        "slash,ctrl+f",
        N_("filter"),
        N_("Show only rows with these words; agency:ID and state:WORD also work"),
        "desk release list --json",
        footer=5,
    ),
    Action(
        "calendar.today",
        "calendar",
        "today",
        "g,ctrl+g",
        N_("today"),
        N_("Go to today"),
        footer=6,
    ),
    Action(
        "queue.approve",
        "queue",
        "approve",
        "a,f9",
        N_("approve"),
        N_("Approve exactly the text shown"),
        "desk approval approve REVISION",
        footer=1,
    ),
    Action(
        "queue.return",
        "queue",
        "send_back",
        "r,f7",
        N_("return"),
        N_("Send it back to its authors with a reason"),
        "desk approval return REVISION --reason TEXT",
        footer=2,
    ),
    Action(
        "queue.text",
        "queue",
        "toggle_text",
        "d,f6",
        N_("whole text"),
        N_("Switch between what has changed and the whole text"),
        "desk item show ITEM",
        footer=3,
    ),
    Action(
        "queue.who",
        "queue",
        "who",
        "w,ctrl+w",
        N_("who can act"),
        N_("Who could take the open steps, and why you may not"),
        "desk approval who REVISION",
        footer=4,
    ),
    Action(
        "queue.next",
        "queue",
        "next",
        "n,ctrl+n",
        N_("next"),
        N_("The next revision that waits"),
        footer=5,
    ),
    Action(
        "monitor.hold",
        "monitor",
        "hold",
        "h,f8",
        N_("hold"),
        N_("Stop this release; anyone may, with a reason"),
        "desk release hold RELEASE",
        footer=1,
    ),
    Action(
        "monitor.hold_all",
        "monitor",
        "hold_all",
        "H,f12",
        N_("HOLD ALL"),
        N_("Stop every release that has not gone out"),
        "desk release hold --all",
        footer=2,
    ),
    Action(
        "monitor.lift",
        "monitor",
        "lift",
        "l,f7",
        N_("lift"),
        N_("Let a held release go on; takes two people"),
        "desk release lift RELEASE",
        footer=3,
    ),
    Action(
        "monitor.next",
        "monitor",
        "next",
        "n,ctrl+n",
        N_("next"),
        N_("The next release"),
        footer=4,
    ),
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
    """A key as people write it: `^R`, `F5`, `?`, `a`."""
    if key.startswith("ctrl+"):
        return "^" + _NAMES.get(key[5:], key[5:]).upper()
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


def bindings(place: Place) -> list[Binding]:
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
    for place in ("calendar", "queue", "monitor"):
        _check_clashes([*of_place("everywhere"), *of_place(place)], keymap)


def _check_clashes(actions: Sequence[Action], keymap: Keymap) -> None:
    taken: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            if (other := taken.setdefault(key, action.id)) != action.id:
                raise UsageError(
                    "One key for two actions",
                    f"{key}: {other} and {action.id}",
                    "Give one of them another key in the keymap",
                )


def title(action: Action) -> str:
    """The action's name in the language of the interface."""
    return _(action.title)

"""The help of a room, made from the registry: its keys, their command lines, its signs."""

from __future__ import annotations

from textwrap import wrap

from textual.content import Content

from desk.locales import N_, _
from desk.locales.placeholders import placeholders
from screens import actions, states
from screens.actions.action import Action
from screens.dialogs.message import Message
from screens.widgets.plain import TONES, line, lines

KEYS, TITLE, WIDTH = 10, 15, 68  # cells: keys, titles, and the inside of the dialog at 80 columns


def _keys(found: list[Action], keymap: actions.Keymap) -> list[Content]:
    rows: list[Content] = []
    for action in found:
        keys = " ".join(actions.shown(key) for key in actions.keys_of(action, keymap))
        title = actions.title(action)
        head = (f" {keys:<{KEYS - 1}} ", "bold $text-accent"), (f"{title:<{TITLE}} ", "bold")
        indent = max(KEYS, len(keys) + 1) + max(TITLE, len(title)) + 2
        first, *more = wrap(_(action.tooltip), max(20, WIDTH - indent)) or [""]
        rows.append(line(*head, first))
        rows += [line(" " * (KEYS + TITLE + 2) + part) for part in more]
        if action.twin:
            rows.append(
                line((" " * (KEYS + TITLE + 2) + "$ " + placeholders(action.twin), TONES["dim"]))
            )
    return rows


OPENED = {"item": N_("item"), "release": N_("release")}
"""What is opened for one thing, and has no action that goes there."""


def help_text(place: str, keymap: actions.Keymap) -> Content:
    """All a person needs to use that room."""
    entrance = actions.BY_ID.get(f"app.{place}")
    here = actions.title(entrance) if entrance else _(OPENED.get(place, place))
    signs = [*states.RELEASE.values(), states.HELD, states.SEALED, states.BLACKOUT]
    return lines(
        line((_("In this room: {room}").format(room=here), TONES["strong"])),
        *_keys(actions.of_place(place), keymap),
        "",
        line((_("Everywhere"), TONES["strong"])),
        *_keys(actions.of_place("everywhere"), keymap),
        "",
        line((_("Signs"), TONES["strong"])),
        *(line(" ", (str(sign), TONES[sign.tone])) for sign in signs),
        "",
        line((_("Letters work while Telex or VNI is on; Backspace never acts."), TONES["dim"])),
    )


class Help(Message):
    """The help, to scroll with the arrows and close with Escape."""

    def __init__(self, place: str, keymap: actions.Keymap) -> None:
        super().__init__(_("Help"), help_text(place, keymap))

    def on_mount(self) -> None:
        """The arrows scroll."""
        body = self.query_one("#dialog-body")
        body.can_focus = True
        body.focus()

"""One field in the person's own editor, while the desk is put aside."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from textual.app import SuspendNotSupported

from desk.errors import DeskError, Unavailable
from desk.items import outside
from desk.locales import _
from screens.rooms.base import Room


async def write_outside(room: Room, text: str) -> str | None:
    """The text as it came back; None after an error was shown.

    The desk draws nothing meanwhile and its loop stands still: the terminal is the editor's.
    """
    try:
        return outside.round_trip(text, lambda command, env: _run(room, command, env))
    except DeskError as error:
        room.tell(error)
        return None


def _run(room: Room, command: list[str], environment: Mapping[str, str]) -> int:
    try:
        with room.app.suspend():
            return subprocess.run(command, env=dict(environment), check=False).returncode
    except SuspendNotSupported:
        raise Unavailable(
            _("No editor can be opened here"),
            _("the desk is not in a terminal of its own"),
            _("Write the text in the desk itself."),
        ) from None
    except OSError as error:
        raise Unavailable(_("The editor did not start"), error.strerror or "") from None

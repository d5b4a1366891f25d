"""Warming: all that a person may go to is imported behind the first picture, or stopped."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

from screens.rooms import PLACES
from screens.warming import modules

AFTER = """
import sys
from threading import Event
from screens.warming import modules, warm
warm(Event())
print(*sorted(name for name in modules() if name not in sys.modules))
"""


def test_every_room_and_dialog_is_named_and_can_be_found() -> None:
    named = list(modules())
    assert len(named) == len(set(named)) > len(PLACES)
    assert {"screens.rooms.queue_room", "screens.dialogs.help"} <= set(named)
    assert all(find_spec(name) for name in named)


def test_after_it_nothing_is_left_to_import() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTER], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == ""


def test_it_stops_before_the_next_module() -> None:
    code = (
        "import sys\nfrom threading import Event\nfrom screens.warming import warm\n"
        "stopped = Event()\nstopped.set()\nwarm(stopped)\n"
        "print('screens.rooms.queue_room' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "False"

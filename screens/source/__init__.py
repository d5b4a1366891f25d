"""What the rooms need from the house: the views they show and the calls they make.

`Source` lists every call; an adapter over the verbs answers them for the desk, `screens.sample`
answers them from memory. All are plain functions: the app calls them in threads, never on the
event loop. Each may raise any `DeskError`, which the app shows as it is. Views are frozen, hold
only what this reader may see, and carry text as it is: the screens make it safe.

Instants are aware datetimes in UTC; spans are seconds unless the name says otherwise.

Each room has a file of its own here: its views, and a protocol of its calls. A file is imported
when one of its names is first asked for, since the first picture needs two of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screens.source.calendar_room import CalendarRow as CalendarRow
    from screens.source.calendar_room import DayCount as DayCount
    from screens.source.calendar_room import ManifestItem as ManifestItem
    from screens.source.calendar_room import Progress as Progress
    from screens.source.calendar_room import ReleaseView as ReleaseView
    from screens.source.monitor_room import ChannelState as ChannelState
    from screens.source.monitor_room import DayRecord as DayRecord
    from screens.source.monitor_room import DueRelease as DueRelease
    from screens.source.monitor_room import Monitor as Monitor
    from screens.source.monitor_room import Phase as Phase
    from screens.source.monitor_room import PublisherState as PublisherState
    from screens.source.monitor_room import Standby as Standby
    from screens.source.queue_room import Approval as Approval
    from screens.source.queue_room import DiffLine as DiffLine
    from screens.source.queue_room import QueueEntry as QueueEntry
    from screens.source.queue_room import Review as Review
    from screens.source.shared import DeskView as DeskView
    from screens.source.shared import Gate as Gate
    from screens.source.shared import GateOutcome as GateOutcome
    from screens.source.shared import NextRelease as NextRelease
    from screens.source.shared import Outcome as Outcome
    from screens.source.shared import Pulse as Pulse
    from screens.source.shared import ReleaseState as ReleaseState
    from screens.source.whole import Source as Source

_FILES = {
    "calendar_room": "CalendarRow DayCount ManifestItem Progress ReleaseView",
    "monitor_room": "ChannelState DayRecord DueRelease Monitor Phase PublisherState Standby",
    "queue_room": "Approval DiffLine QueueEntry Review",
    "shared": "DeskView Gate GateOutcome NextRelease Outcome Pulse ReleaseState",
    "whole": "Source",
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """A name of one of the files, imported now (PEP 562)."""
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    globals()[name] = value
    return value

"""What the rooms need from the house: the views they show and the calls they make.

`Source` lists every call; an adapter over the verbs answers them for the desk, `screens.sample`
answers them from memory. All are plain functions: the app calls them in threads, never on the
event loop. Each may raise any `DeskError`, which the app shows as it is. Views are frozen, hold
only what this reader may see, and carry text as it is: the screens make it safe.

Instants are aware datetimes in UTC; spans are seconds unless the name says otherwise.

Each room has a file of its own here: its views, and a protocol of its calls.
"""

from __future__ import annotations

from typing import Protocol

from screens.source.calendar_room import (
    CalendarRow,
    CalendarSource,
    DayCount,
    ManifestItem,
    Progress,
    ReleaseView,
)
from screens.source.contacts_room import ContactsSource
from screens.source.handbook_room import HandbookSource
from screens.source.item_room import ItemSource
from screens.source.items_room import ItemsSource
from screens.source.log_room import LogSource
from screens.source.monitor_room import (
    ChannelState,
    DayRecord,
    DueRelease,
    Monitor,
    MonitorSource,
    Phase,
    PublisherState,
    Standby,
)
from screens.source.queue_room import (
    Approval,
    DiffLine,
    QueueEntry,
    QueueSource,
    Review,
)
from screens.source.release_room import ReleaseSource
from screens.source.reports_room import ReportsSource
from screens.source.search_room import SearchSource
from screens.source.shared import (
    DeskSource,
    DeskView,
    Gate,
    GateOutcome,
    NextRelease,
    Outcome,
    Pulse,
    ReleaseState,
)
from screens.source.terms_room import TermsSource
from screens.source.unsent import UnsentSource
from screens.source.urgent import UrgentSource

__all__ = [
    "Approval",
    "CalendarRow",
    "ChannelState",
    "DayCount",
    "DayRecord",
    "DeskView",
    "DiffLine",
    "DueRelease",
    "Gate",
    "GateOutcome",
    "ManifestItem",
    "Monitor",
    "NextRelease",
    "Outcome",
    "Phase",
    "Progress",
    "PublisherState",
    "Pulse",
    "QueueEntry",
    "ReleaseState",
    "ReleaseView",
    "Review",
    "Source",
    "Standby",
]


class Source(
    DeskSource,
    CalendarSource,
    ReleaseSource,
    QueueSource,
    MonitorSource,
    ItemsSource,
    ItemSource,
    ContactsSource,
    TermsSource,
    HandbookSource,
    LogSource,
    SearchSource,
    ReportsSource,
    UrgentSource,
    UnsentSource,
    Protocol,
):
    """Every call the desk's screens make."""

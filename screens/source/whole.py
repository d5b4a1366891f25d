"""`Source`: every call that the desk's screens make, whatever the room."""

from __future__ import annotations

from typing import Protocol

from screens.source.calendar_room import CalendarSource
from screens.source.contacts_room import ContactsSource
from screens.source.handbook_room import HandbookSource
from screens.source.item_room import ItemSource
from screens.source.items_room import ItemsSource
from screens.source.log_room import LogSource
from screens.source.monitor_room import MonitorSource
from screens.source.queue_room import QueueSource
from screens.source.release_room import ReleaseSource
from screens.source.reports_room import ReportsSource
from screens.source.search_room import SearchSource
from screens.source.shared import DeskSource
from screens.source.terms_room import TermsSource
from screens.source.unsent import UnsentSource
from screens.source.urgent import UrgentSource


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

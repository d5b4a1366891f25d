"""The rooms of the desk: one screen per workspace, each decides what its keys do.

`ROOMS` is the one list of those that the app goes to by name; a room is imported when somebody
goes there, so that the first paint pays for one room only.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.rooms.base import Room

ROOMS: Mapping[str, str] = {
    "calendar": "calendar_room:CalendarRoom",
    "queue": "queue_room:QueueRoom",
    "monitor": "monitor_room:MonitorRoom",
    "items": "items_room:ItemsRoom",
    "contacts": "contacts_room:ContactsRoom",
    "terms": "terms_room:TermsRoom",
    "handbook": "handbook_room:HandbookRoom",
    "log": "log_room:LogRoom",
    "search": "search_room:SearchRoom",
    "reports": "reports_room:ReportsRoom",
}
SCREENS: Mapping[str, str] = {
    "item": "item_room:ItemRoom",
    "release": "release_room:ReleaseRoom",
}
"""Rooms that are opened for one thing: pushed over another, with actions of their own."""
PLACES: Mapping[str, str] = {**ROOMS, **SCREENS}


def room_class(name: str) -> type[Room]:
    """The class of a room, by its name in `PLACES`. Raises KeyError."""
    module, _colon, attribute = PLACES[name].partition(":")
    found: type[Room] = getattr(import_module(f"screens.rooms.{module}"), attribute)
    return found

"""A part of the newsroom's source: the calls of one room, over the house that all parts share."""

from __future__ import annotations

from screens.newsroom.house import House


class Part:
    """Inherit to answer one room's calls; `NewsroomSource` puts the parts together."""

    _house: House

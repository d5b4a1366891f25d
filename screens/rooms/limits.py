"""Limits: what cannot be done now is dimmed in the footline; its key says why."""

from __future__ import annotations

from collections.abc import Mapping

from desk.errors import Reason
from desk.locales import _
from screens import actions
from screens.rooms.base import Room
from screens.widgets.footline import Footline

Limits = Mapping[str, tuple[Reason, ...]]
"""An action's name without its place, to the reasons why it cannot be done."""


class Limited(Room):
    """A room some of whose actions a reader may not do."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: Limits = {}

    def show_limits(self, limits: Limits) -> None:
        """Dim what cannot be done."""
        self.limits = limits
        dimmed = frozenset(f"{self.PLACE}.{name}" for name in limits)
        for footline in self.query(Footline):
            footline.dim(dimmed)

    def may(self, name: str) -> bool:
        """Whether that action can be done now; if not, it is said why, and who can help."""
        if not (reasons := self.limits.get(name)):
            return True
        action = actions.BY_ID[f"{self.PLACE}.{name}"]
        self.refuse(_("Not now: {action}").format(action=actions.title(action)), reasons)
        return False

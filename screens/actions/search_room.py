"""The search's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "search.ask",
        "search",
        "ask",
        "slash,ctrl+f",
        N_("search"),
        N_('Words, "a phrase", agency: kind: lang: state: by: after: before: is: in:'),
        "desk search WORDS",
        footer=1,
    ),
    Action(
        "search.open",
        "search",
        "open",
        "ctrl+o",
        N_("open"),
        N_("Go to what was found (also Enter)"),
        "desk item show ITEM",
        footer=2,
    ),
)

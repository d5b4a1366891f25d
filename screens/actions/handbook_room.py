"""The handbook's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "handbook.find",
        "handbook",
        "filter",
        "slash,ctrl+f",
        N_("search"),
        N_('Pages with all these words, with or without accents; "a phrase" stands together'),
        "desk handbook search WORDS",
        footer=1,
    ),
    Action(
        "handbook.read",
        "handbook",
        "read_page",
        "ctrl+o",
        N_("read"),
        N_("Go to the page to scroll it; Escape comes back to the list (also Enter)"),
        "desk handbook show PAGE",
        footer=2,
    ),
    Action(
        "handbook.next",
        "handbook",
        "next",
        "n,ctrl+n",
        N_("next"),
        N_("The next page"),
        footer=3,
    ),
)

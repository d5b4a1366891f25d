"""The calendar room's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "calendar.open",
        "calendar",
        "open",
        "ctrl+o",
        N_("open"),
        N_("Show the release: its items, their gates, who has signed (also Enter)"),
        "desk release show RELEASE",
        footer=1,
    ),
    Action(
        "calendar.confirm",
        "calendar",
        "confirm",
        "c,f6",
        N_("confirm"),
        N_("Make a provisional release confirmed"),
        "desk release confirm RELEASE",
        footer=3,
    ),
    Action(
        "calendar.sign",
        "calendar",
        "sign",
        "s,f9",
        N_("sign"),
        N_("Sign off exactly the revisions shown"),
        "desk release sign RELEASE",
        footer=2,
    ),
    Action(
        "calendar.hold",
        "calendar",
        "hold",
        "h,f8",
        N_("hold"),
        N_("Stop this release; anyone may, with a reason"),
        "desk release hold RELEASE",
        footer=4,
    ),
    Action(
        "calendar.lift",
        "calendar",
        "lift",
        "l,f7",
        N_("lift"),
        N_("Let a held release go on; takes two people"),
        "desk release lift RELEASE",
        footer=7,
    ),
    Action(
        "calendar.filter",
        "calendar",
        "filter",
        "slash,ctrl+f",
        N_("filter"),
        N_("Show only rows with these words; agency:ID and state:WORD also work"),
        "desk release list --json",
        footer=5,
    ),
    Action(
        "calendar.today",
        "calendar",
        "today",
        "g,ctrl+g",
        N_("today"),
        N_("Go to today"),
        footer=6,
    ),
)

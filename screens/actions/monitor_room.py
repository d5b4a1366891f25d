"""The monitor's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "monitor.hold",
        "monitor",
        "hold",
        "h,f8",
        N_("hold"),
        N_("Stop this release; anyone may, with a reason"),
        "desk release hold RELEASE",
        footer=1,
    ),
    Action(
        "monitor.hold_all",
        "monitor",
        "hold_all",
        "H,f12",
        N_("HOLD ALL"),
        N_("Stop every release that has not gone out"),
        "desk release hold --all",
        footer=2,
    ),
    Action(
        "monitor.lift",
        "monitor",
        "lift",
        "u,f7",
        N_("lift"),
        N_("Let a held release go on; takes two people"),
        "desk release lift RELEASE",
        footer=3,
    ),
    Action(
        "monitor.next",
        "monitor",
        "next",
        "n,ctrl+n",
        N_("next"),
        N_("The next release"),
        footer=6,
    ),
    Action(
        "monitor.runbook",
        "monitor",
        "runbook",
        "r,f4",
        N_("runbook"),
        N_("The page of the handbook for what is wrong now"),
        "desk handbook show PAGE",
        footer=4,
    ),
    Action(
        "monitor.log",
        "monitor",
        "log",
        "l,f6",
        N_("log"),
        N_("Every alarm and every opening, as signed acts"),
        "desk audit log kind:publisher",
        footer=5,
    ),
)

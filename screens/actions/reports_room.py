"""The reports' actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "reports.picture",
        "reports",
        "picture(1)",
        "p,f6",
        N_("next chart"),
        N_("Punctuality, lateness, time per step, work: the next of the four"),
        "desk reports show",
        footer=1,
    ),
    Action(
        "reports.before",
        "reports",
        "picture(-1)",
        "P,f7",
        N_("previous chart"),
        N_("The chart before this one"),
        "desk reports show",
    ),
    Action(
        "reports.agency",
        "reports",
        "agency",
        "a,f8",
        N_("agency"),
        N_("Only the rows of one agency, or those of all"),
        "desk reports show --agency ID",
        footer=2,
    ),
    Action(
        "reports.releases",
        "reports",
        "releases",
        "d,f4",
        N_("releases"),
        N_("The releases behind the row: code name, outcome, lateness"),
        "desk reports releases --month YYYY-MM",
        footer=3,
    ),
    Action(
        "reports.export",
        "reports",
        "export",
        "e,f9",
        N_("export"),
        N_("Write the figures, steps and releases to CSV files"),
        "desk reports export --csv",
        footer=4,
    ),
)

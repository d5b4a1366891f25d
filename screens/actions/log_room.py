"""The log's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "log.open",
        "log",
        "open",
        "ctrl+o",
        N_("open"),
        N_("The act in full: payload, signatures, what it counts for (also Enter)"),
        "desk audit act SEQ",
        footer=1,
    ),
    Action(
        "log.filter",
        "log",
        "filter",
        "slash,ctrl+f",
        N_("filter"),
        N_("kind: person: about: after: before: or any word"),
        "desk audit log FILTER",
        footer=2,
    ),
    Action(
        "log.verify",
        "log",
        "verify",
        "v,f9",
        N_("verify"),
        N_("Prove the whole log: chain, signatures, rosters, checkpoints"),
        "desk audit verify",
        footer=3,
    ),
    Action(
        "log.export",
        "log",
        "export",
        "e,f6",
        N_("export"),
        N_("Write what the filter lets through to a CSV file"),
        "desk audit log FILTER --csv",
        footer=4,
    ),
    Action(
        "log.subject",
        "log",
        "subject",
        "s,f7",
        N_("same subject"),
        N_("Only acts about the same item, release or person"),
        "desk audit show SUBJECT",
        footer=5,
    ),
)

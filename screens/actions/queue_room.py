"""The queue's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "queue.approve",
        "queue",
        "approve",
        "a,f9",
        N_("approve"),
        N_("Approve exactly the text shown"),
        "desk approval approve REVISION",
        footer=1,
    ),
    Action(
        "queue.return",
        "queue",
        "send_back",
        "r,f7",
        N_("return"),
        N_("Send it back to its authors with a reason"),
        "desk approval return REVISION --reason TEXT",
        footer=2,
    ),
    Action(
        "queue.text",
        "queue",
        "toggle_text",
        "d,f6",
        N_("whole text"),
        N_("Switch between what has changed and the whole text"),
        "desk item show ITEM",
        footer=3,
    ),
    Action(
        "queue.who",
        "queue",
        "who",
        "w,ctrl+w",
        N_("who can act"),
        N_("Who could take the open steps, and why you may not"),
        "desk approval who REVISION",
        footer=4,
    ),
    Action(
        "queue.next",
        "queue",
        "next",
        "n,ctrl+n",
        N_("next"),
        N_("The next revision that waits"),
        footer=5,
    ),
)

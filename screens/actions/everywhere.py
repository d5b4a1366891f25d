"""What works in every room."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "app.calendar",
        "everywhere",
        "app.room('calendar')",
        "1,alt+1",
        N_("calendar"),
        N_("What goes out when, whether it is ready, where there is room"),
        "desk release list",
    ),
    Action(
        "app.queue",
        "everywhere",
        "app.room('queue')",
        "2,alt+2",
        N_("queue"),
        N_("What waits for you, and what has changed in it"),
        "desk queue list",
    ),
    Action(
        "app.monitor",
        "everywhere",
        "app.room('monitor')",
        "3,alt+3",
        N_("monitor"),
        N_("Whether it will go out, did go out, and is still right"),
        "desk publisher status",
    ),
    Action(
        "app.items",
        "everywhere",
        "app.room('items')",
        "4,alt+4",
        N_("items"),
        N_("What you write and what you may read"),
        "desk item list",
    ),
    Action(
        "app.refresh",
        "everywhere",
        "app.refresh_room",
        "ctrl+r,f5",
        N_("read again"),
        N_("Read this room again from the newsroom"),
    ),
    Action(
        "app.lock",
        "everywhere",
        "app.lock",
        "ctrl+l",
        N_("hide"),
        N_("Hide all text at once; the countdown stays"),
        priority=True,
    ),
    Action(
        "app.theme",
        "everywhere",
        "app.next_theme",
        "ctrl+t",
        N_("colours"),
        N_("Next colours: dark, light, high contrast, colour-blind safe"),
    ),
    Action(
        "app.palette",
        "everywhere",
        "app.palette",
        "ctrl+p",
        N_("all actions"),
        N_("Find an action by a few letters of its name"),
        footer=91,
    ),
    Action(
        "app.help",
        "everywhere",
        "app.help",
        "question_mark,f1",
        N_("help"),
        N_("The keys of this room and the words of its states"),
        footer=90,
    ),
    Action(
        "app.quit",
        "everywhere",
        "app.quit",
        "q,ctrl+q",
        N_("quit"),
        N_("Leave the desk; releases go out without it"),
        footer=92,
    ),
)

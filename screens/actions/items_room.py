"""The items room's actions."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "items.open",
        "items",
        "open",
        "ctrl+o",
        N_("open"),
        N_("Open the item to write or to read (also Enter)"),
        "desk item show ITEM",
        footer=1,
    ),
    Action(
        "items.new",
        "items",
        "new",
        "n,ctrl+n",
        N_("new item"),
        N_("Begin an item: its kind, agency, language and code name"),
        "desk item new --kind KIND --agency AGENCY --language CODE",
        footer=2,
    ),
    Action(
        "items.translate",
        "items",
        "translate",
        "t,f6",
        N_("translate"),
        N_("Begin the other language of this item, or open it"),
        "desk item new --translates ITEM --language CODE",
        footer=4,
    ),
    Action(
        "items.mine",
        "items",
        "mine",
        "m,f7",
        N_("mine"),
        N_("Show only what you have a draft of, or everything again"),
        "desk item list --drafts",
        footer=3,
    ),
    Action(
        "items.filter",
        "items",
        "filter",
        "slash,ctrl+f",
        N_("filter"),
        N_("Show only rows with these words; agency:ID, kind:ID, state:WORD and lang:CODE work"),
        "desk item list --agency AGENCY --kind KIND --state STATE",
        footer=5,
    ),
)

"""The actions of the terms room."""

from __future__ import annotations

from desk.locales import N_
from screens.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "terms.find", "terms", "filter", "slash,ctrl+f", N_("search"),
        N_("Entries with these letters, with or without accents"),
        "desk terms list TEXT", footer=1,
    ),
    Action(
        "terms.add", "terms", "add", "a,f4", N_("add"),
        N_("Add an entry: forms, rule, source, examples"),
        "desk terms add --language vi --use FORM --avoid FORM --from-source TITLE", footer=2,
    ),
    Action(
        "terms.edit", "terms", "edit", "e,f2", N_("change"),
        N_("Change the entry under the cursor; an error entry waits for a second person"),
        "desk terms add --id ID --language vi --use FORM --from-source TITLE", footer=3,
    ),
    Action(
        "terms.accept", "terms", "accept", "y,f9", N_("accept"),
        N_("Agree to the change under the cursor, as the second person"),
        "desk terms accept ID", footer=4,
    ),
    Action(
        "terms.affected", "terms", "affected", "v,f8", N_("affected"),
        N_("Unreleased items and public texts that go against the termbase now"),
        "desk terms affected --released", footer=5,
    ),
)  # fmt: skip

"""Urgent: from a text to the leads who sign it, in one action."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import work

from desk.errors import DeskError
from desk.locales import N_, _
from screens.dialogs.choose import Choose
from screens.dialogs.form import Field, Form, Values
from screens.rooms.planning import Planning
from screens.source import Outcome
from screens.source.urgent import UrgentDone, UrgentPlace
from screens.states import LANGUAGES, word
from screens.widgets.plain import line, lines

TEXTS = (
    ("code", N_("code name"), False),
    ("headline", N_("headline"), False),
    ("summary", N_("short version"), True),
    ("body", N_("full version"), True),
)


class Urgently(Planning):
    """The action; the room that it opens afterwards is the release's."""

    @work(group="act")
    async def action_urgent(self) -> None:
        """Write it, submit it, plan it; then its release opens, with who has to do what."""
        if not self.may("urgent"):
            return
        self.minds = None  # there is nothing yet that others could change
        choices = await self.ask(self.source.urgent_choices)
        if choices is None:
            return
        kind = await self._one_of(_("Kind"), choices.kinds)
        agency = await self._one_of(_("Agency"), choices.agencies) if kind else None
        if kind is None or agency is None:
            return
        languages = [(code, word(LANGUAGES, code)) for code in dict(choices.languages)[kind]]
        language = await self._one_of(_("Language"), languages)
        if language is not None:
            await self._write(UrgentPlace(kind, agency, language), dict(choices.agencies)[agency])

    async def _one_of(self, what: str, options: Sequence[tuple[str, str]]) -> str | None:
        """The only one, or the one chosen; None: left."""
        if len(options) == 1:
            return options[0][0]
        return await self.app.push_screen_wait(Choose(_("Urgent") + f" · {what}", options))

    async def _write(self, place: UrgentPlace, agency: str) -> None:
        typed: Values | None = {}
        made: list[UrgentDone] = []
        while not made:
            typed = await self.app.push_screen_wait(self._texts(place, agency, typed or {}))
            if typed is None:
                return
            clashes = await self.ask_or_tell(self.source.urgent_clashes, place)
            if clashes is None or not await self._insists(clashes):
                continue
            facts = lines(line((typed["headline"], "bold")), typed["summary"], "", self._about())
            call = partial(self._call, place, typed, made)
            ended = await self.sealed(_("Urgent"), facts, _("submit and plan"), call)
            if isinstance(ended, DeskError) and not ended.mendable:
                return
        self.open_release(made[-1].release)

    def _call(
        self, place: UrgentPlace, typed: Values, made: list[UrgentDone], secret: str
    ) -> Outcome:
        made.append(self.source.urgent(place, typed, secret))
        if made[-1].confirmed:
            return Outcome(_("Planned and announced; the leads sign it now."))
        return Outcome(_("Planned; a lead announces and signs it."))

    @staticmethod
    def _about() -> str:
        return _("It is planned five minutes ahead; a lead can bring it forward once approved.")

    def _texts(self, place: UrgentPlace, agency: str, before: Values) -> Form:
        fields = [
            Field(name, _(label), before.get(name, ""), "SAO-MAI" if name == "code" else "", long)
            for name, label, long in TEXTS
        ]

        def wrong(typed: Values) -> str:
            missing = not (typed["headline"] and typed["summary"] and typed["body"])
            return (
                _("Write the headline, the short version and the full version.") if missing else ""
            )

        title = _("Urgent") + f" · {agency} · {word(LANGUAGES, place.language)}"
        return Form(title, fields, _("continue"), text=self._about(), check=wrong)

    def open_release(self, release: str) -> None:
        """Open a release by its id."""
        raise NotImplementedError

"""Where an item belongs and what it is about: section, urgency, subjects, places, a note."""

from __future__ import annotations

from dataclasses import replace

from textual import work
from textual.content import Content

from desk.items.content import URGENCY, names_in
from desk.locales import N_, _
from screens.dialogs.choose import Choose
from screens.dialogs.form import Field, Form
from screens.dialogs.rows import Deed, Rows
from screens.rooms import item_room_text as texts
from screens.rooms.item_room_fields import FIELDS, facts_of
from screens.rooms.item_room_lists import ItemLists
from screens.source.item_room import ItemText
from screens.states import LANGUAGES, word
from screens.widgets.input import Input
from screens.widgets.plain import TONES, line, lines

NOTHING = "-"
PARTED = N_("several are parted by a semicolon")


class ItemFacts(ItemLists):
    """The dialog over what is said of a text besides its words."""

    @work(group="act")
    async def action_facts(self) -> None:
        """The list, until it is closed; what is chosen is stored with the draft."""
        at = 0
        while self.view is not None:
            rows = [
                line((f"{name}: ", TONES["dim"]), value or "–")
                for name, value in texts.facts_rows(self.view, self.text_now())
            ]
            deeds = [Deed("edit", _("change"), "e,f4")]
            dialog = Rows(_("Where it belongs"), rows, deeds, text=self._fixed(), at=at)
            chosen = await self.app.push_screen_wait(dialog)
            if chosen is None or not self.may_change():
                return
            at = chosen.row
            text = self.text_now()
            asks = (self._section, self._urgency, self._subjects, self._places, self._note)
            made = await asks[at](text)
            if made is not None and made != text:
                self._put(made)

    def _fixed(self) -> Content:
        assert self.view is not None
        view = self.view
        kind, agency = view.kind_name or view.kind, view.agency_name or view.agency
        called = f"{kind} · {agency} · {word(LANGUAGES, view.language)}"
        return lines(
            line((called, "bold")),
            line((_("Kind, agency and language stay as the item was begun."), TONES["dim"])),
        )

    def _put(self, text: ItemText) -> None:
        self.facts = facts_of(text)
        field = self.query_one("#edit_note", Input)
        field.value = text.edit_note
        assert self.view is not None
        self.show_correction(bool(self.view.corrects or text.edit_note))
        self.changed()
        self.draw()

    async def _section(self, text: ItemText) -> ItemText | None:
        assert self.view is not None
        if not self.view.sections:
            why = _("calendar.yaml names no sections of this agency.")
            self.notify(why, severity="warning")
            return None
        options = [(NOTHING, _("none")), *self.view.sections]
        chosen = await self._chosen("section", options, text.section)
        return None if chosen is None else replace(text, section=chosen)

    async def _urgency(self, text: ItemText) -> ItemText | None:
        options = [(NOTHING, _("none")), *((str(n), texts.urgency_text(n)) for n in URGENCY)]
        chosen = await self._chosen("urgency", options, str(text.urgency))
        return None if chosen is None else replace(text, urgency=int(chosen or 0))

    async def _chosen(self, name: str, options: list[tuple[str, str]], at: str) -> str | None:
        """The id chosen, "" for none of them; None when the person changed their mind."""
        choose = Choose(_(FIELDS[name]), options, at=at or NOTHING)
        chosen = await self.app.push_screen_wait(choose)
        return "" if chosen == NOTHING else chosen

    async def _subjects(self, text: ItemText) -> ItemText | None:
        written = await self._written("subjects", "; ".join(text.subjects), _(PARTED))
        return None if written is None else replace(text, subjects=tuple(names_in(written)))

    async def _places(self, text: ItemText) -> ItemText | None:
        written = await self._written("places", "; ".join(text.places), _(PARTED))
        return None if written is None else replace(text, places=tuple(names_in(written)))

    async def _note(self, text: ItemText) -> ItemText | None:
        about = _("Readers see it above the text: what was corrected, or what they ought to know.")
        written = await self._written("edit_note", text.edit_note, about)
        return None if written is None else replace(text, edit_note=written)

    async def _written(self, name: str, value: str, about: str) -> str | None:
        field = Field(name, _(FIELDS[name]), value)
        form = Form(_(FIELDS[name]), [field], text=about, about=self.item)
        values = await self.app.push_screen_wait(form)
        self.sent()  # it stands in the item now, which stores itself
        return None if values is None else values[name]

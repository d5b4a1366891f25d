"""What one does with the board of spokespersons: the forms, the choices, the acts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from textual import work

from desk.errors import DeskError, UsageError
from desk.locales import _, dates, told
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form
from screens.dialogs.message import Message
from screens.rooms.contacts_text import card_text
from screens.rooms.enquiry_acts import EnquiryActs
from screens.source.contacts_room import (
    BoardMode,
    BoardRow,
    ContactCard,
    ContactChoices,
)
from screens.widgets.plain import lines
from screens.widgets.virtual_table import VirtualTable


class ContactsActs(EnquiryActs):
    """The acts of the board, beside those of the questions; the tables are the subclass's."""

    @property
    def board_table(self) -> VirtualTable[BoardRow]:
        """The board."""
        raise NotImplementedError

    @property
    def mode(self) -> BoardMode:
        """What the board shows."""
        raise NotImplementedError

    # Under the cursor

    def _entry(self, *modes: BoardMode) -> BoardRow | None:
        """The line of the board under the cursor, when it is of one of these modes."""
        row = self.board_table.current
        if row is None:
            self._why_not(_("The board is empty: n adds to it."))
        elif row.mode not in modes:
            self._why_not(_("Not here: b shows topics or contacts."))
        else:
            return row
        return None

    async def _contact(self, title: str, choices: ContactChoices) -> str | None:
        """A contact: the one under the cursor is taken without asking."""
        row = self.board_table.current
        if row is not None and row.mode == "contacts" and self.board_table.has_focus:
            return row.key
        return await self._choose(title, choices.contacts, _("No contact is on the board yet."))

    # The board

    @work(group="act")
    async def action_new(self) -> None:
        """Add what the focused list shows."""
        choices = await self._choices()
        if choices is None:
            return
        if self.enquiry_table.has_focus:
            await self._new_enquiry(choices)
        elif self.mode == "topics" and choices.contacts:
            await self._new_topic(choices)
        elif self.mode == "gaps":
            await self._away(choices)
        else:
            await self._contact_form(None, choices)

    @work(group="act")
    async def action_edit(self) -> None:
        """Change the topic or contact under the cursor."""
        row, choices = self._entry("topics", "contacts"), await self._choices()
        if row is None or choices is None:
            return
        if row.mode == "topics":
            await self._topic_form(row.key, choices)
            return
        card = await self.ask(self.source.contacts_card, row.key)
        if card is not None:
            await self._contact_form(card, choices)

    async def _contact_form(self, card: ContactCard | None, choices: ContactChoices) -> None:
        agency = card.agency if card else None
        title = _("Contact") if card else _("New contact")
        if agency is None:
            agency = await self._choose(title + " · " + _("Agency"), choices.agencies, "")
        if agency is None:
            return
        names = card.names if card else {}
        fields = [
            Field("name_vi", _("name in Vietnamese"), names.get("vi", ""),
                  _("a post, not a person")),
            Field("name_en", _("name in English"), names.get("en", "")),
            Field("languages", _("languages"), " ".join(card.languages if card else ()), "vi en"),
            Field("phone", _("telephone, public"), card.phone if card else "", "+84 24 555 0101"),
            Field("email", _("mail, public"), card.email if card else "", "press@example.org"),
            Field("url", _("web"), card.url if card else "", "https://example.org/"),
            Field("person", _("in the roster as"), card.person if card else "", "lead-1"),
        ]  # fmt: skip
        values = await self.app.push_screen_wait(Form(title, fields, _("continue")))
        if values is None:
            return
        private: Mapping[str, str] | None = {}
        if card is None or card.may_know:
            private = await self._private_form(title, card)
        if private is not None:
            given = {**values, **private, "agency": agency}
            await self._save(card.id if card else "", given)

    async def _private_form(self, title: str, card: ContactCard | None) -> Mapping[str, str] | None:
        """Private numbers on a page of their own: all fields at once need more than 24 lines."""
        fields = [
            Field("private_phone", _("▒ telephone, private"), card.private_phone if card else ""),
            Field("private_email", _("▒ mail, private"), card.private_email if card else ""),
            Field("private_note", _("▒ note, private"), card.private_note if card else ""),
        ]
        about = _("Sealed for spokespersons, leads and administrators; in no file that goes out.")
        return await self.app.push_screen_wait(Form(title, fields, _("keep"), text=about))

    async def _save(self, contact: str, values: Mapping[str, str]) -> None:
        """Keep it; what looks like another is shown first, and kept only when that is right."""
        try:
            outcome = await asyncio.to_thread(self.source.contacts_save, contact, values, False)
        except UsageError as error:
            if "--accept-lookalike" not in error.hint:
                self.tell(error)
                return
            text = lines(*told(error.message).split("; "), "", _("Compare it letter by letter."))
            title = "⚠ " + _("That looks like another")
            agreed = await self.app.push_screen_wait(
                Confirm(title, text, _("keep it anyway"), danger=True)
            )
            if agreed:
                await self.act(self.source.contacts_save, contact, values, True)
            return
        except DeskError as error:
            self.tell(error)
            return
        self.sent()
        self.notify(outcome.message)
        self.desk.take_pulse()
        self.reread()

    async def _new_topic(self, choices: ContactChoices) -> None:
        title = _("New topic")
        agency = await self._choose(title + " · " + _("Agency"), choices.agencies, "")
        if agency is None:
            return
        field = Field("word", _("a short id, such as kinh-te"), example="kinh-te")
        values = await self.app.push_screen_wait(Form(title, [field], _("continue")))
        if values is not None:
            await self._topic_form(f"{values['word']}@{agency}", choices)

    async def _topic_form(self, topic: str, choices: ContactChoices) -> None:
        """The names, then the focal point, then the deputies, one after the other."""
        row = self.board_table.current
        known = row if row is not None and row.key == topic else None
        field = [
            Field("name_vi", _("name in Vietnamese"), known.name if known else ""),
            Field("name_en", _("name in English")),
        ]
        names = await self.app.push_screen_wait(Form(topic, field, _("continue")))
        if names is None:
            return
        empty = _("No contact is on the board yet.")
        focal = await self._choose(topic + " · " + _("Focal point"), choices.contacts, empty)
        if focal is None:
            return
        deputies: list[str] = []
        while left := [c for c in choices.contacts if c[0] not in (focal, *deputies)]:
            title = topic + " · " + _("Deputy") + f" {len(deputies) + 1}"
            one = await self.app.push_screen_wait(
                Choose(title, [("", _("– nobody further –")), *left])
            )
            if one is None:
                return
            if not one:
                break
            deputies.append(one)
        values = {**names, "focal": focal, "deputies": " ".join(deputies)}
        await self.act(self.source.contacts_topic, topic, values)

    @work(group="act")
    async def action_shift(self) -> None:
        """Recurring hours of a contact."""
        choices = await self._choices()
        if choices is None:
            return
        contact = await self._contact(_("Whose shift?"), choices)
        if contact is None:
            return
        fields = [
            Field("rule", _("days (RRULE)"), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            Field("from", _("from"), "08:00"),
            Field("to", _("to; not later: on the next day"), "17:30"),
            Field("first", _("first day, if any"), "", "2026-11-23"),
            Field("last", _("last day, if any"), "", "2026-12-31"),
        ]
        title = _("Shift") + f" · {dict(choices.contacts)[contact]}"
        values = await self.app.push_screen_wait(Form(title, fields, _("keep")))
        if values is not None:
            await self.act(self.source.contacts_shift, contact, values)

    @work(group="act")
    async def action_away(self) -> None:
        """A contact is away."""
        choices = await self._choices()
        if choices is not None:
            await self._away(choices)

    async def _away(self, choices: ContactChoices) -> None:
        contact = await self._contact(_("Who is away?"), choices)
        if contact is None:
            return
        day = f"{self.desk.moment:%Y-%m-%d}"
        fields = [
            Field("since", _("from (wall time)"), f"{day} 08:00"),
            Field("until", _("until (wall time)"), f"{day} 18:00"),
        ]
        title = _("Away") + f" · {dict(choices.contacts)[contact]}"
        values = await self.app.push_screen_wait(Form(title, fields, _("keep")))
        if values is not None:
            await self.act(self.source.contacts_away, contact, values["since"], values["until"])

    @work(group="act")
    async def action_remove(self) -> None:
        """Take it off the board."""
        if (row := self._entry("topics", "contacts")) is None:
            return
        entry, name = row.key, row.name
        if row.mode == "contacts":
            card = await self.ask(self.source.contacts_card, row.key)
            options = [*card.rota, (row.key, row.name)] if card is not None else []
            chosen = row.key
            if len(options) > 1:
                title = _("What to take off the board?")
                chosen = await self.app.push_screen_wait(Choose(title, options)) or ""
            if not chosen:
                return
            entry, name = chosen, dict(options).get(chosen, row.name)
        title = _("Take off the board: {name}").format(name=name)
        agreed = await self.app.push_screen_wait(Confirm(title, entry, _("remove"), danger=True))
        if agreed:
            await self.act(self.source.contacts_remove, entry)

    @work(group="act")
    async def action_call(self) -> None:
        """Numbers of who is on duty, or of the contact under the cursor."""
        if (row := self._entry("topics", "contacts")) is None:
            return
        contact = row.key if row.mode == "contacts" else row.who_id
        card = await self.ask(self.source.contacts_card, contact)
        if card is None:
            return
        number = card.phone or card.private_phone
        text = card_text(card, self.desk.zone)
        if number:
            self.app.copy_to_clipboard(number)
            said = _("{number} was copied to the clipboard, if the terminal allows that.")
            text = lines(said.format(number=number), "", text)
        else:
            text = lines(_("No number that you may see."), "", text)
        self.app.push_screen(Message(f"☎ {row.who or row.name}", text))

    @work(group="act")
    async def action_ack(self) -> None:
        """Somebody can speak to a release."""
        choices, ahead = await self._choices(), await self.ask(self.source.contacts_ahead)
        if choices is None or ahead is None:
            return
        options = [
            (one.release, f"{dates.date(wall)} {dates.short_time(wall)}  {one.title}  "
             + (", ".join(one.words) or "⚠ " + _("nobody yet")))
            for one in ahead
            for wall in [self.wall(one.at)]
        ]  # fmt: skip
        release = await self._choose(_("Speak on which release?"), options,
                                     _("No release is planned."))  # fmt: skip
        if release is None:
            return
        people = sorted(choices.contacts, key=lambda one: one[0] != choices.own)
        contact = await self._choose(_("Who can speak?"), people,
                                     _("No contact is on the board yet."))  # fmt: skip
        if contact is None:
            return
        spoken = next(one.spoken for one in ahead if one.release == release)
        if contact not in spoken:
            await self.act(self.source.contacts_ack, release, contact, True)
            return
        title = dict(people)[contact]
        text = _("They said that they can speak. Take that word back?")
        if await self.app.push_screen_wait(Confirm(title, text, _("cannot speak"), danger=True)):
            await self.act(self.source.contacts_ack, release, contact, False)

"""What one does with the questions of journalists: note, assign, answer, hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from textual import work

from desk.clock import parse_instant
from desk.errors import UsageError
from desk.locales import _, told
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form
from screens.rooms.base import Room
from screens.rooms.contacts_text import CLOSED, by_duty, enquiry_text
from screens.source.contacts_room import ContactChoices, EnquiryRow, Named
from screens.widgets.plain import lines
from screens.widgets.virtual_table import VirtualTable


class EnquiryActs(Room):
    """The acts; the table is the subclass's."""

    @property
    def enquiry_table(self) -> VirtualTable[EnquiryRow]:
        """The questions."""
        raise NotImplementedError

    def _why_not(self, text: str) -> None:
        self.notify(text, severity="warning")

    def _enquiry(self, *, still_open: bool = True) -> EnquiryRow | None:
        """The question under the cursor, when it can be acted on; else it says why not."""
        row = self.enquiry_table.current
        if row is None:
            self._why_not(_("There is no question yet: n notes one."))
        elif still_open and row.state in CLOSED:
            self._why_not(_("That question is closed: u opens it again."))
        else:
            return row
        return None

    async def _choices(self) -> ContactChoices | None:
        return await self.ask(self.source.contacts_choices)

    async def _choose(self, title: str, options: Sequence[Named], empty: str) -> str | None:
        if not options:
            self._why_not(empty)
            return None
        return await self.app.push_screen_wait(Choose(title, options))

    async def _new_enquiry(self, choices: ContactChoices) -> None:
        topic = await self._choose(_("New question") + " · " + _("Topic"), choices.topics,
                                   _("No topic is on the board yet."))  # fmt: skip
        if topic is None:
            return
        fields = [
            Field("outlet", _("outlet")),
            Field("question", _("question"), long=True),
            Field("due", _("needed by (wall time)"), f"{self._evening():%Y-%m-%d %H:%M}"),
            Field("language", _("answer in"), "vi", "en"),
            Field("name", _("▒ journalist")),
            Field("email", _("▒ mail"), "", "desk@example.org"),
            Field("phone", _("▒ telephone")),
        ]

        def check(values: Mapping[str, str]) -> str:
            missing = not (values["question"] and values["outlet"])
            return _("Say who asks, and what.") if missing else self._wrong_time(values)

        title = _("New question") + f" · {dict(choices.topics)[topic]}"
        values = await self.app.push_screen_wait(Form(title, fields, _("keep"), check=check))
        if values is not None:
            await self.act(self.source.contacts_open_enquiry, {**values, "topic": topic})

    def _evening(self) -> datetime:
        """The next five in the afternoon that leaves an hour to answer."""
        now = self.desk.moment
        evening = now.replace(hour=17, minute=0, second=0, microsecond=0)
        return evening if evening - now > timedelta(hours=1) else evening + timedelta(days=1)

    def _wrong_time(self, values: Mapping[str, str]) -> str:
        """What is wrong with a deadline, or ''; told in the form, where it can be mended."""
        from desk.releases.placing import read_moment  # late: it knows the database

        try:
            at = parse_instant(read_moment(values["due"], self.desk.zone).at)
        except UsageError as error:
            return f"{told(error.title)}: {values['due'][:40]}"
        return _("That deadline is over.") if at <= self.desk.moment else ""

    @work(group="act")
    async def action_assign(self) -> None:
        """Give the question to another contact; who is on duty stands first."""
        row, board = self._enquiry(), await self.ask(self.source.contacts_board)
        if row is None or board is None:
            return
        options = [("", _("– whoever the board names now –")), *by_duty(board.contacts)]
        contact = await self.app.push_screen_wait(Choose(_("Who answers?"), options))
        if contact is not None:
            await self.act(self.source.contacts_assign, row.key, contact)

    @work(group="act")
    async def action_answer(self) -> None:
        """Open the item that answers it, begun when there is none."""
        if (row := self._enquiry()) is None:
            return
        item = await self.ask(self.source.contacts_answer, row.key)
        if item is not None:
            self.desk.take_pulse()
            from screens.rooms.item_room import ItemRoom  # late: its text areas are slow to import

            self.app.push_screen(ItemRoom(item))

    @work(group="act")
    async def action_due(self) -> None:
        """Another deadline; a closed question is open again with it."""
        if (row := self._enquiry(still_open=False)) is None:
            return
        closed = row.state in CLOSED
        wall = self.wall(row.due)
        if wall <= self.desk.moment:
            wall = self._evening()
        title = _("Open the question again") if closed else _("Another deadline")
        field = Field("due", _("needed by (wall time)"), f"{wall:%Y-%m-%d %H:%M}")
        facts = enquiry_text(row, self.desk.zone, self.desk.moment)
        form = Form(title, [field], title if closed else _("keep"), text=facts, about=row.key,
                    check=self._wrong_time)  # fmt: skip
        values = await self.app.push_screen_wait(form)
        if values is not None:
            await self.act(self.source.contacts_due, row.key, values["due"])

    @work(group="act")
    async def action_decline(self) -> None:
        """Decline it with a reason."""
        if (row := self._enquiry()) is None:
            return
        facts = enquiry_text(row, self.desk.zone, self.desk.moment)
        reason = await self.reason(_("Decline the question"), facts, _("decline"), about=row.key)
        if reason is not None:
            await self.act(self.source.contacts_decline, row.key, reason)

    @work(group="act")
    async def action_reply(self) -> None:
        """The approved answer; closed once it was handed over."""
        if (row := self._enquiry()) is None:
            return
        text = await self.ask(self.source.contacts_reply, row.key)
        if text is None:
            return
        self.app.copy_to_clipboard(text)
        title = _("Hand over the answer to {outlet}").format(outlet=row.outlet or row.key)
        shown = lines(*text.split("\n"))
        if await self.app.push_screen_wait(Confirm(title, shown, _("it was handed over"))):
            await self.act(self.source.contacts_close, row.key)

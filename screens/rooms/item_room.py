"""The item: write, see what is missing, lose nothing."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.widgets import OptionList

from desk.errors import Reason
from desk.items.revisions import LATER_GATES
from desk.locales import _
from screens import actions
from screens.dialogs.answers import Answer, Answers
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form
from screens.rooms import item_room_text as texts
from screens.rooms.item_room_facts import ItemFacts
from screens.rooms.item_room_settle import difference
from screens.rooms.release_text import gate_marks
from screens.source.item_room import ItemFinding, ItemText, ItemView
from screens.widgets.body_area import BodyArea
from screens.widgets.findings import FindingsArea
from screens.widgets.input import Input
from screens.widgets.plain import TONES, line, lines


def unanswered(finding: ItemFinding) -> bool:
    """Whether a warning of the terminology still wants to be mended, or kept with a reason."""
    return finding.gate == "terms" and finding.severity == "warning" and not finding.kept


class ItemRoom(ItemFacts):
    """One item opened: its keys."""

    PLACE = "item"
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings("item")]

    # Moving about

    def action_next_field(self) -> None:
        """Headline, full version, short version, and the note to readers where there is one."""
        order = ["headline", "edit_note", "body", "summary"]
        if not self.query_one("#edit_note").display:
            order.remove("edit_note")
        focused = self.focused.id if self.focused is not None else None
        here = order.index(focused) if focused in order else -1
        self.query_one(f"#{order[(here + 1) % len(order)]}").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line goes on to the next field."""
        event.stop()
        self.action_next_field()

    def action_next_finding(self) -> None:
        """The finding after the one under the mark, round the end."""
        options = self.query_one("#findings", OptionList)
        found = self.check.findings if self.check else ()
        if not found:
            self.notify(_("Nothing to mend."))
            return
        at = 0 if options.highlighted is None or not self._led else options.highlighted + 1
        options.highlighted = at % len(found)
        self._lead_to(found[options.highlighted])

    _led = False  # F3 has led somewhere since the text was opened

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a finding leads to it."""
        event.stop()
        found = self.check.findings if self.check else ()
        if event.option_index < len(found):
            self._lead_to(found[event.option_index])

    def _lead_to(self, finding: ItemFinding) -> None:
        self._led = True
        place = self.query(f"#{finding.field}") if finding.field.isidentifier() else None
        if finding.field in ("body", "summary"):
            area = self.query_one(f"#{finding.field}", BodyArea)
            line_number, column = finding.line, finding.column
            if not line_number:
                before = area.text[: finding.start]
                line_number = before.count("\n") + 1
                column = len(before) - before.rfind("\n")
            area.go_to(line_number, column)
        elif place and finding.field in ("headline", "edit_note"):
            place.first().focus()
        if finding.hint:
            self.notify(finding.hint, title=finding.message)
        elif not finding.line:
            self.notify(finding.message)

    @work(group="act")
    async def action_mend(self) -> None:
        """Write what is suggested for the finding under the mark; of several, one is chosen."""
        options = self.query_one("#findings", OptionList)
        found = self.check.findings if self.check else ()
        at = options.highlighted
        if at is None or at >= len(found) or not found[at].suggestions:
            text = _("Put the cursor on a finding with a suggestion first (F3).")
            self.notify(text, severity="warning")
            return
        finding = found[at]
        if not self.may_change():
            return
        new = await self._suggestion(finding)
        if new is None:
            return
        if getattr(self.checked, finding.field, None) != getattr(
            self.text_now(), finding.field, ""
        ):
            self.notify(_("The text has changed meanwhile: look at it once more."))
            return
        self._write_over(finding, new)

    async def _suggestion(self, finding: ItemFinding) -> str | None:
        if len(finding.suggestions) == 1:
            return finding.suggestions[0]
        from screens.dialogs.choose import Choose  # late: rarely needed

        choices = [(str(n), text or _("take it out"))
                   for n, text in enumerate(finding.suggestions)]  # fmt: skip
        chosen = await self.app.push_screen_wait(Choose(finding.message, choices))
        return None if chosen is None else finding.suggestions[int(chosen)]

    def _write_over(self, finding: ItemFinding, new: str) -> None:
        """Put a suggestion where a finding stands; undo gives the former words back."""
        if finding.field in ("body", "summary"):
            self.query_one(f"#{finding.field}", FindingsArea).mend(finding.start, finding.end, new)
        elif finding.field in ("headline", "edit_note"):
            field = self.query_one(f"#{finding.field}", Input)
            field.value = field.value[: finding.start] + new + field.value[finding.end :]

    @work(group="act")
    async def action_keep(self) -> None:
        """Keep what the terminology found as it stands, with a reason; again: no longer."""
        options = self.query_one("#findings", OptionList)
        found = self.check.findings if self.check else ()
        at = options.highlighted
        if at is None or at >= len(found) or not found[at].entry:
            text = _("Put the cursor on a finding of the terminology first (F3).")
            self.notify(text, severity="warning")
            return
        finding = found[at]
        if not self.may_change() or not await self.stored_now():
            return
        reason: str | None = ""
        if not finding.kept:
            about = line((finding.message, "bold"))
            reason = await self.reason(
                _("Why does it stay?"), about, _("keep"), about=f"{self.item} {finding.message}"
            )
        if reason is None:
            return
        arguments = (self.item, finding, reason, self.version)
        saved = await self.ask(self.source.item_keep, *arguments)
        if saved is not None:
            self.sent()
            self.stored(saved)
            self._look_again()

    # Storing

    @work(group="act")
    async def action_save(self) -> None:
        """Store now."""
        if self.may_change() and await self.stored_now():
            self.notify(_("Saved, sealed for you only."), timeout=2)

    @work(group="act", exclusive=True)
    async def action_leave(self) -> None:
        """Store and close; the pair beside the text closes first."""
        if self.query_one("#item-beside").display:
            self._beside(False)
            return
        if await self.leaving():
            self.close()
            return
        about = line((self.unsaved, TONES["bad"]))
        title = _("Close without saving?")
        confirm = Confirm(title, about, _("discard it"), danger=True, leave=_("keep writing"))
        if await self.app.push_screen_wait(confirm):
            await self.ask(self.source.item_leave, self.item)
            self._left = True
            self.close()

    @work(group="act")
    async def action_settle(self) -> None:
        """Show a newer version beside this one, and ask."""
        if not self.may_change() or not await self.stored_now():
            return
        both = await self.ask(self.source.item_both, self.item, self.kept)
        if both is None:
            self.notify(_("There is no other version of this text."))
            return
        await self.settle_with(both, self.text_now())

    async def tell_recovered(self, view: ItemView) -> None:
        """A desk of this person ended while it was open: show what the draft holds."""
        before = ItemText()
        if view.number:
            old = await self.ask(self.source.item_revision, self.item, view.base)
            before = old if old is not None else before
        text = lines(
            line((_("A desk of yours ended while this item was open."), "bold")),
            line(
                _("The draft was stored at {time}; it differs from rev {n} in this:").format(
                    time=texts.saved_text(view.saved, self.desk.moment, self.desk.zone),
                    n=view.number,
                )
                if view.number
                else _("The draft was stored: {time}. It holds this:").format(
                    time=texts.saved_text(view.saved, self.desk.moment, self.desk.zone)
                )
            ),
            "",
            difference(before, view.text),
        )
        answers = [Answer("keep", _("continue with it"), "k")]
        if view.number:
            answers.append(Answer("reset", _("begin again from the revision"), "r"))
        answer = await self.app.push_screen_wait(Answers(_("Recovered draft"), text, answers))
        if answer == "reset":
            outcome = await self.ask(self.source.item_reset, self.item)
            fresh = await self.ask(self.source.item_open, self.item) if outcome else None
            if outcome is not None and fresh is not None:
                self.take(fresh)
                self.notify(outcome.message)

    # Out of the desk

    @work(group="act")
    async def action_outside(self) -> None:
        """Write the field in one's own editor."""
        if not self.may_change():
            return
        from screens.rooms.item_room_outside import write_outside  # late: rarely used

        name = self.focused_field
        text = getattr(self.text_now(), name)
        written = await write_outside(self, text)
        if written is None:
            return
        if written == text:
            self.notify(_("Nothing was changed in the editor."))
            return
        self.put_field(name, written)
        await self.store()
        self.notify(_("Taken from the editor; undo brings the former text back."))

    @work(group="act")
    async def action_preview(self) -> None:
        """What the public will see."""
        if self.view is None or not await self.stored_now():
            return
        from screens.rooms.item_preview import ItemPreview  # late: it reads Markdown

        found = await self.ask(self.source.item_previews, self.item)
        if found is not None:
            self.app.push_screen(ItemPreview(self.item, tuple(found)))

    @work(group="act")
    async def action_submit(self) -> None:
        """Show what the gates say; hand it over when they let it through."""
        if not self.may_change() or not await self.stored_now():
            return
        if self.around.newer:
            both = await self.ask(self.source.item_both, self.item, self.kept)
            if both is None or not await self.settle_with(both, self.text_now()):
                return
        if not self.version:
            self.notify(_("Nothing has changed since the newest revision."), severity="warning")
            return
        check = await self.ask(self.source.item_check, self.item, self.text_now())
        if check is None:
            return
        self.check = check
        self.draw_findings()
        asked = {gate.gate for gate in check.gates}
        not_yet = LATER_GATES if "terms" in asked else {*LATER_GATES, "terms"}
        refused = tuple(
            Reason(f"gate {one.gate}", one.message)
            for one in check.findings
            if one.gate not in not_yet and (one.severity == "error" or unanswered(one))
        )
        if refused:
            self.refuse(_("The item is not ready"), refused)
            return
        title = _("Submit: {title}").format(title=self.kept.headline or self.item)
        facts = lines(line((_("gates") + " ", TONES["dim"])) + gate_marks(check.gates))
        field = Field("notes", _("notes for the approvers, sealed (may be left out)"))
        values = await self.app.push_screen_wait(
            Form(title, [field], _("continue"), text=facts, about=self.item)
        )
        if values is None:
            return
        secret = await self.secret(title, facts, _("submit"))
        if secret is None:
            return
        arguments = (self.item, self.version, values["notes"], secret)
        if await self.act(self.source.item_submit, *arguments):
            await self.ask(self.source.item_leave, self.item)
            self._left = True
            self.close()

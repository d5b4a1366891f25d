"""Writing one item: the sealed draft stored as one types, two versions settled, nothing lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial

from textual.widgets import TextArea as StockTextArea

from desk.errors import Conflict, DeskError, NotFound
from desk.items.content import refused
from desk.items.merge import unresolved
from desk.locales import _, language, told
from screens.dialogs.answers import Answer, Answers
from screens.rooms.item_room_fields import ItemFields
from screens.rooms.item_room_settle import both_text
from screens.source.item_room import (
    Both,
    ItemText,
    ItemView,
    Keep,
    Saved,
)
from screens.widgets.body_area import BodyArea
from screens.widgets.input import Input

PAUSE = 1.5  # seconds without a key after which a changed draft is stored
LONGEST = 4.0  # seconds after which it is stored although somebody types on
MANNERS = 2.0  # seconds that a lost terminal leaves to a store that has begun
CHECK_PAUSE = 0.4  # seconds without a change after which the gates look again


def storable(kept: ItemText, text: ItemText) -> tuple[ItemText, DeskError | None]:
    """The text with what no draft takes left as it was stored, and why, where there is such."""
    names = ("headline", "summary", "body", "edit_note")
    changes = {name: getattr(text, name) for name in names
               if getattr(text, name) != getattr(kept, name)}  # fmt: skip
    wrong = refused(changes)
    stays = {name: getattr(kept, name) for name in wrong}
    return replace(text, **stays), next(iter(wrong.values()), None)


class ItemWriting(ItemFields):
    """The text and its draft. `ItemRoom` adds what its further keys do."""

    def __init__(self, item: str = "") -> None:
        super().__init__(item)
        self.version, self.base = 0, ""
        self.kept = ItemText()
        self.trouble = ""  # why the gates could not look
        self._undecided = False  # two versions, and the person left the question
        self._saving = asyncio.Lock()
        self._loading = False
        self._left = False

    def on_mount(self) -> None:
        """Nothing can be written before it is read."""
        self.allow(False)
        self.set_interval(0.5, self._store_when_due)

    # Reading

    async def read(self) -> None:
        """The text, once; afterwards only what others do with it."""
        if self.view is None:
            await self._load()
        if self.view is None:
            return
        around = await self.ask(self.source.item_around, self.item)
        if around is not None:
            self.around = around
            self.draw()

    async def _load(self) -> None:
        view = await self.ask(self.source.item_open, self.item)
        if view is None or not self.here:
            return
        self.show_view(view)
        first = "#body" if view.text.headline else "#headline"
        self.query_one("#findings" if view.refusals else first).focus()
        self._look_again()
        if view.recovered:
            self.run_worker(partial(self.tell_recovered, view), group="act")

    async def tell_recovered(self, view: ItemView) -> None:
        """What `ItemRoom` says of a draft that a killed desk left."""

    def show_view(self, view: ItemView) -> None:
        """Put an opened item into the fields."""
        self._loading = True
        self.view = view
        self.version, self.base, self.saved_at = view.version, view.base, view.saved
        self.files = view.files
        self.put_text(view.text, fresh=True)
        self.kept = self.text_now()  # as the fields hold it, controls made visible
        self.changed_at = None
        self.allow(not view.refusals)
        self.show_correction(bool(view.corrects or view.text.edit_note))
        self._loading = False
        self.draw()

    # Changes

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        self.changed()

    def on_text_area_changed(self, event: StockTextArea.Changed) -> None:
        """Something was typed or pasted."""
        event.stop()
        self.changed()

    def on_body_area_cleaned(self, event: BodyArea.Cleaned) -> None:
        """Pasted text was cleaned: say how, and how to have it as it was."""
        event.stop()
        says = [one.message_vi if language() == "vi" else one.message for one in event.changes]
        title = _("Pasted text was cleaned; ^Z gives it back as it was")
        self.notify("\n".join(f"· {one}" for one in says), title=title, timeout=10)

    def changed(self) -> None:
        """The text is another than it was."""
        if self._loading or self.view is None or self.view.refusals:
            return
        if self.text_now() != self.kept:
            now = self.desk.clock.monotonic_ns()
            first = self.changed_at[0] if self.changed_at else now
            self.changed_at = (first, now)
        self.draw_counters()
        self._look_again()

    def _look_again(self) -> None:
        self.run_worker(self._look, group="check", exclusive=True)

    async def _look(self) -> None:
        """Ask the gates, when no key has come for a moment."""
        await asyncio.sleep(CHECK_PAUSE)
        if not self.here:
            return
        text, self.trouble = self.text_now(), ""
        try:
            self.check, self.trouble = (
                await asyncio.to_thread(self.source.item_check, self.item, text),
                "",
            )
        except DeskError as error:
            self.trouble = told(error.sentence)
        self.checked = text
        self.draw_findings(self.trouble)

    # Storing

    async def _store_when_due(self) -> None:
        if self.changed_at is None or self._saving.locked() or self._undecided:
            return
        first, last = self.changed_at
        now = self.desk.clock.monotonic_ns()
        if now - last > PAUSE * 1e9 or now - first > LONGEST * 1e9:
            self.run_worker(self.store, group="save")

    async def store(self) -> bool:
        """Store the draft when it differs. False when it could not be."""
        async with self._saving:
            if self.view is None or self.view.refusals or not self.here:
                return True
            text = self.text_now()
            if text == self.kept:
                self.changed_at = None
                return True
            return await self._store(text)

    async def _store(self, text: ItemText) -> bool:
        began = self.changed_at
        good, why = storable(self.kept, text)  # one field too long keeps no other from the disk
        try:
            saved = await asyncio.to_thread(self._save, good) if good != self.kept else None
        except Conflict:
            return await self._conflict(text)
        except DeskError as error:
            return self._not_stored(error)
        self.kept = good
        if saved is not None:
            self.stored(saved)
        if why is not None:
            return self._not_stored(why)
        if self.changed_at == began:
            self.changed_at = None
        self.unsaved = ""
        self.draw()
        if self.trouble:  # the gates could not look either
            self._look_again()
        return True

    async def stored_now(self) -> bool:
        """Store before something that needs it stored; when that fails, say that it waits."""
        if await self.store():
            return True
        self.notify(self.unsaved, title=_("not done: the text is not saved"), severity="error")
        return False

    def _not_stored(self, error: DeskError) -> bool:
        """Say why, in full the first time, and try again after a pause."""
        why = told(error.sentence)
        if why != self.unsaved:
            self.notify(
                "\n".join(part for part in (why, told(error.hint)) if part),
                title=_("not saved; your words stay here and are tried again"),
                severity="error",
                timeout=10,
            )
        self.unsaved = why
        now = self.desk.clock.monotonic_ns()
        self.changed_at = (now, now)
        self.draw()
        return False

    def _save(self, text: ItemText) -> Saved:
        """In a thread. A draft that is gone, submitted at another desk, is begun again."""
        call = self.source.item_save
        try:
            return call(self.item, self.kept, text, self.version, self.base)
        except NotFound:
            return call(self.item, self.kept, text, 0, self.base)

    def stored(self, saved: Saved) -> None:
        """The draft is stored as that version."""
        self.version, self.saved_at, self.files = saved.version, saved.at, saved.files
        self.unsaved = ""
        self.draw()

    # Two versions of one text

    async def _conflict(self, mine: ItemText) -> bool:
        """Another desk of the same person has stored the draft."""
        both = await self.ask(self.source.item_both, self.item, self.kept)
        if both is None:  # its text is the same; a file was added, say
            view = await self.ask(self.source.item_open, self.item)
            if view is None:
                return False
            self.version, self.base, self.files = view.version, view.base, view.files
            return await self._store(mine)
        return await self.settle_with(both, mine)

    async def settle_with(self, both: Both, mine: ItemText) -> bool:
        """Show both, ask, store the answer. False: left undecided, nothing was stored.

        Behind the curtain nothing is asked: the question would show the text.
        """
        if self.desk.locked:
            return self._leave_undecided()
        answers = [
            Answer("both", _("both, merged"), "b,f12"),
            Answer("mine", _("keep mine"), "m,f6"),
            Answer("theirs", _("take theirs"), "t,f7"),
        ]
        title = _("Two versions of this text")
        me = self.desk.view.person if self.desk.view else ""
        answer = await self.app.push_screen_wait(
            Answers(title, both_text(both, mine, me), answers, danger=True)
        )
        if answer is None:
            return self._leave_undecided()
        self._undecided = False
        keep: Keep = "both" if answer == "both" else "mine" if answer == "mine" else "theirs"
        self.allow(False)  # nothing is typed between the answer and its text
        outcome = await self.ask(self.source.item_settle, self.item, both, mine, keep)
        view = await self.ask(self.source.item_open, self.item) if outcome else None
        self.allow(True)
        if outcome is None or view is None:
            return False
        self.take(view)
        self.notify(outcome.message)
        if any(unresolved(value) for value in (view.text.body, view.text.summary)):
            self.notify(_("Some passages stand there twice between marks; F3 leads to them."),
                        severity="warning", timeout=10)  # fmt: skip
        return True

    def _leave_undecided(self) -> bool:
        """Nothing is stored, and nothing asked again, until the person wants to settle it."""
        self._undecided = True
        self.unsaved = _("two versions; ^G shows both")
        self.draw()
        return False

    def take(self, view: ItemView) -> None:
        """Show what is stored now; undo leads back to the words before it."""
        self._loading = True
        self.view, self.files = view, view.files
        self.version, self.base, self.saved_at = view.version, view.base, view.saved
        self.put_text(view.text)
        self.kept, self.changed_at = self.text_now(), None
        self.unsaved = ""
        self.call_after_refresh(self._taken)
        self.draw()

    def _taken(self) -> None:
        """The fields have told of the change; what comes now is typed."""
        self._loading = False
        self.reread()
        self._look_again()

    # Leaving

    async def leaving(self) -> bool:
        """Store what is not stored, and take the note away that says it is open here."""
        if not await self.store():
            self.notify(_("not saved: {why}").format(why=self.unsaved), severity="error")
            return False
        await self.ask(self.source.item_leave, self.item)
        self._left = True
        return True

    async def hang_up(self) -> None:
        """Store without a question: of two versions all words of both are kept.

        The note that it is open here stays, so that whoever opens it next is shown the draft.
        """
        with suppress(TimeoutError):  # a store that waits for an answer will never have one
            await asyncio.wait_for(self._saving.acquire(), MANNERS)
        if self.view is None or self.view.refusals or not self.here:
            return
        good, _why = storable(self.kept, self.text_now())
        if good == self.kept:
            return
        try:
            await asyncio.to_thread(self._save, good)
        except Conflict:
            both = await asyncio.to_thread(self.source.item_both, self.item, self.kept)
            if both is not None:
                await asyncio.to_thread(self.source.item_settle, self.item, both, good, "both")

    def on_screen_suspend(self) -> None:
        """Somebody went to another room (a dialog over this one is none): store what there is."""
        if not self._left and self not in self.app.screen_stack:
            self.run_worker(self.store, group="save")

"""Writing one item: its fields, the sealed draft stored as one types, two versions settled."""

from __future__ import annotations

import asyncio
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets import TextArea as StockTextArea
from textual.widgets.option_list import Option

from desk.errors import Conflict, DeskError, NotFound
from desk.items.merge import unresolved
from desk.locales import N_, _, language, told
from screens.dialogs.answers import Answer, Answers
from screens.rooms import item_room_text as texts
from screens.rooms.base import Room
from screens.rooms.item_room_settle import both_text
from screens.source.item_room import (
    Both,
    Entry,
    ItemAround,
    ItemCheck,
    ItemFile,
    ItemText,
    ItemView,
    Keep,
    Saved,
)
from screens.widgets.body_area import BodyArea
from screens.widgets.input import Input
from screens.widgets.plain import Plain

PAUSE = 1.5  # seconds without a key after which a changed draft is stored
LONGEST = 4.0  # seconds after which it is stored although somebody types on
CHECK_PAUSE = 0.4  # seconds without a change after which the gates look again
FIELDS = {
    "headline": N_("headline"),
    "summary": N_("short version"),
    "body": N_("full version"),
    "sources": N_("sources"),
    "legal": N_("legal basis"),
    "assets": N_("files"),
    "edit_note": N_("note to readers"),
    "language": N_("translation"),
    "translates": N_("translation"),
}


class ItemWriting(Room):
    """The text and its draft. `ItemRoom` adds what its further keys do."""

    def __init__(self, item: str = "") -> None:
        super().__init__()
        self.item = item
        self.view: ItemView | None = None
        self.around = ItemAround()
        self.check: ItemCheck | None = None
        self.sources: tuple[Entry, ...] = ()
        self.legal: tuple[Entry, ...] = ()
        self.files: tuple[ItemFile, ...] = ()
        self.version, self.base = 0, ""
        self.kept = ItemText()
        self.saved_at: datetime | None = None
        self.unsaved = ""  # why the draft could not be stored
        self._undecided = False  # two versions, and the person left the question
        self._changed_at: tuple[int, int] | None = None  # first and last change, nanoseconds
        self._saving = asyncio.Lock()
        self._loading = False
        self._left = False

    def body(self) -> ComposeResult:
        """The text on the left, what is to mend and what belongs to it on the right."""
        yield Plain("…", id="item-line")
        yield Plain("", id="item-warning")
        with Horizontal(id="item-halves"):
            with Vertical(id="item-left"):
                yield Plain("", id="headline-label", classes="label")
                yield Input(id="headline", compact=True, classes="field")
                yield Plain("", id="edit_note-label", classes="label")
                yield Input(id="edit_note", compact=True, classes="field")
                yield Plain("", id="body-label", classes="label")
                yield BodyArea(id="body", compact=True, soft_wrap=True)
                yield Plain("", id="summary-label", classes="label")
                yield BodyArea(id="summary", compact=True, soft_wrap=True)
            with Vertical(id="item-right"):
                yield Plain("", id="findings-label", classes="label")
                yield OptionList(id="findings", markup=False, compact=True)
                with VerticalScroll(id="item-lists", can_focus=False):
                    yield Plain("", id="entries")
                    yield Plain("", id="files")
            with VerticalScroll(id="item-beside"):
                yield Plain("", id="beside-text")

    def on_mount(self) -> None:
        """Nothing can be written before it is read."""
        self._allow(False)
        self.query_one("#item-beside").display = False
        self.query_one("#item-warning").display = False
        self.show_correction(False)
        self.set_interval(0.5, self._store_when_due)

    def show_correction(self, shown: bool) -> None:
        """The note to readers is asked for when something public is corrected."""
        for name in ("#edit_note", "#edit_note-label"):
            self.query_one(name).display = shown

    def _allow(self, writing: bool) -> None:
        for area in self.query(BodyArea):
            area.read_only = not writing
        for field in self.query("#item-left Input").results(Input):
            field.disabled = not writing

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
            self.run_worker(self.tell_recovered(view), group="act")

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
        self._changed_at = None
        self._allow(not view.refusals)
        self.show_correction(bool(view.corrects or view.text.edit_note))
        self._loading = False
        self.draw()

    def text_now(self) -> ItemText:
        """The text as it stands in the fields."""
        return ItemText(
            self.query_one("#headline", Input).value,
            self.query_one("#summary", BodyArea).text,
            self.query_one("#body", BodyArea).text,
            self.sources,
            self.legal,
            self.query_one("#edit_note", Input).value,
        )

    def put_text(self, text: ItemText, *, fresh: bool = False) -> None:
        """Put a text into the fields; unless it is `fresh`, as a step that can be undone."""
        for name, value in (("#headline", text.headline), ("#edit_note", text.edit_note)):
            self.query_one(name, Input).value = value
        for name, value in (("#summary", text.summary), ("#body", text.body)):
            area = self.query_one(name, BodyArea)
            area.load_text(value) if fresh else area.put_all(value)
        self.sources, self.legal = text.sources, text.legal

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
            first = self._changed_at[0] if self._changed_at else now
            self._changed_at = (first, now)
        self.draw_counters()
        self._look_again()

    def _look_again(self) -> None:
        self.run_worker(self._look, group="check", exclusive=True)

    async def _look(self) -> None:
        """Ask the gates, when no key has come for a moment."""
        await asyncio.sleep(CHECK_PAUSE)
        if not self.here:
            return
        text = self.text_now()
        try:
            self.check, trouble = (
                await asyncio.to_thread(self.source.item_check, self.item, text),
                "",
            )
        except DeskError as error:
            trouble = told(error.sentence)
        self.draw_findings(trouble)

    # Storing

    async def _store_when_due(self) -> None:
        if self._changed_at is None or self._saving.locked() or self._undecided:
            return
        first, last = self._changed_at
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
                self._changed_at = None
                return True
            return await self._store(text)

    async def _store(self, text: ItemText) -> bool:
        began = self._changed_at
        try:
            saved = await asyncio.to_thread(self._save, text)
        except Conflict:
            return await self._conflict(text)
        except DeskError as error:
            self.unsaved = told(error.sentence)
            now = self.desk.clock.monotonic_ns()  # tried again after a pause
            self._changed_at = (now, now)
            self.draw()
            return False
        self.kept = text
        if self._changed_at == began:
            self._changed_at = None
        self.stored(saved)
        return True

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
        """Show both, ask, store the answer. False: left undecided, nothing was stored."""
        answers = [
            Answer("both", _("both, merged"), "b"),
            Answer("mine", _("keep mine"), "m"),
            Answer("theirs", _("take theirs"), "t"),
        ]
        title = _("Two versions of this text")
        me = self.desk.view.person if self.desk.view else ""
        answer = await self.app.push_screen_wait(
            Answers(title, both_text(both, mine, me), answers, danger=True)
        )
        self._undecided = answer is None
        if answer is None:
            self.unsaved = _("two versions; ^G shows both")
            self.draw()
            return False
        keep: Keep = "both" if answer == "both" else "mine" if answer == "mine" else "theirs"
        self._allow(False)  # nothing is typed between the answer and its text
        outcome = await self.ask(self.source.item_settle, self.item, both, mine, keep)
        view = await self.ask(self.source.item_open, self.item) if outcome else None
        self._allow(True)
        if outcome is None or view is None:
            return False
        self.take(view)
        self.notify(outcome.message)
        if any(unresolved(value) for value in (view.text.body, view.text.summary)):
            self.notify(_("Some passages stand there twice between marks; F3 leads to them."),
                        severity="warning", timeout=10)  # fmt: skip
        return True

    def take(self, view: ItemView) -> None:
        """Show what is stored now; undo leads back to the words before it."""
        self._loading = True
        self.view, self.files = view, view.files
        self.version, self.base, self.saved_at = view.version, view.base, view.saved
        self.put_text(view.text)
        self.kept, self._changed_at = self.text_now(), None
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
            return False
        await self.ask(self.source.item_leave, self.item)
        self._left = True
        return True

    def on_screen_suspend(self) -> None:
        """Somebody went to another room (a dialog over this one is none): store what there is."""
        if not self._left and self not in self.app.screen_stack:
            self.run_worker(self.store, group="save")

    # Picture

    def tick(self, now: datetime) -> None:
        """Keep the line true."""
        super().tick(now)
        self._draw_line(now)

    def _draw_line(self, now: datetime) -> None:
        if self.view is None:
            return
        if self.unsaved:
            saved, tone = "✖ " + _("not saved: {why}").format(why=self.unsaved), "bad"
        elif self._changed_at is not None:
            saved, tone = "● " + _("changed"), "warn"
        else:
            saved, tone = "✔ " + texts.saved_text(self.saved_at, now, self.desk.zone), "dim"
        for place in self.query("#item-line").results(Plain):
            place.show(texts.item_line(self.view, saved, tone))

    @property
    def here(self) -> bool:
        """Whether the fields are there: a worker may answer when the room is gone already."""
        return bool(self.query("#summary"))

    def draw(self) -> None:
        """Everything around the text."""
        if self.view is None or not self.here:
            return
        warning = texts.warning_text(self.view, self.around)
        place = self.query_one("#item-warning", Plain)
        place.show(warning)
        place.display = bool(warning)
        self._draw_line(self.desk.moment)
        self.query_one("#entries", Plain).show(texts.entries_text(self.sources, self.legal))
        self.query_one("#files", Plain).show(texts.files_text(self.files))
        self.draw_counters()

    def draw_counters(self) -> None:
        """How full the fields are."""
        if self.view is None or not self.here:
            return
        text, most = self.text_now(), self.view.limits
        for name, value, limit in (
            ("headline", text.headline, most.headline),
            ("body", text.body, most.body),
            ("summary", text.summary, most.summary),
            ("edit_note", text.edit_note, 0),
        ):
            label = texts.counter(_(FIELDS[name]), len(value.strip()), limit)
            self.query_one(f"#{name}-label", Plain).show(label)

    def draw_findings(self, trouble: str = "") -> None:
        """What is to mend; the mark stays where it was."""
        if not self.here:
            return
        found = self.check.findings if self.check else ()
        self.query_one("#findings-label", Plain).show(texts.findings_title(self.check, trouble))
        options = self.query_one("#findings", OptionList)
        at = options.highlighted
        options.clear_options()
        names = {name: _(label) for name, label in FIELDS.items()}
        options.add_options(Option(texts.finding_text(one, names)) for one in found)
        if at is not None and found:
            options.highlighted = min(at, len(found) - 1)

"""The fields of one item and what stands around them: laid out, filled, drawn."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from desk.locales import N_, _
from screens.rooms import item_room_text as texts
from screens.rooms.base import Room
from screens.source.item_room import Entry, ItemAround, ItemCheck, ItemFile, ItemText, ItemView
from screens.widgets.body_area import BodyArea
from screens.widgets.findings import FindingsArea, Mark
from screens.widgets.input import Input
from screens.widgets.plain import Plain

FIELDS = {
    "headline": N_("headline"),
    "summary": N_("short version"),
    "body": N_("full version"),
    "sources": N_("sources"),
    "legal": N_("legal basis"),
    "assets": N_("files"),
    "edit_note": N_("note to readers"),
    "section": N_("section"),
    "urgency": N_("urgency"),
    "subjects": N_("subjects"),
    "places": N_("places"),
    "language": N_("translation"),
    "translates": N_("translation"),
}

Facts = tuple[str, int, tuple[str, ...], tuple[str, ...]]
"""Section, urgency, subjects and places of a text."""


def facts_of(text: ItemText) -> Facts:
    """Those of a text."""
    return text.section, text.urgency, text.subjects, text.places


class ItemFields(Room):
    """The screen of one item without its keys: `ItemWriting` stores, `ItemRoom` acts."""

    def __init__(self, item: str = "") -> None:
        super().__init__()
        self.item = item
        self.view: ItemView | None = None
        self.around = ItemAround()
        self.check: ItemCheck | None = None
        self.checked = ItemText()  # the text that `check` is about
        self.sources: tuple[Entry, ...] = ()
        self.legal: tuple[Entry, ...] = ()
        self.files: tuple[ItemFile, ...] = ()
        self.facts: Facts = ("", 0, (), ())
        self.saved_at: datetime | None = None
        self.unsaved = ""  # why the draft could not be stored
        self.changed_at: tuple[int, int] | None = None  # first and last change, nanoseconds

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
                yield FindingsArea(id="body", compact=True, soft_wrap=True)
                yield Plain("", id="summary-label", classes="label")
                yield FindingsArea(id="summary", compact=True, soft_wrap=True)
            with Vertical(id="item-right"):
                yield Plain("", id="findings-label", classes="label")
                yield OptionList(id="findings", markup=False, compact=True)
                with VerticalScroll(id="item-lists", can_focus=False):
                    yield Plain("", id="facts")
                    yield Plain("", id="entries")
                    yield Plain("", id="files")
            with VerticalScroll(id="item-beside"):
                yield Plain("", id="beside-text")

    def on_mount(self) -> None:
        """What is shown when there is something to show."""
        self.query_one("#item-beside").display = False
        self.query_one("#item-warning").display = False
        self.show_correction(False)

    def show_correction(self, shown: bool) -> None:
        """The note to readers is asked for when something public is corrected."""
        for name in ("#edit_note", "#edit_note-label"):
            self.query_one(name).display = shown

    def allow(self, writing: bool) -> None:
        """Let the fields be written in, or not."""
        for area in self.query(BodyArea):
            area.read_only = not writing
        for field in self.query("#item-left Input").results(Input):
            field.disabled = not writing

    def text_now(self) -> ItemText:
        """The text as it stands in the fields."""
        return ItemText(
            self.query_one("#headline", Input).value,
            self.query_one("#summary", BodyArea).text,
            self.query_one("#body", BodyArea).text,
            self.sources,
            self.legal,
            self.query_one("#edit_note", Input).value,
            *self.facts,
        )

    def put_text(self, text: ItemText, *, fresh: bool = False) -> None:
        """Put a text into the fields; unless it is `fresh`, as a step that can be undone."""
        for name, value in (("#headline", text.headline), ("#edit_note", text.edit_note)):
            self.query_one(name, Input).value = value
        for name, value in (("#summary", text.summary), ("#body", text.body)):
            area = self.query_one(name, BodyArea)
            area.load_text(value) if fresh else area.put_all(value)
        self.sources, self.legal = text.sources, text.legal
        self.facts = facts_of(text)

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
        elif self.changed_at is not None:
            saved, tone = "● " + _("changed"), "warn"
        else:
            saved, tone = "✔ " + texts.saved_text(self.saved_at, now, self.desk.zone), "dim"
        for place in self.query("#item-line").results(Plain):
            place.show(texts.item_line(self.view, saved, tone, self.desk.zone))

    @property
    def here(self) -> bool:
        """Whether the fields are there: a worker may answer when the room is gone already."""
        return bool(self.query("#summary"))

    def draw(self) -> None:
        """Everything around the text."""
        if self.view is None or not self.here:
            return
        warning = texts.warning_text(self.view, self.around, self.desk.zone)
        place = self.query_one("#item-warning", Plain)
        place.show(warning)
        place.display = bool(warning)
        self._draw_line(self.desk.moment)
        self.query_one("#facts", Plain).show(texts.facts_line(self.view, self.text_now()))
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
        for area in self.query(FindingsArea):
            at_place = [one for one in found if one.field == area.id and one.end > one.start]
            area.show_marks([Mark(one.start, one.end, one.severity) for one in at_place])
        self.query_one("#findings-label", Plain).show(texts.findings_title(self.check, trouble))
        options = self.query_one("#findings", OptionList)
        at = options.highlighted
        options.clear_options()
        names = {name: _(label) for name, label in FIELDS.items()}
        options.add_options(Option(texts.finding_text(one, names)) for one in found)
        if at is not None and found:
            options.highlighted = min(at, len(found) - 1)

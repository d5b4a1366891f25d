"""What belongs to one item besides its text: sources, legal texts, files, its past, its pair."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual import work
from textual.content import Content

from desk.items.assets import ROLES, sniff
from desk.items.links import refuse_link
from desk.locales import _
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.message import Message
from screens.dialogs.rows import Chosen, Deed, Rows
from screens.rooms import item_room_text as texts
from screens.rooms.item_room_writing import ItemWriting
from screens.rooms.review_text import diff_text
from screens.source.item_room import Entry, ItemFile, RevisionEntry
from screens.widgets.body_area import BodyArea
from screens.widgets.input import Input
from screens.widgets.plain import Plain, line, lines


def next_label(entries: tuple[Entry, ...], letter: str) -> str:
    """The next free mark: `3`, or `l3` for a legal text."""
    taken = {one.id for one in entries}
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def wrong_entry(values: Values) -> str:
    """What is wrong with a source or a legal text, or ""."""
    if not values["title"]:
        return _("Give it a title: readers see it.")
    refused = refuse_link(values["url"]) if values["url"] else None
    return (
        _("Not an address that may be linked: {url}").format(url=values["url"]) if refused else ""
    )


class ItemLists(ItemWriting):
    """The lists of an item and the dialogs over them."""

    def may_change(self) -> bool:
        """Whether this reader may write; otherwise they are told why not."""
        if self.view is None:
            self.app.bell()
            return False
        if self.view.refusals:
            self.refuse(_("You cannot change this item"), self.view.refusals)
            return False
        return True

    # Sources and legal texts

    @work(group="act")
    async def action_sources(self) -> None:
        """The list, until it is closed."""
        deeds = [
            Deed("insert", _("put mark into text"), "i,f2"),
            Deed("edit", _("change"), "e,f4"),
            Deed("source", _("new source"), "n,f6", row=False),
            Deed("legal", _("new legal text"), "l,f7", row=False),
            Deed("remove", _("take out"), "d,f8"),
        ]
        at = 0
        while self.view is not None:
            entries = (*self.sources, *self.legal)
            rows = [texts.entry_text(one) for one in entries]
            dialog = Rows(_("Sources and legal basis"), rows, deeds, empty=_("None yet."), at=at)
            chosen = await self.app.push_screen_wait(dialog)
            if chosen is None or not self.may_change():
                return
            at = chosen.row
            if chosen.deed == "insert":
                self._insert_mark(entries[at].id)
                return
            await self._entry_deed(chosen, entries)
            self.changed()
            self.draw()

    def _insert_mark(self, label: str) -> None:
        area = self.query_one("#summary" if self.focused_field == "summary" else "#body", BodyArea)
        area.mark_here(f"[^{label}]")
        area.focus()

    @property
    def focused_field(self) -> str:
        """The field in which the cursor is; the full version when it is in none."""
        focused = self.focused
        known = ("headline", "summary", "body", "edit_note")
        return str(focused.id) if focused is not None and focused.id in known else "body"

    async def _entry_deed(self, chosen: Chosen, entries: tuple[Entry, ...]) -> None:
        if chosen.deed == "remove":
            await self._remove_entry(entries[chosen.row])
            return
        if chosen.deed == "edit":
            entry = entries[chosen.row]
        else:
            letter = "l" if chosen.deed == "legal" else ""
            entry = Entry(next_label(entries, letter), "")
        made = await self._ask_entry(entry)
        if made is None:
            return
        if entry.id.startswith("l"):
            self.legal = self._with(self.legal, made)
        else:
            self.sources = self._with(self.sources, made)

    @staticmethod
    def _with(entries: tuple[Entry, ...], made: Entry) -> tuple[Entry, ...]:
        if any(one.id == made.id for one in entries):
            return tuple(made if one.id == made.id else one for one in entries)
        return (*entries, made)

    async def _ask_entry(self, entry: Entry) -> Entry | None:
        legal = entry.id.startswith("l")
        second = (
            Field("number", _("number of the document"), entry.number, "30/2020/NĐ-CP")
            if legal
            else Field("date", _("date"), entry.date, "2026-10-06")
        )
        fields = [
            Field("title", _("title"), entry.title),
            second,
            Field("url", _("address"), entry.url, "https://www.example.org/"),
        ]
        title = _("Legal text [^{id}]") if legal else _("Source [^{id}]")
        values = await self.app.push_screen_wait(
            Form(title.format(id=entry.id), fields, check=wrong_entry, about=self.item)
        )
        self.sent()  # it stands in the item now, which stores itself
        return None if values is None else replace(entry, **values)

    async def _remove_entry(self, entry: Entry) -> None:
        mark = f"[^{entry.id}]"
        text = self.text_now()
        cited = text.body.count(mark) + text.summary.count(mark)
        about = _("Its mark {mark} stands in the text {n} times and will lead nowhere.").format(
            mark=mark, n=cited
        )
        if cited and not await self.app.push_screen_wait(
            Confirm(_("Take it out?"), about, _("take out"), danger=True)
        ):
            return
        self.sources = tuple(one for one in self.sources if one != entry)
        self.legal = tuple(one for one in self.legal if one != entry)

    # Files

    @work(group="act")
    async def action_files(self) -> None:
        """The list, until it is closed."""
        deeds = [
            Deed("show", _("look at it"), "v,f2"),
            Deed("add", _("add"), "n,f6", row=False),
            Deed("describe", _("describe"), "e,f4"),
            Deed("remove", _("take off"), "d,f8"),
        ]
        at = 0
        while self.view is not None:
            rows = [texts.file_text(one) for one in self.files]
            dialog = Rows(_("Files"), rows, deeds, empty=_("No files yet."), at=at)
            chosen = await self.app.push_screen_wait(dialog)
            if chosen is None:
                return
            at = chosen.row
            if chosen.deed == "show":
                await self._show_file(self.files[at])
            elif self.may_change() and await self.stored_now():  # the version that is stored now
                if chosen.deed == "add":
                    await self._add_file()
                elif chosen.deed == "describe":
                    await self._describe_file(self.files[at])
                else:
                    await self._remove_file(self.files[at])

    async def _show_file(self, file: ItemFile) -> None:
        from screens.dialogs.picture import FileView  # late: pictures are slow to import

        data = await self.ask(self.source.item_bytes, self.item, file.id)
        if data is not None:
            await self.app.push_screen_wait(FileView(file, data))

    async def _add_file(self) -> None:
        place = await self.app.push_screen_wait(
            Form(_("Add a file"), [Field("path", _("path of the file"))], _("continue"))
        )
        if place is None:
            return
        kind = _kind_of(place["path"])
        roles = [(role, _(name)) for role, name in texts.ROLE_NAMES.items() if kind in ROLES[role]]
        if not roles:
            roles = [(role, _(name)) for role, name in texts.ROLE_NAMES.items()]
        role = await self.app.push_screen_wait(Choose(_("What is it?"), roles))
        if role is None:
            return
        values = await self.app.push_screen_wait(self._description("", "", place["path"]))
        if values is not None:
            saved = await self.ask(
                self.source.item_attach, self.item, place["path"], role, values["alt"],
                values["caption"], self.version,
            )  # fmt: skip
            if saved is not None:
                self.sent()
                self._file_done(saved.files[-1].name)
                self.stored(saved)

    def _file_done(self, name: str) -> None:
        self.notify(_("Sealed with the draft: {name}").format(name=name))
        self._look_again()

    async def _describe_file(self, file: ItemFile) -> None:
        roles = [
            (role, _(name))
            for role, name in texts.ROLE_NAMES.items()
            if file.media_type in ROLES[role]
        ]
        role: str | None = file.role
        if len(roles) > 1:
            role = await self.app.push_screen_wait(Choose(_("What is it?"), roles, at=file.role))
        if role is None:
            return
        values = await self.app.push_screen_wait(self._description(file.alt, file.caption, file.id))
        if values is not None:
            saved = await self.ask(
                self.source.item_describe, self.item, file.id, role, values["alt"],
                values["caption"], self.version,
            )  # fmt: skip
            if saved is not None:
                self.sent()
                self.stored(saved)
                self._look_again()

    def _description(self, alt: str, caption: str, file: str) -> Form:
        fields = [
            Field("alt", _("what it shows, for those who cannot see it"), alt),
            Field("caption", _("line below it (may be left out)"), caption),
        ]
        return Form(_("Describe the file"), fields, about=f"{self.item} {file}")

    async def _remove_file(self, file: ItemFile) -> None:
        about = _("Its sealed bytes are deleted from the draft; revisions keep theirs.")
        title = _("Take off: {name}").format(name=file.name)
        if await self.app.push_screen_wait(Confirm(title, about, _("take off"), danger=True)):
            saved = await self.ask(self.source.item_detach, self.item, file.id, self.version)
            if saved is not None:
                self.stored(saved)
                self._look_again()

    # History

    @work(group="act")
    async def action_history(self) -> None:
        """Revisions, newest first; Enter shows what changed since the marked or the older one."""
        if not await self.stored_now():
            return
        deeds = [
            Deed("diff", _("what changed"), "v,f2"),
            Deed("mark", _("compare with this one"), "m,f6"),
            Deed("back", _("bring these words back"), "b,f7"),
        ]
        marked, at = None, 0
        while (entries := await self.ask(self.source.item_history, self.item)) is not None:
            rows = [texts.revision_text(e, self.desk.zone, e.number == marked) for e in entries]
            dialog = Rows(_("History"), rows, deeds, empty=_("No revision yet."), at=at)
            chosen = await self.app.push_screen_wait(dialog)
            if chosen is None:
                return
            at = chosen.row
            entry = entries[at]
            if chosen.deed == "mark":
                marked = None if marked == entry.number else entry.number
            elif chosen.deed == "back":
                await self._have_back(entry)
            else:
                older = [e.number for e in entries[at + 1 :] if e.number > 0]
                other = marked if marked not in (None, entry.number) else next(iter(older), None)
                await self._show_difference(entry, other)

    async def _show_difference(self, entry: RevisionEntry, other: int | None) -> None:
        if other is None:
            self.notify(_("There is nothing older to compare it with."), severity="warning")
            return
        pair = sorted((other, entry.number), key=lambda n: n if n > 0 else 1_000_000 - n)
        found = await self.ask(self.source.item_diff, self.item, *pair)
        if found is not None:
            names = [
                _("rev {n}").format(n=n) if n > 0 else
                _("your draft") if n == 0 else _("words that gave way") for n in pair
            ]  # fmt: skip
            title = f"{names[0]} → {names[1]}"
            await self.app.push_screen_wait(Message(title, diff_text(found)))

    async def _have_back(self, entry: RevisionEntry) -> None:
        if entry.number >= 0:
            text = _("Only words that gave way can be brought back; a revision can be compared.")
            self.notify(text, severity="warning")
            return
        outcome = await self.ask(self.source.item_put_back, self.item)
        if outcome is not None:
            view = await self.ask(self.source.item_open, self.item)
            if view is not None:
                self.take(view)
                self.notify(outcome.message)

    # The other language

    @work(group="act")
    async def action_pair(self) -> None:
        """The other language beside the text, or the lists again."""
        if self.view is None:
            return
        beside = self.query_one("#item-beside")
        if beside.display:
            self._beside(False)
            return
        if self.view.pair is None:
            await self._begin_pair()
            return
        text = await self.ask(self.source.item_text, self.view.pair[0])
        if text is not None:
            rows: list[Content | str] = [
                line((f"{self.view.pair[1]} · {self.view.pair[0]}", "$text-muted")),
                line((text.headline, "bold")),
                "",
                *text.body.split("\n"),
                "",
                line((_("short version"), "bold")),
                *text.summary.split("\n"),
            ]
            self.query_one("#beside-text", Plain).show(lines(*rows))
            self._beside(True)

    def _beside(self, shown: bool) -> None:
        self.query_one("#item-beside").display = shown
        self.query_one("#item-right").display = not shown

    async def _begin_pair(self) -> None:
        assert self.view is not None
        if not self.view.missing:
            self.notify(_("This kind is written in one language only."), severity="warning")
            return
        if not self.view.number:
            self.notify(
                _("Submit this version first: a translation is bound to what it translates."),
                severity="warning",
            )
            return
        code = self.view.missing[0]
        title = _("Begin the version in {language}?").format(language=code)
        if await self.app.push_screen_wait(Confirm(title, self.view.code, _("begin"))):
            made = await self.ask(self.source.items_translate, self.item, code)
            if made is not None:
                self.view = replace(self.view, pair=(made, code), missing=())
                self.notify(_("Begun; it is in the list of items: {item}").format(item=made))
                self.draw()

    def put_field(self, name: str, text: str) -> None:
        """Put a text into one field, as a step that can be undone."""
        if name in ("headline", "edit_note"):
            self.query_one(f"#{name}", Input).value = " ".join(text.split())
        else:
            self.query_one(f"#{name}", BodyArea).put_all(text)
        self.changed()


def _kind_of(path: str) -> str:
    """The media type of a file by its first bytes; "" when it cannot be read."""
    try:
        with Path(path).expanduser().open("rb") as file:
            return sniff(file.read(4096))
    except OSError:  # attaching it will say so
        return ""

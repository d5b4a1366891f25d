"""What one does to one release: sign, hold, leave out, mend, bring forward, withdraw, correct."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from textual import work
from textual.content import Content

from desk.locales import N_, _
from screens.dialogs.base import Since
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.message import Message, reasons_text
from screens.dialogs.pick import Pick
from screens.rooms.calendar_room_acts import CalendarActs
from screens.rooms.meanwhile import changed, changed_of
from screens.rooms.release_room_text import board_text, head_text, item_detail, needed_text
from screens.rooms.release_text import release_text
from screens.rooms.typed import wrong_key, wrong_time
from screens.source import CalendarRow
from screens.source.calendar_room import Standing
from screens.source.release_room import BoardItem, ReleaseBoard, Withdrawal
from screens.widgets.plain import TONES, line, lines

TAKING_BACK: dict[Withdrawal, tuple[str, str, str]] = {
    "withdraw": (N_("Withdraw for good: {title}"), N_("withdraw"),
                 N_("Readers find a notice in its place. This is final.")),
    "takedown": (N_("Take down: {title}"), N_("take down"),
                 N_("Readers find a notice in its place, until two people put it back.")),
    "kill": (N_("Kill: {title}"), N_("kill"),
             N_("Everybody is told that it must never be used. This is final.")),
}  # fmt: skip
MENDED = {
    "headline": N_("headline"),
    "summary": N_("short version"),
    "body": N_("full version"),
}


class ReleaseActs(CalendarActs):
    """The acts on one release; the calendar's are the same ones here."""

    @property
    def release(self) -> str:
        """The release's id."""
        raise NotImplementedError

    @property
    def board(self) -> ReleaseBoard | None:
        """What was read last."""
        raise NotImplementedError

    def item_row(self) -> BoardItem | None:
        """The item under the cursor; None after saying that there is none."""
        raise NotImplementedError

    # The calendar's acts, on this release

    def release_row(self) -> CalendarRow | None:
        """This release, as the calendar's acts want it."""
        board = self.board
        if board is None:
            return None
        view = board.view
        return CalendarRow(view.release, "release", view.at, view.title, view.release, view.state,
                           view.held, view.sealed)  # fmt: skip

    def row_facts(self, row: CalendarRow) -> Content:
        """Its head."""
        return self._facts()

    def cursor_wall(self) -> tuple[datetime, str]:
        """Its own time."""
        board = self.board
        return (self.wall(board.view.at) if board else self.desk.moment), ""

    def _facts(self, *more: Content | str) -> Content:
        board = self.board
        if board is None:
            return lines(*more)
        return lines(head_text(board, self.desk.zone, self.desk.moment), *more)

    async def minding(self, name: str, row: CalendarRow) -> Since:
        """For the calendar's acts: the board is read anew with the room, and need not be asked."""
        return self._since(name)

    def _since(self, name: str, item: BoardItem | None = None) -> Since:
        """For the dialogs of that action: what others do to the release, or to an item alone."""
        if item is not None:
            shown_item: tuple[BoardItem | None] = (item,)
            return self.since(name, shown_item, partial(self._item_now, item.key), changed)
        shown = self._standing()
        if shown is None:  # nothing was read, so nothing is asked
            return str
        return self.since(name, shown, self._standing, changed_of(self.wall))

    def _standing(self) -> Standing | None:
        if self.board is None:
            return None
        view = self.board.view
        return Standing(view.at, view.state, view.held, view.manifest)

    def _item_now(self, key: str) -> tuple[BoardItem | None] | None:
        """The item as it stands now, or that it is there no longer; None before it was read."""
        if self.board is None:
            return None
        return (next((one for one in self.board.items if one.key == key), None),)

    # Signing

    @work(group="act")
    async def action_sign(self) -> None:
        """Sign off exactly the manifest on the screen."""
        board = self.board
        if board is None or not self.may("sign"):
            return
        view = board.view
        if view.refusals:
            self.refuse(_("You cannot sign this release now"), view.refusals)
            return
        title = _("Sign off: {title}").format(title=view.title)
        text = release_text(view, self.desk.zone)
        call = partial(self.source.sign, view.release, view.manifest)
        await self.act_sealed(title, text, _("sign"), call, until=board.sign_until,
                              since=self._since("sign"))  # fmt: skip

    @work(group="act")
    async def action_recall(self) -> None:
        """Take the sign-off back."""
        if self.board is None or not self.may("recall"):
            return
        text = self._facts(_("It does not go out until leads sign it again."))
        title = _("Take the sign-off back: {title}").format(title=self.board.view.title)
        call = partial(self.source.release_recall, self.release)
        await self.act_sealed(title, text, _("take back"), call, danger=True,
                              since=self._since("recall"))  # fmt: skip

    @work(group="act")
    async def action_people(self) -> None:
        """Who can still do what, who has, who speaks."""
        board = self.board
        if board is None:
            return
        zone = self.desk.zone
        needed = needed_text(board, zone)
        told = needed or [line(("✔ " + _("Nobody has to do anything any more."), TONES["good"]))]
        if board.view.refusals:
            told += [line(""), line((_("you cannot sign it:"), "bold")),
                     reasons_text(board.view.refusals)]  # fmt: skip
        self.app.push_screen(
            Message(_("Who can act"), self._facts("", *told, "", board_text(board, zone)))
        )

    @work(group="act")
    async def action_speak(self) -> None:
        """Say of a contact that they can speak to it."""
        choices = await self.ask(self.source.contacts_choices)
        if choices is None:
            return
        if not choices.contacts:
            self.notify(_("No contact is on the board yet."), severity="warning")
            return
        title = _("Who can speak on it?")
        contact = await self.app.push_screen_wait(Choose(title, choices.contacts))
        if contact is not None:
            await self.act(self.source.contacts_ack, self.release, contact, True)

    # Short notice

    @work(group="act")
    async def action_leave_out(self) -> None:
        """Take the item under the cursor out, and sign the rest."""
        board, item = self.board, self.item_row()
        if board is None or item is None or not self.may("leave_out"):
            return
        self.minds = self._since("leave_out")
        chosen = await self._which_out(board, item)
        if not chosen:
            return
        out = [one for one in board.items if one.key in chosen]
        title = _("Leave out: {title}").format(title=out[0].headline)
        text = self._facts(
            "",
            *(line(("− ", TONES["bad"]), (f"{one.headline}  {one.language}", "bold"))
              for one in out),
            *(line("  ", f"{one.headline}  {one.language}")
              for one in board.items if one.key not in chosen),
            "",
            _("You sign what is left, if you are a lead who may; the others sign it as well."),
        )  # fmt: skip
        call = partial(self.source.release_leave_out, self.release, chosen)
        await self.act_sealed(title, text, _("leave out"), call, danger=True,
                              until=board.change_until, since=self.minds)  # fmt: skip

    async def _which_out(self, board: ReleaseBoard, item: BoardItem) -> tuple[str, ...] | None:
        """The items to leave out: that one with its other languages, unless said otherwise."""
        together = [
            one
            for one in board.items
            if one.key == item.key or (one.message and one.message == item.message)
        ]
        if len(together) == 1:
            return (item.key,)
        options = [(one.key, f"{one.headline} · {one.language}") for one in board.items]
        text = _("The other language goes out with it, where its kind needs both.")
        pick = Pick(_("What is left out?"), options, [one.key for one in together], text=text)
        return await self.put(pick)

    @work(group="act")
    async def action_fix(self) -> None:
        """Mend a slip in the item under the cursor."""
        board, item = self.board, self.item_row()
        if board is None or item is None or not self.may("fix"):
            return
        texts = await self.ask(self.source.release_fix_texts, item.key)
        if texts is None:
            return
        self.minds = since = self._since("fix")
        fields = [(name, _(title)) for name, title in MENDED.items()]
        title = _("Quick fix: {title}").format(title=item.headline)
        name = await self.put(Choose(title, fields))
        if name is None:
            return
        from screens.dialogs.mend import Mend, difference_line  # late: its text area is slow

        check = partial(self.source.release_fix_check, item.key, name)
        rule = _("At most 40 characters, no figures, names or document numbers.")
        about = _("One approval of the last step follows; then leads sign it anew.")
        done: bool | None = False
        text: str | None = None
        while done is False:
            mend = Mend(title, texts[name], check, rule, before=text)
            mend.until, mend.since = board.change_until, since
            text = await self.app.push_screen_wait(mend)
            found = await self.ask_or_tell(check, text) if text is not None else None
            if text is None or found is None:
                return
            facts = lines(*map(difference_line, found.lines), "", about)
            call = partial(self.source.release_fix, item.key, name, text)
            done = await self.act_sealed(
                title, facts, _("mend"), call, until=board.change_until, since=since
            )

    @work(group="act")
    async def action_now(self) -> None:
        """Bring it forward."""
        board = self.board
        if board is None or not self.may("now"):
            return
        title = _("Release now: {title}").format(title=board.view.title)
        about = _("It goes out in twenty seconds; the other signers have fifteen.")
        accept, call = _("release now"), partial(self.source.release_now, self.release)
        if board.confirmed:
            asked = self._facts(about, _("The reason is public:"))
            await self.act_with_reason(title, asked, accept, call, shown=self._facts(about),
                                       since=self._since("now"))  # fmt: skip
        else:
            await self.act_sealed(title, self._facts(about), accept, partial(call, ""),
                                  danger=True, since=self._since("now"))  # fmt: skip

    @work(group="act")
    async def action_grant(self) -> None:
        """Let a script open it."""
        board = self.board
        if board is None or not self.may("grant"):
            return
        title = _("Let a script open it: {title}").format(title=board.view.title)
        wall = self.wall(board.view.at)
        known = board.trigger
        script, key = (known.script, known.key) if known else ("", "")
        typed: Values | None = {"script": script, "key": key, "until": f"{wall:%d/%m/%Y %H:%M}"}
        self.minds = since = self._since("grant")
        done: bool | None = False
        while done is False:
            typed = await self.put(self._grant_form(title, typed or {}))
            if typed is None:
                return
            arrow = line(("→ ", TONES["accent"]), typed["script"], f"  {typed['until']}")
            call = partial(self.source.release_grant, self.release, typed["script"], typed["key"],
                           typed["until"], typed["note"])  # fmt: skip
            facts = self._facts(arrow, line(typed["key"]))
            done = await self.act_sealed(title, facts, _("grant"), call, since=since)

    def _grant_form(self, title: str, before: Values) -> Form:
        fields = [
            Field("script", _("what people call the script"), before["script"], "gdp"),
            Field("key", _("its public key (desk key script-show FILE)"), before["key"]),
            Field("until", _("until, date and time in {zone}").format(zone=self.desk.zone),
                  before["until"]),
            Field("note", _("why, for the public"), before.get("note", "")),
        ]  # fmt: skip

        def wrong(typed: Values) -> str:
            missing = not (typed["script"] and typed["key"] and typed["until"])
            if missing:
                return _("Give the script, its key, and until when.")
            return wrong_key(typed["key"]) or wrong_time(typed["until"], self.desk.zone)

        about = self._facts(_("It opens once, inside the window; leads sign it afterwards."))
        return Form(title, fields, _("continue"), text=about, check=wrong)

    @work(group="act")
    async def action_rehearse(self) -> None:
        """Try everything but the commit."""
        about = _(
            "Everything that the instant needs is tried except the commit; nothing stays behind."
        )
        field = Field("folder", _("the publisher's own folder"), "", "/var/lib/desk-publisher")
        typed = await self.app.push_screen_wait(
            Form(_("Rehearse"), [field], _("rehearse"), text=about)
        )
        if typed is None or not typed["folder"]:
            return
        self.notify(_("Rehearsing …"))
        found = await self.ask(self.source.release_rehearse, self.release, typed["folder"])
        if found is None:
            return
        marks = {True: ("✔ ", TONES["good"]), False: ("✖ ", TONES["bad"])}
        good = all(one for one, _text in found)
        title = _("It would go out.") if good else _("It would not go out as it stands.")
        text = lines(*(line(marks[good], text) for good, text in found))
        self.app.push_screen(Message(title, text))

    # Items

    @work(group="act")
    async def action_preview(self) -> None:
        """The item as the public will get it."""
        item = self.item_row()
        previews = await self.ask(self.source.item_previews, item.key) if item else None
        if item is None or not previews:
            return
        from screens.rooms.item_preview import ItemPreview  # late: its texts are slow to import

        self.app.push_screen(ItemPreview(item.key, tuple(previews)))

    @work(group="act")
    async def action_correct(self) -> None:
        """Open the item; of what is public the next revision is a correction."""
        item = self.item_row()
        if item is None:
            return
        if item.state in ("released", "withdrawn"):
            if not self.may("correct"):
                return
            text = lines(item_detail(item), "",
                         _("The next revision corrects it: say to readers what was wrong."),
                         _("It takes the usual steps, and a release of its own."))  # fmt: skip
            title = _("Correct: {title}").format(title=item.headline)
            self.minds = self._since("correct", item)
            if not await self.put(Confirm(title, text, _("open"))):
                return
        from screens.rooms.item_room import ItemRoom  # late: its text areas are slow to import

        self.app.push_screen(ItemRoom(item.key))

    # After the instant

    @work(group="act")
    async def action_withdraw(self) -> None:
        """For good."""
        await self._take_back("withdraw")

    @work(group="act")
    async def action_takedown(self) -> None:
        """For the time being."""
        await self._take_back("takedown")

    @work(group="act")
    async def action_kill(self) -> None:
        """Never to be used."""
        await self._take_back("kill")

    async def _take_back(self, mode: Withdrawal) -> None:
        item = self.item_row()
        if item is None or not self.may(mode):
            return
        title, accept, about = (_(text) for text in TAKING_BACK[mode])
        title = title.format(title=item.headline)
        facts = lines(item_detail(item), "", about)
        asked = lines(facts, _("The note is public, at most 500 characters:"))
        call = partial(self.source.release_take_back, item.key, mode)
        since = self._since(mode, item)
        await self.act_with_reason(title, asked, accept, call, shown=lines(facts, ""), since=since)

    @work(group="act")
    async def action_restore(self) -> None:
        """Put back what was taken down."""
        item = self.item_row()
        if item is None or not self.may("restore"):
            return
        title = _("Put back: {title}").format(title=item.headline)
        facts = lines(item_detail(item), "", _("Two people put it back."))
        call = partial(self.source.release_restore, item.key)
        since = self._since("restore", item)
        await self.act_sealed(title, facts, _("put back"), call, since=since)

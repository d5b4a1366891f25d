"""What every room is: a masthead, a body, a footline; reads in threads, acts through dialogs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from desk.clock import to_wall
from desk.errors import DeskError, NotFound, Reason, Refused, TrustError
from desk.locales import _
from screens.dialogs.base import Since
from screens.dialogs.confirm import Confirm
from screens.dialogs.message import ErrorMessage
from screens.dialogs.passphrase import Passphrase
from screens.parting import Parting
from screens.source import Outcome, Pulse
from screens.widgets.footline import Footline
from screens.widgets.masthead import Masthead
from screens.widgets.plain import Plain, lines
from screens.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from screens.app import DeskApp
    from screens.source import Source

T = TypeVar("T")
READS = "read"  # the group of the workers that read a room; those of a row under the cursor follow
READING = frozenset({READS, "review", "page"})
READS_APART = 2  # readings between two errors of the same words before the second one is news


class Room(Parting, Screen[None]):
    """A workspace. A subclass says its `PLACE`, its `body()`, and how to `read()`."""

    PLACE: ClassVar[str] = "everywhere"

    def __init__(self) -> None:
        super().__init__()
        self._known = asyncio.Event()  # whether it was read once
        self._readings = 0  # how often it was read to the end
        self._told: dict[str, int] = {}  # what kept it from being read, and in which reading last

    @property
    def desk(self) -> DeskApp:
        """The app, by its own type."""
        return cast("DeskApp", self.app)

    @property
    def source(self) -> Source:
        """Where everything comes from."""
        return self.desk.source

    def compose(self) -> ComposeResult:
        """Head, body, foot."""
        yield Masthead(self.PLACE)
        if self.desk.banner:
            yield Plain(self.desk.banner, id="banner")
        yield from self.body()
        yield Footline(self.PLACE, self.desk.keys)

    def body(self) -> ComposeResult:
        """The widgets of this room."""
        yield from ()

    async def read(self) -> None:
        """Read the room's data anew; runs as a worker, one at a time."""

    def on_screen_resume(self) -> None:
        """The room has come into sight."""
        if self._closes:
            self.call_later(self.close)
            return
        self.show_pulse(self.desk.pulse, self.desk.trouble)
        self.tick(self.desk.moment)
        if self.desk.begun:
            self.reread()
        else:  # a thread that imports what it reads with would hold up the first picture
            self.call_after_refresh(self.reread)

    _closes = False

    def close(self) -> bool:
        """Close what was opened over another room: at once, or when it is in sight again.

        Something may lie over it, or the person may be in another room. True: closed.
        """
        self._closes = self.app.screen is not self
        if not self._closes:
            self.app.pop_screen()
        return not self._closes

    async def leaving(self) -> bool:
        """The desk is about to end: store what is not stored. False keeps it open."""
        return True

    async def hang_up(self) -> None:
        """The terminal is gone: store what is not stored. Nothing can be asked or told any more."""

    def reread(self) -> None:
        """Start reading, unless nobody can act on what is read yet."""
        self.run_worker(self._read_room, group=READS, exclusive=True)

    async def _read_room(self) -> None:
        await self.read()
        self._readings += 1
        self._known.set()

    def read_anew(self) -> None:
        """Read because the person asked for it: what keeps it from being read is told again."""
        self._told.clear()
        self.reread()

    def tick(self, now: datetime) -> None:
        """A quarter of a second has passed; `now` is in whole seconds, in the newsroom's zone."""
        for masthead in self.query(Masthead):
            masthead.moment = now

    def show_pulse(self, pulse: Pulse, trouble: str) -> None:
        """Bring the head up to date."""
        for masthead in self.query(Masthead):
            masthead.pulse, masthead.trouble = pulse, trouble

    def run_worker(self, work: Any, *arguments: Any, **options: Any) -> Worker[Any]:
        """As Textual does. What is typed after the key of an act waits for its dialog.

        An act whose key came before the room was read waits for that: it would find nothing to
        act on, and the reason or the passphrase after its key would be read as keys.
        """

        async def when_known() -> Any:
            await self._known.wait()
            return await work()

        act = options.get("group") == "act"
        early = act and not self._known.is_set()
        worker = super().run_worker(when_known if early else work, *arguments, **options)
        if act:
            self.desk.type_ahead.begins(worker)
            self.desk.unsent.begins()
        return worker

    def wall(self, at: datetime) -> datetime:
        """An instant on the newsroom's clocks."""
        return to_wall(at, self.desk.zone)

    # Asking the house, and the person

    async def ask(self, call: Callable[..., T], *arguments: object) -> T | None:
        """The answer of a source's call, made in a thread; None after an error was shown."""
        try:
            return await asyncio.to_thread(call, *arguments)
        except DeskError as error:
            reads = get_current_worker().group in READING
            self._tell_of_reading(error) if reads else self.tell(error)
            return None

    async def ask_row(self, call: Callable[..., T], *arguments: object) -> T | None:
        """The same for what a row of a list stands for; None also where that is gone.

        It was decided or accepted a moment ago, here or at another desk: the list is about to say
        so.
        """

        def found() -> T | None:
            with suppress(NotFound):
                return call(*arguments)
            return None

        return await self.ask(found)

    async def ask_or_tell(self, call: Callable[..., T], *arguments: object) -> T | None:
        """The same, but an error has been read before this returns: what was typed comes back."""
        try:
            return await asyncio.to_thread(call, *arguments)
        except DeskError as error:
            await self.app.push_screen_wait(ErrorMessage(error))
            return None

    def tell(self, error: DeskError) -> None:
        """Show an error, once: the same one is not stacked on itself."""
        top = self.app.screen
        if not (isinstance(top, ErrorMessage) and str(top.error) == str(error)):
            self.app.push_screen(ErrorMessage(error))

    def _tell_of_reading(self, error: DeskError) -> None:
        """Show what kept the room from being read, unless the reading before told it.

        The room is read again as soon as an error was read: told each time, it would never let
        the person out, nor into another room.
        """
        last = self._told.get(str(error), -READS_APART)
        self._told[str(error)] = self._readings
        if self._readings - last >= READS_APART:
            self.tell(error)

    def refuse(self, title: str, reasons: tuple[Reason, ...]) -> None:
        """Show why the judge says no."""
        self.tell(Refused(title, reasons))

    async def act(self, call: Callable[..., Outcome], *arguments: object) -> bool:
        """Do an act, tell its outcome, read again. True when it was done or requested."""
        outcome = await self._carried(call, *arguments)
        if isinstance(outcome, DeskError):
            self.tell(outcome)
            return False
        self._tell_outcome(outcome)
        return True

    async def act_or_tell(self, call: Callable[..., Outcome], *arguments: object) -> bool | None:
        """The same, but an error was read before this returns. None: other words are in vain."""
        outcome = await self._carried(call, *arguments)
        if isinstance(outcome, DeskError):
            await self.app.push_screen_wait(ErrorMessage(outcome))
            return False if outcome.mendable else None
        self._tell_outcome(outcome)
        return True

    async def _carried(
        self, call: Callable[..., Outcome], *arguments: object
    ) -> Outcome | DeskError:
        """What came of an act. It goes on, and is told, also when this room is closed meanwhile."""
        try:
            return await self.desk.carrying.carry(partial(call, *arguments))
        except DeskError as error:
            return error

    def sent(self) -> None:
        """What was typed into forms for this act is in it: nothing of it need be kept."""
        if forms := self.desk.unsent.sent():
            self.desk.run_worker(self.desk.unsent.forget(*forms), group="keep")

    def _tell_outcome(self, outcome: Outcome) -> None:
        self.sent()
        self.desk.carrying.tell(outcome)
        self.follow(outcome)
        self.reread()

    def follow(self, outcome: Outcome) -> None:
        """An act is done: a chance to put the cursor on what it made before that is read."""

    async def act_sealed(
        self, title: str, facts: str | Content, accept: str, call: Callable[[str], Outcome], *,
        danger: bool = False, until: datetime | None = None, since: Since | None = None,
    ) -> bool | None:  # fmt: skip
        """Show the facts, ask for the passphrase, act. None: left, or refused for good.

        False: refused, and read, where other words could mend it.

        A passphrase that does not open the key is asked for again, over the same facts: nothing
        that was typed before it is lost.
        """
        ended = await self.sealed(
            title, facts, accept, call, danger=danger, until=until, since=since
        )
        if isinstance(ended, DeskError):
            return False if ended.mendable else None
        return None if ended is None else True

    async def sealed(
        self, title: str, facts: str | Content, accept: str, call: Callable[[str], Outcome], *,
        danger: bool = False, until: datetime | None = None, since: Since | None = None,
    ) -> Outcome | DeskError | None:  # fmt: skip
        """What came of it: an outcome that was told, an error that was read; None: left."""
        while True:
            secret = await self.secret(
                title, facts, accept, danger=danger, until=until, since=since
            )
            if secret is None:
                return None
            outcome = await self._carried(call, secret)
            if not isinstance(outcome, DeskError):
                self._tell_outcome(outcome)
                return outcome
            await self.app.push_screen_wait(ErrorMessage(outcome))
            if not (secret and isinstance(outcome, TrustError)):
                return outcome

    async def secret(
        self, title: str, facts: str | Content, accept: str, *, danger: bool = False,
        until: datetime | None = None, since: Since | None = None,
    ) -> str | None:  # fmt: skip
        """The passphrase after the person saw the facts; "" when none is needed; None: left.

        `until`: the last instant for it; the dialog shows the time left. `since` says what others
        have changed meanwhile.
        """
        if self.desk.view is not None and not self.desk.view.asks_passphrase:
            confirm = Confirm(title, facts, accept, danger=danger)
            confirm.until, confirm.since = until, since
            return "" if await self.app.push_screen_wait(confirm) else None
        dialog = Passphrase(title, facts, accept, danger=danger)
        dialog.until, dialog.since = until, since
        return await self.app.push_screen_wait(dialog)

    async def reason(
        self, title: str, facts: str | Content, accept: str, *, danger: bool = False,
        since: Since | None = None, before: str = "", about: str = "",
    ) -> str | None:  # fmt: skip
        """A reason in the person's words, beginning with those said `before`; None: left.

        `about`: the id of what it is said of, where the facts change while one looks.
        """
        from screens.dialogs.reason import ReasonDialog  # late: its text area is slow to import

        dialog = ReasonDialog(title, facts, accept, danger=danger, before=before, about=about)
        dialog.since = since
        return await self.app.push_screen_wait(dialog)

    async def hold_with_reason(
        self, release: str | None, facts: str | Content, since: Since | None = None
    ) -> None:
        """Stop a release, or all of them, with a reason."""
        title = _("Hold this release") if release else _("Hold ALL releases")
        await self.act_with_reason(
            title, facts, _("hold"), lambda why, secret: self.source.hold(release, why, secret),
            about=release or "*", since=since,
        )  # fmt: skip

    async def act_with_reason(
        self, title: str, facts: str | Content, accept: str, call: Callable[[str, str], Outcome],
        *, shown: str | Content = "", danger: bool = True, about: str = "",
        since: Since | None = None,
    ) -> None:  # fmt: skip
        """Ask for a reason, then for the passphrase over `shown` and the reason; then act.

        An error that another reason could mend brings it back, to be mended; any other ends it.
        """
        why: str | None = ""
        while True:
            why = await self.reason(
                title, facts, accept, danger=danger, before=why or "", about=about, since=since
            )
            if why is None:
                return
            told = lines(shown or facts, "", why)  # what it is about stays in sight
            ended = await self.sealed(
                title, told, accept, partial(call, why), danger=danger, until=None, since=since
            )
            if not (isinstance(ended, DeskError) and ended.mendable):
                return

    async def lift_hold(
        self, release: str, facts: str | Content, since: Since | None = None
    ) -> None:
        """Take part in lifting a hold. The act has no room for a reason, so none is asked."""
        await self.act_sealed(
            _("Lift the hold"), facts, _("lift"), partial(self.source.lift, release), since=since
        )

    def on_virtual_table_failed(self, event: VirtualTable.Failed) -> None:
        """A table could not read its rows."""
        event.stop()
        self._tell_of_reading(event.error)

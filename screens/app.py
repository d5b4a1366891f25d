"""The Textual app: rooms, clock, pulse, keys, curtain. What a room does is in `screens.rooms`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from inspect import isawaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.app import ScreenStackError
from textual.binding import BindingType
from textual.worker import get_current_worker

from desk.clock import Clock, SystemClock, now, to_wall
from desk.errors import DeskError
from desk.locales import _, ngettext, set_zone, told
from screens import actions, alt_keys, themes
from screens.carrying import Carrying
from screens.crash import crash_report
from screens.dialogs.message import ErrorMessage
from screens.door import Door, Unlock
from screens.ending import EndingApp
from screens.rooms import ROOMS, room_class
from screens.rooms.base import Room
from screens.source import Pulse
from screens.styles.sheet import Sheet
from screens.telex import Method, Shortcuts
from screens.terminal_pictures import Drawing, drawing_of
from screens.type_ahead import TypeAhead
from screens.unsent import UnsentWords

if TYPE_CHECKING:
    from screens.source import DeskView, Source

alt_keys.claim()
TICK = 0.25  # seconds between two looks at the clock
PULSE = 1.0  # seconds between two looks at the newsroom
RING = 3.0  # seconds between two questions for new alerts
SEALED = frozenset({"item", "items", "queue", "release", "search", "terms"})
LEAVING = frozenset({"enter", "tab", "shift+tab"})  # what leads out of a field of a dialog
RINGS = 3  # notices at once; of more their number is told


def _enter(name: str) -> Room:
    return room_class(name)()


class DeskApp(EndingApp):
    """The desk. Give it a `Source`; everything else has a default.

    `idle_lock` is in seconds, 0 never locks; `keymap` maps ids of actions to keys; `zone` is
    shown until the source has told the newsroom's; `banner` is a line below every room's head.
    `warm` imports the other rooms behind the first one (`screens.warming`), for the whole process.
    `heeds_signals`: SIGHUP and SIGTERM store what was typed and end it; else its runner says so.
    `unlock` is given when the key is still locked: nothing is read or shown before it was called
    with the passphrase. `drawing` is how the terminal draws pictures. `failure` is what kept the
    newsroom from opening. Raises UsageError for a bad keymap or theme.
    """

    CSS_PATH = Path(__file__).parent / "styles" / "desk.tcss"
    TITLE = "Desk"
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings("everywhere")]
    MODES: ClassVar = {name: partial(_enter, name) for name in ROOMS}

    def __init__(
        self,
        source: Source,
        *,
        clock: Clock | None = None,
        zone: str = "Asia/Ho_Chi_Minh",
        keymap: Mapping[str, str] | None = None,
        theme: str = "desk-dark",
        room: str = "calendar",
        input_method: Method = "telex",
        idle_lock: float = 300,
        banner: str = "",
        unlock: Unlock | None = None,
        drawing: Drawing | None = None,
        warm: bool = False,
        heeds_signals: bool = True,
    ) -> None:
        self.drawing = drawing or drawing_of(b"", os.environ)
        self.keys: actions.Keymap = dict(keymap or {})
        actions.check_keymap(self.keys)
        self._first, self._shut = room, unlock is not None
        self.DEFAULT_MODE = "door" if unlock else room  # type: ignore[misc]  # Textual reads it
        super().__init__(clock or SystemClock(), idle_lock)
        self.stylesheet = Sheet(variables=self.get_css_variables())
        self.source = source
        self.zone = zone
        self.view: DeskView | None = None
        self.pulse = Pulse()
        self.begun = False  # whether the first picture stands
        self.trouble = ""
        self.banner = banner
        self.failure: DeskError | None = None
        self._shortcuts = Shortcuts(input_method)
        self.type_ahead = TypeAhead(self, self._press)
        self.unsent = UnsentWords(source)
        self.carrying = Carrying(self)
        self._asking = False
        self._ringing = False
        self._warms, self._heeds = warm, heeds_signals
        for known in themes.THEMES:
            self.register_theme(known)
        self.theme = theme
        self.set_keymap(self.keys)
        if unlock is not None:
            self.add_mode("door", partial(Door, unlock, self._let_in))

    @property
    def moment(self) -> datetime:
        """Now, in whole seconds, in the newsroom's zone."""
        return to_wall(now(self.clock), self.zone).replace(microsecond=0)

    def hidden(self) -> None:
        """Drop the texts that a search has opened in memory."""
        self.run_worker(partial(asyncio.to_thread, self._forget), group="forget")  # type: ignore[arg-type]

    def _forget(self) -> None:
        with suppress(DeskError):  # a newsroom that does not open has opened nothing either
            self.source.search_forget()

    def look(self) -> tuple[datetime, Pulse]:
        """What the curtain may show."""
        return self.moment, self.pulse

    def on_mount(self) -> None:
        """Paint first; then ask who and where we are, and start the clock."""
        set_zone(lambda: self.zone)
        for ending in (signal.SIGHUP, signal.SIGTERM) if self._heeds else ():
            with suppress(ValueError, RuntimeError, NotImplementedError):  # not the main thread
                asyncio.get_running_loop().add_signal_handler(ending, self.end_of_terminal)
        if not self._shut:
            self.call_after_refresh(self._begin)
        if self._warms:
            self.call_after_refresh(self._warm)

    def _warm(self) -> None:
        from screens import warming  # late: it names every dialog

        self.run_worker(warming.behind(self), group=warming.GROUP)

    async def _let_in(self) -> None:
        """The door has opened."""
        self._shut = False
        await self.switch_mode(self._first)
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """At the door nothing works but leaving."""
        if self._shut:
            return action in ("quit", "help_quit")
        return super().check_action(action, parameters)

    def _begin(self) -> None:
        self.begun = True
        self.set_interval(TICK, self._tick)
        self.set_interval(PULSE, self.take_pulse)
        self.set_interval(RING, self.ring)
        self.meet()
        self.take_pulse()
        self._tick()

    @work(group="meet", exclusive=True)
    async def meet(self) -> None:
        """Learn the newsroom and the person. Without them there is no desk: it ends."""
        try:
            self.view = await asyncio.to_thread(self.source.desk)
        except DeskError as error:
            self.failure = error
            self.exit(return_code=error.exit_code)
            return
        elsewhere, self.zone = self.zone != self.view.zone, self.view.zone
        self._tick()
        if elsewhere:
            self._room.reread()

    @work(group="pulse")
    async def take_pulse(self) -> None:
        """Look at the newsroom; read the room again when something changed."""
        if self._asking:  # it is slow now: one question at a time
            return
        before, self._asking = self.pulse.version, True
        try:
            self.pulse = await asyncio.to_thread(self.source.pulse)
            self.trouble = ""
        except DeskError as error:
            self.trouble = told(error.sentence)
        finally:
            self._asking = False
        for room in self._settled:
            room.show_pulse(self.pulse, self.trouble)
        if before and self.pulse.version != before and not self.trouble:
            self._room.reread()

    @work(group="ring")
    async def ring(self) -> None:
        """Show alerts that are new, and ring the terminal once for them."""
        if self._ringing:
            return
        self._ringing = True
        try:
            lines = await asyncio.to_thread(self.source.rings)
        except DeskError:  # the head of the room tells that the newsroom does not answer
            return
        finally:
            self._ringing = False
        for text in lines[:RINGS]:
            self.notify(f"⚠ {text}", severity="warning", timeout=10)
        if more := len(lines[RINGS:]):
            text = ngettext(
                "{n} more alert: see the monitor", "{n} more alerts: see the monitor", more
            )
            self.notify(text.format(n=more), severity="warning", timeout=10)
        if lines:
            self.bell()

    @property
    def _rooms(self) -> list[Room]:
        try:
            return [screen for screen in self.screen_stack if isinstance(screen, Room)]
        except ScreenStackError:  # the first one is not there yet
            return []

    @property
    def _settled(self) -> list[Room]:
        """Those that have their widgets: a timer may strike while one is coming or going."""
        return [room for room in self._rooms if room.is_mounted and room.is_running]

    @property
    def _room(self) -> Room:
        return self._rooms[-1]

    def _tick(self) -> None:
        for room in self._settled:
            room.tick(self.moment)
        self.lock_when_idle()

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Every key passes here once: outside text fields, what an input method made of it is
        turned back into the press that was meant (`screens.telex`)."""
        if isinstance(event, events.InputEvent) and not event.is_forwarded:
            self.touch()
        if isinstance(event, events.Key) and not event.is_forwarded:
            if not self.type_ahead.holds(event):
                await self._press(event)
            return
        await super().on_event(event)
        if isinstance(event, events.Key):
            self.type_ahead.came_back()

    async def _press(self, event: events.Key) -> None:
        event = alt_keys.untyped(event)
        typing = self._in_text_field()
        if typing:
            self._shortcuts.reset()
        else:
            meant = self._shortcuts.press(event.key, event.character, event.time)
            if meant is None:
                return
            if meant != event.key:
                event = events.Key(meant, meant)
        await super().on_event(event)
        if event.is_forwarded and self._goes_on(event):
            self.type_ahead.sent()

    def _in_text_field(self) -> bool:
        focused = self.focused
        return focused is not None and focused.check_consume_key("a", "a")

    def _goes_on(self, event: events.Key) -> bool:
        """Whether this key comes back from where it was sent, and does what it does after that."""
        keeps = getattr(self.focused, "keeps", None)
        if isinstance(self.screen, Room):
            return keeps is None or not keeps(event)
        # In a dialog others may stay where they went.
        return keeps is not None and event.key in LEAVING and not keeps(event)

    def on_input_obeyed(self) -> None:
        """Enter in a field of one line stays there; this comes instead."""
        self.type_ahead.came_back()

    def shows_sealed(self) -> bool:
        """Rooms in which text of unreleased items stands."""
        return any(room.PLACE in SEALED for room in self._rooms)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Ask over the room that asks: who has gone to another one finds the question there.

        Behind the curtain nothing is asked. What was refused is told wherever the person is.
        """
        await self.in_sight()
        if mode is None and not isinstance(screen, ErrorMessage):
            mode = self.place_of(get_current_worker().node)
        if mode not in (None, self.current_mode):
            room = actions.title(actions.BY_ID[f"app.{mode}"])
            self.notify(_("A question waits where you were: {room}").format(room=room))
        return await super().push_screen_wait(screen, mode=mode)

    # What works everywhere

    def action_room(self, room: str) -> None:
        """Go to a room; from what was opened in it, back to its list."""
        if room == self.current_mode:
            self.back_to_list()
        else:
            self.switch_mode(room)

    @work(group="leave", exclusive=True)
    async def back_to_list(self) -> None:
        """Close what was opened in this room, as far as nothing would be lost."""
        while len(self._rooms) > 1 and await (room := self._room).leaving():
            if not room.close():
                return

    def open_handbook(self, page: str) -> None:
        """Go to a page of the handbook: a runbook one key away from an alarm."""
        from screens.rooms.handbook_room import HandbookRoom  # late: it reads Markdown

        self.switch_mode("handbook")
        room = self._room
        if isinstance(room, HandbookRoom):
            room.open_page(page)

    def action_refresh_room(self) -> None:
        """Read again."""
        self.take_pulse()
        self._room.read_anew()

    def action_next_theme(self) -> None:
        """The next colours."""
        names = [theme.name for theme in themes.THEMES]
        here = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(here + 1) % len(names)]
        self.notify(_(themes.TITLES[self.theme]), title=_("colours"), timeout=2)

    @work(group="jump", exclusive=True)
    async def action_jump(self) -> None:
        """Put a letter on everything one could click, and go where one is typed."""
        from screens.dialogs.jump import Jump  # late, like the help
        from screens.jump import targets_of

        if (found := targets_of(self.screen)) and (
            chosen := await self.push_screen_wait(Jump(found))
        ):
            going = chosen.go()
            if isawaitable(going):
                await going

    def action_help(self) -> None:
        """The help of this room."""
        from screens.dialogs.help import Help  # late: the first paint does not need it

        self.push_screen(Help(self._room.PLACE, self.keys))

    @work(group="palette", exclusive=True)
    async def action_palette(self) -> None:
        """Choose an action by its name."""
        from screens.dialogs.palette import Palette  # late, like the help

        room = self._room
        chosen = await self.push_screen_wait(Palette(room.PLACE, self.keys))
        if chosen is not None:
            await self.run_action(chosen.run, room)

    async def action_quit(self) -> None:
        """Leave the desk, when nothing would be lost: a room may still have words to store."""
        self.leave_desk()

    def action_help_quit(self) -> None:
        """Ctrl+C does not quit: say what does."""
        key = actions.shown(actions.keys_of(actions.BY_ID["app.quit"], self.keys)[0])
        self.notify(_("Press {key} to leave the desk.").format(key=key))

    def _fatal_error(self) -> None:
        """End after a bug without printing variables: they may hold text under embargo.

        Textual's own report shows the locals of every frame. Ours names files, lines and the
        kind of error, which is what a bug report needs.
        """
        self.panic(crash_report())

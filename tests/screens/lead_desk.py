"""A driver for tests of the calendar and of releases: a desk that asks for its passphrase."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from desk.clock import FakeClock
from desk.demo.newsroom import DemoNewsroom
from screens.app import DeskApp
from screens.dialogs.base import Dialog
from screens.newsroom.source import NewsroomSource
from screens.rooms.release_room import ReleaseRoom
from screens.widgets.input import Input
from screens.widgets.text_area import TextArea
from screens.widgets.virtual_table import VirtualTable
from tests.screens.newsroom_world import PASSPHRASE, source
from tests.screens.waiting import settled, until


class Desk:
    """One desk that a test drives: keys in, picture out. `person` sits at it."""

    def __init__(self, app: DeskApp, pilot: Pilot[None], person: str) -> None:
        self.app, self.pilot, self.person = app, pilot, person

    @property
    def source(self) -> NewsroomSource:
        found = self.app.source
        assert isinstance(found, NewsroomSource)
        return found

    async def settle(self) -> None:
        """Until what ends by itself has ended, and all is drawn."""
        await settled(self.pilot)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def until(self, ready: Callable[[], object], what: str = "") -> None:
        """Wait for what a worker brings about; a test that hangs here has failed."""
        await until(self.pilot, ready, f"{what}\n{self.notices}")
        await self.settle()

    async def see(self, *texts: str) -> None:
        await self.until(lambda: all(text in self.picture for text in texts), str(texts))

    async def told(self, text: str) -> None:
        """Until a notice says so."""
        await self.until(lambda: text in self.notices, text)

    @property
    def picture(self) -> str:
        return "\n".join(
            strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()
        )

    @property
    def notices(self) -> str:
        return "\n".join(str(notice.message) for notice in self.app._notifications)

    # Dialogs

    async def dialog(self, title: str) -> Dialog[object]:
        """Until a dialog with these words in its title is on top."""

        def there() -> bool:
            screen = self.app.screen
            return isinstance(screen, Dialog) and title in str(screen._title) and screen.is_mounted

        await self.until(there, f"dialog {title}")
        found = self.app.screen
        assert isinstance(found, Dialog)
        return found

    async def write(self, text: str, field: str = "") -> None:
        """Replace what stands in a field of the dialog; in the one that is typed into."""
        focused = self.app.focused
        if field:
            focused = self.app.screen.query_one(f"#field-{field}", Input)
            focused.focus()
        if isinstance(focused, Input):
            focused.value = text
        else:
            assert isinstance(focused, TextArea)
            focused.text = text
        await self.pilot.pause()

    async def passphrase(self, title: str, text: str = PASSPHRASE) -> None:
        """Say the passphrase in the dialog of that title."""
        await self.dialog(title)
        await self.write(text)
        await self.pilot.press("enter")

    async def gone(self) -> None:
        """Until no dialog is open, and what was done in them is told."""

        def over() -> bool:
            acting = any(one.group == "act" and not one.is_finished for one in self.app.workers)
            return not acting and not isinstance(self.app.screen, Dialog)

        await self.until(over, "the end of dialogs")

    # Places

    async def at_release(self, code: str) -> None:
        """Put the cursor of the calendar on the release with that code name."""
        table = self.app.screen.query_one(VirtualTable)
        await self.pilot.press("slash")
        self.app.screen.query_one("#filter", Input).value = code
        await self.press("enter")

        def there() -> bool:
            row = table.current
            return row is not None and row.kind == "release" and table.rows == 1

        await self.until(there, f"release {code}")

    async def open_release(self, code: str) -> ReleaseRoom:
        await self.at_release(code)
        await self.press("enter")
        await self.until(lambda: isinstance(self.app.screen, ReleaseRoom) and self.app.screen.board)
        room = self.app.screen
        assert isinstance(room, ReleaseRoom)
        return room


@asynccontextmanager
async def desk(
    newsroom: DemoNewsroom, person: str = "lead-1", size: tuple[int, int] = (80, 24),
    room: str = "calendar",
) -> AsyncIterator[Desk]:  # fmt: skip
    """The desk of one post, in a room."""
    clock = newsroom.room.clock
    assert isinstance(clock, FakeClock)
    app = DeskApp(source(newsroom, person), clock=clock, room=room, idle_lock=0)
    async with app.run_test(size=size) as pilot:
        made = Desk(app, pilot, person)
        await made.settle()
        yield made

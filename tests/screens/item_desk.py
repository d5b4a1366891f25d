"""A driver for tests of the item room: a desk over a newsroom of real keys, log and sealed text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from desk.clock import FakeClock
from desk.errors import TrustError
from desk.items import drafts
from desk.newsroom.room import Actor
from screens.app import DeskApp
from screens.dialogs.answers import Answers
from screens.newsroom.house import House as SourceHouse
from screens.newsroom.source import NewsroomSource
from screens.rooms.item_room import ItemRoom
from screens.widgets.body_area import BodyArea
from screens.widgets.virtual_table import VirtualTable
from tests.screens.waiting import PERSON, picture, settled, until
from tests.verbs.house import TEXT, House

BODY = f"{TEXT['body']}\n\nĐoạn hai.\n\nĐoạn ba."
PASSPHRASE = "một câu thật dài"
SLOW = PERSON | {"save", "check"}  # these wait on purpose


def source(house: House, person: str = "editor") -> NewsroomSource:
    """What a desk of that person reads and acts through; each desk opens the newsroom anew."""

    def unlock(passphrase: str) -> Actor:
        if passphrase != PASSPHRASE:
            raise TrustError("The passphrase is wrong")
        return house[person]

    calendar, status = house.root / "calendar.yaml", house.root / "var" / "publisher.json"
    return NewsroomSource(SourceHouse(house.opened(), house[person], unlock, calendar, status))


class Desk:
    """One desk that a test drives: keys in, picture out."""

    def __init__(self, app: DeskApp, pilot: Pilot[None], clock: FakeClock) -> None:
        self.app, self.pilot, self.clock = app, pilot, clock

    async def settle(self) -> None:
        """Until every worker but those that wait for an answer is done, and all is drawn."""
        await settled(self.pilot, SLOW)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    async def until(self, ready: Callable[[], object]) -> None:
        """Wait for what a worker brings about; a test that hangs here has failed."""
        await until(self.pilot, ready)
        await self.settle()

    async def see(self, text: str) -> None:
        await self.until(lambda: text in self.picture)

    async def open(self, item: str) -> ItemRoom:
        table = self.app.screen.query_one(VirtualTable)
        rows = [row.item for row in self.app.source.items_page("", 100, "")]
        await self.until(lambda: table.rows == len(rows))
        await self.press("home", *["down"] * rows.index(item), "enter")
        await self.until(lambda: isinstance(self.app.screen, ItemRoom | Answers))
        await self.until(lambda: self.room.view is not None and self.room.check is not None)
        return self.room

    @property
    def room(self) -> ItemRoom:
        found = [s for s in self.app.screen_stack if isinstance(s, ItemRoom)]
        return found[-1]

    @property
    def body(self) -> BodyArea:
        return self.room.query_one("#body", BodyArea)

    @property
    def picture(self) -> str:
        return picture(self.app)

    @property
    def notices(self) -> str:
        """What was told in passing."""
        return "\n".join(str(notice.message) for notice in self.app._notifications)

    async def autosave(self) -> None:
        """Nobody types for a while."""
        self.clock.advance(6)
        room = self.room
        await self.until(lambda: room.changed_at is None or room.unsaved)


@asynccontextmanager
async def desk(
    house: House, person: str = "editor", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Desk]:
    reader = source(house, person)
    async with desk_on(reader, house.clock, size) as made:
        yield made


@asynccontextmanager
async def desk_on(
    reader: NewsroomSource, clock: FakeClock, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Desk]:
    """A desk in the room of items, on any newsroom."""
    app = DeskApp(reader, clock=clock, idle_lock=0, room="items")
    async with app.run_test(size=size) as pilot:
        made = Desk(app, pilot, clock)
        await made.settle()
        yield made


def draft_of(house: House, item: str, who: str = "editor") -> dict[str, object]:
    with house.room.reading(item) as view:
        return dict(drafts.load(view, house[who], item)[0].document)

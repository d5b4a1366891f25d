"""A screen that is closed while something still reads for it."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.screen import Screen
from textual.worker import Worker, WorkerState

import screens
from screens.dialogs.base import Dialog
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.jump import Jump
from screens.dialogs.message import Message
from screens.dialogs.reason import ReasonDialog
from screens.jump import Target
from screens.parting import Parting
from screens.rooms.base import Room
from screens.widgets.plain import Plain


class Lingering(Plain):
    """Goes only after what was being read has come, as a busy machine has it."""

    def __init__(self, come: asyncio.Event) -> None:
        super().__init__("")
        self.come = come

    async def on_unmount(self) -> None:
        self.come.set()
        for _turn in range(20):
            await asyncio.sleep(0)


class Reading(Parting, Screen[None]):
    """Reads one thing, and shows it."""

    def compose(self) -> ComposeResult:
        self.come = asyncio.Event()
        with Plain():
            yield Lingering(self.come)
        yield Plain("", id="shown")

    def on_mount(self) -> None:
        self.worker: Worker[None] = self.run_worker(self.read)

    async def read(self) -> None:
        await self.come.wait()
        for _turn in range(10):
            await asyncio.sleep(0)
        self.query_one("#shown", Plain).show("read")


async def test_what_is_read_for_a_closed_screen_ends_with_it() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Reading()
        await app.push_screen(screen)
        await pilot.pause()
        await app.pop_screen()
        assert screen.worker.state is WorkerState.CANCELLED


async def test_an_app_that_ends_does_not_wait_for_what_is_read() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Reading()
        await app.push_screen(screen)
        await pilot.pause()
    assert screen.worker.state is WorkerState.CANCELLED


def screens_of(kind: type[Any]) -> Iterator[type[Any]]:
    """All that are derived from it, here and in the libraries."""
    for one in kind.__subclasses__():
        yield one
        yield from screens_of(one)


def test_every_screen_of_the_desk_parts_so() -> None:
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = {one for one in screens_of(Screen) if one.__module__.startswith("screens.")}
    assert Room in ours
    assert Dialog in ours
    assert {one.__name__ for one in ours if not issubclass(one, Parting)} == set()


# Two keys in one burst


def confirm() -> Dialog[Any]:
    return Confirm("Announce it?", "facts", "confirm")


def choose() -> Dialog[Any]:
    return Choose("Which?", [("a", "Bộ Y tế"), ("b", "Bộ Nội vụ")])


def message() -> Dialog[Any]:
    return Message("Read", "text")


def jump() -> Screen[Any]:
    return Jump([Target(Offset(0, 0), lambda: None)])


def mended() -> Dialog[Any]:
    return ReasonDialog("Why?", "facts", before="Sai số liệu")


@pytest.mark.parametrize(
    ("made", "key"),
    [(confirm, "enter"), (choose, "enter"), (message, "escape"), (jump, "x"), (mended, "ctrl+s")],
)
async def test_a_key_that_comes_twice_closes_one_screen(
    made: Callable[[], Screen[Any]], key: str
) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        below = Screen[None]()
        await app.push_screen(below)
        answers: list[object] = []
        screen = made()
        await app.push_screen(screen, answers.append)
        await pilot.pause()
        for _twice in range(3):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert app.screen is below
        assert len(answers) == 1

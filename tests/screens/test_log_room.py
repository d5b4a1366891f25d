"""The log room on a real newsroom: what happened, by whom, and does it hold?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from textual.pilot import Pilot

from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language
from screens.app import DeskApp
from screens.dialogs.message import ErrorMessage, Message
from screens.rooms.log_room import LogRoom
from tests.screens.newsroom_world import build, head, source
from tests.screens.waiting import picture, settled, until


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("log"))


def desk(newsroom: DemoNewsroom) -> DeskApp:
    return DeskApp(source(newsroom), clock=newsroom.room.clock, room="log")


async def shown(pilot: Pilot[None]) -> Message:
    """The dialog that an act ends in."""
    await until(pilot, lambda: isinstance(pilot.app.screen, Message))
    assert isinstance(pilot.app.screen, Message)
    return pilot.app.screen


async def test_the_newest_act_stands_first_and_opens(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, LogRoom)
        assert f"{head(newsroom)} acts" in picture(app)
        assert "signed off" in picture(app)
        await pilot.press("enter")
        await shown(pilot)
        text = picture(app)
        assert "signed by" in text
        assert "lead-" in text


async def test_a_filter_and_the_same_subject(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        await pilot.press("slash", *"kind", "colon", *"release", "full_stop", *"sign", "enter")
        await settled(pilot)
        rows = app.screen.query_one("#log").rows  # type: ignore[attr-defined]
        assert 0 < rows < head(newsroom)
        await pilot.press("s")
        await settled(pilot)
        text = picture(app)
        assert "about:r-" in text
        assert "confirmed a release" in text
        await pilot.press("escape")
        await settled(pilot)
        assert f"{head(newsroom)} acts" in picture(app)


async def test_verifying_tells_that_no_checkpoint_is_here(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        await pilot.press("v")
        await shown(pilot)
        text = picture(app)
        assert "The log holds" in text
        assert "No checkpoint is here" in text


async def test_an_export_is_written_once(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    path = newsroom.root / f"log-{head(newsroom)}.csv"
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        for _time in range(2):
            await pilot.press("e")
            await until(pilot, lambda: app.screen is not app.screen_stack[0])
            await pilot.press("enter")
            await until(pilot, path.exists)
        error = await shown(pilot)
        assert isinstance(error, ErrorMessage)
        assert "there already" in str(error.error)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert rows[0] == ["seq", "time", "not_before", "actor", "kind", "subject", "digest", "signed"]
    assert len(rows) == head(newsroom) + 1
    assert all(row[-1] for row in rows), "also of an act by several it says whose it is"


async def test_a_signature_has_a_time_and_a_name_in_the_list(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        signed = [line for line in picture(app).split("\n") if "signed off" in line]
        assert len(signed) == 2
        assert {who for line in signed for who in ("lead-1", "lead-2") if who in line} == {
            "lead-1", "lead-2"
        }  # fmt: skip
        assert all("≥08:00:00" in line for line in signed)
        await pilot.press("enter")
        await shown(pilot)
        assert "signed, earliest" in picture(app)


async def test_the_words_are_vietnamese_too(newsroom: DemoNewsroom, tmp_path: Path) -> None:
    set_language("vi")
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "đã ký" in picture(app) or "ký" in picture(app)
        assert "signed off" not in picture(app)

"""The reports room on a real newsroom: were we on time, and what lies behind a figure?"""

from __future__ import annotations

import asyncio
import re
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from desk.clock import epoch_ns
from desk.demo.newsroom import DemoNewsroom
from desk.locales import set_language
from desk.newsroom.room import Actor
from desk.reports import facts
from desk.reports.lateness import bins
from desk.reports.tables import PARTS
from screens.app import DeskApp
from screens.dialogs.message import Message
from screens.source.reports_room import ReportsView
from screens.widgets.blocks import bars, block, spark
from screens.widgets.plots import BarPlot
from tests.screens.newsroom_world import build, head, source
from tests.screens.waiting import picture, settled, until

LATE = (3, 140, 7)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    """The demo's newsroom after its release went out on every channel."""
    newsroom = build(tmp_path_factory.mktemp("reports"))
    publisher = Actor("pub-1", newsroom.home.identity())
    with newsroom.room.reading(newsroom.release) as view:
        signoff = view.record.releases[newsroom.release].signoff
    assert signoff is not None
    start = epoch_ns(str(signoff.fields["at"])) // 1_000_000
    for channel, late in zip(signoff.fields["channels"], LATE, strict=False):
        fields = {"signoff": signoff.digest, "channel": channel, "address": "0" * 64,
                  "opened_ms": start + late, "revisions": []}  # fmt: skip
        with newsroom.room.acting(newsroom.release) as tx:
            tx.append("publisher.released", newsroom.release, fields, publisher)
    return newsroom


def desk(newsroom: DemoNewsroom) -> DeskApp:
    return DeskApp(source(newsroom), clock=newsroom.room.clock, room="reports")


async def test_the_row_of_all_is_shown_first_and_pictures_follow(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "all months" in text
        assert "Punctuality" in text
        assert "1 release came to its instant" in text
        for title in ("Lateness", "Minutes per step", "Work"):
            await pilot.press("p")
            assert title in picture(app)
        await pilot.press("f7", "f7")
        text = picture(app)
        assert "p50 7.0 ms" in text
        assert "100–200" in text


async def test_the_releases_behind_a_figure_bear_their_code_names(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, Message)
        text = picture(app)
        assert newsroom.release in text
        assert "on time" in text
        assert "140.0 ms" in text


async def test_one_agency_alone(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        before = app.screen.query_one("#reports").rows  # type: ignore[attr-defined]
        await pilot.press("f8")
        await pilot.pause()
        await pilot.press(*"justice", "enter")
        await settled(pilot)
        await settled(pilot)
        assert 0 < app.screen.query_one("#reports").rows < before  # type: ignore[attr-defined]
        assert "Ministry of Justice" in picture(app)


@pytest.mark.parametrize(("size", "colour", "drawn"), [
    ((150, 45), "", True), ((80, 24), "", False), ((150, 45), "1", False),
])  # fmt: skip
async def test_a_plot_is_drawn_where_there_is_room_and_colour(
    newsroom: DemoNewsroom, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], colour: str,
    drawn: bool,
) -> None:  # fmt: skip
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    app = desk(newsroom)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert app.screen.query_one(BarPlot).display is drawn
        assert "on time" in picture(app)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert app.screen.query_one(BarPlot).display is False


async def test_an_export_writes_every_table_once(newsroom: DemoNewsroom) -> None:
    app = desk(newsroom)
    paths = [newsroom.root / f"reports-{head(newsroom)}-{part}.csv" for part in PARTS]
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: len(app.screen_stack) > 1)
        await pilot.press("enter")
        await until(pilot, lambda: all(path.exists() for path in paths))
    assert paths[0].read_text("utf-8").startswith("month,agency,releases,on_time")
    assert len(paths[2].read_text("utf-8").splitlines()) == 1 + len(LATE)


async def test_the_words_are_vietnamese_too(newsroom: DemoNewsroom) -> None:
    set_language("vi")
    app = desk(newsroom)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = picture(app)
        assert "đúng giờ" in text
        assert "on time" not in text
        assert "100,0 %" in text


@given(st.lists(st.floats(-5_000, 5_000), max_size=50))
def test_every_opening_is_in_one_step_of_lateness(values: list[float]) -> None:
    found = bins(values)
    assert sum(one.count for one in found) == len(values)
    assert found[0].count == sum(value < 0 for value in values)
    assert found[-1].count == sum(value >= 1000 for value in values)


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1e6)), min_size=1, max_size=12),
       st.integers(30, 100))  # fmt: skip
def test_attack_29_bars_stay_in_their_width_whatever_they_are_called(
    rows: list[tuple[str, float]], width: int
) -> None:
    drawn = bars([(name, value, "1") for name, value in rows], width).plain
    assert len(drawn.split("\n")) == len(rows)
    assert all(cell_len(row) <= width for row in drawn.split("\n"))
    assert not any(ord(letter) < 32 and letter != "\n" for letter in drawn)


def test_a_little_is_not_nothing_and_the_largest_is_full() -> None:
    assert block(0.0, 10) == ""
    assert block(0.0001, 10) == "▏"
    assert block(1.0, 10) == "█" * 10
    assert spark([0.0, 5.0, 10.0]) == "▁▄█"


async def test_leaving_ends_the_count_and_coming_back_goes_on(
    newsroom: DemoNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "_PAGE", 1)
    asked = source(newsroom)
    app = DeskApp(asked, clock=newsroom.room.clock, room="reports")
    gate, seen = Event(), []
    count = asked.reports

    def slowly(going: facts.Going | None = None) -> ReportsView | None:
        def each(done: int, of: int) -> bool:
            assert going is not None
            seen.append(done)
            while len(seen) >= 3 and not gate.wait(0.01) and going(done, of):
                pass  # the third act takes its time, while anybody waits for it
            return going(done, of)

        return count(each)

    monkeypatch.setattr(asked, "reports", slowly)
    async with app.run_test(size=(80, 24)) as pilot:
        async with asyncio.timeout(60):
            while not re.search(r"Counting the log … \d+ %", picture(app)):
                await pilot.pause(0.01)
            while len(seen) < 3:
                await pilot.pause(0.01)
        await pilot.press("8")
        await settled(pilot)
        gate.set()
        await pilot.press("0")
        await settled(pilot)
        assert "1 release came to its instant" in picture(app)
    assert seen == list(range(1, head(newsroom) + 1)), "no act was read twice"

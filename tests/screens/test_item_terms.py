"""Terminology at the item: a finding is mended or kept with a reason, and then it may go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.items import drafts
from desk.locales import set_language
from screens.dialogs.form import Form
from screens.dialogs.message import ErrorMessage
from screens.dialogs.reason import ReasonDialog
from screens.rooms.item_room import ItemRoom
from tests.screens import newsroom_world
from tests.screens.item_desk import desk_on

BODY = """Ủy ban Nhân dân tỉnh giao các sở, ngành cập nhật thông tin công bố trong ngày, để
người dân tra cứu được trên cổng thông tin điện tử của cơ quan và nhận được hướng dẫn khi cần thiết
tại nơi tiếp nhận, kể cả ngoài giờ hành chính và vào những ngày nghỉ theo quy định chung của
Nhà nước."""
FIELDS = {
    "headline": "Cập nhật thông tin công bố trong ngày",
    "summary": "Các sở, ngành cập nhật thông tin công bố trong ngày để người dân tra cứu được.",
    "body": BODY,
}


async def test_what_the_terminology_stops_is_kept_with_a_reason_and_taken_back(
    tmp_path: Path,
) -> None:
    clock = FakeClock(newsroom_world.START)
    newsroom = newsroom_world.build(tmp_path / "room", clock)
    item = drafts.new(
        newsroom.room, newsroom.actor("editor-1"), kind="news", agency="thong-ke", language="vi",
        changes=FIELDS,
    ).item  # fmt: skip
    set_language("en")
    reader = newsroom_world.source(newsroom, "editor-1")
    async with desk_on(reader, clock, (100, 30)) as d:
        await d.open(item)
        await d.until(lambda: any(one.entry for one in d.room.check.findings))
        await d.press("f9")
        await d.until(lambda: isinstance(d.app.screen, ErrorMessage))
        assert "gate terms" in d.picture
        await d.press("escape", "f12")
        assert "Put the cursor" in d.notices
        await d.press("f3", "f12")
        await d.until(lambda: isinstance(d.app.screen, ReasonDialog))
        await d.type("ten rieng")
        await d.press("ctrl+s")
        await d.until(lambda: isinstance(d.app.screen, ItemRoom))
        await d.until(lambda: any(one.kept for one in d.room.check.findings))
        await d.press("f9")
        await d.until(lambda: isinstance(d.app.screen, Form))
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemRoom))
        await d.press("f3", "f12")
        await d.until(lambda: not any(one.kept for one in d.room.check.findings))


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")

"""Planning from the keyboard: through the real dialogs, over a real newsroom; the log is asked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.demo.newsroom import DemoNewsroom
from desk.trust.state import ReleaseState
from models.tables import RELEASES
from tests.screens.lead_desk import Desk, desk
from tests.screens.newsroom_world import head

LANGUAGE = "vi"


def release(newsroom: DemoNewsroom, code: str) -> ReleaseState:
    """The release with that code name, as the log has it now."""
    with newsroom.room.store.read() as connection:
        found = connection.scalars(select(RELEASES.c.id).where(RELEASES.c.code == code)).one()
    with newsroom.room.reading(found) as view:
        return view.record.releases[found]


async def plan(lead: Desk, code: str, wall: str) -> None:
    """From the key to the last dialog: code name, time, the first item, every channel."""
    await lead.press("n")
    await lead.dialog("Lên lịch")
    await lead.write(code, "code")
    await lead.write(wall, "wall")
    await lead.pilot.press("ctrl+s")
    await lead.dialog("Công bố gì?")
    await lead.pilot.press("enter", "ctrl+s")
    await lead.dialog("Trên những kênh nào?")
    await lead.pilot.press("ctrl+s")


async def test_a_lead_plans_confirms_moves_postpones_and_cancels(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom) as lead:
        await plan(lead, "MẶT-TRỜI", "28/12/2026 10:20")
        await lead.dialog("Thời điểm này không trống")  # another release holds the item as well
        await lead.pilot.press("enter")
        await lead.told("MẶT-TRỜI")
        planned = release(newsroom, "MẶT-TRỜI")
        assert (planned.at, planned.confirmed) == ("2026-12-28T03:20:00Z", False)
        assert set(planned.channels) == {"portal", "foreign", "press"}
        assert len(planned.items) == 1

        await lead.at_release("mat-troi")
        await lead.press("c")
        await lead.dialog("Xác nhận")
        await lead.pilot.press("enter")
        await lead.until(lambda: release(newsroom, "MẶT-TRỜI").confirmed)

        await lead.at_release("mat-troi")
        await lead.press("m")
        await lead.dialog("Dời")
        await lead.pilot.press("ctrl+s")
        await lead.see("Đợt công bố đang ở đúng giờ đó")
        await lead.write("29/12/2026 10:20")  # the time is what one types first
        await lead.pilot.press("ctrl+s")
        await lead.see("công chúng")  # no note: the form stays, and what was typed stays in it
        assert release(newsroom, "MẶT-TRỜI").at == "2026-12-28T03:20:00Z"
        assert "29/12/2026 10:20" in lead.picture
        await lead.write("Chờ số liệu tháng", "note")
        await lead.pilot.press("ctrl+s")
        await lead.dialog("Thời điểm này không trống")
        await lead.pilot.press("enter")
        await lead.passphrase("Dời", "sai mật khẩu")
        await lead.dialog("✖")
        assert release(newsroom, "MẶT-TRỜI").at == "2026-12-28T03:20:00Z"
        await lead.pilot.press("escape")
        await lead.passphrase("Dời")  # asked for again, nothing else is
        await lead.until(lambda: release(newsroom, "MẶT-TRỜI").at == "2026-12-29T03:20:00Z")
        assert release(newsroom, "MẶT-TRỜI").plan[-1].note == "Chờ số liệu tháng"
        await lead.gone()

        for key, title, status in (("z", "Hoãn", "postponed"), ("x", "Hủy hẳn", "cancelled")):
            await lead.at_release("mat-troi")
            await lead.press(key)
            await lead.dialog(title)
            await lead.write(f"Lý do {title}")
            await lead.pilot.press("ctrl+s")
            await lead.passphrase(title)
            await lead.until(lambda status=status: release(newsroom, "MẶT-TRỜI").status == status)
            await lead.gone()
            assert release(newsroom, "MẶT-TRỜI").plan[-1].note == f"Lý do {title}"


async def test_escape_goes_one_step_back_and_keeps_what_was_typed(newsroom: DemoNewsroom) -> None:
    before = head(newsroom)
    async with desk(newsroom, size=(60, 20)) as lead:
        await lead.press("f2")
        await lead.dialog("Lên lịch")
        await lead.write("SAO-HÔM", "code")
        await lead.write("28/12/2026 10:20", "wall")
        await lead.pilot.press("ctrl+s")
        await lead.dialog("Công bố gì?")
        await lead.pilot.press("down", "enter", "ctrl+s")
        await lead.dialog("Trên những kênh nào?")
        await lead.pilot.press("escape")
        await lead.dialog("Công bố gì?")
        assert "☒" in lead.picture
        await lead.pilot.press("escape")
        await lead.dialog("Lên lịch")
        assert "SAO-HÔM" in lead.picture
        await lead.pilot.press("escape")
        await lead.gone()
    assert head(newsroom) == before


async def test_a_refused_plan_names_the_rule_and_comes_back_as_typed(
    newsroom: DemoNewsroom,
) -> None:
    before = head(newsroom)
    async with desk(newsroom) as lead:
        await plan(lead, "SAO-HÔM", "20/11/2025 10:20")
        await lead.dialog("Thời điểm này không trống")
        await lead.pilot.press("enter")
        await lead.dialog("✖")
        assert "[" in lead.picture  # the rule
        await lead.pilot.press("enter")
        await lead.dialog("Lên lịch")
        await lead.see("20/11/2025 10:20", "SAO-HÔM")
    assert head(newsroom) == before


@pytest.mark.parametrize("key", ["n", "e", "m", "c", "s", "z", "x"])
async def test_who_has_not_the_role_is_told_the_rule_and_who_has_it(
    built: DemoNewsroom, key: str
) -> None:
    before = head(built)
    async with desk(built, "admin-1") as reader:
        await reader.at_release("tre-xanh")
        await reader.press(key)
        await reader.dialog("✖ Lúc này không làm được")
        await reader.see("[role]", "lead-1")
        await reader.pilot.press("escape")
        await reader.gone()
    assert head(built) == before


async def test_what_is_no_time_is_told_before_anything_else_is_asked(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom) as lead:
        await lead.press("n")
        await lead.dialog("Lên lịch")
        await lead.write("MẶT-TRỜI", "code")
        for typed, why in (("10:20", "Không phải"), ("31/02/2027 10:20", "Không có")):
            await lead.write(typed, "wall")
            await lead.pilot.press("ctrl+s")
            await lead.see(f"⚠ {why}", f"thời điểm{' này' * (why == 'Không có')}: {typed}")
        await lead.write("28/12/2026 10:20", "wall")
        await lead.pilot.press("ctrl+s")
        await lead.dialog("Công bố gì?")

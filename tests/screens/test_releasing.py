"""What is done to one release from the keyboard: each act changes the log, or says who could."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.trust.keys import Identity
from desk.trust.state import ItemState, ReleaseState
from screens.dialogs.mend import Mend
from screens.rooms.item_room import ItemRoom
from screens.rooms.release_room import ReleaseRoom
from screens.widgets.text_area import TextArea
from tests.screens.lead_desk import Desk, desk
from tests.screens.newsroom_world import head, holds_of

LANGUAGE = "vi"


def state(newsroom: DemoNewsroom, release: str = "") -> ReleaseState:
    release = release or newsroom.release
    with newsroom.room.reading(release) as view:
        return view.record.releases[release]


def item_of(newsroom: DemoNewsroom, item: str) -> ItemState:
    with newsroom.room.reading(item) as view:
        return view.record.items[item]


def under(lead: Desk) -> str:
    """The item under the cursor of the release's room."""
    room = lead.app.screen
    assert isinstance(room, ReleaseRoom)
    item = room.table.current
    assert item is not None
    return item.key


async def test_a_recalled_release_is_signed_anew_by_two(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom) as lead:
        await lead.open_release("sao-mai")
        await lead.press("r")
        await lead.passphrase("Rút lại chữ ký")
        await lead.until(lambda: state(newsroom).signoff is None)
        await lead.gone()
        await lead.see("0/2")
        await lead.press("s")
        await lead.passphrase("Ký duyệt")
        await lead.told("1")
        await lead.gone()
    async with desk(newsroom, "lead-2") as other:
        await other.open_release("sao-mai")
        await other.press("f9")
        await other.passphrase("Ký duyệt")
        await other.until(lambda: state(newsroom).signoff is not None)
        await other.see("2/2")


async def test_a_hold_wants_a_reason_and_two_people_lift_it(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "editor-1") as editor:  # anybody may hold
        await editor.open_release("sao-mai")
        await editor.press("h")
        await editor.dialog("Tạm dừng")
        await editor.pilot.press("ctrl+s")
        await editor.see("⚠")  # not without a reason
        await editor.write("Nghi sai số liệu ở đoạn hai")
        await editor.pilot.press("ctrl+s")
        await editor.passphrase("Tạm dừng")
        await editor.until(lambda: holds_of(newsroom, newsroom.release))
        await editor.gone()
        await editor.press("l")
        await editor.dialog("Lúc này không làm được")
        await editor.see("lead-1")
    async with desk(newsroom) as lead:
        await lead.open_release("sao-mai")
        await lead.see("‖")
        await lead.press("l")
        await lead.passphrase("Cho tiếp tục")
        await lead.gone()
        await lead.told("Một trong hai")
        assert holds_of(newsroom, newsroom.release)
        await lead.press("l")  # the same person does not count twice
        await lead.passphrase("Cho tiếp tục")
        await lead.dialog("✖")
        assert holds_of(newsroom, newsroom.release)
    async with desk(newsroom, "lead-2") as other:
        await other.open_release("sao-mai")
        await other.press("f7")
        await other.passphrase("Cho tiếp tục")
        await other.until(lambda: not holds_of(newsroom, newsroom.release))


async def test_a_pair_is_left_out_and_the_rest_signed_in_one_go(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom) as lead:
        await lead.open_release("sao-mai")
        item = under(lead)
        pair = {one for one in newsroom.items
                if item_of(newsroom, one).message == item_of(newsroom, item).message}  # fmt: skip
        await lead.press("x")
        await lead.dialog("Bỏ tin bài nào ra?")
        assert lead.picture.count("☒") == len(pair) == 2
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Bỏ ra")
        await lead.until(lambda: not pair & set(state(newsroom).items))
        await lead.gone()
        assert set(state(newsroom).items) == set(newsroom.items) - pair
        await lead.see("1/2")


async def test_a_slip_is_mended_with_one_approval_left(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "editor-1") as editor:
        await editor.open_release("sao-mai")
        item = under(editor)
        was = item_of(newsroom, item).current.number
        await editor.press("f")
        await editor.dialog("Sửa gấp")
        await editor.pilot.press("enter")  # the headline
        await editor.until(lambda: isinstance(editor.app.screen, Mend))
        area = editor.app.screen.query_one(TextArea)
        area.text = area.text + " 7"
        await editor.see("✖")  # a figure is no slip
        await editor.pilot.press("ctrl+s")
        assert isinstance(editor.app.screen, Mend)
        area.text = area.text.removesuffix(" 7") + " nhé"
        await editor.see("✔")
        await editor.pilot.press("ctrl+s")
        await editor.passphrase("Sửa gấp")
        await editor.until(lambda: item_of(newsroom, item).current.number == was + 1)
        assert item_of(newsroom, item).current.quick_fix
        await editor.gone()


async def test_a_script_is_let_open_it_and_what_was_typed_comes_back(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom) as lead:
        await lead.open_release("sao-mai")
        await lead.press("t")
        await lead.dialog("Giao cho tập lệnh")
        await lead.write("gdp", "script")
        await lead.write("không phải khóa", "key")
        await lead.pilot.press("ctrl+s")
        await lead.see("⚠ Không phải khóa")  # before any passphrase is asked for
        await lead.write(Identity.generate()[0].sign_public, "key")
        await lead.write("mai", "until")
        await lead.pilot.press("ctrl+s")
        await lead.see("⚠ Không phải thời điểm: mai")
        await lead.write("20/11/2025 08:30", "until")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Giao cho tập lệnh")
        await lead.dialog("✖")  # before its window begins
        await lead.pilot.press("escape")
        await lead.dialog("Giao cho tập lệnh")
        await lead.see("gdp", "20/11/2025 08:30")
        await lead.write("20/11/2026 08:30", "until")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Giao cho tập lệnh")
        await lead.until(lambda: state(newsroom).grant is not None)


async def test_it_is_brought_forward_with_a_public_reason(newsroom: DemoNewsroom) -> None:
    before = state(newsroom).at
    async with desk(newsroom) as lead:
        await lead.open_release("sao-mai")
        await lead.press("n")
        await lead.dialog("Công bố ngay")
        await lead.write("Theo yêu cầu của cơ quan chủ quản")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Công bố ngay")
        await lead.until(lambda: state(newsroom).at != before)
        assert state(newsroom).at < before
        assert state(newsroom).plan[-1].note == "Theo yêu cầu của cơ quan chủ quản"


@pytest.mark.parametrize(
    ("key", "title", "mode"),
    [("w", "Gỡ bỏ hẳn", "withdraw"), ("d", "Tạm gỡ", "takedown"), ("ctrl+k", "Thu hồi", "kill")],
)
async def test_what_is_public_is_taken_back_with_a_public_note(
    public: DemoNewsroom, key: str, title: str, mode: str
) -> None:
    async with desk(public) as lead:
        await lead.open_release("sao-mai")
        item = under(lead)
        await lead.press(key)
        await lead.dialog(title)
        await lead.write("Sai số liệu " * 60)
        await lead.pilot.press("ctrl+s")
        await lead.passphrase(title)
        await lead.dialog("✖")  # longer than 500 characters
        await lead.pilot.press("escape")
        await lead.dialog(title)
        await lead.write("Sai số liệu")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase(title)
        await lead.until(lambda: item_of(public, item).current.withdrawn == mode)
        await lead.see("▸ ⊘ ")  # in its row, whatever the width


async def test_two_people_put_back_what_was_taken_down(public: DemoNewsroom) -> None:
    async with desk(public) as lead:
        await lead.open_release("sao-mai")
        item = under(lead)
        await lead.press("d")
        await lead.dialog("Tạm gỡ")
        await lead.write("Đang rà soát")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Tạm gỡ")
        await lead.until(lambda: item_of(public, item).current.withdrawn == "takedown")
        await lead.gone()
        await lead.press("b")
        await lead.passphrase("Khôi phục")
        await lead.gone()
        await lead.told("lead-2")
        assert item_of(public, item).current.withdrawn == "takedown"
    async with desk(public, "lead-2") as other:
        await other.open_release("sao-mai")
        await other.until(lambda: under(other))
        while under(other) != item:
            await other.press("down")
        await other.press("ctrl+b")
        await other.passphrase("Khôi phục")
        await other.until(lambda: not item_of(public, item).current.withdrawn)


async def test_what_is_public_is_corrected_by_a_newer_revision(public: DemoNewsroom) -> None:
    async with desk(public, "editor-1") as editor:
        await editor.open_release("sao-mai")
        await editor.press("o")
        await editor.dialog("Đính chính")
        await editor.pilot.press("enter")
        await editor.until(lambda: isinstance(editor.app.screen, ItemRoom))


@dataclass(frozen=True)
class Deed:
    """A key, and who could press it instead."""

    key: str
    who: str


BEFORE = [Deed("s", "lead-2"), Deed("x", "lead-1"), Deed("f", "editor-1"), Deed("r", "lead-1"),
          Deed("t", "lead-1"), Deed("n", "lead-1"), Deed("m", "lead-1"), Deed("z", "lead-1"),
          Deed("K", "lead-1"), Deed("e", "editor-1")]  # fmt: skip
AFTER = [Deed("w", "lead-1"), Deed("d", "lead-1"), Deed("ctrl+k", "lead-1"), Deed("b", "lead-2"),
         Deed("o", "editor-1")]  # fmt: skip


async def _refused(newsroom: DemoNewsroom, person: str, deeds: list[Deed]) -> None:
    before = head(newsroom)
    async with desk(newsroom, person, size=(100, 30)) as reader:
        await reader.open_release("sao-mai")
        for deed in deeds:
            await reader.press(deed.key)
            await reader.dialog("✖")
            await reader.see("[role]", deed.who)
            await reader.pilot.press("escape")
            await reader.gone()
    assert head(newsroom) == before


async def test_without_the_role_nothing_is_done_before_the_instant(built: DemoNewsroom) -> None:
    await _refused(built, "admin-1", BEFORE)


async def test_without_the_role_nothing_is_done_afterwards(past: DemoNewsroom) -> None:
    await _refused(past, "reviewer-1", AFTER)


async def test_what_is_public_everywhere_cannot_be_held_any_more(public: DemoNewsroom) -> None:
    before = head(public)
    async with desk(public) as lead:
        await lead.open_release("sao-mai")
        await lead.press("h")
        await lead.dialog("✖ Không còn gì để tạm dừng")
        await lead.see("đính chính hoặc gỡ bỏ", "[released]")
    assert head(public) == before


async def test_the_footer_offers_what_can_be_done_now(public: DemoNewsroom) -> None:
    async with desk(public) as lead:  # 80 columns
        await lead.open_release("sao-mai")
        await lead.until(lambda: "w gỡ bỏ" in lead.picture.split("\n")[-1])
        footer = lead.picture.split("\n")[-1]
        assert "x bỏ ra" not in footer  # it would not fit beside
        assert "? trợ giúp" in footer

"""Lists to choose from: names are told, ids only where they say more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from screens.dialogs.choose import Choose
from screens.dialogs.narrowing import named, named_line, repeated

DRAWN = "i-dpcp7y5t5d"


def test_an_id_drawn_by_lot_is_not_told() -> None:
    assert named_line(DRAWN, "Bản tin sáng").plain == "Bản tin sáng"
    assert named_line("thong-ke", "Cục Thống kê").plain == "Cục Thống kê  thong-ke"
    assert named_line("vi", "vi").plain == "vi"


def test_of_two_with_one_name_the_ids_are_told() -> None:
    options = [(DRAWN, "Bản tin"), ("i-0000000000", "Bản tin"), ("i-1111111111", "Khác")]
    several = repeated(options)
    told = [named_line(id, name, often=name in several).plain for id, name in options]
    assert len(set(told)) == 3
    assert told[2] == "Khác"


@given(st.sampled_from(["ban tin", "BẢN", "dpcp7", ""]))
def test_it_is_found_by_its_id_all_the_same(words: str) -> None:
    assert named([(DRAWN, "Bản tin sáng")], words)


async def test_a_list_in_which_nothing_fits_says_so() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = Choose("Choose", [("a", "Bộ Y tế")])
        await app.push_screen(dialog)
        await pilot.press(*"xyz")
        await pilot.pause()
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Nothing found" in shown
        await pilot.press("enter")
        assert app.screen is dialog

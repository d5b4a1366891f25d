"""Typing, deleting and pasting in both fields: always composed, always whole letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.events import Key, Paste

from screens.widgets import edit
from screens.widgets.input import Input
from screens.widgets.text_area import TextArea

LETTERS = st.text(
    alphabet=st.sampled_from(
        "aăâeêioôơuưđAĐ \u0300\u0301\u0302\u0303\u0309\u0323\u031bxn👩\u200d1"
    ),
    max_size=20,
)


class Fields(App[None]):
    """One of each."""

    def compose(self) -> ComposeResult:
        yield Input(id="line")
        yield TextArea(id="area")


@given(LETTERS)
def test_boundaries_cut_a_text_into_pieces_that_make_it_again(text: str) -> None:
    places = edit.boundaries(text)
    assert places[0] == 0
    assert places[-1] == len(text)
    assert places == sorted(set(places))


@given(LETTERS, st.integers(-3, 25))
def test_before_and_after_leave_the_place_and_land_on_boundaries(text: str, index: int) -> None:
    index = max(0, min(index, len(text)))
    assert edit.before(text, index) in edit.boundaries(text)
    assert edit.after(text, index) in edit.boundaries(text)
    assert edit.before(text, index) < index or index == 0
    assert edit.after(text, index) > index or index == len(text)
    assert edit.snap(text, index) <= index


def test_boundaries_keep_marks_with_their_letters() -> None:
    assert edit.boundaries("e\u0323\u0302x") == [0, 3, 4]
    assert edit.boundaries("Việt") == [0, 1, 2, 3, 4]


@given(st.text(max_size=60))
def test_attack_29_pasted_text_holds_no_control_and_no_bidi(text: str) -> None:
    for multiline in (True, False):
        cleaned = edit.clean_paste(text, multiline=multiline).text
        assert unicodedata.is_normalized("NFC", cleaned)
        allowed = "\n\t" if multiline else ""
        assert not [
            c for c in cleaned if unicodedata.category(c) in ("Cc", "Zl", "Zp") and c not in allowed
        ]
        assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_pasted_lines_are_joined_never_dropped() -> None:
    assert edit.clean_paste("một\r\nhai\r\rba", multiline=False).text == "một hai ba"
    assert edit.clean_paste("một\r\nhai\u2028ba", multiline=True).text == "một\nhai\nba"
    assert edit.clean_paste("a\x1b[31m\u202eb", multiline=True).removed == 2


@pytest.mark.parametrize("selector", ["#line", "#area"])
async def test_a_field_is_composed_whatever_is_typed(selector: str) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        field = app.query_one(selector)
        field.focus()
        await pilot.pause()
        for typed, value in (("e\u0302\u0301", "ế"), ("a\u0323", "ạ"), ("o\u031b\u0301n", "ớn")):
            for char in typed:
                app.post_message(Key(char, char))
            await pilot.pause()
            await pilot.pause()
            assert (field.value if isinstance(field, Input) else field.text) == value
            for _again in value:
                await pilot.press("backspace")
            assert not (field.value if isinstance(field, Input) else field.text)


@pytest.mark.parametrize("selector", ["#line", "#area"])
async def test_arrows_and_deletes_move_over_whole_letters(selector: str) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        field = app.query_one(selector)
        field.focus()
        await pilot.pause()
        field.post_message(Paste("ax\u0323\u0302b"))
        await pilot.pause()
        await pilot.press("left", "left", "delete")
        assert (field.value if isinstance(field, Input) else field.text) == "ab"
        await pilot.press("right", "backspace", "backspace", "c")
        assert (field.value if isinstance(field, Input) else field.text) == "c"


async def test_a_pasted_text_replaces_what_is_selected_and_can_be_undone() -> None:
    app = Fields()
    async with app.run_test() as pilot:
        area = app.query_one(TextArea)
        area.focus()
        area.load_text("cũ")
        await pilot.press("shift+end")
        area.post_message(Paste("mới\r\nhơn"))
        await pilot.pause()
        assert area.text == "mới\nhơn"
        await pilot.press("ctrl+z")
        assert area.text == "cũ"


@pytest.mark.parametrize(
    "before", ["", "cũ", "\n".join(f"dòng {n}" for n in range(40))], ids=["empty", "word", "long"]
)
async def test_a_pasted_text_longer_than_the_field_can_be_undone_and_done_again(
    before: str,
) -> None:
    app = Fields()
    async with app.run_test(size=(80, 24)) as pilot:
        area = app.query_one(TextArea)
        area.focus()
        area.load_text(before)
        area.move_cursor(area.document.end)
        pasted = "\n".join(f"Dòng {number} của bản dán" for number in range(5_000))
        area.post_message(Paste(pasted))
        await pilot.pause()
        assert area.text == before + pasted
        for keys, text in (("ctrl+z", before), ("ctrl+y", before + pasted), ("ctrl+z", before)):
            await pilot.press(keys)
            await pilot.pause()
            assert area.text == text
            assert area.cursor_location[0] < area.document.line_count


async def test_a_read_only_area_takes_no_keys() -> None:
    app = Fields()
    async with app.run_test() as pilot:
        area = app.query_one(TextArea)
        area.load_text("giữ")
        area.read_only = True
        area.focus()
        await pilot.press("x", "backspace", "delete", "ctrl+k")
        area.post_message(Paste("y"))
        await pilot.pause()
        assert area.text == "giữ"


async def test_enter_submits_the_value_of_that_moment() -> None:
    seen: list[str] = []

    class Asking(Fields):
        def on_input_submitted(self, event: Input.Submitted) -> None:
            seen.append(event.value)

    app = Asking()
    async with app.run_test() as pilot:
        app.query_one(Input).focus()
        for key in "ab":
            app.post_message(Key(key, key))
        app.post_message(Key("enter", "\r"))
        app.post_message(Key("c", "c"))
        await pilot.pause()
        await pilot.pause()
    assert seen == ["ab"]


async def test_attack_29_a_value_set_by_the_program_shows_controls_as_pictures() -> None:
    app = Fields()
    async with app.run_test():
        app.query_one(Input).value = "a\x1b[31m\u202eb\n"
        app.query_one(TextArea).load_text("a\x9b31m\nb\u2066")
        assert app.query_one(Input).value == "a␛[31m\ufffdb␊"
        assert app.query_one(TextArea).text == "a\ufffd31m\nb\ufffd"


async def test_attack_29_a_pasted_line_brings_nothing_that_cannot_be_seen() -> None:
    app = Fields()
    async with app.run_test() as pilot:
        field = app.query_one(Input)
        field.focus()
        field.post_message(Paste("Xin\u200b chào\u00a0bạ\u00adn\ufeff 👩\u200d🔬"))
        await pilot.pause()
        assert field.value == "Xin chào bạn 👩\u200d🔬"
        field.value, field.password = "", True
        field.post_message(Paste("câu\u00a0dài"))
        await pilot.pause()
        assert field.value == "câu\u00a0dài"

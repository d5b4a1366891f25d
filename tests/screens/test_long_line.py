"""Long lines: what is shown and where it wraps is the same as Textual makes it, only sooner."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.document._document import Document
from textual.document._wrapped_document import WrappedDocument

from screens.widgets import edit, long_line
from screens.widgets.long_line import LongLine, WrappedLines
from screens.widgets.text_area import TextArea

WORDS = st.lists(
    st.sampled_from(
        ["độc", "lập", "tự", "do", "x" * 30, "日本語", "👩\u200d👩", "một\tcột", " ", ""]
    ),
    min_size=1,
    max_size=120,
).map(" ".join)
WIDTHS = st.integers(4, 40)


@given(WORDS, WIDTHS, st.data())
def test_a_line_that_is_edited_wraps_as_one_that_was_always_so(
    line: str, width: int, data: st.DataObject
) -> None:
    document = Document(line)
    wrapped = WrappedLines(document, width)
    for _edit in range(3):
        here = document.get_line(0)
        start = data.draw(st.integers(0, len(here)))
        end = data.draw(st.integers(start, min(len(here), start + 9)))
        put = data.draw(st.sampled_from(["", "a", " ", "một chữ ", "y" * 50, "\n"]))
        lines = document.line_count
        result = document.replace_range((0, start), (0, end), put)
        wrapped.wrap_range((0, start), (0, end), result.end_location)
        fresh = WrappedDocument(document, width)
        for row in range(document.line_count):
            assert wrapped.get_offsets(row) == fresh.get_offsets(row)
            assert wrapped.get_sections(row) == fresh.get_sections(row)
            for column in range(0, len(document.get_line(row)), 7):
                place = (row, column)
                assert wrapped.location_to_offset(place) == fresh.location_to_offset(place)
        assert wrapped.height == fresh.height
        assert document.line_count >= lines


@given(WORDS, WIDTHS, st.integers(0, 400), st.integers(0, 400))
def test_a_section_looks_as_if_the_whole_line_was_laid_out(
    line: str, width: int, one: int, other: int
) -> None:
    offsets = WrappedDocument(Document(line), width).get_offsets(0)
    long, whole = LongLine(line), Text(line, end="", no_wrap=True)
    for text in (long, whole):
        text.set_length(len(line) + 1)
        text.stylize(Style(bold=True))
        text.stylize(Style(reverse=True), min(one, other), max(one, other))
    for number, expected in enumerate(whole.divide(offsets)):
        shown = long.divide(offsets)[number]
        assert shown.plain == expected.plain
        for place in range(len(expected)):
            assert shown.get_style_at_offset(_console(), place) == expected.get_style_at_offset(
                _console(), place
            )


def _console() -> object:
    from rich.console import Console

    return Console()


@given(st.text(st.sampled_from("aăđ1 \u0301\u0323👩\u200d🇻🇳ế\ufe0f\u20e3"), max_size=300),
       st.integers(0, 300))  # fmt: skip
def test_the_next_letter_of_a_long_line_is_found_near_the_cursor(text: str, index: int) -> None:
    index = min(index, len(text))
    places = edit.boundaries(text)
    assert edit.before(text, index) == max((p for p in places if p < index), default=0)
    assert edit.after(text, index) == min((p for p in places if p > index), default=len(text))
    assert edit.snap(text, index) == max((p for p in places if p <= index), default=0)


class Area(App[None]):
    """One text area with a paragraph of 4,000 words."""

    def compose(self) -> ComposeResult:
        yield TextArea("độc lập " * 2000, soft_wrap=True, id="area")


async def test_a_word_typed_into_a_long_paragraph_is_seen_where_it_was_typed() -> None:
    app = Area()
    async with app.run_test(size=(60, 20)) as pilot:
        area = app.query_one(TextArea)
        area.focus()
        area.move_cursor((0, 8 * 1000))
        await pilot.press(*"tự do", "space")
        await pilot.pause()
        assert area.text == "độc lập " * 1000 + "tự do " + "độc lập " * 1000
        shown = "\n".join(
            "".join(segment.text for segment in area.render_line(y))
            for y in range(area.size.height)
        )
        assert "tự do" in shown
        await pilot.press(*["backspace"] * 6)
        assert area.text == "độc lập " * 2000
        assert len(area.wrapped_document.get_offsets(0)) > long_line._MANY

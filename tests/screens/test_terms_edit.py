"""Editing a file with its findings: marks, mending, keeping, saving only what was touched."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Paste

from desk.errors import Unavailable
from desk.terms.edited import EditedText
from desk.terms.ignores import Ignore
from desk.terms.live import Live
from desk.terms.termbase import shipped
from screens.dialogs.answers import Answers
from screens.dialogs.base import Dialog
from screens.dialogs.message import ErrorMessage
from screens.terms_edit import Editing, TermsEdit, TermsScreen
from screens.widgets.findings import FindingsArea
from screens.widgets.plain import Plain
from tests.screens.waiting import settled, until

BAD, GOOD = "Tổng bí thư", "Tổng Bí thư"


class Desk:
    """One file in the editor, and what was written and kept."""

    def __init__(self, raw: str) -> None:
        self.written: list[str] = []
        self.kept: list[Ignore] = []
        self.refuse = False
        live = Live(shipped(), language="vi", markup="markdown")
        editing = Editing("a.md", EditedText(raw), live, "bien-tap-1", self._write,
                          self.kept.append)  # fmt: skip
        self.app = TermsEdit(editing)
        self.live = live

    def _write(self, text: str) -> None:
        if self.refuse:
            raise Unavailable("The file cannot be written", "a.md: No space left on device")
        self.written.append(text)

    @property
    def screen(self) -> TermsScreen:
        assert isinstance(self.app.screen, TermsScreen)
        return self.app.screen

    @property
    def area(self) -> FindingsArea:
        return self.screen.area

    def said(self) -> str:
        return str(self.screen.query_one("#terms-said", Plain).render())


async def test_findings_are_gone_to_and_mended_in_place() -> None:
    desk = Desk(f"Đồng chí {BAD} dự.\n\nCâu giữa.\n\nLời của {BAD}.\n")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert [mark.start for mark in desk.area.marks] == [9, 45]
        await pilot.press("f3")
        assert desk.area.offset_at_cursor == 9
        await settled(pilot)
        assert GOOD in desk.said()
        assert "30/2020" in desk.said()
        await pilot.press("f3", "f3")
        assert desk.area.offset_at_cursor == 9, "round the end"
        await pilot.press("f2")
        assert desk.area.offset_at_cursor == 45
        await pilot.press("f4")
        await settled(pilot)
        assert desk.area.text.count(GOOD) == 1
        assert [mark.start for mark in desk.area.marks] == [9]
        await pilot.press("ctrl+z")
        assert desk.area.text.count(BAD) == 2


async def test_only_the_changed_paragraph_is_scanned_again() -> None:
    desk = Desk("\n\n".join(["Một câu.", f"Lời của {BAD}.", "Câu cuối."]))
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert desk.live.scanned == 3
        desk.area.move_cursor((4, 0))
        await pilot.press("x")
        await settled(pilot)
        assert desk.live.scanned == 1
        assert len(desk.area.marks) == 1


async def test_marks_are_told_by_shape_and_follow_wide_letters_and_lines() -> None:
    desk = Desk(f"😀 漢 {BAD}\nvà {BAD}")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for row, start in ((0, 4), (1, 3)):
            spans = [(s.start, s.end, str(s.style)) for s in desk.area.get_line(row).spans]
            assert (start, start + len(BAD), "bold underline") in spans


async def test_all_safe_fixes_are_one_step_back() -> None:
    desk = Desk(f"{BAD} dự.\n\nLời của {BAD}.\n")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f8")
        await settled(pilot)
        assert desk.area.text.count(GOOD) == 2
        assert desk.area.marks == ()
        await pilot.press("ctrl+z")
        assert desk.area.text.count(BAD) == 2


async def test_a_finding_is_kept_with_a_reason_and_comes_back_when_the_text_changes() -> None:
    desk = Desk(f"Lời của {BAD}.")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f3", "f12")
        await until(pilot, lambda: isinstance(pilot.app.screen, Dialog))
        await pilot.press("ctrl+s")  # nothing said: the dialog stays
        assert desk.kept == []
        await pilot.press(*"trich", "ctrl+s")
        await until(pilot, lambda: desk.kept)
        await settled(pilot)
        assert [(one.found, one.reason, one.author) for one in desk.kept] == [
            (BAD, "trich", "bien-tap-1")
        ]
        assert desk.area.marks == ()
        await pilot.press("end", "x")
        await settled(pilot)
        assert len(desk.area.marks) == 1


async def test_a_file_that_cannot_be_written_stays_open_and_changed() -> None:
    desk = Desk("Câu.")
    desk.refuse = True
    async with desk.app.run_test(size=(80, 24)) as pilot:
        editor = desk.screen
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorMessage))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is editor)
        assert editor.changed
        await pilot.press("escape")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, Answers), "it asks before it closes"
        )
        desk.refuse = False
        await pilot.press("s")
        await until(pilot, lambda: desk.written)
    assert desk.written == ["xCâu."]


async def test_attack_29_hostile_text_is_shown_harmless_and_kept_as_it_was() -> None:
    raw = f"\x1b]0;tieu de\x07 [@click=app.exit]x[/] \u202e{BAD}\nCâu."
    desk = Desk(raw)
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "\x1b" not in desk.area.text
        assert "[@click=app.exit]" in desk.area.text
        await pilot.press("f3")
        desk.area.move_cursor((1, 4))
        await pilot.press("!", "ctrl+s")
        await settled(pilot)
    assert desk.written == [raw + "!"]


async def test_telex_bursts_and_pastes_are_checked_like_typed_text() -> None:
    desk = Desk("")
    async with desk.app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Toong", *["backspace"] * 4, *"ổng bí thư")
        desk.area.post_message(Paste(unicodedata.normalize("NFD", f"\nlời {BAD}")))
        await pilot.pause()
        await settled(pilot)
        assert desk.area.text == f"{BAD}\nlời {BAD}"
        assert len(desk.area.marks) == 2


LINES = st.lists(
    st.tuples(st.text(st.sampled_from("aệe\u0323\u0302\x1b\u2028😀 "), max_size=6),
              st.sampled_from(["\n", "\r\n", "\r"])), min_size=1, max_size=6,
)  # fmt: skip


@given(LINES, st.booleans())
def test_a_text_that_was_not_touched_is_written_as_it_was(
    pairs: list[tuple[str, str]], ended: bool
) -> None:
    raw = "".join(line + end for line, end in pairs)
    raw = raw if ended else raw.rstrip("\r\n")
    edited = EditedText(raw)
    assert edited.written(edited.text) == raw


@given(LINES, st.data())
def test_only_the_line_that_was_touched_is_written_anew(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    pairs = [(f"{number} {line}", end) for number, (line, end) in enumerate(pairs)]
    raw = "".join(line + end for line, end in pairs)
    edited = EditedText(raw)
    at = data.draw(st.integers(0, len(pairs) - 1))
    lines = edited.text.split("\n")
    lines[at] = "thay"
    made = EditedText(edited.written("\n".join(lines)))
    for number, (line, end) in enumerate(pairs):
        if number != at:
            assert f"{line}{end}" in made.raw


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_new_line_takes_newline_and_composition_of_the_file(form: str) -> None:
    raw = unicodedata.normalize(form, "Đồng chí\r\nHội nghị\r\n")  # type: ignore[arg-type]
    edited = EditedText(raw)
    made = edited.written(edited.text.replace("Hội", "Kỳ họp\nHội"))
    want = unicodedata.normalize(form, "Đồng chí\r\nKỳ họp\r\nHội nghị\r\n")  # type: ignore[arg-type]
    assert made == want


def test_a_file_is_replaced_whole_with_its_rights(tmp_path: Path) -> None:
    from desk.terms.files import write_file

    file = tmp_path / "a.md"
    file.write_text("cũ", "utf-8")
    file.chmod(0o640)
    write_file(str(file), "mới")
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == ("mới", 0o640)
    assert list(tmp_path.iterdir()) == [file]

"""Where an item belongs: chosen from lists, stored with the draft, the same words as a command."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desk.errors import UsageError
from desk.items import drafts
from desk.items.content import changed, names_in
from desk.locales import set_language
from screens.dialogs.choose import Choose
from screens.dialogs.form import Form
from screens.dialogs.rows import Rows
from screens.rooms.item_room_settle import difference
from screens.source.item_room import ItemText
from tests.screens.item_desk import Desk, desk, draft_of
from tests.verbs.house import House, copied

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(founded: House, tmp_path: Path) -> House:
    """A newsroom whose calendar.yaml names sections."""
    made = copied(founded, tmp_path / "room")
    shutil.copy(ROOT / "desk/demo/calendar.yaml", made.root / "calendar.yaml")
    return made


async def write(d: Desk, row: int, text: str) -> None:
    """Change a row of the open list by typing; the list is there again afterwards."""
    await d.press("home", *["down"] * row, "enter")
    await d.until(lambda: isinstance(d.app.screen, Form))
    await d.type(text)
    await d.press("ctrl+s")
    await d.until(lambda: isinstance(d.app.screen, Rows))


async def choose(d: Desk, row: int, words: str) -> None:
    """Change a row of the open list by choosing."""
    await d.press("home", *["down"] * row, "enter")
    await d.until(lambda: isinstance(d.app.screen, Choose))
    await d.type(words)
    await d.press("enter")
    await d.until(lambda: isinstance(d.app.screen, Rows))


async def test_section_urgency_subjects_places_and_note_are_set_and_taken_back(
    house: House,
) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        await d.press("ctrl+n")
        await d.see("Kind, agency and language stay")
        await choose(d, 0, "Documents")
        await choose(d, 1, "2")
        await write(d, 2, "kinh te;  gia ca ;kinh te")
        await write(d, 3, "Ha Noi")
        await write(d, 4, "Advisory: figures are provisional")
        await d.press("escape")
        await d.press("ctrl+s")
        await d.see("Documents · 2 · kinh te")
        await d.until(lambda: "section" in draft_of(house, item))
        document = draft_of(house, item)
        assert (document["section"], document["urgency"]) == ("documents", 2)
        assert document["subjects"] == ["kinh te", "gia ca"]
        assert document["places"] == ["Ha Noi"]
        assert document["edit_note"].startswith("Advisory")

        await d.press("ctrl+n")
        await d.until(lambda: isinstance(d.app.screen, Rows))
        await choose(d, 0, "none")
        await choose(d, 1, "none")
        await d.press("escape")
        await d.press("ctrl+s")
        await d.until(lambda: "section" not in draft_of(house, item))
        assert "urgency" not in draft_of(house, item)


async def test_the_answer_to_a_conflict_keeps_them(house: House) -> None:
    item = house.draft()
    async with desk(house) as mine:
        await mine.open(item)
        await mine.press("ctrl+n")
        await mine.until(lambda: isinstance(mine.app.screen, Rows))
        await write(mine, 3, "Ha Noi")
        drafts.save(house.room, house["editor"], item, {"places": ["Huế"], "urgency": 3})
        await mine.press("escape")
        await mine.press("ctrl+s")
        await mine.see("Two versions of this text")
        await mine.press("f12")  # everybody's words
        await mine.see("Noi; Huế")
    document = draft_of(house, item)
    assert document["places"] == ["Ha Noi", "Huế"]
    assert document["urgency"] == 3


@pytest.mark.parametrize(
    "wrong",
    [{"section": "Tin tức"}, {"urgency": 0}, {"urgency": True}, {"urgency": 10},
     {"places": ["x" * 201]}, {"subjects": ["x"] * 101}, {"subjects": [""]}],
)  # fmt: skip
def test_what_a_portal_would_refuse_is_refused_when_it_is_typed(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        changed({}, wrong)


def test_what_is_empty_is_left_out() -> None:
    document = {"section": "documents", "urgency": 2, "places": ["Huế"], "sources": []}
    empty = {"section": "", "urgency": None, "places": [], "sources": []}
    assert changed(document, empty) == {"sources": []}


def test_names_are_parted_by_semicolons_and_stand_once() -> None:
    assert names_in(" Hue\u0302\u0301 ; Hà  Nội;; Huế") == ["Huế", "Hà Nội"]


def test_a_difference_names_its_fields_as_the_screen_does() -> None:
    set_language("vi")
    told = difference(ItemText(), ItemText(headline="A", summary="B", body="C", urgency=2)).plain
    for name in ("tiêu đề", "tóm tắt", "toàn văn"):
        assert f"@ {name}" in told
    for code in ("headline", "summary", "body", "urgency"):
        assert code not in told

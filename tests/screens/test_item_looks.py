"""The item as it shows: previews, pairs, the list, every size, hostile text."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from desk.locales import set_language
from screens.dialogs.message import ErrorMessage
from screens.rooms.item_preview import ItemPreview
from screens.rooms.item_room import ItemRoom
from screens.rooms.items_room import ItemsRoom
from screens.widgets.input import Input
from tests.screens.item_desk import BODY, desk, draft_of
from tests.verbs.house import TEXT, House

EVIL = "\x1b]0;owned\x07\x9b31m\u202e[@click=app.quit]CLICK[/][bold]b"


# Preview and pair


async def test_the_preview_shows_every_channel_and_is_marked_unpublished(house: House) -> None:
    item = house.draft(changes={"body": BODY + "\n\n- một\n- **hai** [báo](https://example.org)"})
    async with desk(house, size=(100, 40)) as d:
        await d.open(item)
        await d.press("ctrl+o")
        await d.until(lambda: isinstance(d.app.screen, ItemPreview))
        assert "CHƯA CÔNG BỐ · NOT YET PUBLISHED" in d.picture
        assert "• hai báo ‹https://example.org›" in d.picture
        assert "portal · vi" in d.picture
        assert "portal · en" in d.picture
        await d.press("right")
        assert "not written yet" in d.picture
        await d.press("escape")
        assert isinstance(d.app.screen, ItemRoom)


async def test_the_other_language_stands_beside_the_text(house: House) -> None:
    vi, en = house.pair()
    async with desk(house) as d:
        await d.open(en)
        await d.press("f4")
        await d.see(f"vi · {vi}")
        assert d.body.display
        await d.press("escape")
        assert isinstance(d.app.screen, ItemRoom)
        assert not d.room.query_one("#item-beside").display


# The list


async def test_the_list_filters_and_hides_what_one_may_not_read(house: House) -> None:
    item = house.submitted(code="HOA-SEN")
    async with desk(house, "health") as d:
        await d.see("▒ sealed · HOA-SEN")
        assert TEXT["headline"] not in d.picture
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, ErrorMessage))
        assert "sealed" in d.picture
    async with desk(house) as d:
        await d.see(TEXT["headline"])
        for query, found in (("state:submitted", True), ("agency:y-te", False), ("quý", True)):
            await d.press("slash")
            d.app.screen.query_one("#filter", Input).value = query
            await d.press("enter")
            await d.settle()
            assert (TEXT["headline"] in d.picture) == found, query
        await d.press("m")
        await d.settle()
        assert item


# Small, Vietnamese, hostile


@pytest.mark.parametrize("code", ["vi", "en"])
@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 12)])
async def test_it_shows_at_every_size_in_both_languages(
    house: House, code: str, size: tuple[int, int]
) -> None:
    set_language(code)
    item = house.draft()
    async with desk(house, size=size) as d:
        await d.open(item)
        text = d.picture
        assert max(len(line) for line in text.split("\n")) <= size[0]
        if size[0] >= 80:
            assert ("tóm tắt" if code == "vi" else "short version") in text
            assert "F9" in text
            assert "✔ lưu" in text if code == "vi" else "✔ saved" in text


async def test_attack_29_hostile_text_is_shown_harmless_in_every_field(house: House) -> None:
    fields = {
        "headline": EVIL, "summary": EVIL, "body": f"{EVIL}\n\n&#x202e;&#27;[31m",
        "edit_note": EVIL,
        "sources": [{"id": "1", "title": EVIL, "url": EVIL}],
        "legal": [{"id": "l1", "title": EVIL, "url": EVIL, "number": EVIL}],
    }  # fmt: skip
    item = house.draft(changes=fields, code=EVIL[:20])
    async with desk(house, size=(160, 50)) as d:
        for keys in ((), ("f7",), ("escape",), ("f6",), ("escape",), ("f8",), ("escape",)):
            if not keys:
                await d.open(item)
            else:
                await d.press(*keys)
            assert not set("\x1b\x07\x9b\u202e") & set(d.picture), keys
        await d.press("ctrl+o")
        await d.until(lambda: isinstance(d.app.screen, ItemPreview))
        assert not set("\x1b\x07\x9b\u202e") & set(d.picture)
        assert "[@click=app.quit]CLICK" in d.picture
        await d.press("escape")
        findings = d.room.query_one("#findings", OptionList)
        assert findings.option_count
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
        assert not set("\x1b\x07\x9b\u202e") & set(d.picture)


async def test_attack_14_nothing_written_lies_on_the_disk_in_clear(house: House) -> None:
    canary = "kiem7d1e"
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        d.body.focus()
        await d.type(canary)
        await d.autosave()
        await d.press("f6")
        await d.see("your draft")
        await d.press("escape")
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
    assert canary in str(draft_of(house, item)["body"])
    for file in house.root.rglob("*"):
        assert not (file.is_file() and canary.encode() in file.read_bytes()), file

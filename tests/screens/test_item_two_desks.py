"""One item at two desks, killed, cut off from the disk: nobody's words are lost."""

from __future__ import annotations

import os

import pytest
from textual.events import Paste

from desk.errors import Unavailable
from desk.items import drafts, presence, revisions, settling
from desk.items.merge import MINE
from screens.dialogs.answers import Answers
from screens.dialogs.curtain import Curtain
from screens.rooms.item_room import ItemRoom
from screens.rooms.items_room import ItemsRoom
from screens.widgets.input import Input
from screens.widgets.plain import Plain
from tests.screens.item_desk import BODY, PASSPHRASE, desk, draft_of
from tests.verbs.house import TEXT, House

# Two desks


async def test_two_people_see_each_other_and_neither_loses_a_word(house: House) -> None:
    item = house.submitted(changes={"body": BODY})
    async with desk(house) as mine, desk(house, "editor-2", size=(100, 30)) as theirs:
        await mine.open(item)
        await theirs.open(item)
        await mine.press("ctrl+r")
        await mine.see("also open at: editor-2")
        await mine.type("Toi ")  # the cursor begins in the full version
        await mine.press("ctrl+s")
        await mine.see("✔ saved")
        await theirs.press("ctrl+end")
        await theirs.type(" Ban")
        await theirs.press("f9")
        await theirs.see("notes for the approvers")
        await theirs.press("ctrl+s")
        await theirs.until(lambda: "passphrase" in theirs.picture)
        theirs.app.screen.query_one(Input).value = PASSPHRASE
        await theirs.press("enter")
        await theirs.until(lambda: isinstance(theirs.app.screen, ItemsRoom))

        await mine.press("ctrl+r")
        await mine.see("editor-2 has submitted rev 2")
        await mine.press("f9")
        await mine.until(lambda: isinstance(mine.app.screen, Answers))
        body = mine.app.screen.query_one("#dialog-text", Plain)
        assert "+ Đoạn ba. Ban" in str(body.render())
        await mine.press("b")
        await mine.until(lambda: not isinstance(mine.app.screen, Answers))
        assert mine.body.text.startswith("Toi ")
        assert "Đoạn ba. Ban" in mine.body.text
    assert "Đoạn ba. Ban" in str(draft_of(house, item)["body"])


@pytest.mark.parametrize(("answer", "there"), [("m", "Mot "), ("t", "Hai "), ("b", MINE)])
async def test_two_desks_of_one_person_settle_and_the_other_words_are_kept(
    house: House, answer: str, there: str
) -> None:
    item = house.draft()
    async with desk(house) as first:
        await first.open(item)
        drafts.save(house.room, house["editor"], item, {"body": "Hai " + TEXT["body"]})
        first.body.focus()
        await first.type("Mot ")
        first.clock.advance(6)
        await first.until(lambda: isinstance(first.app.screen, Answers))
        assert "Another desk of yours" in first.picture
        await first.press(answer)
        await first.until(lambda: isinstance(first.app.screen, ItemRoom) and not first.room.unsaved)
        await first.until(lambda: first.body.text.startswith(there))
        await first.press("ctrl+z")
        if answer == "t":  # undo gives my own words back at once
            assert first.body.text.startswith("Mot ")
    with house.room.reading(item) as view:
        kept = str(settling.before(view, house["editor"], item)["body"])
    assert kept.startswith("Hai " if answer == "m" else "Mot ")


async def test_leaving_the_question_stores_nothing_and_keeps_the_words(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        drafts.save(house.room, house["editor"], item, {"body": "Hai"})
        d.body.focus()
        await d.type("Mot ")
        await d.press("ctrl+s")
        await d.until(lambda: isinstance(d.app.screen, Answers))
        await d.press("enter", "escape")
        await d.see("not saved")
        assert d.body.text.startswith("Mot ")
        assert draft_of(house, item)["body"] == "Hai"


async def test_attack_14_behind_the_curtain_no_question_shows_the_text(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        await d.type("Mot ")
        drafts.save(house.room, house["editor"], item, {"body": "Hai"})
        await d.press("ctrl+l")
        room = d.room
        d.clock.advance(6)
        await d.until(lambda: room.unsaved)
        assert isinstance(d.app.screen, Curtain)
        assert "Hai" not in d.picture
        await d.press("enter", "ctrl+g")
        await d.until(lambda: isinstance(d.app.screen, Answers))


async def test_quitting_stores_what_was_typed_last(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        await d.type("Cuoi ")
        await d.press("ctrl+q")
        await d.until(lambda: not d.app.is_running or d.app._exit)
    assert str(draft_of(house, item)["body"]).startswith("Cuoi ")
    assert presence.sittings(house.root) == ()


async def test_a_draft_that_was_submitted_at_another_desk_is_begun_again(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        revisions.submit(house.room, house["editor"], item)
        d.body.focus()
        await d.type("Sau ")
        await d.press("ctrl+s")
        await d.until(lambda: d.room.changed_at is None or isinstance(d.app.screen, Answers))
        if isinstance(d.app.screen, Answers):
            await d.press("m")
            await d.until(lambda: isinstance(d.app.screen, ItemRoom))
    assert str(draft_of(house, item)["body"]).startswith("Sau ")


# Recovery, history, outages


async def test_a_draft_that_a_killed_desk_left_is_shown_with_its_difference(house: House) -> None:
    item = house.submitted()
    drafts.edit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, {"headline": "Viết dở"})
    note = presence.Presence(house.root, item, "editor")
    assert note.enter("2026-11-20T00:59:00Z")
    os.close(note._descriptor)  # as the kernel does when a process dies
    async with desk(house, size=(100, 30)) as d:
        await d.see("recovered")
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, Answers))
        assert "+ Viết dở" in d.picture
        await d.press("r")
        await d.until(lambda: isinstance(d.app.screen, ItemRoom))
        await d.until(lambda: d.room.query_one("#headline", Input).value == TEXT["headline"])
        await d.press("f6")
        await d.see("words that gave way")
        await d.press("down", "b")
        await d.until(lambda: d.room.query_one("#headline", Input).value == "Viết dở")
        await d.press("escape")
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
        assert "recovered" not in d.picture


async def test_history_compares_any_two(house: House) -> None:
    item = house.submitted(changes={"headline": "Một"})
    for headline in ("Hai", "Ba"):
        drafts.edit(house.room, house["editor"], item)
        drafts.save(house.room, house["editor"], item, {"headline": headline})
        revisions.submit(house.room, house["editor"], item)
    async with desk(house, size=(100, 30)) as d:
        await d.open(item)
        await d.press("f6")
        await d.see("rev 3")
        await d.press("enter")
        await d.see("rev 2 → rev 3")
        assert "- Hai" in d.picture
        await d.press("escape")
        await d.press("end", "m", "home", "enter")
        await d.see("rev 1 → rev 3")
        assert "- Một" in d.picture
        assert "+ Ba" in d.picture


async def test_attack_27_when_nothing_can_be_stored_the_words_stay_and_it_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)

        def full(*_arguments: object) -> None:
            raise Unavailable("The disk is full")

        monkeypatch.setattr(d.app.source, "item_save", full)
        d.body.focus()
        await d.type("Het cho ")
        d.clock.advance(6)
        await d.see("not saved: The disk is full")
        await d.press("escape")
        await d.see("Close without saving?")
        await d.press("escape")
        assert d.body.text.startswith("Het cho ")
        monkeypatch.undo()
        await d.press("ctrl+s")
        await d.see("✔ saved")
    assert str(draft_of(house, item)["body"]).startswith("Het cho ")


async def test_a_headline_that_is_too_long_keeps_no_other_words_from_the_disk(
    house: House,
) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        headline = d.room.query_one("#headline", Input)
        headline.value = "a" * 301
        d.body.focus()
        await d.type("Con chu ")
        d.clock.advance(6)
        await d.see("not saved: headline is too long: 301 of 300")
        assert str(draft_of(house, item)["body"]).startswith("Con chu ")
        assert draft_of(house, item)["headline"] == TEXT["headline"]
        await d.press("escape")
        await d.see("Close without saving?")
        await d.press("escape")
        assert headline.value == "a" * 301
        headline.value = "Ngan"
        await d.press("ctrl+s")
        await d.see("✔ saved")
    assert draft_of(house, item)["headline"] == "Ngan"


async def test_a_megabyte_pasted_into_one_line_is_refused_and_into_the_body_is_kept(
    house: House,
) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        headline = d.room.query_one("#headline", Input)
        headline.focus()
        headline.post_message(Paste("a b " * 250_000))
        await d.until(lambda: "1000000" in d.notices)
        assert headline.value == TEXT["headline"]
        pasted = "Một dòng chữ dài.\n\n" * 30_000
        d.body.focus()
        d.body.post_message(Paste(pasted))
        await d.until(lambda: len(d.body.text) > len(pasted))
        await d.press("ctrl+s")
        await d.see("✔ saved")
    assert len(str(draft_of(house, item)["body"])) > 500_000

"""An editor's day at one item: write, be told what is missing, add sources and files, submit."""

from __future__ import annotations

from textual import events
from textual.widgets import OptionList

from desk.items import drafts
from desk.locales import set_language
from screens.dialogs.form import Form
from screens.dialogs.message import ErrorMessage
from screens.rooms.item_room import ItemRoom
from screens.rooms.items_room import ItemsRoom
from screens.widgets.body_area import BodyArea
from screens.widgets.findings import FindingsArea
from screens.widgets.input import Input
from screens.widgets.virtual_table import VirtualTable
from tests.screens.item_desk import BODY, PASSPHRASE, desk, draft_of
from tests.verbs.house import TEXT, House

# Beginning, writing, submitting


async def test_a_new_item_is_written_checked_and_submitted(house: House) -> None:
    async with desk(house) as d:
        await d.press("n")
        await d.see("New item · Kind")
        await d.type("news")
        await d.press("enter")  # the only agency comes next, then the languages
        await d.see("Agency")
        await d.press("enter")
        await d.see("Language")
        await d.press("enter")
        await d.see("code name")
        await d.type("SAO")
        await d.press("ctrl+s")
        await d.until(lambda: isinstance(d.app.screen, ItemRoom) and d.room.check)
        assert any("short version is missing" in f.message for f in d.room.check.findings)
        assert d.app.focused is d.room.query_one("#headline")
        await d.type("Tin")
        await d.press("enter")
        assert d.app.focused is d.body
        d.body.insert_here(BODY)
        await d.press("f2")
        d.room.query_one("#summary", BodyArea).insert_here(TEXT["summary"])
        await d.see("✔ nothing to mend")
        await d.press("f9")
        await d.see("notes for the approvers")
        await d.press("ctrl+s")
        await d.until(lambda: "passphrase" in d.picture)
        d.app.screen.query_one(Input).value = PASSPHRASE
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
        await d.see("◔ submitted")
        current = d.app.screen.query_one(VirtualTable).current
        assert current is not None
        assert current.title == "Tin"  # the cursor is on what was just begun
    with house.room.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == 0


async def test_what_is_typed_is_stored_by_itself_and_when_the_desk_leaves(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        d.body.focus()
        await d.type("Vie")
        await d.see("● changed")
        assert draft_of(house, item)["body"] == TEXT["body"]
        await d.autosave()
        assert str(draft_of(house, item)["body"]).startswith("Vie")
        await d.see("✔ saved")
        await d.type("t")
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
        assert str(draft_of(house, item)["body"]).startswith("Viet")


async def test_reading_an_item_begins_no_draft_and_writing_does(house: House) -> None:
    item = house.submitted()
    async with desk(house, "editor-2") as d:
        await d.open(item)
        await d.press("escape")
        await d.until(lambda: isinstance(d.app.screen, ItemsRoom))
        with house.room.reading(item) as view:
            assert drafts.open_by(view.connection, item) == []
        await d.open(item)
        d.body.focus()
        await d.type("x")
        await d.press("ctrl+s")
        await d.until(lambda: d.room.version == 2)
    assert str(draft_of(house, item, "editor-2")["body"]).startswith("x")


async def test_a_submit_that_a_gate_refuses_names_the_gate_and_signs_nothing(house: House) -> None:
    item = house.draft(changes={"body": BODY + "\n\nTăng 7,4%."})
    async with desk(house, size=(100, 30)) as d:
        await d.open(item)
        assert "✖" in d.picture
        await d.press("f3")
        assert d.app.focused is d.body
        row, column = d.body.cursor_location
        assert d.body.document.get_line(row)[column:].startswith("7,4%")
        await d.press("f9")
        await d.until(lambda: isinstance(d.app.screen, ErrorMessage))
        assert "gate sources" in d.picture
    with house.room.reading(item) as view:
        assert item not in view.record.items


async def test_who_may_not_write_reads_and_is_told_why_at_the_key(house: House) -> None:
    item = house.submitted()
    async with desk(house, "reviewer", size=(100, 30)) as d:
        await d.open(item)
        assert "read only" in d.picture
        d.body.focus()
        await d.type("xyz")
        assert d.body.text == TEXT["body"]
        for key in ("f9", "ctrl+s", "ctrl+e"):
            await d.press(key)
            await d.until(lambda: isinstance(d.app.screen, ErrorMessage))
            assert "could act: editor" in d.picture
            await d.press("escape")


async def test_letters_of_shortcuts_go_into_the_text(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        d.body.focus()
        await d.type("qn1 h?/")
        assert isinstance(d.app.screen, ItemRoom)
        assert d.body.text.startswith("qn1 h?/")


# Sources, files, marks


async def test_a_source_is_added_and_its_mark_put_into_the_text(house: House) -> None:
    item = house.draft()
    async with desk(house) as d:
        await d.open(item)
        d.body.focus()
        await d.press("f7")
        await d.see("None yet.")
        await d.press("n")
        await d.until(lambda: isinstance(d.app.screen, Form))
        await d.type("Bang 3")
        await d.press("ctrl+s")
        await d.see("[^1] Bang 3")
        await d.press("l")
        await d.until(lambda: isinstance(d.app.screen, Form))
        await d.press("ctrl+s")  # without a title it is not taken
        await d.see("Give it a title")
        await d.type("Luat")
        await d.press("tab", "tab")
        await d.type("javascript:x")
        await d.press("ctrl+s")
        await d.see("may be linked")
        await d.press("escape")
        await d.see("[^1] Bang 3")
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, ItemRoom))
        assert d.body.text.startswith("[^1]")
        await d.press("ctrl+s")
        await d.until(lambda: d.room.version == 2)
    assert draft_of(house, item)["sources"] == [{"id": "1", "title": "Bang 3"}]


async def test_a_file_is_added_described_looked_at_and_taken_off(house: House) -> None:
    item = house.draft()
    (house.root / "note.txt").write_text("Ghi chú báo chí", "utf-8")
    async with desk(house, size=(100, 30)) as d:
        await d.open(item)
        await d.press("f8", "n")
        await d.until(lambda: isinstance(d.app.screen, Form))
        d.app.screen.query_one(Input).value = str(house.root / "note.txt")
        await d.press("enter")
        await d.see("What is it?")
        await d.type("plain")
        await d.press("enter")
        await d.until(lambda: isinstance(d.app.screen, Form))
        await d.type("Ghi")
        await d.press("ctrl+s")
        await d.see("note.txt")
        await d.press("v")
        await d.see("Ghi chú báo chí")
        await d.press("escape")
        await d.press("d")
        await d.see("Take off: note.txt")
        await d.press("enter")
        await d.see("No files yet.")
    assert draft_of(house, item)["assets"] == []


async def test_a_paste_from_word_is_cleaned_told_and_can_be_undone(house: House) -> None:
    item = house.draft(changes={"body": ""})
    raw = "•\tMô\u0323t\u00a0hai\u00ad\u200b"
    async with desk(house) as d:
        await d.open(item)
        d.body.focus()
        d.body.post_message(events.Paste(raw))
        await d.until(lambda: "invisible characters" in d.notices)
        assert d.body.text == "- Một hai"
        await d.press("ctrl+z")
        assert d.body.text == "•\tMột\u00a0hai\u00ad\u200b"
        await d.press("ctrl+z")
        assert d.body.text == ""


async def test_a_wrong_term_is_found_while_one_types_and_stops_no_kind_that_has_no_such_gate(
    house: House,
) -> None:
    set_language("vi")
    item = house.draft(changes={"body": f"Tổng bí thư nhấn mạnh.\n\n{BODY}"})
    async with desk(house, size=(100, 30)) as d:
        await d.open(item)
        await d.see("1:1")
        assert any("Tổng Bí thư" in f.message for f in d.room.check.findings if f.gate == "terms")
        await d.press(*["right"] * 5, *["delete"] * 6)
        await d.type("Bi")
        await d.until(lambda: not any(f.gate == "terms" for f in d.room.check.findings))
        await d.press("ctrl+z", "ctrl+z", "f9")
        await d.until(lambda: isinstance(d.app.screen, Form))


async def test_a_finding_is_underlined_and_mended_where_it_stands_and_undone(house: House) -> None:
    item = house.draft(changes={"headline": "Tổng bí thư dự lễ",
                                "body": f"{BODY}\n\nLời của Tổng bí thư."})  # fmt: skip
    async with desk(house, size=(100, 30)) as d:
        await d.open(item)
        area = d.room.query_one("#body", FindingsArea)
        await d.until(lambda: area.marks)
        assert area.text[area.marks[0].start : area.marks[0].end] == "Tổng bí thư"
        await d.press("f11")
        assert "F3" in d.notices, "no finding is under the mark yet"
        await d.press("f3", "f11")
        await d.until(lambda: d.room.query_one("#headline", Input).value == "Tổng Bí thư dự lễ")
        await d.until(lambda: not any(f.field == "headline" and f.gate == "terms"
                                      for f in d.room.check.findings))  # fmt: skip
        rows = [n for n, f in enumerate(d.room.check.findings) if f.gate == "terms"]
        d.room.query_one("#findings", OptionList).highlighted = rows[0]
        await d.press("f11")
        await d.until(lambda: d.body.text.endswith("Tổng Bí thư."))
        await d.until(lambda: not area.marks)
        d.body.focus()
        await d.press("ctrl+z")
        assert d.body.text.endswith("Tổng bí thư.")

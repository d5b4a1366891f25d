"""The terms room: look a word up, add an entry, change one with a second person, see its hits."""

from __future__ import annotations

import re

import pytest

from desk.locales import set_language
from desk.terms import overlay, proposals
from desk.terms.change import Change
from desk.terms.drafted import Drafted, drafted, entry_from
from desk.terms.termbase import shipped
from screens.app import DeskApp
from screens.dialogs.form import Form
from screens.dialogs.message import Message
from screens.dialogs.passphrase import Passphrase
from screens.newsroom.source import NewsroomSource
from screens.rooms.terms_room import TermsRoom
from screens.widgets.input import Input
from screens.widgets.virtual_table import VirtualTable
from tests.screens.item_desk import PASSPHRASE, Desk, source
from tests.verbs.house import House
from tests.verbs.test_terms_gate import rule, text

BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Terms(Desk):
    """A desk in the terms room."""

    @property
    def table(self) -> VirtualTable[object]:
        return self.app.screen.query_one(VirtualTable)

    async def search(self, words: str) -> None:
        await self.press("slash")
        await self.type(words)
        await self.press("enter")

    async def fill(self, **fields: str) -> None:
        await self.until(lambda: isinstance(self.app.screen, Form))
        for name, value in fields.items():
            self.app.screen.query_one(f"#field-{name}", Input).value = value
        await self.press("ctrl+s")

    async def sign(self) -> None:
        await self.until(lambda: isinstance(self.app.screen, Passphrase))
        await self.type(PASSPHRASE)
        await self.press("ctrl+s")
        await self.until(lambda: isinstance(self.app.screen, TermsRoom | Form))


class at_desk:
    """`async with at_desk(house, "lead-1") as d`."""

    def __init__(self, house: House, person: str, size: tuple[int, int] = (100, 30)) -> None:
        self.app = DeskApp(source(house, person), clock=house.clock, idle_lock=0, room="terms")
        self.run = self.app.run_test(size=size)
        self.clock = house.clock

    async def __aenter__(self) -> Terms:
        made = Terms(self.app, await self.run.__aenter__(), self.clock)
        await made.settle()
        await made.until(lambda: made.table.rows > 0)
        return made

    async def __aexit__(self, *error: object) -> None:
        await self.run.__aexit__(*error)  # type: ignore[arg-type]


NEW = {"use": "chuyển đổi số", "avoid": "chuyển hóa số"}
WHY = {"rule": "Viết chuyển đổi số.", "source": "Quy ước của tòa soạn",
       "match": "Công tác chuyển hóa số.", "clean": "Công tác chuyển đổi số."}  # fmt: skip


async def test_a_word_is_looked_up_without_accents_and_its_source_is_shown(house: House) -> None:
    async with at_desk(house, "lead-1", (80, 24)) as d:
        total = d.table.rows
        await d.search("tong bi thu")
        await d.until(lambda: 0 < d.table.rows < total)
        await d.see("Tổng Bí thư")
        await d.see("30/2020")
        await d.press("escape")
        await d.until(lambda: d.table.rows == total)


async def test_an_entry_is_added_signed_and_counts_at_once(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f4")
        await d.fill(**NEW)
        await d.fill(**WHY, reason="Văn bản mới")
        await d.until(lambda: isinstance(d.app.screen, Passphrase))
        assert "chuyển đổi số" in d.picture
        await d.sign()
        await d.see("v1 ")
    entry = overlay.effective(house.root).by_id["vi", "chuyen-doi-so"]
    assert entry.source.source.title == "Quy ước của tòa soạn"
    assert proposals.standing(house.room).problems == ()


async def test_an_entry_that_fails_its_example_comes_back_with_what_is_wrong(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f4")
        await d.fill(**NEW)
        await d.fill(**{**WHY, "match": "Một câu không có gì."})
        await d.sign()
        await d.see("chuyen-doi-so")
        await d.until(lambda: isinstance(d.app.screen, Form))
        assert d.app.screen.query_one("#field-use", Input).value == NEW["use"]
    assert ("vi", "chuyen-doi-so") not in overlay.effective(house.root).by_id


async def test_a_rule_without_a_source_is_not_taken(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f4")
        await d.fill(**NEW)
        await d.fill(rule="Viết thế.")
        assert "no rule without a source" in d.picture


async def test_what_is_nearly_there_already_is_asked_about(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f4")
        await d.fill(use="Tổng Bí thư Đảng", avoid="Tổng Bi thư")
        await d.fill(**{**WHY, "match": "Tổng Bi thư dự.", "clean": ""})
        await d.until(lambda: isinstance(d.app.screen, Passphrase))
        assert "did you mean" in d.picture


async def test_an_error_entry_waits_for_a_second_person_who_accepts_it(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f4")
        await d.fill(**NEW, severity="error")
        await d.fill(**WHY)
        await d.sign()
        await d.see("1 wait")
        assert ("vi", "chuyen-doi-so") not in overlay.effective(house.root).by_id
    async with at_desk(house, "lead-2") as d:
        await d.see("lead-1")
        await d.press("f2")
        assert "accept it (F9)" in d.notices
        await d.press("f9")
        await d.sign()
        await d.see("v1 ")
    assert overlay.effective(house.root).by_id["vi", "chuyen-doi-so"].severity == "error"


async def test_a_change_accepted_at_another_desk_while_it_is_opened_is_no_error(
    house: House,
) -> None:
    put = Change(put=(rule("q", "quân số", "số lượng", severity="error"),))
    waits = proposals.propose(house.room, house["lead-1"], put)
    async with at_desk(house, "lead-2") as d:
        await d.see("lead-1")
        room = d.app.screen
        assert isinstance(room, TermsRoom)
        row = d.table.current
        proposals.accept(house.room, house["lead-2"], waits.id)
        await room.run_worker(room._open(row)).wait()  # the list still showed it
        assert d.app.screen is room


async def test_accepting_says_why_it_cannot_where_nothing_waits(house: House) -> None:
    async with at_desk(house, "lead-1") as d:
        await d.press("f9")
        assert "change that waits" in d.notices


async def test_what_the_termbase_speaks_against_is_listed(house: House) -> None:
    item = house.submitted(changes=text("Con quân số này đã khác."))
    proposals.propose(house.room, house["lead-1"], Change(put=(rule("q", "quân số", "số lượng"),)))
    async with at_desk(house, "lead-1") as d:
        await d.press("f8")
        await d.until(lambda: isinstance(d.app.screen, Message))
        assert item in d.picture
        assert "số lượng" in d.picture


async def test_attack_13_files_edited_by_hand_are_told(house: House) -> None:
    proposals.propose(house.room, house["lead-1"], Change(put=(rule("q", "quân số", "số lượng"),)))
    (house.root / "terms" / "vi.yaml").unlink()
    async with at_desk(house, "lead-1") as d:
        await d.see("not what was accepted")


async def test_attack_29_hostile_entries_are_shown_harmless(house: House) -> None:
    hostile = "x [@click=app.quit]y[/] [red]z"
    entry = entry_from(Drafted(use=hostile, avoid="quân số", rule=hostile, source=hostile,
                               match="Con quân số này."))  # fmt: skip
    proposals.propose(house.room, house["lead-1"], Change(put=(entry,), reason=hostile))
    async with at_desk(house, "lead-1") as d:
        await d.search("app.quit")
        await d.see("[@click=app.quit]")
        assert not BAD.search(d.picture.replace("\n", ""))


async def test_the_room_is_there_in_vietnamese_at_80_columns(house: House) -> None:
    set_language("vi")
    async with at_desk(house, "lead-1", (80, 24)) as d:
        await d.see("kho thuật ngữ")
        assert all(len(row) <= 80 for row in d.picture.splitlines())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_form_gives_every_entry_back_as_it_was(language: str) -> None:
    for entry in shipped().of_language[language]:
        assert entry_from(drafted(entry), entry) == entry, entry.id


def test_the_source_answers_all_calls() -> None:
    names = [name for name in dir(NewsroomSource) if name.startswith("terms_")]
    assert sorted(names) == ["terms_accept", "terms_affected", "terms_board", "terms_entry",
                             "terms_near", "terms_put"]  # fmt: skip

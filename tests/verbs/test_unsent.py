"""Words that a person typed and did not send: theirs alone, offered once more, then gone."""

from __future__ import annotations

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.people import unsent
from desk.text import nfc
from tests.verbs.house import House, change_roster
from tests.verbs.test_database import CANARY, FORMS, files_with_canary

FORM = "Form\nCâu hỏi mới\n"


def test_what_was_kept_of_a_form_is_its_newest_words(house: House) -> None:
    editor = house["editor"]
    assert unsent.kept(house.room, editor, FORM) is None
    unsent.keep(house.room, editor, FORM, {"question": "Bao giờ"})
    house.clock.advance(2)
    unsent.keep(house.room, editor, FORM, {"question": "Bao giờ có số liệu?"})
    unsent.keep(house.room, editor, "Form\nkhác\n", {"question": "việc khác"})
    found = unsent.kept(house.room, editor, FORM)
    assert found is not None
    assert (dict(found.words), found.at) == ({"question": "Bao giờ có số liệu?"},
                                             house.room.instant())  # fmt: skip


def test_forgotten_words_leave_neither_ciphertext_nor_key(house: House) -> None:
    editor = house["editor"]
    unsent.keep(house.room, editor, FORM, {"note": "x"})
    unsent.forget(house.room, editor, [FORM])
    unsent.forget(house.room, editor, [FORM])  # once more is nothing
    assert unsent.kept(house.room, editor, FORM) is None
    with house.room.store.read() as connection:
        for table in ("sealed", "wraps"):
            count = f"select count(*) from {table} where kind = 'unsent'"
            assert connection.exec_driver_sql(count).scalar() == 0


def test_attack_14_unsent_words_and_the_names_of_their_forms_lie_sealed(house: House) -> None:
    unsent.keep(house.room, house["editor"], f"Form\n{CANARY}", {CANARY: CANARY})
    assert files_with_canary(house.root) == []
    with sqlite3.connect(house.database) as reader:
        stored = repr(reader.execute("select * from sealed where kind = 'unsent'").fetchall())
    assert not any(form in stored.encode() for form in FORMS)


def test_attack_14_nobody_else_is_offered_them(house: House) -> None:
    unsent.keep(house.room, house["editor"], FORM, {"note": "của tôi"})
    for other in ("editor-2", "reviewer", "lead-1", "admin"):
        assert unsent.kept(house.room, house[other], FORM) is None
    unsent.keep(house.room, house["editor-2"], FORM, {"note": "của người khác"})
    found = unsent.kept(house.room, house["editor"], FORM)
    assert found is not None
    assert found.words == {"note": "của tôi"}


def test_attack_16_words_put_in_another_persons_place_do_not_open(house: House) -> None:
    unsent.keep(house.room, house["editor"], FORM, {"note": "của tôi"})
    unsent.keep(house.room, house["editor-2"], FORM, {"note": "của người khác"})
    with house.room.store.write() as connection:
        connection.exec_driver_sql(
            "update sealed set ciphertext = (select ciphertext from sealed where kind = 'unsent'"
            " and id = 'editor-2') where kind = 'unsent' and id = 'editor'"
        )
    assert unsent.kept(house.room, house["editor"], FORM) is None
    unsent.keep(house.room, house["editor"], FORM, {"note": "viết lại"})
    found = unsent.kept(house.room, house["editor"], FORM)
    assert found is not None
    assert found.words == {"note": "viết lại"}


def test_a_person_with_a_new_key_writes_on(house: House) -> None:
    from desk.newsroom import administer
    from desk.newsroom.room import Actor
    from desk.trust.keys import Identity

    unsent.keep(house.room, house["editor"], FORM, {"note": "cũ"})
    new = Actor("editor", Identity.generate()[0])
    with house.room.reading() as view:
        keys = administer.PublicKeys(new.identity.sign_public, new.identity.read_public)
        document = administer.with_new_key(view.roster, "editor", keys, house.room.instant())
    change_roster(house, document)
    assert unsent.kept(house.room, new, FORM) is None
    unsent.keep(house.room, new, FORM, {"note": "mới"})
    found = unsent.kept(house.room, new, FORM)
    assert found is not None
    assert found.words == {"note": "mới"}


def test_only_the_newest_forms_are_kept_and_not_for_ever(house: House) -> None:
    editor = house["editor"]
    for number in range(unsent.MOST + 1):
        unsent.keep(house.room, editor, f"{FORM}{number}", {"note": "x"})
    assert unsent.kept(house.room, editor, f"{FORM}0") is None
    assert unsent.kept(house.room, editor, f"{FORM}1") is not None
    house.clock.advance(unsent.DAYS * 86_400 + 1)
    assert unsent.kept(house.room, editor, f"{FORM}1") is None


WORDS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.text(st.characters(codec="utf-8"), max_size=40),
    max_size=4,
)


def test_any_words_come_back_as_they_were(founded: House) -> None:
    @settings(max_examples=25)
    @given(words=WORDS)
    def come_back(words: dict[str, str]) -> None:
        unsent.keep(founded.room, founded["editor"], FORM, words)
        found = unsent.kept(founded.room, founded["editor"], FORM)
        assert found is not None
        assert found.words == {nfc(name): nfc(text) for name, text in words.items()}

    come_back()

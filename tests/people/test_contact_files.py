"""Contacts as vCards and tables, and what passes for another (attack 31)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.locales import set_language, told
from desk.people import contact_cards, contact_tables
from desk.people.contact_entries import Contact, Topic, checked, read, value_of
from desk.people.lookalikes import domain_lookalikes, name_lookalikes

ID = "c-4f0zk2m9qx"
NAMES = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn")),
    min_size=1, max_size=60,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
HARD = st.sampled_from(["a;b", "a,b", "a\\b", "\\n", "=1+1", "'=x", "+84", "@x", '"q"', "-", "''"])


def contact(name: str, **more: str) -> Contact:
    return checked(Contact(ID, "thong-ke", {"vi": name}, **more))


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    name = draw(NAMES | HARD)
    other = draw(st.none() | NAMES)
    return checked(
        Contact(
            ID, "thong-ke", {"vi": name} | ({"fr": other} if other else {}), "",
            tuple(draw(st.lists(st.sampled_from(["vi", "en", "fr"]), unique=True))),
            draw(st.sampled_from(["", "+84 24 555 0101", "024 555-0101", "(024) 555.0101"])),
            draw(st.sampled_from(["", "press@example.org", "a.b+c@news.example.org"])),
            draw(st.sampled_from(["", "https://example.org/a?b=c,d;e"])),
        )
    )  # fmt: skip


@given(contacts())
def test_a_contact_comes_back_from_a_card_as_it_went(one: Contact) -> None:
    found = contact_cards.read_cards(contact_cards.cards([one]))
    assert found == contact_cards.Read((one,), ())


@given(contacts())
def test_a_contact_comes_back_from_a_table_as_it_went(one: Contact) -> None:
    found = contact_tables.read_table(contact_tables.table([one]))
    assert found == contact_cards.Read((one,), ())


@given(contacts())
def test_an_entry_comes_back_from_an_act_as_it_went(one: Contact) -> None:
    assert read(one.id, value_of(one)) == one


@given(contacts())
def test_no_line_of_a_card_is_longer_than_75_octets_and_no_letter_is_cut(one: Contact) -> None:
    text = contact_cards.cards([one]).encode()
    for line in text.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@given(st.text(max_size=300))
def test_attack_31_whatever_stands_in_a_value_no_line_of_its_own_is_made(text: str) -> None:
    line = contact_cards.folded("NOTE:" + contact_cards.escaped(text))
    unfolded = line.replace("\r\n ", "")
    assert unfolded.endswith("\r\n")
    assert "\r" not in unfolded[:-2]
    assert "\n" not in unfolded[:-2]


@given(contacts())
def test_attack_31_no_cell_is_a_formula(one: Contact) -> None:
    rows = list(csv.reader(io.StringIO(contact_tables.table([one]), newline="")))
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    card = f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\n{text}\r\nEND:VCARD\r\n"
    for given_text in (text, card):
        for one in contact_cards.read_cards(given_text, "thong-ke").contacts:
            assert checked(one) == one
    try:
        found = contact_tables.read_table(f"name_vi,{text}\r\n{name},x\r\n", "thong-ke")
    except UsageError:
        return
    assert all(checked(one) == one for one in found.contacts)


def test_attack_31_a_line_break_in_a_card_does_not_become_one_on_the_board() -> None:
    text = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\\nEMAIL:evil@example.net\r\nEND:VCARD\r\n"
    found = contact_cards.read_cards(text, "thong-ke")
    assert found.contacts == ()
    assert found.left_out[0].line == 1


def test_what_is_not_taken_is_told_with_its_line() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:Văn phòng\nPHOTO:data:x\nTEL;VALUE=uri:tel:+84-24-555-0101\n"
        "TEL:+84 24 555 0102\nEND:VCARD\nBEGIN:VCARD\nVERSION:2.1\nFN:Cũ\nEND:VCARD\n"
    )
    found = contact_cards.read_cards(text, "thong-ke")
    assert [one.phone for one in found.contacts] == ["+84-24-555-0101"]
    assert [(one.line, one.what) for one in found.left_out] == [
        (4, "PHOTO"), (6, "TEL +84 24 555 0102"), (8, "card"),
    ]  # fmt: skip


def test_a_folded_line_and_a_quoted_parameter_are_read() -> None:
    text = (
        'BEGIN:VCARD\r\nVERSION:4.0\r\nitem1.FN;LANGUAGE="en";X="a:b":Press\r\n  office\r\n'
        "END:VCARD\r\n"
    )
    (one,) = contact_cards.read_cards(text, "y-te").contacts
    assert one.name == {"en": "Press office"}


def test_a_table_without_names_or_a_broken_one_is_refused() -> None:
    for text in ("", "id,phone\n1,2\n", 'name_vi\n"open\n'):
        with pytest.raises(UsageError):
            contact_tables.read_table(text, "thong-ke")


@pytest.mark.parametrize(
    "value",
    [
        {"format": 1, "agency": "thong-ke", "name": {"vi": "a\x1b]0;x\x07"}},
        {"format": 1, "agency": "thong-ke", "name": "Văn phòng"},
        {"format": 1, "agency": "thong-ke", "name": {"vi": "A"}, "phone": 5},
        {"format": 1, "agency": "thong-ke", "name": {"vi": "A"}, "languages": [1]},
        {"format": 1, "agency": "thong-ke", "name": {"vi": "A"}, "url": "javascript:alert(1)"},
        {"format": 1, "agency": "thong-ke", "name": {"vi": "A"}, "more": "x"},
        {"format": 2, "agency": "thong-ke", "name": {"vi": "A"}},
    ],
)
def test_a_signed_entry_of_another_shape_is_no_contact(value: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        read(ID, value)


def test_a_deputy_is_another_contact() -> None:
    with pytest.raises(UsageError):
        checked(Topic("kinh-te@thong-ke", "thong-ke", {"vi": "Kinh tế"}, ID, (ID,)))


# Look-alikes

KNOWN = ["Văn phòng – người phát ngôn 1", "Bộ Y tế – người phát ngôn"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Vаn phòng – người phát ngôn 1", "mixed-script"),  # Cyrillic а
        ("Cụс Thống kê", "mixed-script"),  # Cyrillic с after a marked letter
        ("Bộ Y tế – người phát ngôn", ""),
        ("Bộ Y tế - người phát ngôn", "same-look"),
        ("Bo Y te – nguoi phat ngon", "same-look"),
        ("Bộ Y t3 – người phát ngôn", "same-look"),
        ("Bộ Y tế – ngừoi phát ngôn", "same-look"),
        ("Bộ Y tế – người phátt ngôn", "near-name"),
        ("Sở Y tế – người phát ngôn", ""),
        ("Văn phòng – người phát ngôn 2", ""),
        ("Βộ Y tế – người phát ngôn", "mixed-script"),  # Greek Β
    ],
)
def test_attack_31_a_name_that_passes_for_another_is_told(name: str, code: str) -> None:
    found = {one.code for one in name_lookalikes(name, KNOWN)}
    assert (code in found) if code else not found


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("press@example.org", ""),
        ("a@news.example.org", ""),
        ("a@example.net", ""),
        ("a@exarnple.org", "look-alike-domain"),
        ("a@examp1e.org", "look-alike-domain"),
        ("https://ехample.org/", "look-alike-domain"),  # Cyrillic ех
        ("a@xn--exmple-4nf.org", "idn"),
        ("a@exampel.org", "near-domain"),
        ("a@example.org.news.test", "borrowed"),
        ("a@example-org.test", "borrowed"),
        ("http://192.0.2.1/", ""),
        ("nothing", ""),
    ],
)
def test_attack_31_a_domain_that_passes_for_ours_is_told(address: str, code: str) -> None:
    found = {one.code for one in domain_lookalikes(address, ["press@example.org"])}
    assert (code in found) if code else not found


@given(NAMES)
def test_a_name_is_no_look_alike_of_itself(name: str) -> None:
    assert {one.code for one in name_lookalikes(name, [name])} <= {"mixed-script"}


def test_what_was_not_taken_is_said_in_vietnamese() -> None:
    card = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:A\nFN:B\nTEL:555-0101\nTEL:555-0102\nNOTE:x\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:2.1\nFN:C\nEND:VCARD\nstray\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:D\nEMAIL:d@example.org\x07\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:E"
    )
    table = 'name_vi,agency,stars\nA,y-te,5\n"\x07",y-te,1\n'
    found = [
        *contact_cards.read_cards(card, "y-te").left_out,
        *contact_tables.read_table(table, "y-te").left_out,
    ]
    assert len(found) == 9
    set_language("vi")
    try:
        said = {told(one.why) for one in found}
        with pytest.raises(UsageError) as open_quote:
            contact_tables.read_table('name_vi\n"A', "y-te")
        assert told(open_quote.value.message) == "dòng 2: thiếu dấu ngoặc kép đóng"
    finally:
        set_language("en")
    assert said.isdisjoint({str(one.why) for one in found})

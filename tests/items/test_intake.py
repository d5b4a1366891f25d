"""Pasting: what is cleaned, what is said about it, and that nothing gets lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.items.body import parse
from desk.items.intake import clean_paste


@pytest.mark.parametrize(
    ("pasted", "clean", "code"),
    [
        ("7,4\u00a0%", "7,4 %", "spaces"),
        ("quý\u2009III", "quý III", "spaces"),
        ("kinh\u200btế", "kinhtế", "zero-width"),
        ("\ufeffMở đầu", "Mở đầu", "zero-width"),
        ("công\u00adbố", "côngbố", "soft-hyphens"),
        ("một\r\nhai\rba\u2028bốn\x0bnăm", "một\nhai\nba\nbốn\nnăm", "line-ends"),
        ("một\u2029hai", "một\n\nhai", "line-ends"),
        ("Tie\u0302\u0301ng", "Tiếng", "nfc"),
        ("tin\u202egiả", "tingiả", "bidi"),
        ("một\x1b[31m", "một[31m", "controls"),
        ("• Một\n• Hai", "- Một\n- Hai", "bullets"),
        ("\uf0b7\tMột\no\tHai", "- Một\n- Hai", "bullets"),
        ("•\tMột\n    o\tCon", "- Một\n  - Con", "bullets"),
        ("Một   \nHai\t", "Một\nHai", "trailing"),
    ],
)
def test_each_kind_of_mess_is_cleaned_and_named(pasted: str, clean: str, code: str) -> None:
    cleaned = clean_paste(pasted)
    assert cleaned.text == clean
    assert code in [change.code for change in cleaned.changes]
    assert all(change.count and change.message and change.message_vi for change in cleaned.changes)


def test_clean_text_is_left_alone() -> None:
    text = "# Tiêu đề\n\n1. Một\n2. Hai\n\n- Ba  \nbốn\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"
    cleaned = clean_paste(text)
    assert cleaned.text == text
    assert cleaned.changes == ()


def test_a_word_table_becomes_a_markdown_table() -> None:
    cleaned = clean_paste("Bảng 1\nMục\tSố\nA|B\t1.234\nC\nHết")
    assert cleaned.text == ("Bảng 1\n\n| Mục | Số |\n| --- | --- |\n| A\\|B | 1.234 |\n\nC\nHết")
    cells = [b for b in parse(cleaned.text).blocks if b.kind == "cell"]
    assert len(cells) == 4


def test_a_short_row_is_filled_and_not_dropped() -> None:
    assert "| 1 | 2 |  |" in clean_paste("a\tb\tc\n1\t2").text


def test_a_numbered_list_with_tabs_is_no_table() -> None:
    text = "1.\tMột\n2.\tHai\na)\tBa"
    assert clean_paste(text).text == text


messy = st.text(
    alphabet=st.sampled_from("ab ế|\\\t\n\r\u00a0\u200b\u00ad•o.-1\u0301\u2028\u2029\uf0b7"),
    max_size=60,
)


@settings(max_examples=400)
@given(messy)
def test_no_letter_and_no_line_is_dropped(pasted: str) -> None:
    cleaned = clean_paste(pasted).text
    for letter in "abế1":
        assert cleaned.count(letter) >= pasted.count(letter) - pasted.count("\u0301")
    lines = [line for line in pasted.replace("\u2028", "\n").splitlines() if "1" in line]
    assert sum("1" in line for line in cleaned.splitlines()) == len(lines)


@settings(max_examples=400)
@given(messy)
@example("•1\t1\r1\t1")  # an entry beside one line with a tab: no table, then or later
def test_cleaning_twice_changes_nothing_more(pasted: str) -> None:
    once = clean_paste(pasted)
    again = clean_paste(once.text)
    assert again.text == once.text
    assert again.changes == ()

"""Names stand where a Vietnamese reader looks for them."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from desk.alphabet import by_name, place


def test_letters_with_marks_are_letters_of_their_own() -> None:
    names = ["y tế", "ưu tiên", "uỷ ban", "đảng", "dân số", "ô", "o", "ơ", "an", "ăn", "ân", "bà"]
    assert sorted(names, key=place) == [
        "an", "ăn", "ân", "bà", "dân số", "đảng", "o", "ô", "ơ", "uỷ ban", "ưu tiên", "y tế",
    ]  # fmt: skip


def test_tones_count_when_the_letters_are_the_same() -> None:
    names = ["mạ", "má", "mã", "mả", "mà", "ma"]
    assert sorted(names, key=place) == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["mạ a", "ma b"], key=place) == ["mạ a", "ma b"], "the whole name's letters first"


def test_agencies_stand_by_their_names_not_their_ids() -> None:
    named = [("yte", "Bộ Y tế"), ("a", "Văn phòng"), ("tk", "Cục Thống kê"), ("gd", "Bộ Giáo dục")]
    assert [name for _id, name in by_name(named)] == [
        "Bộ Giáo dục", "Bộ Y tế", "Cục Thống kê", "Văn phòng",
    ]  # fmt: skip


@given(st.lists(st.text("aăâbdđeêoôơuưyáàảãạ AĐ1-", max_size=6), unique=True))
def test_the_order_does_not_depend_on_how_a_name_is_encoded_nor_on_where_it_came(
    names: list[str],
) -> None:
    backwards = list(reversed(names))
    assert sorted(names, key=place) == sorted(backwards, key=place)
    for name in names:
        assert place(name)[:2] == place(unicodedata.normalize("NFD", name))[:2]

"""The filter of the list of items, as people type it in either language."""

from __future__ import annotations

import pytest

from desk.items.board import Wanted, wanted


@pytest.mark.parametrize(
    "query",
    [
        "agency:thong-ke kind:news state:draft lang:vi mine gdp",
        "cơ-quan:thong-ke loại:news trạng-thái:draft ngôn-ngữ:vi của-tôi gdp",
        "co-quan:thong-ke LOAI:news trang-thai:draft ngon-ngu:vi cua-toi GDP",
    ],
)
def test_it_is_the_same_in_both_languages(query: str) -> None:
    assert wanted(query) == Wanted(
        ("gdp",), ("thong-ke",), ("news",), ("draft",), ("vi",), mine=True
    )


def test_a_state_may_be_called_as_people_see_it() -> None:
    states = [("returned", "bị trả lại")]
    assert wanted("trạng-thái:bị-trả-lại", states).states == ("returned",)


def test_what_is_no_field_is_a_word() -> None:
    assert wanted("a:b agency: tôi") == Wanted(("a:b", "agency:", "tôi"))

"""Merging loses no words: whatever either side wrote is in the result, and clashes are marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.items.merge import (
    END,
    MINE,
    OTHER,
    merge,
    merge_line,
    merge_text,
    refuse_unresolved,
    unresolved,
)

WORDS = st.sampled_from(["một", "hai", "ba", "bốn", "năm", "sáu", ""])
TEXTS = st.lists(WORDS, max_size=7).map("\n\n".join)
BASE = "Đoạn đầu.\n\nĐoạn giữa.\n\nĐoạn cuối."


@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_every_paragraph_that_somebody_wrote_is_in_the_result(
    base: str, mine: str, theirs: str
) -> None:
    merged, _clash = merge_text(base, mine, theirs)
    there = merged.split("\n\n")
    for text in (mine, theirs):
        for paragraph in set(text.split("\n\n")) - set(base.split("\n\n")):
            assert paragraph in there


@given(base=TEXTS, other=TEXTS)
def test_what_one_side_alone_changed_is_taken_as_it_is(base: str, other: str) -> None:
    assert merge_text(base, other, base) == (other, False)
    assert merge_text(base, base, other) == (other, False)
    assert merge_text(base, other, other) == (other, False)


@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_marks_stand_in_it_exactly_when_it_says_so(base: str, mine: str, theirs: str) -> None:
    merged, clash = merge_text(base, mine, theirs)
    assert unresolved(merged) == clash


def test_changes_in_different_paragraphs_come_together() -> None:
    mine = BASE.replace("Đoạn đầu.", "Đoạn đầu, đã sửa.")
    theirs = BASE.replace("Đoạn cuối.", "Đoạn cuối, bản kia.")
    merged, clash = merge_text(BASE, mine, theirs)
    assert merged == "Đoạn đầu, đã sửa.\n\nĐoạn giữa.\n\nĐoạn cuối, bản kia."
    assert not clash


def test_one_paragraph_changed_by_both_stands_there_twice() -> None:
    mine, theirs = (BASE.replace("giữa", word) for word in ("của tôi", "của bạn"))
    merged, clash = merge_text(BASE, mine, theirs)
    assert clash
    assert f"{MINE}\n\nĐoạn của tôi.\n\n{OTHER}\n\nĐoạn của bạn.\n\n{END}" in merged
    with pytest.raises(Refused, match="side by side") as refused:
        refuse_unresolved({"body": merged})
    assert "body" in refused.value.reasons[0].text


def test_a_headline_changed_by_both_shows_both() -> None:
    assert merge_line("a", "b", "c") == (f"{MINE} b {OTHER} c {END}", True)
    assert merge_line("a", "a", "c") == ("c", False)


def source(id: str, title: str) -> dict[str, str]:
    return {"id": id, "title": title}


def test_two_sources_under_one_mark_get_two_marks() -> None:
    base = {"body": "A.\n\nB.", "sources": [source("1", "chung")]}
    mine = {"body": "A[^2].\n\nB.", "sources": [source("1", "chung"), source("2", "của tôi")]}
    theirs = {"body": "A.\n\nB[^2].", "sources": [source("1", "chung"), source("2", "của bạn")]}
    merged = merge(base, mine, theirs)
    assert merged.document["sources"] == [
        source("1", "chung"), source("2", "của tôi"), source("3", "của bạn"),
    ]  # fmt: skip
    assert merged.document["body"] == "A[^2].\n\nB[^3]."
    assert merged.clashes == ()


def test_a_source_that_both_changed_is_kept_twice_and_named() -> None:
    base, mine, theirs = ({"sources": [source("1", name)]} for name in ("gốc", "tôi", "bạn"))
    merged = merge(base, mine, theirs)
    assert merged.document["sources"] == [source("1", "tôi"), source("2", "bạn")]
    assert merged.clashes == ("sources",)


def test_a_source_taken_out_by_one_and_changed_by_the_other_stays() -> None:
    base = {"sources": [source("1", "gốc"), source("2", "khác")]}
    mine = {"sources": [source("2", "khác")]}
    theirs = {"sources": [source("1", "mới"), source("2", "khác")]}
    assert source("1", "mới") in merge(base, mine, theirs).document["sources"]
    untouched = {"sources": [source("1", "gốc"), source("2", "khác")]}
    assert merge(base, mine, untouched).document["sources"] == [source("2", "khác")]

"""Differences: what a reviewer is shown, and what may go as a quick fix."""

from __future__ import annotations

import pytest
from counting import calls
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.items.diff import Hunk, diff_content, diff_text, is_quick_fix, render

OLD = {
    "format": 1,
    "salt": "0" * 64,
    "language": "vi",
    "headline": "Kinh tế tăng 7,4%",
    "summary": "Kinh tế quý III tăng.",
    "body": "Đoạn một nói kinh tế tốt.[^1]\n\nĐoạn hai theo Nghị định số 30/2020/NĐ-CP.[^l1]\n",
    "sources": [{"id": "1", "title": "Bảng 3"}],
    "assets": [],
}


def test_nothing_changed_says_nothing_even_under_a_new_salt() -> None:
    assert diff_content(OLD, {**OLD, "salt": "1" * 64}) == []


def test_a_changed_syllable_is_one_hunk() -> None:
    new = {**OLD, "body": OLD["body"].replace("tốt", "khá")}
    (change,) = diff_content(OLD, new)
    assert change.field == "body"
    assert [h for h in change.hunks if h.op != "equal"] == [Hunk("replace", "tốt", "khá")]


def test_unified_lines_show_changed_lines_only() -> None:
    new = {
        **OLD,
        "body": OLD["body"].replace("tốt", "khá"),
        "sources": [*OLD["sources"], {"id": "2", "title": "Bảng 4"}],
    }
    assert render(diff_content(OLD, new)) == [
        "@@ body",
        "- Đoạn một nói kinh tế tốt.[^1]",
        "+ Đoạn một nói kinh tế khá.[^1]",
        "@@ sources",
        "+ [2] Bảng 4",
    ]


def test_attack_29_a_diff_carries_no_control_sequence() -> None:
    lines = render(diff_content(OLD, {**OLD, "headline": "\x1b]0;x\x07\u202etít"}))
    assert not any(ch in line for line in lines for ch in "\x1b\x07\u202e")


def test_an_absent_field_is_a_deletion() -> None:
    old = {**OLD, "edit_note": "Đính chính"}
    (change,) = diff_content(old, OLD)
    assert (change.field, change.hunks) == ("edit_note", (Hunk("delete", "Đính chính", ""),))


@pytest.mark.parametrize(
    ("field", "old", "new", "allowed"),
    [
        ("body", "tốt", "khá", True),
        ("summary", "tăng", "tăng lên", True),
        ("body", "nói kinh", "nói, kinh", True),
        ("headline", "7,4%", "7,5%", False),
        ("headline", "7,4%", "74%", False),
        ("headline", "7,4%", "7,4 triệu", False),
        ("body", "30/2020", "31/2020", False),
        ("body", "NĐ-CP", "QĐ-TTg", False),
        ("body", "Nghị định số", "nghị định số", False),
        ("body", "nói", "Bộ nói", False),
        ("body", "tốt", "tốt " + "rất " * 11, False),
        ("body", "[^1]", "", False),
        ("body", "[^1]", "[^2]", False),
        ("body", "tốt", "**tốt**", True),
    ],
)
def test_a_quick_fix_is_small_and_touches_no_fact(
    field: str, old: str, new: str, allowed: bool
) -> None:
    fixed = {**OLD, field: OLD[field].replace(old, new, 1)}
    assert fixed != OLD
    answer, reason = is_quick_fix(OLD, fixed)
    assert answer is allowed
    assert bool(reason) is not allowed


def test_a_quick_fix_is_in_one_text_field() -> None:
    assert not is_quick_fix(OLD, OLD)[0]
    assert not is_quick_fix(OLD, {**OLD, "headline": "Khác", "summary": "Khác"})[0]
    assert not is_quick_fix(OLD, {**OLD, "sources": []})[0]
    assert not is_quick_fix(OLD, {**OLD, "language": "en"})[0]


text = st.text(alphabet="ab ế.\n7", max_size=80)


@settings(max_examples=300)
@given(text, text)
def test_hunks_rebuild_both_texts(old: str, new: str) -> None:
    hunks = diff_text(old, new)
    assert "".join(h.old for h in hunks) == old
    assert "".join(h.new for h in hunks) == new
    assert all((h.op == "equal") == (h.old == h.new) for h in hunks)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "b " * 100_000),
        ("a\n" * 100_000, "b\na\n" * 50_000),
        ("\n\n".join("một hai ba " * 20 for _ in range(900)),
         "\n\n".join("một ba hai " * 20 for _ in range(900))),
    ],
    ids=["one long line", "many short lines", "all paragraphs changed"],
)  # fmt: skip
def test_large_texts_do_not_make_a_reviewer_wait(old: str, new: str) -> None:
    assert calls(lambda: diff_text(old, new)) < 10_000_000

"""Fixing: what is safe, what stays, and that the text keeps its own ways."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.terms.check import check
from desk.terms.finding import Finding
from desk.terms.fix import diff, fix_all, fix_one, fix_safe
from desk.terms.termbase import shipped
from tests.terms.making import entry, findings

TONG = entry("tong-bi-thu", "Tổng Bí thư", "Tổng bí thư")


def vi(text: str) -> tuple[Finding, ...]:
    return check(text, shipped(), language="vi", markup="markdown")


def test_safe_fixes_keep_line_breaks_and_composition() -> None:
    text = unicodedata.normalize("NFD", "Chào Tổng\nbí\u00a0thư, Tổng bí thư.\r\n")
    fixed = fix_safe(text, findings(text, TONG))
    assert fixed.text == unicodedata.normalize("NFD", "Chào Tổng\nBí\u00a0thư, Tổng Bí thư.\r\n")
    assert len(fixed.applied) == 2


@pytest.mark.parametrize(
    "text",
    [
        "**Tổng** bí thư", "“Tổng bí thư”", "> Tổng bí thư", "`Tổng bí thư`", "Nguồn: Tổng bí thư",
        "Bộ Kế hoạch và Đầu tư họp.", "UBND họp", "ngày 31/4/2026", "QĐ 505",
    ],
)  # fmt: skip
def test_what_needs_a_person_is_left(text: str) -> None:
    """Quotations, marks inside, names of other times, several readings."""
    assert fix_all(text, vi).text == text


def test_one_fix_of_ones_choice() -> None:
    it = entry("x", ["Viet Nam", "the country"], "Vietnam", language="en")
    (one,) = findings("in Vietnam", it)
    assert fix_one("in Vietnam", one, 1) == "in the country"
    with pytest.raises(UsageError):
        fix_one("in Vietnam", one, 2)


def test_a_fix_may_uncover_another() -> None:
    assert fix_all("Ðảng ta và Tổng bí thư; theo Nghị định 30/2020/ND-CP", vi).text == (
        "Đảng ta và Tổng Bí thư; theo Nghị định số 30/2020/NĐ-CP"
    )
    hidden = fix_all("sự lãnh đạo của ðảng ta", vi)
    assert hidden.text == "sự lãnh đạo của Đảng ta"
    assert [one.entry for one in hidden.applied] == ["pattern.look-alike", "dang-ta"]


PIECES = st.sampled_from(
    [
        "Tổng bí thư",
        "Ủy Ban Nhân Dân",
        "Tổng Bí thư",
        "7.4%",
        "Nghị định 30/2020/ND-CP",
        "“",
        "”",
        "**",
        "\n",
        "\n\n",
        "> ",
        "Liên hiệp quốc",
        "LIÊN HIỆP QUỐC",
        "Ðảng ta",
        ",",
        "nhà nước",
        "`",
        "mưa",
        "11/20/2026",
    ]
)


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=10).map(" ".join), st.sampled_from(["NFC", "NFD"]))
def test_fixing_ends_with_nothing_safe_left(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    fixed = fix_all(text, vi)
    assert not any(one.safe for one in vi(fixed.text))
    assert fix_all(fixed.text, vi).text == fixed.text
    assert fixed.text.count("\n") == text.count("\n")
    assert len(fixed.applied) >= sum(one.safe for one in vi(text))


def test_a_diff_is_one_that_patch_takes() -> None:
    before = "".join(f"dòng {n}\n" for n in range(40)) + "Tổng bí thư"
    made = diff(before, before.replace("bí", "Bí"), "a.md").splitlines()
    assert made[:3] == ["--- a/a.md", "+++ b/a.md", "@@ -38,4 +38,4 @@"]
    assert made[-4:] == [
        "-Tổng bí thư", "\\ No newline at end of file",
        "+Tổng Bí thư", "\\ No newline at end of file",
    ]  # fmt: skip
    assert diff(before, before, "a.md") == ""

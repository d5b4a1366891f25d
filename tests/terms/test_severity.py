"""Severity: a hint over a longer span lets no error past the gate."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.check import check
from desk.terms.entry import SEVERITIES
from desk.terms.finding import worst
from desk.terms.termbase import shipped
from tests.terms.making import entry, findings, found

DAY = date(2026, 11, 20)
BODY = entry("ubnd", "Ủy ban nhân dân", "Ủy Ban Nhân Dân", "Ủy ban Nhân dân")
FORMER = entry(
    "huyen", "Ủy ban nhân dân xã", "Ủy ban nhân dân huyện", severity="info", status="superseded",
    since=date(2025, 7, 1), historical=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrong", "severity"),
    [
        ("Phó chủ tịch quốc hội điều hành phiên họp.", "Phó chủ tịch quốc hội", "error"),
        ("Phó Chủ tịch Nước dự lễ.", "Phó Chủ tịch Nước", "error"),
        ("Ủy Ban Nhân Dân huyện Chư Prông họp.", "Ủy Ban Nhân Dân huyện", "error"),
        ("Phó chủ tịch Quốc hội điều hành phiên họp.", "Phó chủ tịch Quốc hội", "info"),
        ("Ủy ban nhân dân huyện Chư Prông họp.", "Ủy ban nhân dân huyện", "info"),
    ],
)
def test_a_hint_is_told_as_gravely_as_what_it_covers(text: str, wrong: str, severity: str) -> None:
    (one,) = check(text, shipped(), language="vi", dated=DAY)
    assert (one.found, one.severity) == (wrong, severity)


def test_what_makes_a_hint_graver_is_told_and_mended_alone_too() -> None:
    (one,) = check("Ủy Ban Nhân Dân huyện họp.", shipped(), language="vi", dated=DAY)
    assert one.suggestions[0] == "Ủy ban nhân dân xã"
    assert one.suggestions[-1] == "Ủy ban nhân dân huyện"
    assert "“Ủy Ban Nhân Dân”: Only capitals differ" in one.message
    assert "Nghị định số 30/2020/NĐ-CP" in one.source
    assert not one.safe
    (one,) = check("Phó Chủ tịch Nước dự lễ.", shipped(), language="vi", dated=DAY)
    assert one.suggestions == ("Phó Chủ tịch nước",)
    assert one.message == "Only capitals differ: write “Phó Chủ tịch nước”"


def test_a_long_text_is_told_the_same_as_its_pieces() -> None:
    line = "Hôm nay Ủy Ban Nhân Dân huyện họp.\n\n"
    once = findings(line, BODY, FORMER, dated=DAY)
    told = findings(line * 2000, BODY, FORMER, dated=DAY)
    assert {(one.severity, one.message, one.suggestions) for one in told} == {
        (one.severity, one.message, one.suggestions) for one in once
    }
    assert len(told) == 2000


def test_a_former_name_that_is_right_in_history_hides_no_scattered_capitals() -> None:
    right = "Năm 2020, Ủy ban nhân dân huyện Chư Prông xây trạm."
    assert findings(right, BODY, FORMER, dated=DAY) == ()
    wrong = right.replace("Ủy ban nhân dân", "Ủy Ban Nhân Dân")
    assert found(wrong, BODY, FORMER, dated=DAY) == ["Ủy Ban Nhân Dân"]


def test_a_hint_hides_no_error_of_a_pattern() -> None:
    number = entry("tw", "Trung ương", "T.Ư", severity="info", case="exact")
    text = "Nghị quyết số 18-NQ/T.Ư được ban hành."
    told = findings(text, number, patterns=True)
    assert worst(told) == "error"
    assert "18-NQ/T.Ư" in [one.found for one in told if one.severity == "error"]


WORDS = ("alpha", "beta", "gamma", "delta")
ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(1, 3), st.sampled_from(SEVERITIES),
    ),
    min_size=1, max_size=6, unique_by=lambda one: one[:2],
)  # fmt: skip


@given(ENTRIES)
def test_the_gravest_of_what_overlaps_is_never_lost(
    drawn: list[tuple[int, int, str]],
) -> None:
    """Whatever longer terms stand over it, an error makes the text one with an error."""
    entries = [
        entry(f"e{first}-{size}", f"right{first}{size}", " ".join(WORDS[first : first + size]),
              severity=severity, language="en")
        for first, size, severity in drawn if first + size <= len(WORDS)
    ]  # fmt: skip
    told = findings(" ".join(WORDS), *entries, language="en")
    gravest = min((SEVERITIES.index(one.severity) for one in entries), default=None)
    assert (None if gravest is None else SEVERITIES[gravest]) == worst(told)
    ends = [one.end for one in told]
    assert all(end <= one.start for end, one in zip(ends, told[1:], strict=False))

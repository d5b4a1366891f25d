"""Matching: boundaries, overlaps, case, contexts and shields, as users of such tools met them."""

from __future__ import annotations

import unicodedata
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.terms.entry import CASES, SEVERITIES
from desk.terms.markup import see
from desk.terms.match import Matcher
from desk.terms.oracle import find
from tests.terms.making import entry, findings, found

TONG = entry("tong-bi-thu", "Tổng Bí thư", "Tổng bí thư")
UBND = entry("ubnd", "Ủy ban nhân dân", "Ủy Ban Nhân Dân")
NHAN_DAN = entry("nhan-dan", "Nhân dân", "nhân dân", severity="warning")
VIETNAM = entry(
    "viet-nam", "Viet Nam", "Vietnam", language="en", exceptions=("Vietnam News Agency",)
)


def test_a_decomposed_copy_gives_the_same_findings() -> None:
    """Naive search in NFC finds nothing in an NFD copy."""
    text = "Ông là Tổng bí thư. Ủy Ban Nhân Dân họp.\nTổng bí thư đến."
    nfd = unicodedata.normalize("NFD", text)
    here, there = findings(text, TONG, UBND), findings(nfd, TONG, UBND)
    assert len(here) == len(there) == 3
    for one, other in zip(here, there, strict=True):
        assert (one.entry, one.found, one.line) == (other.entry, other.found, other.line)
        assert unicodedata.normalize("NFC", nfd[other.start : other.end]) == one.found
        assert nfd.split("\n")[other.line - 1][other.column - 1 :].startswith(
            nfd[other.start : other.end]
        )


def test_a_decomposed_termbase_finds_the_same() -> None:
    nfd = unicodedata.normalize("NFD", "Tổng bí thư")
    assert found("Chào Tổng bí thư.", entry("x", "Tổng Bí thư", nfd)) == ["Tổng bí thư"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Vietnamese rice", []),
        ("Vietnam's rice", ["Vietnam"]),
        ("(Vietnam)", ["Vietnam"]),
        ("_Vietnam_", ["Vietnam"]),
        ("Vietnam-based", ["Vietnam"]),
        ("xVietnam", []),
        ("Vietnam2", []),
        ("Vietnam\u0301x", []),
        ("Vietnam", ["Vietnam"]),
        ("…Vietnam…", ["Vietnam"]),
    ],
)
def test_boundaries_are_those_of_unicode(text: str, wanted: list[str]) -> None:
    """Vale 941: ASCII \\b fails at letters outside ASCII."""
    assert found(text, VIETNAM) == wanted


def test_a_word_does_not_end_at_a_vietnamese_letter() -> None:
    assert found("khoảng an toàn", entry("x", "khoang", "khoả")) == []
    assert found("địa điểm", entry("x", "y", "địa đi")) == []


def test_a_term_that_ends_in_a_mark_is_found() -> None:
    """Vale 1154: such a term never matched, and the file was called clean."""
    yahoo = entry("x", "Yahoo", "Yahoo!", case="exact")
    assert found("Yahoo! đóng cửa; Yahoo!, Yahoo!x", yahoo) == ["Yahoo!", "Yahoo!", "Yahoo!"]
    assert found("T.Ư. họp", entry("y", "Trung ương", "T.Ư.")) == ["T.Ư."]
    assert found("C++ và .NET", entry("z", "a", "C++", ".NET")) == ["C++", ".NET"]


def test_overlaps_are_settled_by_length_then_severity_then_id_whatever_the_order() -> None:
    """Vale 726, 753, 706: which of two overlapping terms was told was chance."""
    entries = [
        entry("a", "A", "thông tin và truyền thông"),
        entry("b", "B", "truyền thông đại chúng", severity="warning"),
        entry("c", "C", "thông tin"),
        entry("d", "D", "đại chúng"),
        entry("e", "E", "đại chúng", severity="info"),
    ]
    text = "thông tin và truyền thông đại chúng"
    for order in permutations(entries):
        assert [one.entry for one in findings(text, *order)] == ["a", "d"]
        # A longer warning comes before a shorter error.
        assert [one.entry for one in findings("truyền thông đại chúng", *order)] == ["b"]


def test_the_longest_is_chosen_after_the_filters() -> None:
    """A longer form that does not count here must not hide a shorter one that does."""
    long = entry("long", "Z", "nhà nước Việt Nam", left=("doanh nghiệp",))
    short = entry("short", "Nhà nước", "nhà nước")
    assert found("doanh nghiệp nhà nước Việt Nam", long, short) == ["nhà nước"]


def test_one_odd_character_shifts_nothing() -> None:
    """Vale 410: offsets were shifted by a character outside the BMP."""
    for odd in ("\U0001f600", "İ", "ﬁ", "\u200b", "\u00ad", "ß", "e\u0301", "\ud800", "각"):
        text = f"{odd} Tổng bí thư {odd}"
        (one,) = findings(text, TONG)
        assert text[one.start : one.end] == "Tổng bí thư"
        assert (one.line, one.column) == (1, one.start + 1)


@pytest.mark.parametrize(
    "gap", [" ", "  ", "\u00a0", "\n", "\r\n", " \n ", "\t", "\u2009", "\u200b "]
)
def test_blanks_inside_a_term_may_be_any(gap: str) -> None:
    text = f"Chào Tổng{gap}bí{gap}thư."
    (one,) = findings(text, TONG)
    assert text[one.start : one.end] == f"Tổng{gap}bí{gap}thư"


@pytest.mark.parametrize("gap", ["\n\n", "\n \n", "\r\n\r\n", ", ", ". ", " / "])
def test_a_term_does_not_reach_over_a_paragraph_or_a_mark(gap: str) -> None:
    assert found(f"Tổng{gap}bí thư", TONG) == []


@pytest.mark.parametrize("dash", ["-", "–", "—", " - ", " – ", "\u2011"])
def test_dashes_are_one(dash: str) -> None:
    old = entry("x", "Bộ Nội vụ", "Lao động - Thương binh")
    assert found(f"Bộ Lao động{dash}Thương binh họp", old) == [f"Lao động{dash}Thương binh"]


def test_a_standard_form_shields_what_is_inside() -> None:
    assert found("Ủy ban nhân dân và Uỷ ban nhân dân", UBND, NHAN_DAN) == []
    assert found("ỦY BAN NHÂN DÂN họp", UBND, NHAN_DAN) == []
    assert found("phục vụ nhân dân", UBND, NHAN_DAN) == ["nhân dân"]
    assert found("Ủy Ban Nhân Dân", UBND, NHAN_DAN) == ["Ủy Ban Nhân Dân"]


def test_capitals_scattered_over_a_standard_hide_nothing_inside() -> None:
    commune = entry("commune", "Ủy ban nhân dân xã", "Ủy ban xã")
    assert found("Uỷ Ban Nhân Dân xã họp", UBND, commune) == ["Uỷ Ban Nhân Dân"]
    for steady in ("Ủy ban nhân dân xã", "ủy ban nhân dân xã", "ỦY BAN NHÂN DÂN XÃ"):
        assert found(f"{steady} họp", UBND, NHAN_DAN, commune) == []


def test_a_former_name_that_holds_the_present_one_gives_way_to_it() -> None:
    office = entry("office", "Cục Thống kê", "Tổng cục Thống kê", status="superseded")
    for written in ("Tổng cục Thống kê", "TỔNG CỤC THỐNG KÊ", "tổng cục thống kê"):
        (one,) = findings(f"Theo {written}, giá tăng.", office)
        assert one.found == written
        assert one.suggestions[0].casefold() == "cục thống kê"


def test_a_wrong_name_that_holds_the_right_one_is_replaced_whole() -> None:
    office = entry("office", "Cục Thống kê", "Tổng cục Thống kê")
    assert [one.suggestions for one in findings("Theo Tổng cục Thống kê.", office)] == [
        ("Cục Thống kê",)
    ]


def test_an_exception_shields_its_own_entry() -> None:
    assert found("Vietnam News Agency in Vietnam", VIETNAM) == ["Vietnam"]
    other = entry("agency", "Agency!", "News Agency", language="en")
    assert found("Vietnam News Agency", VIETNAM, other) == ["News Agency"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("chủ tịch nước ngoài", []),
        ("Chủ tịch Nước ngoài ra", []),
        ("Chủ tịch Nước, ngoài ra", ["Chủ tịch Nước"]),
        ("Chủ tịch Nước ngoàix", ["Chủ tịch Nước"]),
        ("bộ Chủ tịch Nước", []),
        ("nội bộ Chủ tịch Nước", []),
        ("xbộ Chủ tịch Nước", ["Chủ tịch Nước"]),
        ("bộ. Chủ tịch Nước", ["Chủ tịch Nước"]),
        ("bộ  Chủ tịch Nước", []),
    ],
)
def test_contexts_stand_directly_beside(text: str, wanted: list[str]) -> None:
    """Boundaries of words are not boundaries of syllables: "chủ tịch nước ngoài"."""
    it = entry("x", "Chủ tịch nước", "Chủ tịch Nước", left=("bộ",), right=("ngoài",))
    assert found(text, it) == wanted


@pytest.mark.parametrize(
    ("case", "text", "told"),
    [
        ("exact", "Tỉnh Hà Nam", True),
        ("sentence-start", "Tỉnh Hà Nam", False),
        ("sentence-start", "ở Tỉnh Hà Nam", True),
        ("sentence-start", "Mưa. Tỉnh Hà Nam", False),
        ("sentence-start", "“Tỉnh Hà Nam”", False),
        ("sentence-start", "- Tỉnh Hà Nam", False),
        ("sentence-start", "1. Tỉnh Hà Nam", False),
        ("sentence-start", "Mưa.\n\nTỉnh Hà Nam", False),
        ("sentence-start", "Mưa:\nTỉnh Hà Nam", False),
        ("sentence-start", "TỈNH HÀ NAM", False),
        ("any", "ở tỉnh hà nam", True),
        ("any", "ở TỈNH HÀ NAM", False),
        ("any", "tỉnh Hà Nam", False),
        ("any", "ở Tỉnh Hà Nam", True),
        ("any", "Tỉnh Hà Nam", False),
        ("headline", "ở Tỉnh Hà Nam", True),
    ],
)
def test_the_policy_of_case(case: str, text: str, told: bool) -> None:
    it = entry("x", "tỉnh Hà Nam", "Tỉnh Hà Nam", case=case)
    assert bool(found(text, it)) is told


def test_a_heading_has_its_own_capitals() -> None:
    it = entry("x", "tỉnh Hà Nam", "Tỉnh Hà Nam", case="headline")
    assert found("lũ ở Tỉnh Hà Nam", it, scope="headline") == []
    assert found("# Lũ ở Tỉnh Hà Nam\n\nlũ ở Tỉnh Hà Nam", it, markup="markdown") == ["Tỉnh Hà Nam"]


def test_another_word_is_found_in_any_case_and_suggested_in_that_case() -> None:
    it = entry("x", "Liên hợp quốc", "Liên hiệp quốc")
    text = "LIÊN HIỆP QUỐC, Liên Hiệp Quốc, liên hiệp quốc"
    told = [(one.found, one.suggestions[0], one.case_only) for one in findings(text, it)]
    assert told == [
        ("LIÊN HIỆP QUỐC", "LIÊN HỢP QUỐC", False),
        ("Liên Hiệp Quốc", "Liên hợp quốc", False),
        ("liên hiệp quốc", "Liên hợp quốc", False),
    ]
    assert found(text, entry("x", "Liên hợp quốc", "Liên hiệp quốc", case="exact")) == []


def test_a_change_of_case_alone_says_so() -> None:
    """Vale 802: one misleading message for fixes that change the case alone."""
    (one,) = findings("Tổng bí thư", TONG)
    assert one.case_only
    assert one.message == "Only capitals differ: write “Tổng Bí thư”"
    assert "chữ hoa" in one.message_vi


def test_every_suggestion_is_offered_in_order() -> None:
    it = entry("x", ["Viet Nam", "the country"], "Vietnam", language="en")
    (one,) = findings("in Vietnam", it)
    assert one.suggestions == ("Viet Nam", "the country")


def test_capitals_astray_in_a_long_name_need_no_listing() -> None:
    it = entry("x", "Ban Chấp hành Trung ương", "Ban chấp hành trung ương")
    for wrong in (
        "Ban Chấp Hành Trung Ương",
        "Ban Chấp hành trung ương",
        "Ban chấp hành Trung Ương",
    ):
        assert found(f"hội nghị {wrong}", it) == [wrong]
    assert found("ban chấp hành trung ương, BAN CHẤP HÀNH TRUNG ƯƠNG", it) == []


def test_a_short_term_is_told_only_in_the_case_that_is_listed() -> None:
    it = entry("x", "Nhân dân", "nhân dân")
    assert found("báo Nhân Dân, của nhân Dân, vì nhân dân", it) == ["nhân dân"]


def test_only_the_part_that_is_wrong_is_replaced() -> None:
    it = entry("x", "Quốc khánh", "ngày Quốc Khánh")
    (one,) = findings("Ngày Quốc Khánh", it)
    assert one.suggestions == ("Ngày Quốc khánh",)
    assert found("ngày Quốc khánh; nghệ sĩ Quốc Khánh", it) == []
    october = entry("y", "Cách mạng tháng Mười", "cách mạng tháng Mười Nga")
    assert found("về Cách mạng tháng Mười Nga", october) == []
    assert found("về cách mạng tháng Mười Nga", october) == ["cách mạng tháng Mười Nga"]


def test_a_longer_standard_comes_before_the_part_of_it_that_is_one_too() -> None:
    it = entry("x", ["Prime Minister of Viet Nam", "Prime Minister"], "prime minister of Viet Nam",
               "Prime Minister of Vietnam", language="en")  # fmt: skip
    told = [one.suggestions[0] for one in findings("the prime minister of Viet Nam", it)]
    assert told == ["Prime Minister of Viet Nam"]
    assert findings("the Prime Minister of Vietnam", it)[0].suggestions == (
        "Prime Minister of Viet Nam", "Prime Minister",
    )  # fmt: skip


SYLLABLES = ["Bộ", "bộ", "ban", "Ban", "nước", "Nước", "thư", "ngoài", "a"]
PHRASES = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(" ".join)
RECASED = ["=title", "=lower", "=capitalize", "=swapcase"]
"""Stand for the standard of the entry in another case, which is what most variants are."""
ENTRIES = st.lists(
    st.builds(
        lambda right, wrong, case, severity, left, exceptions: (
            right,
            wrong,
            case,
            severity,
            left,
            exceptions,
        ),
        PHRASES,
        st.lists(PHRASES | st.sampled_from(RECASED), min_size=1, max_size=2, unique=True),
        st.sampled_from(CASES),
        st.sampled_from(SEVERITIES),
        st.lists(PHRASES, max_size=1),
        st.lists(PHRASES, max_size=1),
    ),
    min_size=1,
    max_size=5,
)
TEXTS = st.lists(
    st.sampled_from([*SYLLABLES, "Thư", "Ngoài", "A", "NƯỚC", "BAN", ",", ".", "\n\n", "-", "hoà"]),
    max_size=14,
).map(" ".join)


@settings(max_examples=300)
@given(ENTRIES, TEXTS, st.sampled_from(["NFC", "NFD"]), st.sampled_from([1, 8, 1 << 15]))
def test_the_engine_agrees_with_the_oracle(
    made: list,
    text: str,
    form: str,
    piece: int,  # type: ignore[type-arg]
) -> None:
    """Whole, and read piece by piece as a long text is."""
    entries = [
        entry(
            f"e{n}",
            right,
            *(getattr(right, one[1:])() if one[0] == "=" else one for one in wrong),
            case=case,
            severity=severity,
            left=tuple(left),
            exceptions=tuple(exceptions),
        )
        for n, (right, wrong, case, severity, left, exceptions) in enumerate(made)
    ]
    folded = see(unicodedata.normalize(form, text), "plain").folded  # type: ignore[arg-type]
    hits = Matcher(entries, piece=piece).find(folded, lambda _hit: True)
    assert [
        (hit.start, hit.end, hit.variant.entry.id, hit.variant.form.text) for hit in hits
    ] == find(entries, folded)

"""Pattern rules for figures and days: as each language writes them, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.check import check
from tests.terms.patterned import NOTHING, told


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("vi", "7.4%", "7,4"), ("vi", "7.4 triệu", "7,4"), ("vi", "1,234,567", "1.234.567"),
        ("vi", "1,234.5 tỷ", "1.234,5"), ("en", "7,4%", "7.4"), ("en", "7,4 per cent", "7.4"),
        ("en", "1.234.567", "1,234,567"), ("en", "1.234,5 billion", "1,234.5"),
    ],
)  # fmt: skip
def test_numbers_by_locale(language: str, wrong: str, right: str) -> None:
    digits = wrong.split(maxsplit=1)[0].rstrip("%")
    assert told(f"a {wrong} b", language) == [("number", digits, right)]
    assert told(f"a {wrong.replace(digits, right)} b", language) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "tăng 12.5-13.5% và 2.1 - 3.4 triệu", ["12,5", "13,5", "2,1", "3,4"]),
        ("en", "up 12,5-13,5% then", ["12.5", "13.5"]),
        ("vi", "mục 2.1-2.3, ngày 12.5-13.5, 192.0.2.1-192.0.2.9%", []),
        ("en", "VND1.250.000 each, EUR1.500, VND3.955 billion", ["1,250,000", "1,500"]),
        ("vi", "USD1,250,000 mỗi năm", ["1.250.000"]),
    ],
)
def test_ranges_and_amounts_behind_a_currency(
    language: str, text: str, expected: list[str]
) -> None:
    found = [one for one in told(text, language) if one[0] == "number"]
    assert [right for _, _, right in found] == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "mục 2.1 và 9.30 sáng, 192.0.2.1, phiên bản 3.2 triệu, 1.234 người, 1,5-2,5%"),
        ("en", "section 2.1, 3,4 and 5, 1,234 people, version 1.2.3, 192.0.2.1, 1.5-2.5%"),
    ],
)  # fmt: skip
def test_numbers_that_could_be_right_are_left(language: str, text: str) -> None:
    assert [one for one in told(text, language) if one[0] == "number"] == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Chỉ số tăng 5.2 so với tháng 6.", ["5,2"]),
        ("vi", "PMI đạt 50.4, giảm 0.3 và cao hơn 49.8 của quý trước.", ["50,4", "0,3", "49,8"]),
        ("vi", "Mưa từ 8 giờ, gần 9.30 sáng, đạt 6.5 IELTS, công nghiệp 4.0.", []),
        ("vi", "TFR là 1.93, ít hơn nước kia; lãi suất còn 3.85.", ["1,93", "3,85"]),
        ("vi", "Điểm sàn xuống 18.25, điểm chuẩn là 24.75.", ["18,25", "24,75"]),
        ("vi", "Phiên bản nay là 3.14; nâng từ Android 9.25 lên 9.75; mục 1.13 là 1.14.", []),
        ("en", "The index rose 5,2 from June, nearly 3,1 in all.", ["5.2", "3.1"]),
        ("en", "Articles 3,4 and 5, by 3,4 and 5 people, at 10,5.", []),
    ],
)
def test_a_number_without_a_unit_is_a_decimal_where_an_amount_is_told(
    language: str, text: str, expected: list[str]
) -> None:
    found = check(text, NOTHING, language=language)
    assert [one.suggestions[0] for one in found] == expected
    assert not any(one.safe for one in found)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_a_number_written_for_its_language_is_never_told(whole: int, rest: int) -> None:
    english = f"{whole:,}.{rest}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert told(f"tăng {vietnamese}% nhé") == []
    assert told(f"up {english}% then", "en") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Tỷ giá ở mức 25,128 đồng; 84,616 USD/thùng, 1,234 tấn.", [("25,128", "25.128")]),
        ("vi", "Tiếp nhận 6,125 hồ sơ, khám cho 3,481 bệnh nhân.",
         [("6,125", "6.125"), ("3,481", "3.481")]),
        ("vi", "từ 16.9 người xuống 15,2 người", [("16.9", "16,9")]),
        ("en", "11.240 complaints, 1.234 cases; 1.125 times, 3.251 kilometres", [
            ("11.240", "11,240"), ("1.234", "1,234")]),
        ("en", "This 2.125 is less; 4.125 miles, 1.618 radians across 2.718 pages.",
         [("2.718", "2,718")]),
    ],
)  # fmt: skip
def test_one_group_of_thousands_of_what_is_counted(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = [(found, right) for kind, found, right in told(text, language) if kind == "number"]
    assert found == expected


@pytest.mark.parametrize(
    ("language", "text", "readings"),
    [
        ("vi", "Thu hồi trên 10,250 tỷ đồng.", ("10.250", "10,25")),
        ("en", "It costs VND3.950 billion.", ("3,950", "3.95")),
    ],
)
def test_a_group_that_may_be_a_decimal_with_a_nought_is_a_hint_with_both_readings(
    language: str, text: str, readings: tuple[str, str]
) -> None:
    (one,) = check(text, NOTHING, language=language)
    assert (one.severity, one.suggestions, one.safe) == ("info", readings, False)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Từ 1.12, giá bán lẻ điện tăng.", [("1/12", "1-12", "1,12")]),
        ("Nghỉ từ 30.4 đến 3.5.", [("30/4", "30-4", "30,4"), ("3/5", "3-5", "3,5")]),
        ("Hạn cuối là 30.6.", [("30/6", "30-6", "30,6")]),
        ("Sáng 16.9 người dân đổ về phố.", [("16/9", "16-9")]),
        ("Ngày 16.9 điểm thi được công bố.", [("16/9", "16-9")]),
        ("Nâng phiên bản từ 4.1 lên 4.2; xem từ mục 3.1 đến 3.4; lúc 7.10 còn 7.12.", []),
        ("Từ 12.5 triệu lên 12,7 triệu.", []),
    ],
)
def test_a_day_with_a_point_behind_a_word_for_days_and_for_amounts(
    text: str, readings: list[tuple[str, ...]]
) -> None:
    found = [one for one in check(text, NOTHING, language="vi") if "date" in one.entry]
    assert [one.suggestions for one in found] == readings
    assert all(one.severity == "info" and not one.safe for one in found)


def test_dates() -> None:
    assert told("ngày 11/20/2026") == [("date", "11/20/2026", "20/11/2026")]
    assert told("hạn 31/4/2026 và ngày 30/2") == [("date", "31/4/2026", ""), ("date", "30/2", "")]
    assert told("ngày 29-2-2024, 20/11/2026, ngày 2/9, 1/2 số dân, ngày 29/2") == []
    assert told("29/2/2026") == [("date", "29/2/2026", "")]
    assert told("ngày 29/11 - 31/11 và ngày 31/9-2/10") == [
        ("date", "31/11", ""), ("date", "31/9", ""),
    ]  # fmt: skip
    assert told("Hà Nội, 31/11/2026 - Bộ Y tế") == [("date", "31/11/2026", "")]
    assert told("số 31/11/2026-BYT") == []
    assert [one for _, _, one in told("18/11/2026-20/11/2026", "en")] == [
        "18 November 2026", "20 November 2026",
    ]  # fmt: skip
    assert told("on 20/11/2026", "en") == [("date", "20/11/2026", "20 November 2026")]
    (one,) = check("on 11/12/2026", NOTHING, language="en")
    assert one.suggestions == ("11 December 2026", "12 November 2026")
    assert not one.safe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chiều 5.1, bà nói.", ["5/1", "5-1"]),
        ("ngày 12.4.2026", ["12/4/2026", "12-4-2026"]),
        ("Trong tháng 12.2025, giá tăng.", ["12/2025", "12-2025"]),
        ("mỗi ngày 4.000 lượt; ngày 2.5 lần; sáng 9.30; tháng 13.2025; mục 5.1", None),
        ("đến 9.30 sáng, bản 12.4, 192.0.2.1, tối 8.30 giờ, 1.234 người", None),
    ],
)
def test_a_day_with_a_point_is_a_hint(text: str, expected: list[str] | None) -> None:
    found = [one for one in check(text, NOTHING, language="vi") if "date" in one.entry]
    assert [list(one.suggestions) for one in found] == ([expected] if expected else [])
    assert all(one.severity == "info" and not one.safe for one in found)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Huy động 25,000 cán bộ.", [("25,000", "25.000")]),
        ("vi", "Có 58,214 người dự.", [("58,214", "58.214")]),
        ("vi", "Sản lượng 1,125 triệu tấn, điểm 0,500, giá 3,142 lần.", []),
        ("en", "Some 12.500 opinions came.", [("12.500", "12,500")]),
        ("en", "The rate was 1.085 dollars, version 2.500 of it.", []),
    ],
)
def test_one_group_of_thousands_is_told_where_it_is_no_decimal(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = check(text, NOTHING, language=language)
    assert [(one.found, one.suggestions[0]) for one in found] == expected
    assert not any(one.safe for one in found)

"""Pattern rules: document numbers, clauses, numbers, dates, look-alikes, consistency."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.check import check
from desk.terms.finding import Finding
from desk.terms.patterns.registry import patterns
from desk.terms.patterns.sourcing import labels
from desk.terms.termbase import Termbase

NOTHING = Termbase(())


def told(text: str, language: str = "vi") -> list[tuple[str, str, str]]:
    """Pattern, what is found, the first suggestion."""
    return [
        (one.entry.removeprefix("pattern."), one.found, (one.suggestions or ("",))[0])
        for one in check(text, NOTHING, language=language)
    ]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Nghị định 30/2020/ND-CP", "Nghị định số 30/2020/NĐ-CP"),
        ("nghị định 30/2020/NĐ-CP", "Nghị định số 30/2020/NĐ-CP"),
        ("Nghị định  30/2020/NĐ-CP", "Nghị định số 30/2020/NĐ-CP"),
        ("Nghị quyết 35-NQ/TW", "Nghị quyết số 35-NQ/TW"),
        ("Nghị quyết 202/2025/QH15", "Nghị quyết số 202/2025/QH15"),
        ("QĐ 505/QĐ-TTg", "Quyết định số 505/QĐ-TTg"),
        ("NĐ 30/2020/NĐ-CP", "Nghị định số 30/2020/NĐ-CP"),
        ("35/NQ-TW", "35-NQ/TW"),
        ("35-NQ/T.Ư", "35-NQ/TW"),
        ("35-NQ/TƯ", "35-NQ/TW"),
        ("505-QĐ/TTg", "505/QĐ-TTg"),
        ("505/QĐ-TTG", "505/QĐ-TTg"),
        ("30/2020/NĐ/CP", "30/2020/NĐ-CP"),
        ("39/2016/tt-nhnn", "39/2016/TT-NHNN"),
        ("12/2024/QD-UBND", "12/2024/QĐ-UBND"),
        ("4148/QĐ-VPTW", "4148-QĐ/VPTW"),
    ],
)
def test_vietnamese_document_numbers(wrong: str, right: str) -> None:
    assert [(found, first) for _, found, first in told(f"Theo {wrong}, việc này đã rõ.")] == [
        (wrong, right)
    ]
    assert told(f"Theo {right}, việc này đã rõ.") == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Decree 30/2020/NĐ-CP", "Decree No. 30/2020/ND-CP"),
        ("Decree No. 30/2020/NĐ-CP", "30/2020/ND-CP"),
        ("Decree No 30/2020/ND-CP", "Decree No. 30/2020/ND-CP"),
        ("Resolution number 35-NQ/TW", "Resolution No. 35-NQ/TW"),
        ("Decision 505/QĐ-TTg", "Decision No. 505/QD-TTg"),
        ("Instruction No 31-HD/BTCTW", "Instruction No. 31-HD/BTCTW"),
        ("Circular #39/2016/TT-NHNN", "Circular No. 39/2016/TT-NHNN"),
    ],
)
def test_english_document_numbers(wrong: str, right: str) -> None:
    assert [first for _, _, first in told(f"Under {wrong}, it is clear.", "en")] == [right]
    assert told(f"Under {right}, it is clear.", "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 1701 của Hội đồng Bảo an", "trực 24/7", "tốc độ 30/km", "xe 29A-123.45",
        "tỷ số 3-1", "lớp 10/A", "mã 12-AB/CD", "Nghị quyết 57", "quốc lộ 1A/2", "số 15/BC",
    ],
)  # fmt: skip
def test_what_is_no_document_number(text: str) -> None:
    assert told(text) == []


def test_a_shortened_kind_is_told_but_not_fixed() -> None:
    (one,) = check("Theo QĐ 505 của Thủ tướng", NOTHING, language="vi")
    assert (one.found, one.suggestions, one.safe) == ("QĐ 505", ("Quyết định số 505",), False)
    assert told("QĐND 505, NQ 57-NQ/TW")[0][0] != "document-kind"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("theo Điểm a Khoản 2 điều 103", "điểm a khoản 2 Điều 103"),
        ("theo khoản 2 điều 5", "khoản 2 Điều 5"),
        ("Khoản 2 điều 5 quy định", "Khoản 2 Điều 5"),
        ("theo điểm đ, Khoản 1, Điều 7", "điểm đ, khoản 1, Điều 7"),
    ],
)
def test_clauses(wrong: str, right: str) -> None:
    assert [first for _, _, first in told(wrong)] == [right]
    assert told("theo " + right[0].lower() + right[1:]) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("theo điều 174 Bộ luật Hình sự", "điều 174"),
        ("quy định tại điều 5a, Luật Đất đai", "điều 5a"),
        ("theo điều 12 của Nghị định số 30/2020/NĐ-CP", "điều 12"),
    ],
)
def test_an_article_of_a_named_law_has_a_capital(text: str, wrong: str) -> None:
    right = wrong.replace("điều", "Điều")
    assert told(text) == [("clause", wrong, right)]
    assert told(text.replace(wrong, right)) == []


def test_what_counts_things_is_no_article() -> None:
    assert told("Có 5 điều 3 luật sư cần biết; những điều 10 năm qua; điều 5 người nói.") == []


def test_accounts_are_no_clauses() -> None:
    assert told("Khoản vay 2 điều chỉnh; tài khoản 2 điều hành. Khoản 2 Điều 5 nêu") == []


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


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Theo quyết định số 1747/QĐ-NHNN, lãi suất giảm.", ["Quyết định số 1747/QĐ-NHNN"]),
        ("Căn cứ luật số 36/2024/QH15.", ["Luật số 36/2024/QH15"]),
        ("Các nghị định số 30/2020/NĐ-CP và số 31/2020/NĐ-CP.", []),
        ("Hai thông tư số 1/2025/TT-BTC, công văn số 12/BNV-TCCB.", []),
        ("Nghị định số 30/2020/NĐ-CP. Theo Nghị quyết số 57-NQ/TW.", []),
    ],
)
def test_one_document_is_named_with_a_capital_and_several_are_not(
    text: str, right: list[str]
) -> None:
    assert [right for _, _, right in told(text)] == right


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
    ("wrong", "right"),
    [("Ðảng", "Đảng"), ("Ɖà", "Đà"), ("Tổng Вí", "Bí"), ("ðường", "đường"), ("Ηà Nội", "Hà"),
     ("ХÃ HỘI", "XÃ")],
)  # fmt: skip
def test_letters_that_only_look_alike(wrong: str, right: str) -> None:
    assert [(kind, first) for kind, _, first in told(wrong)] == [("look-alike", right)]


@pytest.mark.parametrize("text", ["Россия", "hãng ТАСС", "góc α", "Δt", "10 µm", "Ελλάδα", "Đảng"])
def test_other_alphabets_are_no_look_alikes(text: str) -> None:
    assert told(text) == []


def test_icelandic_keeps_its_letter_in_english() -> None:
    assert told("Ðorsteinn", "en") == []
    assert told("Ðà Nẵng", "en") == [("look-alike", "Ðà", "Đà")]


def test_one_form_throughout() -> None:
    assert told("dùng internet, rồi Internet, rồi internet") == [
        ("one-form", "Internet", "internet")
    ]
    assert told("internet nhanh. Internet rẻ.") == []
    assert told("labour and labor", "en") == [("one-form", "labor", "labour")]
    assert told("laboratory, labour", "en") == []
    assert told("Labour costs rose; labor is short. Labour came.", "en") == [
        ("one-form", "labor", "labour")
    ]
    assert told("Programs grew. One programme, two programmes.", "en") == [
        ("one-form", "Program", "Programme")
    ]
    assert told("The Labor Party met. We saw labour.", "en") == []


def test_the_tone_stands_in_one_place() -> None:
    assert told("sức khỏe, hòa bình, khoẻ mạnh") == [("tone-placement", "khoẻ", "khỏe")]
    assert told("sức khoẻ, hoà bình, hòa hợp") == [("tone-placement", "hòa", "hoà")]
    assert told("Ủy ban, Uỷ ban, ủy viên") == [("tone-placement", "Uỷ", "Ủy")]
    assert told("quý, quỹ, thoái, hoàn, toàn, của, mùa, xoáy, loại, khuỷu, hoà") == []
    assert told("phường Hòa Bình, chị Thuý, hoà hợp") == []


def test_an_abbreviation_is_spelled_out_first() -> None:
    assert told("UBND xã họp. UBND") == [("abbreviation", "UBND", "Ủy ban nhân dân")]
    assert told("Uỷ ban nhân dân (UBND) xã. UBND họp.") == []
    assert told("Hà Nội (TTXVN) - Mưa. 12/QĐ-UBND") == []
    assert told("# UBND\n\nmưa") == [("abbreviation", "UBND", "Ủy ban nhân dân")]
    found = check("# UBND\n\nmưa", NOTHING, language="vi", markup="markdown")
    assert found == ()


@pytest.mark.parametrize("short", ["TPHCM", "TP HCM", "TP.HCM", "TP. HCM", "Tp.HCM"])
def test_the_short_name_of_a_city_is_told_where_it_stands_first(short: str) -> None:
    whole = "Thành phố Hồ Chí Minh"
    assert told(f"Mưa ở {short}. Nắng ở {short}.") == [("abbreviation", short, whole)]
    assert told(f"Mưa ở {whole}. Nắng ở {short}.") == []
    assert told(f"Cao tốc {short} - Mộc Bài") == [("abbreviation", short, whole)]


def test_a_dash_of_a_sign_is_told_from_one_between_phrases() -> None:
    assert told("Văn bản 12/UBND-VX") == []
    assert told("Sở - UBND xã") == [("abbreviation", "UBND", "Ủy ban nhân dân")]


def test_a_title_in_capitals_has_its_sign_in_capitals_too() -> None:
    assert told("QUY CHẾ THEO QUYẾT ĐỊNH SỐ 505/2024/QĐ-TTG NGÀY 20 THÁNG 5") == []
    assert told("BAN HÀNH KÈM THEO QUYẾT ĐỊNH SỐ 505/QĐ-TTG") == []
    small = ("document-number", "505/QĐ-TTG", "505/QĐ-TTg")
    assert told("Tỉnh thực hiện Quyết định số 505/QĐ-TTG của Thủ tướng.") == [small]
    # Capitals excuse no letter that is another one.
    missing = ("document-number", "30/2020/ND-CP", "30/2020/NĐ-CP")
    assert told("THEO NGHỊ ĐỊNH SỐ 30/2020/ND-CP NGÀY 5") == [missing]


def test_a_bidi_control_is_told_where_it_stands() -> None:
    (one,) = check("Giá “100\u202e001” đồng", NOTHING, language="vi")
    assert (one.entry, one.severity, one.start, one.column) == (
        "pattern.bidi-control", "error", 8, 9,
    )  # fmt: skip
    assert one.suggestions == ("",)


BODY = """\
GDP tăng 7,4% theo báo cáo[^2]. Xuất khẩu đạt 120 tỷ USD.

Nghị định số 30/2020/NĐ-CP[^l1] đã rõ. Nghị định số 45/2021/NĐ-CP cũng vậy.

[^2]: Cục Thống kê
[^l1]: https://example.org/nd-30
"""


def test_figures_name_a_source_and_legal_texts_a_link() -> None:
    def at(notes: list[str] | None) -> list[Finding]:
        found = check(BODY, NOTHING, language="vi", markup="markdown", notes=notes)
        return [one for one in found if one.entry in ("pattern.figure", "pattern.legal")]

    assert labels(BODY) == ["2", "l1"]
    assert [BODY[one.start : one.end] for one in at(labels(BODY))] == [
        "120", "Nghị định số 45/2021/NĐ-CP",
    ]  # fmt: skip
    assert len(at([])) == 4
    assert at(None) == []


def test_every_pattern_has_a_rule_and_a_source() -> None:
    assert len(patterns()) >= 10
    for one in patterns():
        assert one.rule
        assert one.source
        assert set(one.languages) <= {"vi", "en"}


@pytest.mark.parametrize(
    ("language", "text", "old"),
    [
        ("vi", "Đoàn thăm các tỉnh Hưng Yên, Hà Nam và Nam Định.", ["Hà Nam", "Nam Định"]),
        ("vi", "Các tỉnh: Bắc Ninh, Bắc Giang; Lạng Sơn.", ["Bắc Giang"]),
        ("vi", "Các tỉnh Quảng Nam cũ và Gia Lai họp.", []),
        ("vi", "Trước ngày 1-7-2025, các tỉnh Nghệ An, Quảng Bình họp.", []),
        ("vi", "Các tỉnh ủy, thành ủy và Quảng Nam họp.", []),
        ("vi", "Các tỉnh Lào Cai, Phú Thọ và thành phố Nam Định.", []),
        ("en", "In Quang Nam Province, rain fell.", ["Quang Nam"]),
        ("en", "Kon Tum, Gia Lai and Phu Yen provinces met.", ["Kon Tum", "Phu Yen"]),
        ("en", "The provinces of Ha Giang, Lang Son and Yen Bai met.", ["Ha Giang", "Yen Bai"]),
        ("en", "Ba Ria - Vung Tau Province sent help.", ["Ba Ria - Vung Tau"]),
        ("en", "Hai Duong Province (now Hai Phong City) grew.", []),
        ("en", "The old Hai Duong Province grew.", []),
        ("en", "Before 1 July 2025, Hai Duong Province grew.", []),
        ("en", "Quang Nam and the Province of Ontario signed.", []),
        ("en", "The coast of Quang Nam is long.", []),
    ],
)
def test_provinces_that_merged_are_told_in_lists_and_in_english(
    language: str, text: str, old: list[str]
) -> None:
    found = check(text, NOTHING, language=language)
    assert [one.found for one in found] == old
    assert all(one.severity == "info" and not one.safe for one in found)
    assert check(text, NOTHING, language=language, dated=date(2024, 5, 1)) == ()


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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("vi", "Theo Bộ luật Hình sự 100/2015/QH13, mức phạt tăng.", ["số 100/2015/QH13"]),
        ("vi", "Theo Luật Đất đai số 31/2024/QH15, giá đất đổi.", []),
        ("vi", "Luật Đất đai và Nghị quyết số 18/2024/QH15 có hiệu lực.", []),
        ("en", "The Law on Land 31/2024/QH15 applies.", ["No. 31/2024/QH15"]),
        ("vi", "Thông tư 29/2024/TT-BGD&ĐT có hiệu lực.", ["Thông tư số 29/2024/TT-BGDĐT"]),
    ],
)
def test_a_number_after_the_name_of_a_law_has_its_word(
    language: str, text: str, expected: list[str]
) -> None:
    found = check(text, NOTHING, language=language)
    assert [one.suggestions[0] for one in found] == expected

"""Pattern rules: document numbers, clauses, look-alikes, consistency, figures without a source."""

from __future__ import annotations

from datetime import date

import pytest

from desk.terms.check import check
from desk.terms.finding import Finding
from desk.terms.patterns.registry import patterns
from desk.terms.patterns.sourcing import labels
from tests.terms.patterned import NOTHING, told


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

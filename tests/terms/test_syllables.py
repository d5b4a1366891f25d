"""Syllables written as one word, and capitals amid one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.check import check
from desk.terms.finding import Finding
from desk.terms.patterns.compounds import COMPOUNDS
from desk.terms.termbase import Termbase, shipped
from desk.text import nfc

NOTHING = Termbase(())
RIGHT = ("đoàn", "kết", "sức", "mạnh", "nghĩa", "khuya", "quyết", "tiến", "giữ", "gìn", "là", "ưu")


def told(text: str, termbase: Termbase = NOTHING) -> tuple[Finding, ...]:
    found = check(text, termbase, language="vi")
    return tuple(one for one in found if one.entry == "pattern.syllable")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("ViệtNam", "Việt Nam"), ("HàNội", "Hà Nội"), ("Thủtướng", "Thủ tướng"),
        ("THỦTƯỚNG", "THỦ TƯỚNG"), ("ÔngNguyễn", "Ông Nguyễn"), ("xãhội", "xã hội"),
        ("đượcphép", "được phép"), ("vịtrí", "vị trí"), ("PhátTriểnBềnVững", "Phát Triển Bền Vững"),
        ("VIệt", "Việt"), ("HIện", "Hiện"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_word_is_told(wrong: str, right: str) -> None:
    (one,) = told(f"Theo {wrong}, việc này đã rõ.")
    assert (one.found, one.suggestions[0]) == (wrong, right)
    assert not one.safe
    assert told(f"Theo {right}, việc này đã rõ.") == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("thểthao", "thể thao"), ("sữatươi", "sữa tươi"), ("trunghọc", "trung học"),
        ("hộithao", "hội thao"), ("nhàvườn", "nhà vườn"), ("mưarào", "mưa rào"),
        ("điệnthoại", "điện thoại"), ("thươngnhân", "thương nhân"), ("Đàlạt", "Đà lạt"),
    ],
)  # fmt: skip
def test_two_syllables_that_no_list_holds_are_told_by_their_tone_or_vowel(
    wrong: str, right: str
) -> None:
    assert wrong.lower() not in COMPOUNDS
    (one,) = told(f"Theo {wrong}, việc này đã rõ.")
    assert (one.found, one.suggestions[0]) == (wrong, right)
    assert not one.safe


@pytest.mark.parametrize(
    "words",
    [
        "ôtô, bêtông, môđun, nitơ, ximăng, hiđrô, rađa, đôla, xêmina, kilôgam, prôtêin, sôcôla",
        "virút, kilômét, axít, ôxít, xăngtimét, vắcxin, mácxít, míttinh",
        "Lêningrát, Mátxcơva, Niutơn, Ácsimét, Đakrông, Krông, pơmu, klôngpút, điêzen, lôgíc",
    ],
)
def test_words_that_were_taken_over_from_other_languages_are_left(words: str) -> None:
    assert told(f"Bài viết nhắc đến {words}.") == ()


@pytest.mark.parametrize(("wrong", "right"), [("gé", "ghé"), ("cẻ", "kẻ"), ("gế", "ghế")])
def test_a_word_of_two_letters_that_begins_as_none_does(wrong: str, right: str) -> None:
    (one,) = told(f"Ông {wrong} ngồi.")
    assert (one.found, one.suggestions) == (wrong, (right,))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("nhândân", "nhân dân"), ("trungương", "trung ương"), ("Quốchội", "Quốc hội"),
        ("Liênhợpquốc", "Liên hợp quốc"), ("BộTàichính", "Bộ Tài chính"),
        ("Ủybannhândân", "Ủy ban nhân dân"),
    ],
)  # fmt: skip
def test_a_term_without_its_blanks_is_told_as_the_term(wrong: str, right: str) -> None:
    (one,) = told(f"Theo {wrong}, việc này đã rõ.", shipped())
    assert (one.found, one.suggestions[0]) == (wrong, right)


def test_what_the_text_writes_elsewhere_says_where_to_part() -> None:
    (one,) = told("Quốchội họp; hội trường đông, quốc ca vang lên.")
    assert one.suggestions[0] == "Quốc hội"


@pytest.mark.parametrize(
    "text",
    [
        "Lênin, Mátxcơva, Xinhgapo, Ôxtrâylia, Ápganixtan", "vắcxin, mácxít, ôxy, cácbon",
        "Đắk Lắk, Krông Pắk, Êđê, Sêrêpốk", "Guékédou, Médéa, résumé, Élysée",
        "VinFast, YouTube, TikTok, VietNamNet, PhD", "QĐ-TTg, 12/NQ-HĐND, ĐBSCL, VKSNDTC",
        "quốc phòng-an ninh, Ninh Thuận–Bình Thuận", "nghiêng, khuỷu, quyển, giường, gìn, gì, quý",
        "mã SốLiệu_2025, bảng2ViệtNam",
    ],
)  # fmt: skip
def test_names_and_words_of_others_are_left(text: str) -> None:
    assert told(text, shipped()) == ()


def test_both_compositions_and_both_markups_are_read() -> None:
    text = "Chiều nay, Thủtướng họp với HàNội."
    apart = unicodedata.normalize("NFD", text)
    assert [one.found for one in told(text)] == ["Thủtướng", "HàNội"]
    assert [one.found for one in told(apart)] == ["Thủtướng", "HàNội"]
    assert [apart[one.start : one.end] for one in told(apart)] == [
        unicodedata.normalize("NFD", word) for word in ("Thủtướng", "HàNội")
    ]
    found = check("`HàNội` và **HàNội**", NOTHING, language="vi", markup="markdown")
    assert [one.start for one in found] == [13]


@given(st.lists(st.sampled_from(RIGHT)))
def test_syllables_with_blanks_between_them_are_never_told(parts: list[str]) -> None:
    assert told(" ".join(parts)) == ()
    assert told(" ".join(part.upper() for part in parts)) == ()
    assert told(" ".join(part.title() for part in parts)) == ()


def test_a_text_without_blanks_is_no_text() -> None:
    assert told("Thủtướng" * 10_000) == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("kinhtế", "kinh tế"), ("vănhóa", "văn hóa"), ("vănhoá", "văn hoá"),
        ("thamgia", "tham gia"), ("Kinhdoanh", "Kinh doanh"), ("DOANHNGHIỆP", "DOANH NGHIỆP"),
        ("hợptácxã", "hợp tác xã"),
    ],
)  # fmt: skip
def test_a_compound_without_its_blanks_is_told_whatever_its_tones(wrong: str, right: str) -> None:
    (one,) = told(f"Theo {wrong}, việc này đã rõ.")
    assert (one.found, one.suggestions) == (wrong, (right,))
    assert told(f"Theo {right}, việc này đã rõ.") == ()


def test_each_compound_is_told_without_its_blanks_and_right_with_them() -> None:
    for glued, syllables in COMPOUNDS.items():
        assert glued == "".join(syllables) == nfc(glued).lower()
        assert told(f"Việc {' '.join(syllables)} đã rõ.") == (), glued
        assert [one.found for one in told(f"Việc {glued} đã rõ.")] == [glued]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("nghành", "ngành"),
        ("Nghành", "Ngành"),
        ("ngiệp", "nghiệp"),
        ("ngỉ", "nghỉ"),
        ("ghánh", "gánh"),
        ("ghò", "gò"),
        ("qốc", "quốc"),
        ("cềnh", "kềnh"),
    ],
)
def test_a_syllable_that_begins_as_none_does_is_told(wrong: str, right: str) -> None:
    assert [one.suggestions for one in told(f"Theo {wrong}, việc này đã rõ.")] == [(right,)]
    assert told(f"Theo {right}, việc này đã rõ.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "ghi nhớ, nghe, nghĩa, gì, giữ, ghế, quý, quê, kẻ, nghiêng, ngoằn ngoèo, ký, ghềnh, ngụy",
        "Gérard, Cédric, gène, Ghana, Qatar, bêtông, ôtô, phôtô, kilôgam, xêri, lôgích",
        "#ViệtNam #thamgia #kinhtế, info@kinhdoanh.vn, kinhdoanh.vn, @thamquan",
    ],
)
def test_names_topics_and_addresses_are_left(text: str) -> None:
    assert told(text, shipped()) == ()


def test_what_is_a_term_is_offered_alone() -> None:
    (one,) = told("Theo Quốchội, việc này đã rõ.", shipped())
    assert one.suggestions == ("Quốc hội",)

"""Figures: their values, their sources, and hostile texts."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from counting import grows_linearly
from hypothesis import given
from hypothesis import strategies as st

from desk.items.body import parse
from desk.items.figures import amount, figures, uncovered
from desk.items.legal import legal_citations, uncovered_citations
from desk.items.numbers import numbers


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("7,4%", "vi", "7.4"),
        ("7.4%", "vi", "7.4"),
        ("7.4", "en", "7.4"),
        ("1.234.567", "vi", "1234567"),
        ("1,234,567", "en", "1234567"),
        ("1.234", "vi", "1234"),
        ("1,234", "en", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234", "vi", "1.234"),
        ("1.234,5", "vi", "1234.5"),
        ("1,234.5", "en", "1234.5"),
        ("08", "vi", "8"),
    ],
)
def test_numbers_are_read_as_their_language_writes_them(
    text: str, language: str, value: str
) -> None:
    assert amount(text, language) == Decimal(value)


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("tăng 7,4%", "rose 7.4%"),
        ("405,5 tỷ USD", "USD 405.5 billion"),
        ("1,2 nghìn tỷ đồng", "1.2 trillion dong"),
        ("3,5 triệu lượt", "3.5 million visits"),
        ("1.234.567 hộ", "1,234,567 households"),
    ],
)
def test_both_languages_state_the_same_value(vi: str, en: str) -> None:
    assert [f.key for f in figures(vi, "vi")] == [f.key for f in figures(en, "en")]


def left(body: str) -> list[str]:
    return [figure.text for figure in uncovered(parse(body), "vi", ["1", "2"])]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("GDP tăng 7,4%[^1].", []),
        ("GDP tăng 7,4%.[^1]", []),
        ("GDP tăng 7,4%. [^1] Năm nay khác.", []),
        ("[^1]GDP tăng 7,4%.", []),
        ("GDP tăng 7,4%.", ["7,4%"]),
        ("GDP tăng 7,4%.[^9]", ["7,4%"]),
        ("GDP tăng 7,4%.[^l1]", ["7,4%"]),
        ("GDP tăng 7,4%. Lạm phát 3%.[^1]", ["7,4%"]),
        ("GDP tăng 7,4%.[^1] Lạm phát 3%.", ["3%"]),
        ("GDP tăng 7,4%.\n\nXem nguồn.[^1]", ["7,4%"]),
        ("Theo TP. Hồ Chí Minh, 5 quận đạt.[^1]", []),
        ("- Một: 5 hộ[^1]\n- Hai: 6 hộ", ["6"]),
        ("| Mục | Số |\n|---|---|\n| A | 5[^1] |\n| B | 6 |", ["6"]),
        ("| Mục | Số[^1] |\n|---|---|\n| A | 5 |\n| B | 6 |", []),
        ("    thụt vào 5 hộ", ["5"]),
        ("Có `5` hộ.", ["5"]),
        ("**7**,4%", ["7,4%"]),
    ],
)
def test_a_source_covers_the_figures_of_its_sentence(body: str, missing: list[str]) -> None:
    assert left(body) == missing


def test_an_uncovered_figure_is_found_in_the_source() -> None:
    source = "Mở đầu.\n\nGDP *tăng* **7,4%** năm nay."
    found = uncovered(parse(source), "vi", [])
    assert [source[f.start : f.end] for f in found] == ["7,4%"]


def uncited(body: str) -> list[str]:
    return [cited.text for cited in uncovered_citations(parse(body), "vi", ["l1"])]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("Theo Nghị định số 30/2020/NĐ-CP[^l1], văn thư là công tác thường xuyên.", []),
        ("Theo Nghị định số 30/2020/NĐ-CP.", ["Nghị định số 30/2020/NĐ-CP"]),
        ("Theo Nghị định số 30/2020/NĐ-CP.[^1]", ["Nghị định số 30/2020/NĐ-CP"]),
        ("Nghị định 30/2020/NĐ-CP.[^l1] Sau đó, Nghị định số 30/2020/NĐ-CP được áp dụng.", []),
        ("Theo Luật Báo chí năm 2016.[^l1] Và Luật Đất đai năm 2024.", ["Luật Đất đai năm 2024"]),
    ],
)
def test_a_cited_legal_text_needs_a_link_once(body: str, missing: list[str]) -> None:
    assert uncited(body) == missing


def test_an_english_spelling_is_the_same_document() -> None:
    one, two = "Nghị định số 30/2020/NĐ-CP", "Decree No. 30/2020/ND-CP"
    assert legal_citations(one, "vi")[0].number == legal_citations(two, "en")[0].number


HOSTILE = [
    "1", "1.", "1,1", "1/", "1/2020/", "1-", "N", "số ", "Luật ", "ngày 1, ", "(1", "+8 0",
    "1 giờ ", "http://", "a1", "1/2020/NĐ-", "Điều 1, ", "\u0301", '..."', "2016 Law ",
]  # fmt: skip


@pytest.mark.parametrize("seed", HOSTILE)
def test_the_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    def work(size: int) -> None:
        text = (seed * size)[:size] + "x"
        figures(text, "vi")
        legal_citations(text, "en")

    assert grows_linearly(work, 2_000)


@pytest.mark.parametrize("seed", HOSTILE)
def test_a_hostile_hundred_thousand_letters_come_to_an_end(seed: str) -> None:
    # A pattern that tries again at each letter would take 10^10 steps here, and be noticed.
    text = (seed * 100_000)[:100_000] + "x"
    for figure in figures(text, "vi"):
        assert text[figure.start : figure.end] == figure.text


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1945, 2099))
def test_no_written_date_is_a_figure(day: int, month: int, year: int) -> None:
    for text in (
        f"Ngày {day}/{month}/{year}, họp báo.",
        f"ngày {day:02}-{month:02}-{year}",
        f"Ngày {day} tháng {month} năm {year}, họp báo.",
        f"Published on {year}-{month:02}-{day:02}.",
        f"Tháng {month}/{year} và năm {year}.",
    ):
        assert figures(text, "vi") == []


@given(st.integers(0, 10**12), st.sampled_from(["%", " người", " tỷ đồng", " hộ"]))
def test_no_count_is_missed(value: int, unit: str) -> None:
    grouped = f"{value:,}".replace(",", ".")
    found = figures(f"Kết quả là {grouped}{unit}.", "vi")
    assert [amount(f.text, "vi") for f in found] == [value]


@given(st.text(alphabet="0123456789.,/-: %()+aăđNĐQTWsốngày\n", max_size=60))
def test_every_number_gets_one_kind_and_stays_in_place(text: str) -> None:
    found = numbers(text)
    assert all(text[n.start : n.end] == n.text for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chiều 5.1, bà nói; ngày 12.4; CPI tháng 12.2025", []),
        ("mỗi ngày 4.5 lít, ngày 4.5 triệu lượt, từ 5.1 điểm", ["4.5", "4.5", "5.1"]),
    ],
)
def test_a_day_written_with_a_point_is_no_figure(text: str, found: list[str]) -> None:
    assert [one.text for one in figures(text, "vi")] == found

"""Folding: what is compared alike, and that every span leads back to where it stood."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.fold import SKIPPED, edited, fold, fold_all, folded_all, key

WORDS = st.sampled_from(
    [
        "Tổng",
        "Bí",
        "thư",
        "hoà",
        "hòa",
        "THUỶ",
        "thủy",
        "Ủy",
        "ban",
        "–",
        "-",
        "—",
        "x\xa0y",
        "a\u200bb",
        "\xad",
        "\n",
        "\r\n",
        "\t",
        "",
        "",
        "đ",
        "Đ",
        "ﬁ",
        "İ",
        "ß",
        "한",
        "각",
        "ẹ́",
        "Ô̂",
        "😀",
        "\u202e",
    ]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12).map(" ".join)
FORMS = st.sampled_from(["NFC", "NFD", "NFKC"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà bình", "hòa bình"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("UỶ BAN", "ủy ban"),
        ("Lao động - Thương binh", "Lao động–Thương binh"),
        ("a\u00a0b", "a b"),
        ("a  b", "a b"),
        ("a\nb", "a b"),
        ("a\r\nb", "a b"),
        ("Bí\u200b thư", "Bí thư"),
        ("People’s", "people's"),
        (unicodedata.normalize("NFD", "Tổng Bí thư"), "tổng bí thư"),
    ],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("quý", "qúy"), ("Đảng", "Dảng"), ("Ðảng", "Đảng"), ("mà", "má"), ("a\n\nb", "a b")],
)
def test_spellings_that_are_two(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@given(TEXTS, FORMS)
def test_the_text_and_its_cased_twin_have_one_length(text: str, form: str) -> None:
    folded = fold(unicodedata.normalize(form, text))  # type: ignore[arg-type]
    assert len(folded.cased) == len(folded.text)


@given(TEXTS, FORMS, st.data())
def test_every_span_leads_back_to_what_folds_to_it(
    text: str, form: str, data: st.DataObject
) -> None:
    """The part of the original that a span stands for folds to the span itself, but for blanks."""
    given_text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    folded = fold(given_text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.back(start, end)
    assert 0 <= first <= last <= len(given_text)
    again = fold(given_text[first:last])
    assert _letters(folded.text[start:end]) in _letters(again.text)


def _letters(text: str) -> str:
    """Marks apart, since a span may cut a cluster in two; tones apart from their vowels."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(ch for ch in plain if ch.isalpha() and not unicodedata.combining(ch))


@given(
    st.lists(st.sampled_from(["Tổng", "Bí", "thư", "hoà", "THUỶ", "Ủy", "ban", "đ"]), min_size=1),
    st.data(),
)
def test_words_lead_back_to_the_same_words_in_every_form(
    words: list[str], data: st.DataObject
) -> None:
    parts = [unicodedata.normalize(data.draw(FORMS), word) for word in words]  # type: ignore[arg-type]
    gaps = [
        data.draw(st.sampled_from([" ", "  ", "\n", "\u00a0", " \t", "\u200b "])) for _ in parts
    ]
    text = "".join(part + gap for part, gap in zip(parts, gaps, strict=True))
    folded = fold(text)
    at = 0
    for word, part in zip(words, parts, strict=True):
        start = folded.text.index(key(word), at)
        at = start + len(key(word))
        first, last = folded.back(start, at)
        assert text[first:last] == part


@given(TEXTS)
def test_composed_and_decomposed_copies_fold_alike(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert fold(composed).text == fold(unicodedata.normalize("NFD", text)).text


@given(st.text())
def test_folding_takes_any_text(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text or "i̇" in text.lower() or "  " in folded.text
    folded.text.encode()  # no lone surrogate is left


def test_a_lone_surrogate_becomes_one_other_character() -> None:
    folded = fold("a\ud800b Tổng")
    assert folded.text == "a\ufffdb tổng"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.text("xy", max_size=3))))
def test_edits_lead_back(steps: list[tuple[int, int, str]]) -> None:
    """Characters that no edit touched lead back to themselves."""
    text = "".join(chr(0x100 + n) for n in range(sum(a + b for a, b, _ in steps) + 3))
    edits, at, kept = [], 0, []
    for gap, size, new in steps:
        kept += range(at, at + gap)
        at += gap
        edits.append((at, at + size, new))
        at += size
    kept += range(at, len(text))
    made, places = edited(text, edits)
    for place in kept:
        now = made.index(text[place])
        if places is None:
            assert now == place
        else:
            assert (places.start(now), places.end(now + 1)) == (place, place + 1)


@given(st.lists(st.text("abcĐđoàóỏ – -", min_size=1).map(str.strip).filter(bool)))
def test_folding_many_is_folding_each(texts: list[str]) -> None:
    lines = [" ".join(text.split()) for text in texts]
    assert [low for _, low in fold_all(lines)] == [fold(line).text for line in lines]
    assert folded_all(lines) == [fold(line).text for line in lines]


def test_unread_text_keeps_its_length() -> None:
    assert len(SKIPPED) == 1

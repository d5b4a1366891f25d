"""Queries: words with and without accents, phrases, fields, snippets."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.search.public_index import _match
from desk.search.query import SNIPPET, Text, Word, parse, snippet


def test_words_phrases_and_fields() -> None:
    query = parse('Lạm phát "quý III" agency:y-te agency:thong-ke after:2026-11 http://x')
    assert query.words == (
        Word("lạm", True), Word("phát", True), Word("quý iii", True), Word("http://x", False),
    )  # fmt: skip
    assert query.fields == {"agency": ("y-te", "thong-ke"), "after": ("2026-11",)}


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("lam phat", "Lạm phát cơ bản", True),
        ("lạm phát", "Lạm phát cơ bản", True),
        ("lậm phát", "Lạm phát cơ bản", False),
        ("dong nai", "Tỉnh Đồng Nai", True),
        ('"dong nai"', "Tỉnh Đồng Nai", False),
        ('"co ban lam phat"', "lam phat co ban", False),
        ("co lam", "lam phat co ban", True),
        ("Q3 2026", "figures of q3, 2026", True),
    ],
)
def test_what_is_found(query: str, text: str, found: bool) -> None:
    assert Text(text).has_all(parse(query).words) is found


@given(st.text(alphabet="aăâeêioôơuưyđdtrhnộếờữặ ", max_size=30))
def test_a_text_finds_itself_in_any_normal_form(text: str) -> None:
    words = parse(text).words
    assert Text(unicodedata.normalize("NFD", text)).has_all(words)
    assert Text(text.upper()).has_all(words)


def test_dates_take_in_their_ends() -> None:
    query = parse("after:2026-11 before:2026-11-20")
    assert query.within("2026-11-01T00:00:00Z")
    assert query.within("2026-11-20T23:59:59Z")
    assert not query.within("2026-11-21T00:00:00Z")
    assert not query.within("2026-10-31T23:59:59Z")
    assert not query.within("")
    assert parse("word").within("")


@pytest.mark.parametrize("bad", ["after:yesterday", "before:2026-1", "in:moon"])
def test_what_cannot_be_asked_for_is_told(bad: str) -> None:
    with pytest.raises(UsageError):
        parse(bad)


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_the_index_query(text: str) -> None:
    try:
        match = _match(parse(text))
    except UsageError:
        return
    inside = match.replace('"*', '"').split('"')[1::2]
    assert all(word.replace("_", "a").isalnum() or word == "" for word in inside)


def test_a_snippet_shows_the_word_and_fits() -> None:
    text = "x" * 500 + " chỉ số giá tiêu dùng " + "y" * 500
    cut = snippet(f"ngắn\n{text}", parse("tieu dung").words)
    assert "tiêu dùng" in cut
    assert len(cut) <= SNIPPET + 2
    assert snippet("", parse("a").words) == ""


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("cơ-quan:y-te", "agency", "y-te"),
        ("co-quan:y-te", "agency", "y-te"),
        ("Loại:news", "kind", "news"),
        ("ở:nhật-ký", "in", "log"),
        ("in:nhat-ky", "in", "log"),
        ("là:đã-công-bố", "is", "released"),
        ("từ:20/11/2026", "after", "2026-11-20"),
        ("trước:1/2026", "before", "2026-01"),
        ("after:5/1/2026", "after", "2026-01-05"),
    ],
)
def test_fields_may_be_named_in_vietnamese(typed: str, field: str, value: str) -> None:
    query = parse(typed)
    assert query.fields == {field: (value,)}
    assert not query.words


def test_a_word_with_a_colon_is_no_field() -> None:
    assert [word.text for word in parse("tỷ-lệ:3 http://x").words] == ["tỷ-lệ:3", "http://x"]


def test_a_place_that_is_none_is_refused_in_either_language() -> None:
    with pytest.raises(UsageError):
        parse("ở:trên-trời")

"""The canonical form: one value, one spelling; everything else is refused."""

from __future__ import annotations

import enum
import json
import unicodedata

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from desk.errors import CanonicalError
from desk.trust.acts import INSTANT, WALL
from desk.trust.canonical import LARGEST, canonical, digest, parse, parse_json

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(
    lambda s: unicodedata.normalize("NFC", s)
)
whole = st.integers(-LARGEST, LARGEST)
values = st.recursive(
    st.one_of(text, whole, st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=20,
)


@given(values)
@example({"\U0001f600": 1, "￿": 2, "a": 3})  # UTF-16 order differs from code points here
def test_what_is_written_reads_back_the_same(value: object) -> None:
    data = canonical(value)
    assert parse(data) == value
    assert canonical(parse(data)) == data


@given(values)
@example({"a\u007f": '\u0000\u001f\u2028\\"/\b\f\n\r\t', "é": 1, "\ud7ff": 2})
def test_the_bytes_are_those_of_the_reference_library(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(values)
def test_any_other_spelling_of_a_value_is_refused(value: object) -> None:
    for other in (
        json.dumps(value, indent=1).encode(),
        b" " + canonical(value),
        canonical(value) + b"\n",
        b"\xef\xbb\xbf" + canonical(value),
    ):
        if other != canonical(value):
            with pytest.raises(CanonicalError):
                parse(other)


@given(st.dictionaries(text, values, max_size=6))
def test_the_order_in_which_keys_were_added_does_not_matter(value: dict[str, object]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert digest(backwards) == digest(value)


def test_keys_are_sorted_by_utf16_units() -> None:
    # RFC 8785, section 3.2.3: the emoji is a surrogate pair (D83D) and comes before FFFF.
    assert canonical({"￿": 2, "\U0001f600": 1}) == '{"\U0001f600":1,"￿":2}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":null}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"\\u0061":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1} ',
        b'{"a":"\xff"}',
        b"",
        b"[" * 100_000,
        b"[" * 40 + b"]" * 40,
        b'{"a":"' + "Tiếng".encode() + b'"}',
    ],
)
def test_attack_10_other_spellings_are_refused(data: bytes) -> None:
    if data == b'{"a":"' + "Tiếng".encode() + b'"}':
        data = unicodedata.normalize("NFD", data.decode()).encode()
    with pytest.raises(CanonicalError):
        parse(data)


class _Colour(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    "value",
    [None, 1.0, float("nan"), b"bytes", {1: "a"}, {"a": {2}}, 2**53, -(2**53), "e\u0302", "\ud800",
     {"e\u0302": 1}, pytest.param(object(), id="an object")],
    ids=repr,
)  # fmt: skip
def test_attack_10_nothing_else_can_be_signed(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


def test_truth_and_one_are_different() -> None:
    assert canonical([True, 1, _Colour.RED]) == b"[true,1,1]"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_attack_10_text_is_signed_in_nfc_or_not_at_all(given_text: str) -> None:
    if unicodedata.is_normalized("NFC", given_text):
        assert parse(canonical(given_text)) == given_text
    else:
        with pytest.raises(CanonicalError):
            canonical(given_text)


@pytest.mark.parametrize(
    "spelling",
    [
        "2026-11-20T15:00:00+07:00",
        "2026-11-20T08:00:00+00:00",
        "2026-11-20T08:00:00.000Z",
        "2026-11-20t08:00:00z",
        "2026-11-20 08:00:00Z",
        "20261120T080000Z",
        "2026-11-20T08:00Z",
        "2026-11-20T08:00:00Z\n",
        "２０２６-11-20T08:00:00Z",
        "٢٠٢٦-١١-٢٠T٠٨:٠٠:٠٠Z",
        "2026-02-29T08:00:00Z",
        "2026-13-20T08:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T23:59:60Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_attack_10_an_instant_has_one_spelling(spelling: str) -> None:
    assert INSTANT("2026-11-20T08:00:00Z")
    assert not INSTANT(spelling)
    assert not WALL(spelling.removesuffix("Z") + "Z")


def test_a_deep_or_long_number_is_cheap_to_refuse() -> None:
    with pytest.raises(CanonicalError):
        parse_json(b"-" + b"1" * 1_000_000)

"""Whatever stands in calendar.yaml, it is read or told: nothing ends in another error."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desk.errors import ConfigError
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load_bytes
from tests.newsroom.sample import GOOD, with_change

_PIECES = st.sampled_from(
    ["[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "\t", "&a ", "*a", "!!int ", "? ", "<<: ",
     '"', "'", "|\n", ">\n", "#", "%", "\\", "\0", "\r", "null", "true", "-1", "1e9", "99" * 40,
     "2026-02-30T00:00", "24:00", "FREQ=SECONDLY", "FREQ=YEARLY;BYDAY=53MO", "..", "ế", "\u202e",
     "\ud800", "--- ", "...", "@", "`", "10m", "http://[", "0x1F", "\ufeff"]
)  # fmt: skip


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(GOOD)), st.integers(0, 12), st.one_of(_PIECES, st.text(max_size=6))
        ),
        min_size=1,
        max_size=4,
    )
)
@example(changes=[(0, len(GOOD), "")])
def test_attack_32_no_mutation_of_the_file_escapes_as_another_error(
    changes: list[tuple[int, int, str]],
) -> None:
    text = GOOD
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    lines = text.split("\n")
    try:
        assert isinstance(load_bytes(text.encode("utf-8", "surrogatepass")), NewsroomConfig)
    except ConfigError as error:
        problems = error.problems
    else:
        return
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert problem.what


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_attack_32_no_bytes_escape_as_another_error(raw: bytes) -> None:
    with pytest.raises(ConfigError):
        load_bytes(raw)


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
_PLACES = [
    "Asia/Ho_Chi_Minh", "[vi, en]\n", "thong-ke", "[documents]", "[appraise, review, check]",
    "[check]", "true", "desk,", '"http://127.0.0.1:8601"', "var/press", "false",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", '"09:30"', "[portal, press]", "2026-11-21T00:00",
    "{vi: bảo trì}", "2,", "10m",
]  # fmt: skip


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(_PLACES), value=_VALUES)
def test_attack_32_any_value_in_any_place_is_read_or_told(place: str, value: object) -> None:
    ending = place[-1] if place[-1] in ",\n" else ""
    text = with_change(place, json.dumps(value) + ending)
    try:
        load_bytes(text.encode())
    except ConfigError as error:
        problems = error.problems
    else:
        return
    assert all(p.line >= 1 and p.what for p in problems)

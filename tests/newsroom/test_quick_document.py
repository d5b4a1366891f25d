"""The quick reader of plain YAML files: the same values and places as the careful one."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.newsroom.document import read_document

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=12)
SCALARS = WORDS | st.integers(-9, 9999) | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, VALUES, max_size=5), st.sampled_from([None, True, False]))
def test_both_readers_tell_the_same(value: object, flow: bool | None) -> None:
    raw = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow).encode()
    quick, careful = read_document(raw, quick=True), read_document(raw)
    assert quick.value == careful.value
    assert quick.problems == careful.problems
    if careful.readable and quick.readable:
        assert dict(quick.marks.keys) == dict(careful.marks.keys)


def test_text_that_only_the_careful_reader_refuses_is_refused() -> None:
    for raw in (
        b"a: &x 1\nb: *x\n",
        b"a: !!python/name:os.system\n",
        b"a: 1\na: 2\n",
        b"<<: {a: 1}\n",
        b"a: [1\n",
        b"a: \x00\n",
        "a: \u202e\n".encode(),
    ):
        found = read_document(raw, quick=True)
        assert found.problems == read_document(raw).problems != ()


def test_deep_nesting_never_reaches_the_c_composer() -> None:
    for raw in (b"[" * 200_000, b"- " * 100_000, b"{a: " * 50_000, b"? " * 100_000):
        found = read_document(raw, quick=True)
        assert not found.readable
        assert found.problems

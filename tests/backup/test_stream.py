"""A sealed stream opens as a whole or not at all."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import TrustError
from desk.trust.stream import CHUNK, TAG, open_stream, seal_stream, sealed_size

KEY = bytes(range(32))
SIZES = st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])


def pieces(data: bytes, cut: int) -> list[bytes]:
    return [data[i : i + cut] for i in range(0, len(data), cut)]


@settings(max_examples=30)
@given(SIZES, st.integers(1000, 3 * CHUNK), st.integers(1000, 3 * CHUNK))
def test_what_was_sealed_comes_out_however_it_is_cut_into_pieces(size, one, other):
    data = os.urandom(size)
    sealed = b"".join(seal_stream(KEY, pieces(data, one)))
    assert len(sealed) == sealed_size(size)
    assert b"".join(open_stream(KEY, pieces(sealed, other))) == data


@pytest.mark.parametrize("size", [5, CHUNK, 3 * CHUNK])
def test_a_stream_that_was_cut_moved_lengthened_or_altered_does_not_open(size):
    sealed = b"".join(seal_stream(KEY, [os.urandom(size)]))
    step = CHUNK + TAG
    chunks = pieces(sealed, step)
    worse = [
        sealed[:-1],
        sealed + b"\0",
        sealed + chunks[-1],
        b"".join(reversed(chunks)) if len(chunks) > 1 else sealed[1:],
        b"".join(chunks[:-1]),
        bytes([sealed[0] ^ 1]) + sealed[1:],
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
    ]
    for bad in worse:
        with pytest.raises(TrustError):
            list(open_stream(KEY, [bad]))
    with pytest.raises(TrustError):
        list(open_stream(bytes(32), [sealed]))


def test_an_error_of_the_source_leaves_nothing_that_opens():
    def source():
        yield os.urandom(CHUNK + 5)
        raise OSError("the disk is gone")

    written = []
    with pytest.raises(OSError, match="disk"):
        written.extend(seal_stream(KEY, source()))
    with pytest.raises(TrustError):
        list(open_stream(KEY, written))

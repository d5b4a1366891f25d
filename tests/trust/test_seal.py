"""Seals and wraps: what is sealed opens only as what it is, and only for its readers."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import TrustError
from desk.trust.keys import (
    Identity,
    fingerprint,
    weak_reading_key,
    weak_signing_key,
    wrap,
)
from desk.trust.seal import Name, Reader, SealKey, unwrap, wrap_info

from .house import UID, digest_of, ident, identity

NAME = Name(UID, "revision", ident("i", "one"), ident("v", "one", 16))
ANNA, BINH = identity("anna"), identity("binh")
parts = st.text("abc:-", min_size=1, max_size=8)


@given(parts, st.binary(max_size=100))
@settings(max_examples=30)
def test_it_opens_again(part: str, data: bytes) -> None:
    key = SealKey.fresh(NAME)
    sealed = key.seal(part, data)
    assert key.open(part, sealed) == data
    assert key.seal(part, data) != sealed  # a fresh nonce each time


@pytest.mark.parametrize(
    "other",
    [
        replace(NAME, newsroom=UID.replace("desk", "disk")),
        replace(NAME, kind="draft"),
        replace(NAME, subject=ident("i", "two")),
        replace(NAME, id=ident("v", "two", 16)),
    ],
    ids=["newsroom", "kind", "item", "revision"],
)
def test_attack_16_a_ciphertext_in_anothers_place_does_not_open(other: Name) -> None:
    key = SealKey.fresh(NAME)
    sealed = key.seal("content", b"text")
    with pytest.raises(TrustError):
        SealKey(other, key.secret).open("content", sealed)


def test_attack_16_notes_do_not_open_as_content() -> None:
    key = SealKey.fresh(NAME)
    with pytest.raises(TrustError):
        key.open("content", key.seal("notes", b"text"))


def test_no_two_names_have_the_same_associated_data() -> None:
    words = ["a", "ab", "b", ""]
    seen = {Name(*name).aad(part) for *name, part in itertools.product(words, repeat=5)}
    assert len(seen) == len(words) ** 5


@given(st.integers(0, 31), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    key = SealKey.fresh(NAME)
    sealed = bytearray(key.seal("content", b"text"))
    sealed[place] ^= change
    with pytest.raises(TrustError):
        key.open("content", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12, b"x" * 27])
def test_a_cut_ciphertext_is_noticed(sealed: bytes) -> None:
    with pytest.raises(TrustError):
        SealKey.fresh(NAME).open("content", sealed)


def test_only_readers_open_it() -> None:
    key = SealKey.fresh(NAME)
    wraps = key.wrap_for([Reader("anna", ANNA.read_public)])
    found = unwrap(NAME, wraps, "anna", ANNA)
    assert found is not None
    assert found.secret == key.secret
    assert unwrap(NAME, wraps, "binh", BINH) is None
    with pytest.raises(TrustError):
        unwrap(NAME, {BINH.read_public: wraps[ANNA.read_public]}, "binh", BINH)


@pytest.mark.parametrize(
    ("name", "who"),
    [(NAME, "binh"), (replace(NAME, id=ident("v", "two", 16)), "anna"),
     (replace(NAME, kind="draft"), "anna")],
)  # fmt: skip
def test_attack_16_a_wrap_is_bound_to_the_thing_and_the_reader(name: Name, who: str) -> None:
    wraps = SealKey.fresh(NAME).wrap_for([Reader("anna", ANNA.read_public)])
    with pytest.raises(TrustError):
        unwrap(name, wraps, who, ANNA)


def test_nothing_shows_a_secret() -> None:
    seed = bytes(range(32))
    key = SealKey(NAME, seed)
    for shown in (repr(key), repr(Identity(seed)), str(key)):
        assert seed.hex() not in shown
        assert repr(seed) not in shown


@pytest.mark.parametrize("seed", [b"", b"x" * 31, b"x" * 33])
def test_a_seed_is_32_bytes(seed: bytes) -> None:
    with pytest.raises(TrustError):
        Identity.from_seed(seed)


def test_signing_and_reading_keys_have_nothing_in_common() -> None:
    assert ANNA.sign_public != ANNA.read_public
    assert fingerprint(ANNA.sign_public).replace(" ", "") == ANNA.sign_public[:40]


# -- keys with which anybody could sign or read ------------------------------------------------

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    k = D * a[0] * b[0] * a[1] * b[1]
    return (
        (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, -1, P) % P,
        (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P,
    )


def _root(square: int) -> int | None:
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    return x if (x * x - square) % P == 0 else None


def _small_order_points() -> set[tuple[int, int]]:
    """The eight points of the torsion, from the curve's equation alone."""
    order = 2**252 + 27742317777372353535851937790883648493
    for y in itertools.count(3):
        x = _root((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
        if x is None:
            continue
        point, found, n = (x, y), (0, 1), order
        while n:
            if n & 1:
                found = _add(found, point)
            point, n = _add(point, point), n >> 1
        torsion, step = set(), (0, 1)
        for _ in range(8):
            torsion.add(step)
            step = _add(step, found)
        if len(torsion) == 8:
            return torsion
    raise AssertionError


def test_keys_of_small_order_are_known() -> None:
    for x, y in _small_order_points():
        encoded = (y | (x & 1) << 255).to_bytes(32, "little").hex()
        assert weak_signing_key(encoded)
    for y in range(P, 2**255):
        assert weak_signing_key(y.to_bytes(32, "little").hex())
        assert weak_reading_key(y.to_bytes(32, "little").hex())
    for n in range(40):
        who = identity(f"somebody {n}")
        assert not weak_signing_key(who.sign_public)
        assert not weak_reading_key(who.read_public)


def test_nothing_is_wrapped_for_a_key_of_small_order() -> None:
    for number in (0, 1, P - 1, P, P + 1, 2**256 - 1):
        key = (number % 2**256).to_bytes(32, "little").hex()
        assert weak_reading_key(key)
    with pytest.raises(TrustError):
        wrap(b"secret", "00" * 32, b"")


def test_wrap_info_names_the_reader_and_the_thing() -> None:
    info = json.loads(wrap_info(NAME, Reader("anna", ANNA.read_public)))
    assert info["reader"] == "anna"
    assert info["key"] == ANNA.read_public
    assert (info["id"], info["subject"]) == (NAME.id, NAME.subject)


def test_attack_15_a_figure_cannot_be_guessed_from_a_stored_digest() -> None:
    """The salt is part of what is hashed: trying every figure in the template finds nothing."""
    from desk.trust.canonical import canonical, digest_bytes

    text = "Tốc độ tăng GDP quý III đạt {} %."
    document = {"format": 1, "headline": text.format("7,41"), "salt": digest_of("random")}
    stored = digest_bytes(canonical(document))
    guesses = (text.format(f"{n // 100},{n % 100:02d}") for n in range(1500))
    assert not any(
        stored in (digest_bytes(canonical(d)), digest_bytes(guess.encode()))
        for guess in guesses
        for d in (
            {"format": 1, "headline": guess},
            {"format": 1, "headline": guess, "salt": "0" * 64},
        )
    )

"""Envelopes: what a signature covers, and that there is one spelling of each."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import TrustError
from desk.trust.envelope import (
    MAX_ENVELOPE,
    MAX_SIGNATURES,
    Envelope,
    Signature,
    pae,
    sign,
    verify,
    verify_bytes,
)

from .house import identity

ANNA, BINH = identity("anna"), identity("binh")
L = 2**252 + 27742317777372353535851937790883648493


def value(envelope: Envelope) -> dict[str, object]:
    return json.loads(envelope.to_json())


@given(st.text("abc/.+ \n", max_size=12), st.binary(max_size=60))
def test_the_encoding_before_signing_is_that_of_dsse(kind: str, payload: bytes) -> None:
    wanted = b"DSSEv1 " + str(len(kind)).encode() + b" " + kind.encode() + b" "
    assert pae(kind, payload) == wanted + str(len(payload)).encode() + b" " + payload


@given(st.text("ab 1", max_size=6), st.binary(max_size=9), st.text("ab 1", max_size=6),
       st.binary(max_size=9))  # fmt: skip
def test_two_payloads_never_encode_alike(k1: str, p1: bytes, k2: str, p2: bytes) -> None:
    assert (pae(k1, p1) == pae(k2, p2)) == ((k1, p1) == (k2, p2))


def test_it_reads_back_and_both_signatures_hold() -> None:
    envelope = sign("application/x", {"a": "Tiếng Việt"}, ANNA, BINH)
    again = Envelope.from_json(envelope.to_json())
    assert again == envelope
    keys = {ANNA.sign_public, BINH.sign_public}
    assert verify(again, keys) == keys
    assert again.body() == {"a": "Tiếng Việt"}


def test_attack_06_a_signature_under_one_type_is_none_under_another() -> None:
    hold = sign("application/vnd.desk.act.release.hold.v1+json", {"a": 1}, ANNA)
    forged = Envelope(
        "application/vnd.desk.act.item.approve.v1+json", hold.payload, hold.signatures
    )
    with pytest.raises(TrustError):
        verify(forged, [ANNA.sign_public])


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_changed_signature_spoils_the_whole(place: int, change: int) -> None:
    envelope = sign("application/x", {"a": 1}, ANNA)
    sig = bytearray(envelope.signatures[0].sig)
    sig[place] ^= change
    bad = Envelope(
        envelope.payload_type, envelope.payload, (Signature(ANNA.sign_public, bytes(sig)),)
    )
    with pytest.raises(TrustError):
        verify(bad, [ANNA.sign_public])


def test_signatures_of_strangers_count_for_nothing() -> None:
    envelope = sign("application/x", {"a": 1}, ANNA, BINH)
    assert verify(envelope, [ANNA.sign_public]) == {ANNA.sign_public}
    assert verify(envelope, []) == frozenset()


def test_a_second_form_of_a_signature_does_not_hold() -> None:
    """Ed25519 (RFC 8032, 5.1.7): S + L would also satisfy the equation; it is refused."""
    message = b"message"
    sig = ANNA.sign(message)
    shifted = int.from_bytes(sig[32:], "little") + L
    other = sig[:32] + shifted.to_bytes(32, "little")
    assert verify_bytes(ANNA.sign_public, sig, message)
    assert not verify_bytes(ANNA.sign_public, other, message)


def test_attack_04_one_key_signs_once_however_it_is_spelled() -> None:
    envelope = sign("application/x", {"a": 1}, ANNA)
    (good,) = envelope.signatures
    for second in (good, Signature(good.keyid.upper(), good.sig), Signature("", good.sig),
                   Signature(good.keyid + " ", good.sig)):  # fmt: skip
        with pytest.raises(TrustError):
            Envelope(envelope.payload_type, envelope.payload, (good, second))
    with pytest.raises(TrustError):
        envelope.signed_also_by(ANNA)


def test_a_pile_of_signatures_is_refused_before_any_is_checked() -> None:
    envelope = sign("application/x", {"a": 1}, ANNA)
    pile = tuple(Signature(f"{n:064x}", b"x" * 64) for n in range(MAX_SIGNATURES + 1))
    with pytest.raises(TrustError):
        Envelope(envelope.payload_type, envelope.payload, pile)


def _changed(**changes: object) -> bytes:
    return json.dumps(value(sign("application/x", {"a": 1}, ANNA)) | changes).encode()


def _resigned(**changes: object) -> bytes:
    whole = value(sign("application/x", {"a": 1}, ANNA))
    whole["signatures"] = [whole["signatures"][0] | changes]  # type: ignore[index]
    return json.dumps(whole).encode()


_PAYLOAD = base64.b64encode(b'{"a":1}').decode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b'["payload","payloadType","signatures"]',
        b'{"payload":"","payloadType":"x"}',
        b'{"payload":"","payload":"","payloadType":"x","signatures":[]}',
        _changed(more=1),
        _changed(payloadType="điện"),
        _changed(payloadType=5),
        _changed(payload=5),
        _changed(payload=_PAYLOAD + "\n"),
        _changed(payload=_PAYLOAD.rstrip("=")),
        _changed(payload=_PAYLOAD[:-3] + "R=="),  # bits left over
        _changed(payload="-_=="),
        _changed(signatures="x"),
        _changed(signatures=[5]),
        _changed(signatures={"keyid": "x", "sig": "x"}),
        _resigned(more=1),
        _resigned(sig="AAAA"),
        _resigned(sig=5),
        _resigned(keyid=5),
        _resigned(keyid="AB" * 32),
        b" " * (MAX_ENVELOPE + 1),
    ],
)
def test_what_is_no_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(TrustError):
        Envelope.from_json(data)


@given(st.binary(max_size=200))
def test_noise_is_refused_with_an_error_of_ours(data: bytes) -> None:
    with pytest.raises(TrustError):
        Envelope.from_json(data)

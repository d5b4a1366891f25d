"""The log's chain and checkpoints: what was cut, changed or made anew is noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import TrustError
from desk.trust.envelope import Envelope, sign
from desk.trust.log import (
    CHECKPOINT,
    Entry,
    Head,
    checkpoint,
    entry_hash,
    extend,
    next_entry,
    read_checkpoint,
)

from .house import TIME, UID, identity

PUBLISHER = identity("pub-1")


def chain(envelopes: list[bytes]) -> list[Entry]:
    head, entries = Head(), []
    for envelope in envelopes:
        entries.append(next_entry(head, envelope))
        head = Head(entries[-1].seq, entries[-1].hash)
    return entries


logs = st.lists(st.binary(max_size=20), min_size=2, max_size=8)


@given(logs, st.data())
def test_attack_19_any_change_to_any_entry_breaks_the_chain(
    envelopes: list[bytes], data: st.DataObject
) -> None:
    entries = chain(envelopes)
    head = extend(Head(), entries)
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(entry, envelope=entry.envelope + b"x"),
                replace(entry, seq=entry.seq + 1),
                replace(entry, previous="1" * 64),
                replace(entry, hash="1" * 64),
            ]
        )
    )
    with pytest.raises(TrustError):
        extend(Head(), [*entries[:place], changed, *entries[place + 1 :]])
    if place + 1 < len(entries):
        with pytest.raises(TrustError):
            extend(Head(), [*entries[:place], *entries[place + 1 :]])
    assert extend(Head(), entries[:place]) != head


@given(logs)
def test_attack_19_a_log_hashed_anew_has_another_head(envelopes: list[bytes]) -> None:
    entries = chain(envelopes)
    anew = chain([*envelopes[:-1], envelopes[-1] + b"x"])
    head = extend(Head(), entries)
    assert extend(Head(), anew) != head
    with pytest.raises(TrustError):  # nor does it extend what was pinned in the middle
        extend(Head(1, "0" * 64), anew[1:])


def test_the_place_is_part_of_the_hash() -> None:
    assert entry_hash(1, "0" * 64, b"x") != entry_hash(2, "0" * 64, b"x")


def test_attack_19_a_checkpoint_holds_only_for_its_newsroom_and_signer() -> None:
    head = Head(3, "a" * 64)
    sealed = checkpoint(UID, head, TIME, PUBLISHER)
    keys = [PUBLISHER.sign_public]
    assert read_checkpoint(sealed, UID, keys) == head
    forged = Envelope(sealed.payload_type, sealed.payload.replace(b":3", b":4"), sealed.signatures)
    for envelope, newsroom, allowed in (
        (sealed, "other", keys),
        (sealed, UID, [identity("guest").sign_public]),
        (forged, UID, keys),
        (replace(sealed, payload_type="application/x"), UID, keys),
        (replace(sealed, signatures=()), UID, keys),
    ):
        with pytest.raises(TrustError):
            read_checkpoint(envelope, newsroom, allowed)


@pytest.mark.parametrize(
    "changes", [{"seq": "3"}, {"seq": True}, {"seq": -1}, {"head": "x"}, {"head": 5}, {"more": 1}]
)
def test_a_malformed_checkpoint_is_refused_even_when_signed(changes: dict[str, object]) -> None:
    value = {"newsroom": UID, "seq": 3, "head": "a" * 64, "time": TIME} | changes
    with pytest.raises(TrustError):
        read_checkpoint(sign(CHECKPOINT, value, PUBLISHER), UID, [PUBLISHER.sign_public])

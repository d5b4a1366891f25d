"""The log's chain and checkpoints: what was cut, changed or made anew is noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import TrustError
from desk.trust.envelope import Envelope, sign
from desk.trust.judge import judge
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
from desk.trust.record import Record

from .house import PIN, TIME, UID, House, identity

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


# -- folding one's own copy again ----------------------------------------------------------------


def _kept(house: House) -> tuple[list[Entry], Head]:
    entries = chain([envelope.to_json() for envelope in house.acts])
    return entries, extend(Head(), entries)


def test_a_vouched_copy_folds_to_the_same_record() -> None:
    house = House()
    release, revision = house.ready("one", "statement")
    forged = house.make("release.cancel", release, "guest", parent="0" * 64, note="x")
    house.void(Envelope(forged.envelope.payload_type, forged.envelope.payload, ()))
    house.void(house.approval(revision, "review", "reviewer", newsroom="x@" + "0" * 32))
    house.hold(release)
    entries, head = _kept(house)
    again = Record.refold(PIN, entries, house.record.vouch(head))
    assert again.items == house.record.items
    assert again.releases == house.record.releases
    assert again.seq == house.record.seq
    assert judge(again, release) == judge(house.record, release)
    # What comes after is checked in full again.
    stranger = house.make("release.hold", release, "guest", key="lead-1", nonce="1" * 64)
    assert again.apply(stranger.envelope).void


def test_nothing_but_the_vouched_log_is_folded_without_checking() -> None:
    house = House()
    release, _ = house.ready()
    entries, head = _kept(house)
    vouched = house.record.vouch(head)
    forged = house.make("release.cancel", release, "lead-1", key="guest", parent="0" * 64, note="x")
    longer = [*entries, next_entry(head, forged.envelope.to_json())]
    for other in (entries[:-1], longer, entries[::-1], []):
        with pytest.raises(TrustError):
            Record.refold(PIN, other, vouched)
    with pytest.raises(TrustError):
        Record.refold("0" * 64, entries, vouched)
    with pytest.raises(TrustError):
        house.record.vouch(Head(head.seq - 1, entries[-1].previous))

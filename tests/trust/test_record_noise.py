"""The record and what it cannot read: kinds nobody knows, noise, malformed acts."""

from __future__ import annotations

import copy

import pytest

from desk.errors import TrustError
from desk.trust import acts
from desk.trust.acts import PREFIX
from desk.trust.canonical import canonical
from desk.trust.envelope import Envelope, sign
from desk.trust.judge import judge
from desk.trust.log import Head, checkpoint
from desk.trust.record import Record, Stopped

from .house import AT, PIN, TIME, UID, House, digest_of, ident, identity


def unknown(*signers: str, kind: str = PREFIX + "item.approve.v2+json", **fields: str) -> Envelope:
    value = {"newsroom": UID, "kind": "item.approve", "subject": "x"} | fields
    return sign(kind, value, *(identity(name) for name in signers))


def test_attack_34_an_unknown_kind_by_one_of_us_stops_everything() -> None:
    for who in ("reviewer", "pub-1", "admin-1"):
        with pytest.raises(Stopped):
            House().put(unknown(who))


def test_attack_34_an_unknown_kind_by_others_stops_nothing() -> None:
    house = House()
    house.key_state("guest", "compromised")
    house.void(unknown())
    house.void(unknown("stranger"))
    house.void(unknown("guest"))
    house.void(unknown("reviewer", newsroom="desk-xx@" + "0" * 32))
    house.void(checkpoint(UID, Head(), TIME, identity("pub-1")))
    house.void(unknown("pub-1", kind="application/vnd.desk.portal.stage.v1+json"))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"null", b"[" * 5000, b'{"payload":"","payloadType":"x","signatures":[]}',
     b"\xff" * 10],
)  # fmt: skip
def test_attack_34_noise_from_the_database_changes_nothing(data: bytes) -> None:
    house = House()
    before = copy.deepcopy(house.record.roster)
    assert house.record.apply(data).void
    assert house.record.roster == before


def test_attack_34_acts_before_any_roster_count_for_nothing() -> None:
    house = House()
    house.ready()
    record = Record(PIN)
    for envelope in house.acts[1:]:
        assert record.apply(envelope).void
    assert not record.releases


def test_attack_34_reordered_acts_never_make_a_release_good_that_was_not() -> None:
    """The same acts backwards, and each one left out: refused, or the same manifest."""
    house = House()
    release, _ = house.ready("one", "statement")
    verdict = judge(house.record, release)
    assert verdict.ok
    rest = house.acts[2:]
    for order in (rest[::-1], rest[1:] + rest[:1]):
        record = Record.from_acts(PIN, [*house.acts[:2], *order])
        assert not judge(record, release).ok
    for left_out in range(len(rest)):
        record = Record.from_acts(PIN, [*house.acts[:2], *rest[:left_out], *rest[left_out + 1 :]])
        assert not judge(record, release).ok


# -- malformed acts ----------------------------------------------------------------------------

BAD_FIELDS = {
    "a date that does not exist": {"at": "2026-02-30T08:00:00Z"},
    "an instant after the last year": {"at": "9999-12-31T23:59:59Z"},
    "digits of another script": {"at": "٢٠٢٦-11-20T08:00:00Z"},
    "a channel twice": {"channels": ["portal", "portal"]},
    "channels as text": {"channels": "portal"},
    "a channel as a list": {"channels": [["portal"]]},
    "an item twice": {"items": [ident("i", "a"), ident("i", "a")]},
    "an item with a capital": {"items": [ident("i", "a").upper()]},
    "an item with i, l, o or u": {"items": ["i-ilouilouil"]},
    "a line end in an id": {"slot": "morning\n"},
    "an empty code": {"code": ""},
    "a long code": {"code": "x" * 61},
    "a code that is true": {"code": True},
    "a field more": {"more": 1},
    "a fold of its own": {"fold": "whatever"},
    "the kind of another act": {"kind": "release.edit"},
}


@pytest.mark.parametrize("changes", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_attack_10_a_malformed_act_counts_for_nothing(changes: dict[str, object]) -> None:
    house = House()
    value = {
        "newsroom": UID, "kind": "release.plan", "subject": ident("r", "one"), "actor": "lead-1",
        "time": TIME, "at": AT, "zone": "UTC", "wall": AT[:-1], "code": "x", "channels": ["portal"],
        "items": [],
    } | changes  # fmt: skip
    kind = acts.FIELDS["release.plan"].payload_type
    house.void(sign(kind, value, identity("lead-1")))
    assert not house.record.releases


@pytest.mark.parametrize("number", [True, "1", -1, [1]])
def test_attack_10_a_number_is_a_number(number: object) -> None:
    house = House()
    with pytest.raises(TrustError):
        house.make("item.revise", ident("i", "a"), "writer", revision=ident("v", "a", 16),
                   number=number, language="vi", item_kind="news", agency="thong-ke",
                   content=digest_of("c"))  # fmt: skip


def test_an_act_of_millions_of_bytes_is_refused_before_it_is_read() -> None:
    payload = canonical({"newsroom": UID, "reason": "x" * 200_000})
    kind = acts.FIELDS["release.hold"].payload_type
    with pytest.raises(TrustError, match="too large"):
        acts.read(Envelope(kind, payload, ()))


def test_every_kind_has_a_handler_and_a_payload_type_of_its_own() -> None:
    assert len({kind.payload_type for kind in acts.FIELDS.values()}) == len(acts.FIELDS)
    house = House()
    for name, kind in acts.FIELDS.items():
        house.record.apply(Envelope(kind.payload_type, canonical({"kind": name}), ()))


def test_attack_29_why_an_act_is_void_can_always_be_written_down() -> None:
    """Half a character in a duplicate key: the reason goes into journals and reports."""
    house = House()
    doubled = b'{"\\ud800":1,"\\ud800":2}'
    for data in (
        doubled,
        Envelope(acts.FIELDS["release.hold"].payload_type, doubled, ()).to_json(),
    ):
        applied = house.record.apply(data)
        assert applied.void.startswith("Duplicate key")
        assert applied.void.encode()

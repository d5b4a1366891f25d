"""The roster's chain, the policy's chain, and which documents are refused whoever signs them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from desk.errors import TrustError
from desk.trust import policy, roster
from desk.trust.acts import write
from desk.trust.record import Record

from .house import (
    ADMINS,
    AT,
    NEWSROOM,
    PIN,
    TIME,
    UID,
    House,
    digest_of,
    identity,
    key_entry,
    policy_document,
    roster_document,
)

Change = Callable[[dict[str, Any]], Any]


def test_a_chain_from_the_pinned_root_is_followed() -> None:
    house = House()
    house.roster(house.document())
    assert house.record.roster is not None
    assert house.record.roster.version == 2
    assert house.record.newsroom == UID


def test_attack_07_a_roster_signed_by_others_changes_nothing() -> None:
    house = House()
    document = house.document()
    document["people"]["mole"] = {
        "name": "x", "roles": [{"role": "lead", "agency": "*"}], "keys": [key_entry("mole")],
    }  # fmt: skip
    house.people["mole"] = identity("mole")
    for signers in (("admin-1",), ("mole", "lead-1"), ("admin-1", "mole")):
        assert "lacks signatures" in house.void(house.govern("roster", document, *signers))
    assert house.record.roster is not None
    assert "mole" not in house.record.roster.people
    assert house.record.roster.version == 1
    readers = house.record.roster.readers(("lead", "author"), "*", ("mole",))
    assert identity("mole").read_public not in {reader.key for reader in readers}


def test_attack_07_one_administrator_does_not_count_twice() -> None:
    house = House()
    with pytest.raises(TrustError):
        house.govern("roster", house.document(), "admin-1", "admin-1")


def test_attack_08_an_older_roster_or_another_history_is_refused() -> None:
    house = House()
    one = house.acts[0]
    house.roster(house.document())
    assert house.void(one)
    assert house.void(house.govern("roster", house.document(), version=5))
    assert house.void(house.govern("roster", house.document(), parent=digest_of("other")))
    assert house.void(house.govern("roster", house.document(), parent=None))


def test_each_roster_is_signed_by_the_root_before_it() -> None:
    house = House()
    document = house.document()
    document["root"] = {"threshold": 1, "keys": {"admin-9": identity("admin-9").sign_public}}
    house.people["admin-9"] = identity("admin-9")
    assert house.void(house.govern("roster", document, "admin-9"))
    house.roster(document)  # by two of the old root
    assert house.void(house.govern("roster", house.document(), *ADMINS[:2]))
    house.good(house.govern("roster", house.document(), "admin-9"))


def test_another_newsroom_with_the_same_name_is_another_newsroom() -> None:
    document = roster_document()
    document["root"]["keys"]["admin-1"] = identity("stranger").sign_public
    pin = roster.root_fingerprint(NEWSROOM, document["root"])
    act = write(
        "roster",
        {
            "newsroom": roster.uid(NEWSROOM, pin), "subject": "roster", "version": 1,
            "document": document, "time": TIME,
        },
        identity("stranger"), identity("admin-2"),
    )  # fmt: skip
    assert roster.first(act, pin).newsroom != UID
    record = Record(PIN)
    assert "another newsroom" in record.apply(act.envelope).void
    assert record.roster is None


def test_a_pinned_roster_belongs_to_the_pinned_root() -> None:
    with pytest.raises(TrustError):
        Record("0" * 64, House().record.roster)


def _person(document: dict[str, Any], name: str) -> Any:
    return document["people"][name]


BAD_ROSTERS: dict[str, Change] = {
    "one key under two ids": lambda d: _person(d, "guest").update(keys=[key_entry("lead-1")]),
    "one key in capitals under two ids": lambda d: _person(d, "guest")["keys"][0].update(
        sign=identity("lead-1").sign_public.upper()
    ),
    "one key with blanks": lambda d: _person(d, "guest")["keys"][0].update(
        sign=(" " + identity("lead-1").sign_public)[:64]
    ),
    "one reading key under two ids": lambda d: _person(d, "guest")["keys"][0].update(
        read=identity("lead-1").read_public
    ),
    "an old key of somebody else": lambda d: _person(d, "guest")["keys"].append(
        key_entry("lead-1", "rotated", TIME)
    ),
    "a publisher's key": lambda d: _person(d, "guest").update(keys=[key_entry("pub-1")]),
    "the recovery key": lambda d: _person(d, "guest")["keys"][0].update(read=d["recovery"]),
    "a person as publisher": lambda d: d["publishers"].update({"guest": d["publishers"]["pub-1"]}),
    "a person called recovery": lambda d: d["people"].update(recovery=_person(d, "guest")),
    "two keys in use": lambda d: _person(d, "guest")["keys"].append(key_entry("guest second")),
    "an unknown state": lambda d: _person(d, "guest")["keys"][0].update(state="fine"),
    "a state of another type": lambda d: _person(d, "guest")["keys"][0].update(state=["active"]),
    "until the end of the alphabet": lambda d: _person(d, "guest")["keys"][0].update(until="zzz"),
    "from whenever": lambda d: _person(d, "guest")["keys"][0].update({"from": ""}),
    "a key for which anybody signs": lambda d: _person(d, "guest")["keys"][0].update(
        sign="01" + "00" * 31
    ),
    "a key for which anybody reads": lambda d: _person(d, "guest")["keys"][0].update(
        read="00" * 32
    ),
    "an id with a look-alike": lambda d: d["people"].update({"leаd-1": _person(d, "guest")}),
    "an id with a blank": lambda d: d["people"].update({"lead-1 ": _person(d, "guest")}),
    "an empty id": lambda d: d["people"].update({"": _person(d, "guest")}),
    "roles as text": lambda d: _person(d, "guest").update(roles="lead"),
    "a role of another type": lambda d: _person(d, "guest").update(
        roles=[{"role": 5, "agency": "*"}]
    ),
    "a role that ends some day": lambda d: _person(d, "guest").update(
        roles=[{"role": "lead", "agency": "*", "until": "soon"}]
    ),
    "a role that ends and does not": lambda d: _person(d, "guest").update(
        roles=[{"role": "lead", "agency": "*"}, {"role": "lead", "agency": "*", "until": TIME}]
    ),
    "deputies as text": lambda d: d.update(deputies={"review:*": "lead-1"}),
    "deputies of no agency": lambda d: d.update(deputies={"review": ["lead-1"]}),
    "a deputy whom nobody knows": lambda d: d.update(deputies={"review:*": ["nobody"]}),
    "a deputy twice": lambda d: d.update(deputies={"review:*": ["lead-1", "lead-1"]}),
    "keys as an object": lambda d: _person(d, "guest").update(keys={"0": key_entry("x")}),
    "no root": lambda d: d.pop("root"),
    "a threshold of none": lambda d: d["root"].update(threshold=0),
    "a threshold of true": lambda d: d["root"].update(threshold=True),
    "a threshold in words": lambda d: d["root"].update(threshold="2"),
    "a threshold beyond the keys": lambda d: d["root"].update(threshold=4),
    "a root key twice": lambda d: d["root"]["keys"].update(
        {"admin-9": d["root"]["keys"]["admin-1"]}
    ),
    "a root key in capitals": lambda d: d["root"]["keys"].update(
        {"admin-9": d["root"]["keys"]["admin-1"].upper()}
    ),
    "a root key that is revoked": lambda d: (
        d["root"]["keys"].update({"guest": identity("guest").sign_public}),
        _person(d, "guest")["keys"][0].update(state="revoked"),
    ),
    "a publisher in the root": lambda d: d["root"]["keys"].update(
        {"pub-1": identity("pub-1").sign_public}
    ),
    "format true": lambda d: d.update(format=True),
    "format 2": lambda d: d.update(format=2),
    "people as a list": lambda d: d.update(people=[]),
    "people as text": lambda d: d.update(people="nobody"),
    "another newsroom": lambda d: d.update(newsroom="desk-xx"),
}


@pytest.mark.parametrize("change", BAD_ROSTERS.values(), ids=BAD_ROSTERS)
def test_attack_04_a_bad_roster_is_refused_whoever_signs_it(change: Change) -> None:
    house = House()
    document = house.document()
    change(document)
    house.void(house.govern("roster", document, *ADMINS))
    assert house.record.roster is not None
    assert house.record.roster.version == 1


BAD_POLICIES: dict[str, Change] = {
    "no signers": lambda d: d["releases"].update(signers=0),
    "signers true": lambda d: d["releases"].update(signers=True),
    "signers in words": lambda d: d["releases"].update(signers="2"),
    "an empty chain": lambda d: d["kinds"]["news"].update(chain=[]),
    "a chain of letters": lambda d: d["kinds"]["news"].update(chain="review"),
    "a step twice": lambda d: d["kinds"]["news"].update(chain=["review", "review"]),
    "authors as approvers": lambda d: d["kinds"]["news"].update(chain=["author"]),
    "a step that nobody knows": lambda d: d["kinds"]["news"].update(chain=["anything"]),
    "gates as text": lambda d: d["kinds"]["news"].update(gates="legal"),
    "no gates at all": lambda d: d["kinds"]["news"].pop("gates"),
    "urgent by number": lambda d: d["kinds"]["news"].update(urgent=1),
    "a field of a kind that nobody knows": lambda d: d["kinds"]["news"].update(skip=True),
    "languages as text": lambda d: d["channels"]["portal"].update(languages="vi,en"),
    "no languages": lambda d: d["channels"]["portal"].update(languages=[]),
    "required by number": lambda d: d["channels"]["portal"].update(required=0),
    "a rule that nobody knows": lambda d: d["releases"].update(early_by=600),
    "a span of true": lambda d: d["releases"].update(not_after=True),
    "a span below nothing": lambda d: d["releases"].update(stage_ahead=-1),
    "a span of centuries": lambda d: d["releases"].update(not_after=2**53 - 1),
    "late beyond the last moment": lambda d: d["releases"].update(publish_within=901),
    "withdrawal by letters": lambda d: d.update(withdraw_roles="lead"),
    "withdrawal by nobody": lambda d: d.update(withdraw_roles=[]),
    "format true": lambda d: d.update(format=True),
    "another newsroom": lambda d: d.update(newsroom="desk-xx"),
}


@pytest.mark.parametrize("change", BAD_POLICIES.values(), ids=BAD_POLICIES)
def test_attack_13_a_policy_that_guards_nothing_is_refused_whoever_signs_it(
    change: Change,
) -> None:
    house = House()
    document = policy_document()
    change(document)
    house.void(house.govern("policy", document, *ADMINS))
    assert house.record.policy is not None
    assert house.record.policy.version == 1


def test_attack_13_a_policy_needs_a_quorum_and_its_turn() -> None:
    house = House()
    weaker = policy_document()
    weaker["releases"]["signers"] = 1
    first = house.acts[1]
    assert "lacks signatures" in house.void(house.govern("policy", weaker, "admin-1"))
    assert "lacks signatures" in house.void(house.govern("policy", weaker, "lead-1", "lead-2"))
    house.policy(policy_document())
    assert house.void(first)
    assert house.void(house.govern("policy", weaker, version=7))
    assert house.void(house.govern("policy", weaker, parent=digest_of("other")))


def test_attack_13_a_change_elsewhere_in_the_policy_voids_nothing() -> None:
    one, other = policy_document(), policy_document()
    other["agencies"].append("moi-truong")
    other["kinds"]["notice"] = copy.deepcopy(other["kinds"]["news"])
    other["channels"]["press"]["required"] = True
    both = [policy.read_document(d, 1).projection(["news"], ["portal"]) for d in (one, other)]
    assert both[0] == both[1]
    for change in (
        lambda d: d["releases"].update(signers=1),
        lambda d: d["kinds"]["news"].update(chain=["check"]),
        lambda d: d["channels"]["portal"].update(url="http://127.0.0.1:9"),
        lambda d: d["channels"]["portal"].update(key=identity("other").sign_public),
        lambda d: d.update(zone="UTC"),
    ):
        changed = policy_document()
        change(changed)
        assert policy.read_document(changed, 1).projection(["news"], ["portal"]) != both[0]


def test_attack_09_which_signatures_count_under_a_roster() -> None:
    document = roster_document()
    keys = document["people"]["lead-1"]["keys"]

    def why(state: str, until: str = "", **asked: str) -> str:
        keys[:] = [key_entry("lead-1", state, until)]
        read = roster.read_document(document, 1, PIN)
        return roster.counts(read, "lead-1", identity("lead-1").sign_public, role="lead", **asked)

    before, after = "2026-11-20T06:59:59Z", "2026-11-20T07:00:01Z"
    assert why("active") == ""
    assert why("active", TIME, at=before) == ""
    assert "expires" in why("active", TIME, at=AT)
    assert "expires" in why("active", TIME, time=after)
    assert why("rotated", TIME) == ""
    assert why("rotated", TIME, time=before) == ""
    assert why("rotated", TIME, time=after)
    assert why("rotated", time=before)
    assert why("revoked", TIME, time=before)
    assert why("compromised", TIME, time=before)
    assert "role" in roster.counts(
        roster.read_document(roster_document(), 1, PIN), "writer-2",
        identity("writer-2").sign_public, role="author", agency="y-te",
    )  # fmt: skip
    assert "not in the roster" in roster.counts(
        roster.read_document(roster_document(), 1, PIN), "lead-2",
        identity("lead-1").sign_public, role="lead",
    )  # fmt: skip


def test_readers_are_holders_there_the_publisher_and_recovery_only() -> None:
    read = roster.read_document(roster_document(), 1, PIN)
    found = {reader.id for reader in read.readers(("review",), "y-te", ("writer",))}
    assert found == {"writer", "writer-2", "reviewer", "lead-yt", "pub-1", "recovery"}
    found = {reader.id for reader in read.readers(("review",), "thong-ke", ("nobody",))}
    assert found == {"writer-2", "reviewer", "pub-1", "recovery"}


def test_attack_09_a_role_that_ends_counts_to_its_last_instant_and_no_further() -> None:
    document = roster_document()
    for role in document["people"]["lead-1"]["roles"]:
        role["until"] = AT
    read = roster.read_document(document, 1, PIN)

    def why(**asked: str) -> str:
        return roster.counts(read, "lead-1", identity("lead-1").sign_public, role="lead", **asked)

    after = "2099-01-01T00:00:00Z"
    assert why() == ""
    assert why(at=AT) == ""
    assert "until" in why(at=after)
    assert "until" in why(time=after)
    assert why(time=after, at=AT) == ""  # of a sign-off only the release's instant is known
    assert "lead-1" in read.holders("lead")
    assert "lead-1" not in read.holders("lead", at=after)


def test_the_order_of_deputies_is_that_of_the_agency_then_of_all_and_gives_no_right() -> None:
    document = roster_document()
    document["deputies"] = {
        "review:thong-ke": ["guest", "lead-2"],
        "review:*": ["lead-2", "lead-1"],
    }
    read = roster.read_document(document, 1, PIN)
    assert read.in_order("review", "thong-ke") == ("guest", "lead-2", "lead-1")
    assert read.in_order("review", "y-te") == ("lead-2", "lead-1")
    assert read.in_order("check", "y-te") == ()
    assert "guest" not in read.holders("review", "thong-ke")


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry["keys"][0].update(state="rotated"),
        lambda entry: entry["keys"][0].update(state="revoked"),
        lambda entry: entry["keys"][0].update(state="active"),
        lambda entry: entry["keys"][0].update(read=identity("other").read_public),
        lambda entry: entry["keys"].clear(),
    ],
)
def test_attack_09_a_compromised_key_never_becomes_ordinary_again(change: Change) -> None:
    house = House()
    house.key_state("lead-1", "compromised")
    document = house.document()
    change(document["people"]["lead-1"])
    assert "stays compromised" in house.void(house.govern("roster", document))
    moved = house.document()
    moved["people"]["lead-9"] = {**moved["people"].pop("lead-1"), "name": "Trưởng ca"}
    assert "stays compromised" in house.void(house.govern("roster", moved))
    assert house.record.roster is not None
    key = house.record.roster.key_of(identity("lead-1").sign_public)
    assert key is not None
    assert (key.person, key.state) == ("lead-1", "compromised")
    house.roster(house.document())  # a roster that leaves it as it is follows

"""Deputies: a role given for a time fills the giver's seat, and never makes one person two."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.trust.acts import Act
from desk.trust.judge import judge, judge_revision, signers_left, steps_of
from desk.trust.permission import may_approve
from desk.trust.standing import Seat, quorum

from .house import AT, TIME, House, digest_of, ident

BEFORE, AFTER = "2026-11-20T06:00:00Z", "2026-11-20T09:00:00Z"
UNTIL = "2026-11-25T00:00:00Z"


def delegation(house: House, giver: str, to: str, role: str, agency: str = "*", **more: Any) -> Act:
    """A delegation that is not in the log; `since` is the field `from`."""
    value = {"to": to, "role": role, "agency": agency, "until": UNTIL}
    value |= {"from": more.pop("since", BEFORE)} | more
    return house.make("people.delegate", "people", giver, **value)


def delegate(house: House, giver: str, to: str, role: str, agency: str = "*", **more: Any) -> Act:
    """The same, in the log."""
    return house.good(delegation(house, giver, to, role, agency, **more))


def end(house: House, made: Act, who: str) -> None:
    house.say("people.undelegate", "people", who, delegation=made.digest)


def rules(house: House, revision: Act) -> set[str]:
    """What speaks against it, in the log and where the roster is pinned from elsewhere."""
    here = judge_revision(house.record, revision.subject, revision.digest)
    there = judge_revision(house.elsewhere(), revision.subject, revision.digest)
    assert {r.rule for r in here} == {r.rule for r in there}
    return {reason.rule for reason in here}


def good(house: House, release: str) -> bool:
    """Whether it may go out, which the newsroom and a portal see alike."""
    here, there = judge(house.record, release).ok, judge(house.elsewhere(), release).ok
    assert here == there
    return here


# -- what a deputy may do ------------------------------------------------------------------------


def test_a_deputy_approves_for_whoever_is_away() -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review")
    revision = house.item("one")
    may_approve(house.record, revision.subject, revision.digest, "guest", "review")
    house.good(house.approval(revision, "review", "guest"))
    assert rules(house, revision) == set()
    item = house.record.items[revision.subject]
    (step,) = steps_of(house.record, item, item.current)
    assert step.seat == {"guest", "reviewer"}


def test_a_deputy_is_named_among_those_who_could_act() -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review", "thong-ke")
    revision = house.item("one")
    item = house.record.items[revision.subject]
    assert "guest" in steps_of(house.record, item, item.current)[0].who
    other = house.item("two", agency="y-te")
    item = house.record.items[other.subject]
    assert "guest" not in steps_of(house.record, item, item.current)[0].who


def test_a_deputy_signs_for_a_lead_who_is_away() -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("one", revision)
    delegate(house, "lead-2", "guest", "lead")
    assert "guest" in signers_left(house.record, house.record.releases[release], None)
    house.good(house.signoff(release, "lead-1", "guest"))
    assert good(house, release)


def test_a_deputy_plans_holds_and_lifts() -> None:
    house = House()
    release, _ = house.ready()
    delegate(house, "lead-2", "guest", "lead")
    held = house.hold(release)
    house.say("release.lift", release, "guest", hold=held.digest)
    assert not good(house, release)
    house.say("release.lift", release, "lead-1", hold=held.digest)
    assert good(house, release)


# -- what a deputy may not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"role": "admin"}, "Never"),
        ({"to": "reviewer"}, "another person"),
        ({"to": "nobody"}, "roster"),
        ({"role": "lead"}, "role"),
        ({"until": "2026-12-21T06:00:01Z"}, "31"),
        ({"until": BEFORE, "from": TIME}, "ends"),
        ({"until": BEFORE}, "ends"),
    ],
)
def test_what_cannot_be_delegated(changes: dict[str, Any], why: str) -> None:
    house = House()
    value = {"to": "guest", "role": "review", "agency": "*", "from": BEFORE, "until": UNTIL}
    act = house.make("people.delegate", "people", "reviewer", **(value | changes))
    assert why in house.void(act)
    assert not house.record.delegations


def test_nobody_delegates_more_than_they_hold_or_what_was_delegated_to_them() -> None:
    house = House()
    assert "all of" in house.void(delegation(house, "lead-yt", "guest", "lead", "*"))
    assert house.void(delegation(house, "lead-yt", "guest", "lead", "thong-ke"))
    delegate(house, "lead-yt", "guest", "lead", "y-te")
    assert house.void(delegation(house, "guest", "writer", "lead", "y-te"))


@pytest.mark.parametrize("time", ["2026-11-20T05:59:59Z", "2026-11-25T00:00:01Z"])
def test_attack_09_an_act_outside_of_the_span_counts_for_nothing(time: str) -> None:
    house = House()
    revision = house.item("one", time=BEFORE)
    delegate(house, "reviewer", "guest", "review", since=BEFORE)
    if time > UNTIL:
        assert house.void(house.approval(revision, "review", "guest", time=time))
    else:  # stated before its text was written: it counts as of then
        house.good(house.approval(revision, "review", "guest", time=time))
        assert rules(house, revision) == set()


def test_attack_09_nobody_backdates_an_approval_of_a_text_that_came_after_the_span() -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review", until=TIME)
    revision = house.item("one", time=AFTER)
    assert house.void(house.approval(revision, "review", "guest", time=TIME))


def test_attack_09_an_act_after_the_early_end_counts_for_nothing_whatever_time_it_states() -> None:
    house = House()
    first, second = house.item("one"), house.item("two")
    made = delegate(house, "reviewer", "guest", "review")
    house.good(house.approval(first, "review", "guest"))
    end(house, made, "reviewer")
    assert rules(house, first) == set()
    assert house.void(house.approval(second, "review", "guest", time=TIME))
    assert rules(house, second) == {"chain"}
    assert house.void(made)  # nor does the old delegation count again


def test_attack_09_a_signature_by_a_deputy_needs_the_delegation_at_the_instant() -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("one", revision)
    short = delegate(house, "lead-2", "guest", "lead", until="2026-11-20T07:59:59Z")
    house.good(house.signoff(release, "lead-1", "guest"))
    assert not good(house, release)
    end(house, short, "guest")
    long = delegate(house, "lead-2", "guest", "lead", until=AT)
    house.good(house.signoff(release, "guest", roster_version=1, termbase="2"))
    house.good(house.signoff(release, "lead-1", roster_version=1, termbase="2"))
    assert good(house, release)
    end(house, long, "lead-2")
    assert not good(house, release)


@pytest.mark.parametrize("who", ["reviewer", "guest"])
@pytest.mark.parametrize("state", ["revoked", "compromised"])
def test_attack_09_a_key_that_is_gone_takes_the_deputys_approval_with_it(
    who: str, state: str
) -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review")
    revision = house.item("one")
    house.good(house.approval(revision, "review", "guest"))
    house.key_state(who, state)
    assert "chain" in rules(house, revision)


def test_attack_09_a_role_that_is_gone_or_has_ended_is_nobodys_to_stand_in_for() -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review")
    revision = house.item("one")
    house.good(house.approval(revision, "review", "guest"))
    document = house.document()
    document["people"]["reviewer"]["roles"] = [{"role": "review", "agency": "*", "until": BEFORE}]
    house.roster(document)
    assert rules(house, revision) == {"chain"}
    document["people"]["reviewer"]["roles"][0]["until"] = TIME
    house.roster(document)
    assert rules(house, revision) == set()


def test_a_rotated_key_keeps_what_was_delegated_with_it() -> None:
    house = House()
    delegate(house, "reviewer", "guest", "review")
    revision = house.item("one")
    house.rotate("reviewer")
    house.good(house.approval(revision, "review", "guest"))
    assert rules(house, revision) == set()


# -- one seat ------------------------------------------------------------------------------------


def test_attack_03_the_seat_of_an_author_approves_and_signs_nothing() -> None:
    house = House()
    revision = house.item("one", "writer-2")
    delegate(house, "writer-2", "guest", "review")
    house.good(house.approval(revision, "review", "guest"))
    assert rules(house, revision) == {"chain"}
    with pytest.raises(Refused) as refused:
        may_approve(house.record, revision.subject, revision.digest, "guest", "review")
    assert {r.rule for r in refused.value.reasons} == {"deputy"}
    other = house.item("two", "lead-3")
    house.approve(other)
    release = house.plan("two", other)
    delegate(house, "lead-3", "guest", "lead")
    house.good(house.signoff(release, "lead-1", "guest"))
    assert not good(house, release)


def test_attack_03_a_deputy_who_wrote_it_approves_nothing() -> None:
    house = House()
    delegate(house, "reviewer", "writer", "review")
    revision = house.item("one", "writer")
    house.good(house.approval(revision, "review", "writer"))
    assert "author-approves" in rules(house, revision)


@pytest.mark.parametrize("signers", [("lead-1", "guest"), ("guest", "writer-2")])
def test_attack_04_one_lead_makes_no_quorum_by_appointing_people(signers: tuple[str, ...]) -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("one", revision)
    delegate(house, "lead-1", "guest", "lead")
    delegate(house, "lead-1", "writer-2", "lead")
    house.good(house.signoff(release, *signers))
    assert not good(house, release)
    house.good(house.signoff(release, "lead-2", *signers))
    assert good(house, release)


def test_attack_03_a_publisher_cannot_say_that_went_out_what_one_lead_and_a_deputy_signed() -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("one", revision)
    delegate(house, "lead-1", "guest", "lead")
    house.good(house.signoff(release, "lead-1", "guest"))
    assert "Not signed" in house.void(house.released(release))
    house.good(house.signoff(release, "lead-2", "guest"))
    house.good(house.released(release))


def test_attack_04_one_lead_lifts_no_hold_by_appointing_people() -> None:
    house = House()
    release, _ = house.ready()
    held = house.hold(release)
    for deputy in ("guest", "writer"):
        delegate(house, "lead-1", deputy, "lead")
    house.say("release.lift", release, "guest", hold=held.digest)
    assert house.void(house.make("release.lift", release, "writer", hold=held.digest))
    house.say("release.lift", release, "lead-1", hold=held.digest)
    assert not good(house, release)
    house.say("release.lift", release, "lead-2", hold=held.digest)
    assert good(house, release)


def test_attack_04_giver_and_deputy_fill_one_step_of_a_chain() -> None:
    house = House()
    delegate(house, "checker", "guest", "check")
    document = house.document()
    document["people"]["checker"]["roles"].append({"role": "review", "agency": "*"})
    house.roster(document)
    revision = house.item("one", item_kind="statement")
    house.good(house.approval(revision, "appraise", "appraiser"))
    house.good(house.approval(revision, "review", "checker"))
    house.good(house.approval(revision, "check", "guest"))
    assert rules(house, revision) == {"chain"}
    item = house.record.items[revision.subject]
    who = steps_of(house.record, item, item.current)[2].who
    assert "lead-1" in who
    assert not {"guest", "checker"} & set(who)
    house.good(house.approval(revision, "review", "reviewer"))
    assert rules(house, revision) == set()


def test_who_is_somebodys_deputy_and_holds_the_role_too_acts_in_person() -> None:
    house = House()
    delegate(house, "lead-1", "lead-2", "lead")
    release, _ = house.ready()
    assert good(house, release)


def test_withdrawing_is_never_a_deputys() -> None:
    house = House()
    release, revision = house.ready()
    house.good(house.released(release))
    delegate(house, "lead-1", "guest", "lead")
    act = house.make("item.withdraw", revision.subject, "guest", revision=revision.digest,
                     mode="kill", note="x")  # fmt: skip
    assert "Not allowed" in house.void(act)


def test_a_reminder_is_about_something_there_and_changes_nothing() -> None:
    house = House()
    revision = house.item("one")
    fields = {"to": ["reviewer"], "step": "review"}
    house.say("people.remind", revision.subject, "writer", **fields)
    assert house.void(house.make("people.remind", ident("i", "other"), "writer", **fields))
    assert rules(house, revision) == {"chain"}


def test_a_delegation_of_another_newsroom_counts_for_nothing() -> None:
    house = House()
    other = f"desk-vn@{digest_of('other')[:32]}"
    assert house.void(delegation(house, "reviewer", "guest", "review", newsroom=other))


def test_attack_09_a_lead_whose_key_was_stolen_signs_again_with_a_new_one() -> None:
    house = House()
    release, _ = house.ready()
    house.rotate("lead-2")
    document = house.document()
    document["people"]["lead-2"]["keys"][0]["state"] = "compromised"
    house.roster(document)
    assert not good(house, release)
    state = house.record.releases[release]
    assert "lead-2" in signers_left(house.record, state, state.signoff)
    assert state.signoff is not None
    house.good(house.signoff(release, "lead-2", **dict(state.signoff.fields)))
    assert good(house, release)


# -- every way to count --------------------------------------------------------------------------

PEOPLE = "abcdefg"
seats = st.frozensets(st.sampled_from(PEOPLE), min_size=1, max_size=2)


@given(st.dictionaries(st.sampled_from(PEOPLE), st.lists(seats, min_size=1, max_size=3)))
def test_a_quorum_never_uses_a_person_twice_and_misses_nobody_it_could_count(
    drawn: dict[str, list[Seat]],
) -> None:
    options = {person: [seat | {person} for seat in given if len(seat | {person}) < 3] or
               [frozenset({person})] for person, given in drawn.items()}  # fmt: skip
    found = quorum(options)
    assert all(found[person] in options[person] for person in found)
    used = list(itertools.chain(*found.values()))
    assert len(used) == len(set(used))
    # Whoever signed in person fills no other seat: then as many count as any choice could give.
    present = {
        person: [seat for seat in given if len(seat) == 1]
        or [seat for seat in given if not (seat - {person}) & options.keys()]
        for person, given in options.items()
    }
    assert len(found) == _most(list(present.values()), frozenset())


def _most(options: list[list[Seat]], taken: Seat) -> int:
    if not options:
        return 0
    best = _most(options[1:], taken)
    for seat in options[0]:
        if not seat & taken:
            best = max(best, 1 + _most(options[1:], taken | seat))
    return best

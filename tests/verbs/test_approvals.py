"""Approvals: who may, who may not and why; no act counts for what it was not signed for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.approvals import decide, queue
from desk.errors import Reason, Refused
from desk.items import drafts, revisions
from desk.newsroom.room import View
from desk.releases import hold
from desk.store import log, projections
from desk.trust.acts import Act, write
from desk.trust.envelope import Envelope
from desk.trust.judge import judge_revision
from tests.verbs.house import House


def rules(action: Callable[[], object]) -> dict[str, Reason]:
    """The rules that refuse an action."""
    with pytest.raises(Refused) as refused:
        action()
    return {reason.rule: reason for reason in refused.value.reasons}


def force(house: House, act: Act) -> None:
    """Put an act into the log as somebody with the database in hand would, past every verb."""
    with house.room.store.write() as connection:
        log.append(connection, act)
        record = house.room.record_about(connection, act.subject)
        projections.project(connection, record, [act.subject])


def approval(house: House, view: View, who: str, item: str, step: str, **over: object) -> Act:
    """An approval by that person's key, made without asking anybody."""
    _, revision = revisions.find(view, item)
    gates = [{"id": gate, "version": 1, "outcome": "pass", "input": "0" * 64}
             for gate in view.policy.kinds["news"]["gates"]]  # fmt: skip
    fields = {
        "newsroom": view.record.newsroom, "subject": item, "actor": who,
        "time": house.room.instant(), "revision": revision.digest, "step": step, "gates": gates,
        "roster": view.roster.version, **over,
    }  # fmt: skip
    return write("item.approve", fields, house[who].identity)


def open_reasons(house: House, item: str) -> set[str]:
    with house.room.reading(item) as view:
        state, _ = revisions.find(view, item)
        return {reason.rule for reason in judge_revision(view.record, item, state.latest)}


def test_three_distinct_people_take_the_three_steps_in_order(house: House) -> None:
    vi, _ = house.pair()
    for who, step in (("appraiser", "appraise"), ("reviewer", "review"), ("checker", "check")):
        assert [w.item for w in queue.waiting(house.room, house[who]) if w.item == vi] == [vi]
        done = decide.approve(house.room, house[who], vi)
        assert (done.step, done.already) == (step, False)
        assert decide.approve(house.room, house[who], vi).already
    assert done.state == "approved"
    assert open_reasons(house, vi) == set()


def test_what_waits_is_due_when_its_release_goes_out(house: House) -> None:
    late, soon, loose = (house.submitted("writer") for _ in range(3))
    for item, seconds in ((late, 7200), (soon, 3600)):
        house.planned(item, seconds=seconds)
    found = {w.item: w for w in queue.waiting(house.room, house["reviewer"])}
    with house.room.reading(late, soon) as view:
        at = {one: release.at for release in view.record.releases.values()
              for one in release.items}  # fmt: skip
    assert (found[late].due, found[soon].due) == (at[late], at[soon])
    assert not found[loose].due
    assert list(found)[:2] == [soon, late]


def test_attack_03_an_author_is_refused_by_the_verb_and_by_the_judge(house: House) -> None:
    item = house.submitted("writer")
    found = rules(lambda: decide.approve(house.room, house["writer"], item))
    assert found["author-approves"].who == ("checker", "reviewer")
    with house.room.reading(item) as view:
        force(house, approval(house, view, "writer", item, "review"))
    assert open_reasons(house, item) == {"author-approves"}


def test_attack_03_who_fixes_a_comma_is_an_author_too(house: House) -> None:
    item = house.submitted()
    drafts.edit(house.room, house["writer"], item)
    drafts.save(house.room, house["writer"], item, {"headline": "Số liệu, quý III"})
    revisions.submit(house.room, house["writer"], item)
    for who in ("writer", "editor"):
        assert rules(lambda who=who: decide.approve(house.room, house[who], item)).keys() & {
            "author-approves", "role"
        }  # fmt: skip
    with house.room.reading(item) as view:
        force(house, approval(house, view, "writer", item, "review"))
    assert open_reasons(house, item) == {"author-approves"}


def test_attack_03_the_stored_list_of_authors_is_not_believed(house: House) -> None:
    item = house.submitted("writer")
    with house.room.store.write() as connection:
        connection.exec_driver_sql("update revisions set author = 'editor'")
    assert "author-approves" in rules(lambda: decide.approve(house.room, house["writer"], item))


def test_the_wrong_role_is_told_who_could(house: House) -> None:
    item = house.submitted()
    found = rules(lambda: decide.approve(house.room, house["lead-1"], item))
    assert found["role"].who == ("checker", "reviewer", "writer")


def test_one_person_takes_one_step(house: House) -> None:
    vi, _ = house.pair()
    decide.approve(house.room, house["appraiser"], vi)
    decide.approve(house.room, house["checker"], vi, step="review")
    assert "distinct" in rules(
        lambda: decide.approve(house.room, house["checker"], vi, step="check")
    )


def test_a_later_step_waits_for_the_earlier_one(house: House) -> None:
    vi, _ = house.pair()
    found = rules(lambda: decide.approve(house.room, house["checker"], vi, step="check"))
    assert found["order"].who == ("appraiser",)


def test_what_was_looked_at_before_a_newer_revision_cannot_be_approved(house: House) -> None:
    item = house.submitted()
    with house.room.reading(item) as view:
        _, seen = revisions.find(view, item)
    drafts.edit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, {"headline": "Khác"})
    revisions.submit(house.room, house["editor"], item)
    approve = decide.approve
    assert "newer" in rules(
        lambda: approve(house.room, house["reviewer"], item, digest=seen.digest)
    )
    assert open_reasons(house, item) == {"chain"}


def test_a_returned_revision_needs_a_new_one_and_its_authors_read_why(house: House) -> None:
    item = house.submitted()
    decide.give_back(house.room, house["reviewer"], item, "Thiếu nguồn")
    assert decide.reason_of(house.room, house["editor"], item) == "Thiếu nguồn"
    assert "returned" in rules(lambda: decide.approve(house.room, house["reviewer"], item))
    drafts.edit(house.room, house["editor"], item)
    revisions.submit(house.room, house["editor"], item)
    assert decide.approve(house.room, house["reviewer"], item).state == "approved"


def test_a_return_without_a_word_is_refused(house: House) -> None:
    item = house.submitted()
    assert "reason" in rules(lambda: decide.give_back(house.room, house["reviewer"], item, "  "))


def test_attack_05_an_approval_copied_elsewhere_counts_nowhere(house: House) -> None:
    first, second = house.submitted(), house.submitted()
    with house.room.reading(first, second) as view:
        good = approval(house, view, "reviewer", first, "review")
        elsewhere = approval(house, view, "reviewer", second, "review",
                             newsroom="desk-vn@" + "0" * 32)  # fmt: skip
        other = approval(
            house, view, "reviewer", second, "review", revision=good.fields["revision"]
        )
    for act in (elsewhere, other):
        force(house, act)
    with house.room.store.write() as connection:  # the row says another item than the act
        log.append(connection, good)
        connection.exec_driver_sql(
            "update log set subject = ? where digest = ?", (second, good.digest)
        )
    assert open_reasons(house, second) == {"chain"}


def test_attack_06_a_hold_is_no_approval_under_another_type(house: House) -> None:
    release = house.planned(house.submitted())
    item = house.submitted()
    act = hold.hold(house.room, house["reviewer"], release)
    approve = "application/vnd.desk.act.item.approve.v1+json"
    disguised = Envelope(approve, act.envelope.payload, act.envelope.signatures)
    with house.room.store.write() as connection:
        seq = log.head(connection).seq + 1
        connection.exec_driver_sql(
            "insert into log (seq, previous, hash, kind, subject, actor, time, digest, envelope)"
            " values (?, 'a', 'b', 'item.approve', ?, 'reviewer', '', 'c', ?)",
            (seq, item, disguised.to_json()),
        )
    assert open_reasons(house, item) == {"chain"}


def test_attack_06_an_older_approval_replayed_counts_once(house: House) -> None:
    vi, _ = house.pair()
    with house.room.reading(vi) as view:
        act = approval(house, view, "checker", vi, "review")
    force(house, act)
    force(house, act)
    with house.room.reading(vi) as view:
        _, revision = revisions.find(view, vi)
        assert [a.person for a in revision.approvals] == ["checker"]
        assert [void.void.split(":")[0] for void in view.record.voids] == ["Replayed"]


def test_attack_07_a_key_put_into_the_stored_roster_is_neither_signer_nor_reader(
    house: House,
) -> None:
    from desk.newsroom import administer
    from desk.trust.keys import Identity

    stranger = Identity.generate()[0]
    keys = administer.PublicKeys(stranger.sign_public, stranger.read_public)
    with house.room.reading() as view:
        document = administer.with_person(
            view.roster, "stranger", "x", [("review", "*")], keys, house.room.instant()
        )
        unsigned = administer.propose_roster(view, document, house.room.instant())
    forged = unsigned.signed_also_by(stranger)
    with house.room.store.write() as connection:
        seq = log.head(connection).seq + 1
        connection.exec_driver_sql(
            "insert into log (seq, previous, hash, kind, subject, actor, time, digest, envelope)"
            " values (?, 'a', 'b', 'roster', 'roster', '', '', 'c', ?)",
            (seq, forged.to_json()),
        )
    with house.room.reading() as view:
        assert "stranger" not in view.roster.people
    item = house.submitted()
    with house.room.store.read() as connection:
        readers = set(connection.exec_driver_sql("select reader from wraps").scalars())
    assert stranger.read_public not in readers
    assert open_reasons(house, item) == {"chain"}

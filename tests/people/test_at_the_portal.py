"""Deputies with real programs: publisher and portal judge the delegation for themselves."""

from __future__ import annotations

from datetime import timedelta

from desk.clock import now, written
from desk.demo import newsroom as demo
from desk.people import deputies
from desk.people.deputies import DelegationView
from desk.people.keys import with_role_end
from tests.attacks.hands import change_roster, sign_by_hand
from tests.attacks.harness import Desk, desk, wait_for


def lent(d: Desk, to: str) -> DelegationView:
    """lead-2 is away for an hour."""
    until = written(now(d.n.room.clock) + timedelta(hours=1))
    lead = d.n.actor("lead-2")
    return deputies.delegate(d.n.room, lead, to, role="lead", until=until)


def signed_by(d: Desk, *people: str) -> None:
    """The release, planned anew so that nothing is signed, with these signatures."""
    d.release()
    basis = d.record().releases[d.n.release].basis
    d.forge("release.confirm", d.n.release, {"parent": basis}, d.n.actor("lead-1"))
    sign_by_hand(d, *people)


def test_what_a_deputy_signed_goes_out_at_its_instant() -> None:
    with desk() as d:
        lent(d, "reviewer-1")
        signed_by(d, "lead-1", "reviewer-1")
        d.start_publisher()
        d.staged()
        d.until(-1)
        d.released("portal", "press")


def test_the_publisher_lets_a_new_deputy_read_what_was_sealed_before() -> None:
    with desk() as d:
        d.start_publisher()
        d.caught_up()
        reader = d.n.actor(demo.ADMIN).identity.read_public

        def readable() -> int:
            with d.sql() as db:
                query = "SELECT count(*) FROM wraps WHERE kind = 'revision' AND reader = ?"
                return int(db.execute(query, (reader,)).fetchone()[0])

        assert readable() == 0
        lent(d, demo.ADMIN)
        wait_for(lambda: readable() == len(d.n.items), "the deputy can read every item")


def test_attack_04_giver_and_deputy_are_one_signer_to_the_publisher() -> None:
    with desk() as d:
        lent(d, "reviewer-1")
        signed_by(d, "lead-2", "reviewer-1")
        d.start_publisher()
        wait_for(lambda: "signers" in d.reasons(), "the publisher refuses")
        d.until(-1.5)
        d.nothing_out()


def test_attack_09_a_delegation_ended_after_staging_stops_the_release() -> None:
    with desk() as d:
        made = lent(d, "reviewer-1")
        signed_by(d, "lead-1", "reviewer-1")
        d.start_publisher()
        d.staged()
        _, act = deputies.undelegate(d.n.room, d.n.actor("lead-2"), made.id)
        assert d.n.room.acknowledged("people", act, 5) == "in-force"
        d.until(-1.5)
        d.nothing_out()
        assert "signers" in d.reasons()


def test_attack_09_a_role_that_ends_before_the_instant_stops_the_release_after_staging() -> None:
    with desk() as d:
        d.start_publisher()
        d.release()
        d.staged()
        with d.n.room.reading() as view:
            at = d.record().releases[d.n.release].at
            assert view.time < at
            document = with_role_end(view.roster, "lead-2", "lead", "*", view.time)
        change_roster(d, document)
        d.until(-1.5)
        d.nothing_out()
        assert "signers" in d.reasons()

"""Who leads: exactly one, at once when the leader is gone, after silence when it was stopped."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.errors import Conflict
from desk.publisher.leader import KEPT_TERMS, Lead, latest


class Group:
    """Several publishers of one folder, on one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.members: dict[str, Lead] = {}

    def join(self, name: str, *, fit: bool = True) -> Lead:
        lead = Lead(self.folder, name, self.folder / name, self.clock)
        lead.join()
        lead.beat(fit=fit)
        self.members[name] = lead
        return lead

    def pass_time(self, seconds: float, *silent: str, unfit: str = "") -> None:
        """Let time pass in small steps; everybody beats and looks but the silent ones."""
        for _ in range(round(seconds / 0.1)):
            self.clock.advance(0.1)
            for name, lead in self.members.items():
                if name not in silent:
                    lead.beat(fit=name != unfit)
                    lead.look()


@pytest.fixture
def group(tmp_path: Path) -> Group:
    return Group(tmp_path / "lead")


def crash(lead: Lead) -> None:
    """What the kernel does for a process that ends: its descriptors are closed, nothing more."""
    os.close(lead._lock)
    os.close(lead._beat)
    lead._lock = lead._beat = -1


def test_the_first_one_leads_and_the_next_one_stands_by(group: Group) -> None:
    first = group.join("pub-1")
    assert first.look()
    second = group.join("pub-2")
    group.pass_time(10)
    assert (first.leads, second.leads, second.deposed) == (True, False, False)
    term = latest(group.folder)
    assert term is not None
    assert (term.number, term.name, term.home) == (1, "pub-1", str(group.folder / "pub-1"))


def test_attack_22_a_leader_that_ended_is_replaced_at_the_next_look(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    assert not second.look()
    crash(first)
    assert second.look()
    assert second.leads
    assert second.why == "it has ended"
    assert second.before is not None
    assert second.before.name == "pub-1"


def test_one_that_leaves_says_so(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    first.leave()
    assert second.look()
    assert second.why == "it was stopped"


def test_attack_23_a_silent_leader_is_replaced_after_two_seconds_and_knows_it(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    group.pass_time(5)
    group.pass_time(1.8, "pub-1")
    assert first.leads
    group.pass_time(0.5, "pub-1")
    assert second.leads
    assert second.why == "it is silent"
    assert (first.leads, first.deposed) == (False, True)  # it asks when it wakes up
    group.pass_time(5)
    assert second.leads
    assert not first.leads


def test_attack_23_who_slept_himself_does_not_take_his_sleep_for_silence(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    group.pass_time(1)
    group.clock.advance(60)  # the whole machine was asleep
    second.beat(fit=True)
    assert not second.look()
    first.beat(fit=True)
    group.pass_time(3)
    assert first.leads


def test_a_standby_whose_own_loop_hangs_does_not_take_over(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    crash(first)
    group.clock.advance(1.5)
    assert not second.look()
    second.beat(fit=True)
    assert second.look()


def test_one_that_is_not_fit_leaves_it_to_the_others_for_a_while(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    unfit, fit = group.join("pub-2", fit=False), group.join("pub-3")
    crash(first)
    assert not unfit.look()
    assert fit.look()
    crash(fit)
    assert unfit.look(), "nobody else is there"


def test_one_that_is_not_fit_leads_when_nobody_else_does(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2", fit=False)
    group.pass_time(4, "pub-1", unfit="pub-2")
    assert not second.leads
    group.pass_time(5, "pub-1", unfit="pub-2")
    assert second.leads


def test_a_leader_started_again_is_not_the_one_that_led(group: Group) -> None:
    first = group.join("pub-1")
    first.look()
    second = group.join("pub-2")
    crash(first)
    again = Lead(group.folder, "pub-1", group.folder / "pub-1", group.clock)
    again.join()
    again.beat()
    assert second.look()
    assert second.why == "it has ended and was started again"
    assert not again.look()


def test_a_name_is_taken_by_one_process(group: Group) -> None:
    group.join("pub-1")
    with pytest.raises(Conflict, match="runs already"):
        Lead(group.folder, "pub-1", group.folder / "x", group.clock).join()


def test_of_many_that_want_to_lead_exactly_one_does(group: Group) -> None:
    leader = group.join("pub-0")
    leader.look()
    others = [group.join(f"pub-{n}") for n in range(1, 9)]
    for term in range(2, 40):
        crash(leader)
        others = [one for one in others if one is not leader]
        if not others:
            break
        start = threading.Barrier(len(others))

        def go(one: Lead, start: threading.Barrier, term: int) -> None:
            start.wait()
            while not one.look() and _number(group) < term:
                pass

        threads = [threading.Thread(target=go, args=(one, start, term)) for one in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        leading = [one for one in others if one.leads]
        assert len(leading) == 1
        leader = leading[0]


def _number(group: Group) -> int:
    term = latest(group.folder)
    return term.number if term else 0


def test_old_terms_are_cleared_away_and_nobody_leads_by_one(group: Group) -> None:
    first = group.join("pub-a")
    first.look()
    for number in range(KEPT_TERMS + 5):
        name = f"pub-{number}"
        lead = group.join(name)
        before = group.members.pop("last", None)
        if before is not None:
            crash(before)
        else:
            crash(first)
        assert lead.look()
        group.members["last"] = group.members.pop(name)
    assert len(list((group.folder / "terms").iterdir())) == KEPT_TERMS
    assert first.deposed


@pytest.mark.parametrize("number", [1, 4, 400])
def test_attack_27_a_term_that_a_power_cut_left_empty_stops_nobody(
    group: Group, number: int
) -> None:
    """Its name may be on the disk before its bytes are."""
    terms = group.folder / "terms"
    terms.mkdir(parents=True)
    (terms / f"{number:012d}").touch()
    first, second = group.join("pub-1"), group.join("pub-2")
    assert first.look()
    assert (first.leads, first.deposed, first.term) == (True, False, number + 1)
    group.pass_time(5)
    assert not second.term


def test_attack_27_after_a_lost_term_the_ledger_of_the_one_before_is_asked_for(
    group: Group,
) -> None:
    first = group.join("pub-1")
    assert first.look()
    crash(first)
    (group.folder / "terms" / f"{2:012d}").touch()
    second = group.join("pub-2")
    assert second.look()
    assert second.before is not None
    assert (second.term, second.before.number, second.before.name) == (3, 1, "pub-1")


def test_attack_23_a_term_that_cannot_be_read_just_now_is_no_vacancy(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = group.join("pub-1"), group.join("pub-2")
    assert first.look()

    def read_bytes(_: Path) -> bytes:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    for _ in range(3):
        assert not second.look()
    assert first.leads

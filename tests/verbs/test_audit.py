"""The audit: a log that was cut, hashed anew, reordered or added to does not pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.audit.files import read_checkpoints, read_export, write_export
from desk.audit.verify import AuditReport, verify
from desk.clock import now, written
from desk.errors import Conflict, NotFound, TrustError
from desk.releases import hold
from desk.store import log
from desk.trust.acts import write
from desk.trust.envelope import Envelope
from desk.trust.log import Entry, Head, checkpoint, next_entry
from tests.verbs.house import House


def entries(house: House) -> list[Entry]:
    with house.room.store.read() as connection:
        return list(log.every_entry(connection))


def vouched(house: House, upto: int | None = None, who: str = "pub-1") -> Envelope:
    """A checkpoint over the log as it is, or over its first entries."""
    last = entries(house)[:upto][-1]
    with house.room.reading() as view:
        newsroom = view.record.newsroom
    return checkpoint(newsroom, Head(last.seq, last.hash), house.room.instant(),
                      house[who].identity)  # fmt: skip


def audited(house: House, found: list[Entry], *checkpoints: Envelope) -> AuditReport:
    return verify(house.fingerprint, found, checkpoints)


def codes(report: AuditReport) -> list[str]:
    return [finding.code for finding in report.findings]


def rehashed(found: list[Entry]) -> list[Entry]:
    """A chain made anew over other envelopes, as whoever owns the database could."""
    head, made = Head(), []
    for entry in found:
        made.append(next_entry(head, entry.envelope))
        head = Head(made[-1].seq, made[-1].hash)
    return made


@pytest.fixture
def lively(house: House) -> House:
    release = house.signed()
    hold.hold(house.room, house["editor"], release)
    return house


def test_a_log_as_it_is_holds_with_its_checkpoints(lively: House) -> None:
    report = audited(lively, entries(lively), vouched(lively, 3), vouched(lively))
    assert report.ok
    assert (report.checkpoints, report.checkpoint) == (2, report.entries)
    assert report.voids == ()


def test_attack_19_a_tail_cut_off_fails_against_the_checkpoint(lively: House) -> None:
    seen, whole = vouched(lively), entries(lively)
    assert audited(lively, whole[:-1]).ok  # the chain alone does not show it
    assert codes(audited(lively, whole[:-1], seen)) == ["cut"]


def test_attack_19_a_log_hashed_anew_without_an_act_fails_against_the_checkpoint(
    lively: House,
) -> None:
    seen, whole = vouched(lively, -1), entries(lively)
    forged = rehashed([*whole[:-2], whole[-1]])
    assert audited(lively, forged).ok
    assert codes(audited(lively, forged, seen)) == ["rehashed"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found[1:],
        lambda found: [*found[:3], *found[4:]],
        lambda found: [found[0], found[2], found[1], *found[3:]],
        lambda found: [*found[:2], Entry(3, found[2].previous, found[2].hash, b"{}"), *found[3:]],
        lambda found: [],
    ],
)
def test_a_hole_a_swap_or_another_envelope_breaks_the_chain(
    lively: House, damage: Callable[[list[Entry]], list[Entry]]
) -> None:
    assert "chain" in codes(audited(lively, damage(entries(lively))))


def test_another_root_does_not_pass_whatever_the_log_says_of_itself(lively: House) -> None:
    assert codes(verify("0" * 64, entries(lively), [])) == ["root"]


def test_a_checkpoint_by_somebody_else_does_not_count(lively: House) -> None:
    found = vouched(lively, who="editor")
    assert codes(audited(lively, entries(lively), found)) == ["checkpoint"]


def test_forged_acts_are_listed_with_the_reason_and_change_nothing(lively: House) -> None:
    whole = entries(lively)
    again = rehashed([*whole, whole[-1]])  # the last hold once more
    report = audited(lively, again)
    assert report.ok
    assert [(void.seq, void.kind) for void in report.voids] == [(len(again), "release.hold")]
    assert "Replayed" in report.voids[0].reason


@settings(max_examples=25)
@given(data=st.data())
def test_any_changed_byte_of_any_envelope_is_found(founded: House, data: st.DataObject) -> None:
    whole = entries(founded)
    number = data.draw(st.integers(0, len(whole) - 1))
    entry = whole[number]
    place = data.draw(st.integers(0, len(entry.envelope) - 1))
    changed = bytearray(entry.envelope)
    changed[place] ^= data.draw(st.integers(1, 255))
    whole[number] = Entry(entry.seq, entry.previous, entry.hash, bytes(changed))
    assert not verify(founded.fingerprint, whole, []).ok


def test_an_export_comes_back_the_same_and_is_never_overwritten(
    lively: House, tmp_path: Path
) -> None:
    whole, seen, file = entries(lively), vouched(lively), tmp_path / "log.jsonl"
    assert write_export(file, "desk-vn", lively.fingerprint, whole, [seen]) == len(whole)
    found = read_export(file)
    assert (list(found.entries), list(found.checkpoints)) == (whole, [seen])
    assert audited(lively, list(found.entries), *found.checkpoints).ok
    with pytest.raises(Conflict):
        write_export(file, "desk-vn", lively.fingerprint, whole, [])


@pytest.mark.parametrize("line", ["", "{}", '{"format":2}', '{"format":1,"newsroom":"x"}'])
def test_what_is_no_export_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(TrustError, match="Not an export"):
        read_export(file)
    with pytest.raises(NotFound):
        read_export(tmp_path / "nothing")


def test_a_checkpoint_torn_by_a_crash_is_left_out_and_a_spoilt_one_is_told(
    lively: House, tmp_path: Path
) -> None:
    file, whole = tmp_path / "checkpoints.jsonl", vouched(lively).to_json() + b"\n"
    file.write_bytes(whole + whole[:50])
    assert len(read_checkpoints(file)) == 1
    file.write_bytes(b"{}\n" + whole)
    with pytest.raises(TrustError, match="Not a checkpoint"):
        read_checkpoints(file)


def test_the_report_is_plain_json(lively: House) -> None:
    report = audited(lively, entries(lively)[:-1], vouched(lively))
    value = json.loads(json.dumps(report.as_json()))
    assert value["ok"] is False
    assert value["findings"][0]["code"] == "cut"


def resumed(
    house: House,
    found: list[Entry],
    *,
    who: str = "admin",
    seconds: int = 60,
    of: int | None = None,
) -> list[Entry]:
    """The log with a `resume` at its end, which accepts its head (or an earlier entry)."""
    accepted = found[-1 if of is None else of]
    with house.room.reading() as view:
        newsroom = view.record.newsroom
    time = written(now(house.clock) + timedelta(seconds=seconds))
    act = write(
        "resume",
        {"newsroom": newsroom, "subject": "newsroom", "time": time, "head": accepted.hash,
         "seq": accepted.seq},
        house[who].identity,
    )  # fmt: skip
    return [*found, next_entry(Head(found[-1].seq, found[-1].hash), act.envelope.to_json())]


def grown(house: House, found: list[Entry]) -> list[Entry]:
    """The log of a restored newsroom in which somebody works on: it passes what was lost."""
    for _ in range(4):
        house.submitted()
    head, made = Head(found[-1].seq, found[-1].hash), list(found)
    for entry in entries(house)[-4:]:
        made.append(next_entry(head, entry.envelope))
        head = Head(made[-1].seq, made[-1].hash)
    return made


def test_attack_33_a_restored_log_holds_once_administrators_accepted_it(lively: House) -> None:
    early, late, whole = vouched(lively, 5), vouched(lively), entries(lively)
    lost = whole[:-3]
    assert codes(audited(lively, lost, early, late)) == ["cut"]
    report = audited(lively, resumed(lively, lost), early, late)
    assert report.ok
    assert (report.checkpoints, report.checkpoint) == (1, 5)
    (one,) = report.resumes
    assert (one.holds, one.accepted, one.lost, one.reached) == (True, len(lost), 1, len(whole))


def test_attack_33_a_restored_log_that_grew_past_what_was_lost_holds_too(lively: House) -> None:
    late, whole = vouched(lively), entries(lively)
    after = grown(lively, whole[:-3])
    assert len(after) > len(whole)
    assert codes(audited(lively, after, late)) == ["rehashed"]
    assert audited(lively, resumed(lively, after), late).ok


def test_attack_33_nothing_is_excused_that_was_seen_after_the_resume(lively: House) -> None:
    after = resumed(lively, entries(lively)[:-3])
    lively.clock.step(120)  # the old publisher was still running, or the log was cut again
    assert codes(audited(lively, after, vouched(lively))) in (["cut"], ["rehashed"])


@pytest.mark.parametrize("who", ["lead-1", "pub-1", "editor"])
def test_attack_19_nobody_but_administrators_excuses_what_was_cut(lively: House, who: str) -> None:
    late, cut = vouched(lively), entries(lively)[:-3]
    report = audited(lively, resumed(lively, cut, who=who), late)
    assert codes(report) in (["cut"], ["rehashed"])
    assert report.resumes == ()
    assert [void.kind for void in report.voids] == ["resume"]


def test_attack_19_a_resume_of_another_log_excuses_nothing(lively: House) -> None:
    """A resume that administrators once signed, copied into a log from which something is cut."""
    whole, late = entries(lively), vouched(lively)
    genuine = resumed(lively, whole)[-1].envelope
    cut = whole[:-3]
    copied = [*cut, next_entry(Head(cut[-1].seq, cut[-1].hash), genuine)]
    report = audited(lively, copied, late)
    assert codes(report) in (["cut"], ["rehashed"])
    assert [one.holds for one in report.resumes] == [False]

"""The gate on terminology: what blocks, what is answered, what approvers see and sign."""

from __future__ import annotations

from typing import Any

import pytest

from desk.approvals import decide, queue
from desk.errors import NotFound, Refused, UsageError
from desk.items import answers, drafts, kept, quick_fix, revisions
from desk.newsroom import administer
from desk.store import sealed
from desk.terms import overlay, proposals
from desk.terms.change import Change
from desk.terms.overlay import Off
from desk.terms.plain import entry_of
from tests.verbs.house import POLICY, TEXT, House

WRONG = "Tổng bí thư dự hội nghị."


def adopted(house: House) -> House:
    """The house with the gate on its news."""
    kinds = {name: {**kind, "gates": [*kind["gates"], "terms"]}
             for name, kind in POLICY["kinds"].items()}  # fmt: skip
    document = {**POLICY, "kinds": kinds}
    with house.room.reading() as view:
        envelope = administer.propose_policy(view, document, house.room.instant())
        proposal = administer.countersign(view, envelope, house["admin"])
    administer.enact(house.room, proposal.act.envelope)
    return house


@pytest.fixture
def gated(house: House) -> House:
    """A newsroom whose kinds all have the gate, with one warning of its own."""
    adopted(house)
    entry = rule("quan-so", "quân số", "số lượng")
    proposals.propose(house.room, house["lead-1"], Change(put=(entry,)))
    return house


def rule(name: str, avoid: str, use: str, severity: str = "warning") -> Any:
    """An entry of the newsroom's own."""
    return entry_of({
        "language": "vi", "id": name, "severity": severity,
        "forms": [{"text": use, "status": "preferred"}, {"text": avoid, "status": "deprecated"}],
        "rule": f"Viết {use}.", "source": {"id": "own", "title": "Quy ước của tòa soạn"},
        "examples": {"match": [f"Con {avoid} này."], "clean": [f"Con {use} này."]},
    })  # fmt: skip


def text(*sentences: str) -> dict[str, str]:
    return {"body": "\n\n".join([TEXT["body"], *sentences])}


def refused(action: Any, *needles: str) -> Refused:
    with pytest.raises(Refused) as caught:
        action()
    told = " ".join(str(reason) for reason in caught.value.reasons)
    for needle in needles:
        assert needle in told, told
    return caught.value


def approval_fields(house: House, item: str) -> dict[str, Any]:
    """The fields of the newest approval in the log."""
    from desk.store import log
    from desk.trust import acts
    from desk.trust.envelope import Envelope

    with house.room.store.read() as connection:
        found = [acts.read(Envelope.from_json(e.envelope)) for e in log.every_entry(connection)]
    return [dict(act.fields) for act in found if act.kind.name == "item.approve"][-1]


def test_an_error_blocks_submitting(gated: House) -> None:
    item = gated.draft(changes=text(WRONG))
    refused(lambda: revisions.submit(gated.room, gated["editor"], item), "Tổng Bí thư")


def test_a_warning_wants_an_answer_and_then_lets_through(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    error = refused(lambda: revisions.submit(room, editor, item), "số lượng")
    assert f"desk item ack {item}" in error.hint
    answers.keep(room, editor, item, answers.every_warning, "Trích nguyên văn")
    revisions.submit(room, editor, item)
    review = queue.review(room, gated["reviewer"], item)
    (gate,) = [gate for gate in review.gates if gate.id == "terms"]
    assert gate.outcome == "warn"
    assert "Trích nguyên văn" in gate.findings[0].message
    assert "editor" in gate.findings[0].message_vi


def test_the_approval_names_termbase_and_what_was_acknowledged(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    answers.keep(room, editor, item, answers.every_warning, "Trích nguyên văn")
    revisions.submit(room, editor, item, notes="Đã đối chiếu")
    decide.approve(room, gated["reviewer"], item)
    fields = approval_fields(gated, item)
    with room.reading(item) as view:
        _, revision = revisions.find(view, item)
        (decision,) = kept.of_revision(view, gated["reviewer"], item, revision)
        assert kept.notes_of(view, gated["reviewer"], item, revision) == "Đã đối chiếu"
    assert fields["acknowledged"] == [decision.digest]
    assert fields["termbase"] == str(proposals.standing(room).version)
    assert [gate["outcome"] for gate in fields["gates"] if gate["id"] == "terms"] == ["warn"]


def test_an_approval_without_warnings_names_the_termbase_alone(gated: House) -> None:
    decide.approve(gated.room, gated["reviewer"], item := gated.submitted())
    fields = approval_fields(gated, item)
    assert fields["termbase"].startswith("v1 ")
    assert "acknowledged" not in fields


def test_a_newer_termbase_asks_the_approver_and_his_answer_is_sealed(gated: House) -> None:
    room = gated.room
    item = gated.submitted(changes=text("Con tuần lễ này đã khác."))
    proposals.propose(room, gated["lead-1"], Change(put=(rule("tuan", "tuần lễ", "tuần"),)))
    refused(lambda: decide.approve(room, gated["reviewer"], item), "tuần")
    decide.approve(room, gated["reviewer"], item, warnings="Tên của chương trình")
    (named,) = approval_fields(gated, item)["acknowledged"]
    with room.reading(item) as view:
        (own,) = kept.acknowledged(view, gated["editor"], item, [named])
        assert own.ignore.author == "reviewer"
        assert own.ignore.reason == "Tên của chương trình"
        with pytest.raises(Refused):  # the health author reads nothing of it
            sealed.key_for(view.connection, kept.note_name(view, item, named),
                           gated["health"].opener)  # fmt: skip


def test_an_error_that_came_later_blocks_the_approval(gated: House) -> None:
    room = gated.room
    item = gated.submitted(changes=text("Con tuần lễ này đã khác."))
    made = proposals.propose(
        room, gated["lead-1"], Change(put=(rule("tuan", "tuần lễ", "tuần", "error"),))
    )
    decide_ = lambda: decide.approve(room, gated["reviewer"], item, warnings="kệ")  # noqa: E731
    proposals.accept(room, gated["lead-2"], made.id)
    refused(decide_, "tuần")


def test_a_newer_termbase_voids_no_approval(gated: House) -> None:
    room = gated.room
    item = gated.submitted(changes=text("Con tuần lễ này đã khác."))
    decide.approve(room, gated["reviewer"], item)
    proposals.propose(room, gated["lead-1"], Change(put=(rule("tuan", "tuần lễ", "tuần"),)))
    assert decide.approve(room, gated["reviewer"], item).already
    with room.reading(item) as view:
        assert all(step.approval for step in revisions.progress(view, item))


def test_an_error_that_is_none_is_kept_by_its_number_and_warns(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text(WRONG))
    assert answers.every_warning(answers.look(room, editor, item).findings) == []
    answers.keep(room, editor, item, answers.numbered([1]), "Nguyên văn tài liệu năm 1951")
    revisions.submit(room, editor, item)
    (gate,) = [g for g in queue.review(room, gated["reviewer"], item).gates if g.id == "terms"]
    assert (gate.outcome, gate.findings[0].severity) == ("warn", "warning")


def test_a_change_of_the_paragraph_voids_what_was_kept(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác.", "Câu cuối."))
    answers.keep(room, editor, item, answers.every_warning, "Trích nguyên văn")
    drafts.save(room, editor, item, text("Con quân số này đã khác.", "Câu cuối, sửa."))
    assert answers.look(room, editor, item).findings[0].kept is not None
    drafts.save(room, editor, item, text("Con quân số này đã khác xưa.", "Câu cuối, sửa."))
    assert answers.look(room, editor, item).findings[0].kept is None
    refused(lambda: revisions.submit(room, editor, item), "số lượng")


def test_what_is_kept_until_a_day_is_asked_again_after_it(gated: House) -> None:
    from datetime import date

    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    answers.keep(room, editor, item, answers.every_warning, "Tạm thời", until=date(2026, 11, 21))
    assert answers.look(room, editor, item).findings[0].kept is not None
    gated.clock.advance(3 * 86_400)
    assert answers.look(room, editor, item).findings[0].kept is None
    with pytest.raises(UsageError):
        answers.keep(room, editor, item, answers.every_warning, "Cũ", until=date(2026, 11, 21))


def test_what_is_kept_follows_into_the_next_draft_and_the_quick_fix(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    answers.keep(room, editor, item, answers.every_warning, "Trích nguyên văn")
    revisions.submit(room, editor, item)
    drafts.edit(room, gated["editor-2"], item)
    assert answers.look(room, gated["editor-2"], item).findings[0].kept is not None
    decide.approve(room, gated["reviewer"], item)
    fix = {"headline": TEXT["headline"] + "."}
    quick_fix.mend(room, editor, item, fix)
    decide.approve(room, gated["checker"], item)
    assert len(approval_fields(gated, item)["acknowledged"]) == 1


def test_keeping_can_be_taken_back_and_done_twice(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    once = answers.keep(room, editor, item, answers.numbered([1]), "Trích")
    twice = answers.keep(room, editor, item, answers.numbered([1]), "Trích nữa")
    assert twice.version == once.version
    assert twice.findings[0].kept == once.findings[0].kept
    back = answers.take_back(room, editor, item, answers.numbered([1]))
    assert back.findings[0].kept is None
    with pytest.raises(UsageError):
        answers.keep(room, editor, item, answers.numbered([7]), "Trích")
    with pytest.raises(NotFound):
        answers.keep(room, editor, item, answers.at("body", "quan-so", 0), "Trích")
    with pytest.raises(UsageError):
        answers.keep(room, editor, item, answers.numbered([1]), "  ")


def test_attack_13_a_termbase_edited_by_hand_lets_nothing_through(gated: House) -> None:
    room = gated.room
    item = gated.draft(changes=text(WRONG))
    rules = [Off("vi", one.id, "im lặng") for one in overlay.effective(room.root).entries
             if one.severity == "error" and one.language == "vi"]  # fmt: skip
    before = overlay.load(room.root)
    overlay.save(room.root, overlay.Overlay(before.entries, tuple(rules)))
    refused(lambda: revisions.submit(room, gated["editor"], item), "not sound", "Tổng Bí thư")


def test_attack_14_a_kept_finding_is_found_nowhere_on_disk(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    item = gated.draft(changes=text("Con quân số này đã khác."))
    answers.keep(room, editor, item, answers.every_warning, "lý do kín 7Kq2")
    revisions.submit(room, editor, item)
    decide.approve(room, gated["reviewer"], item)
    for file in gated.root.rglob("*"):
        if file.is_file() and file.parent.name == "var":
            data = file.read_bytes()
            assert b"7Kq2" not in data
            assert "Con quân số".encode() not in data


def test_a_kind_without_the_gate_asks_nothing(house: House) -> None:
    item = house.submitted(changes=text(WRONG))
    decide.approve(house.room, house["reviewer"], item)
    assert "termbase" not in approval_fields(house, item)

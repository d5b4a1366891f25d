"""Acts from the rooms on a real newsroom: what is signed, and what a wrong word changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.errors import Conflict, NotFound, Refused, TrustError
from desk.items import drafts, revisions
from desk.releases import plan
from screens.source import Outcome
from tests.screens.newsroom_world import (
    PASSPHRASE,
    head,
    releases,
    source,
    to_approve,
)

LANGUAGE = "vi"


def test_a_wrong_passphrase_signs_nothing(newsroom: DemoNewsroom) -> None:
    reader, before = source(newsroom), head(newsroom)
    entry = to_approve(reader)[0]
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    digest = reader.review(entry.revision).digest
    calls: list[Callable[[], Outcome]] = [
        lambda: reader.approve(entry.revision, digest, "sai"),
        lambda: reader.send_back(entry.revision, digest, "vì sao", "sai"),
        lambda: reader.sign(view.release, view.manifest, "sai"),
        lambda: reader.hold(newsroom.release, "vì sao", "sai"),
        lambda: reader.lift(newsroom.release, "sai"),
    ]
    for call in calls:
        with pytest.raises(TrustError):
            call()
    assert head(newsroom) == before


def test_signing_signs_the_manifest_that_was_shown(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    assert view.refusals == ()
    assert view.signed == ("lead-2",)
    reader.sign(view.release, view.manifest, PASSPHRASE)
    with newsroom.room.reading(view.release) as read:
        signoff = read.record.releases[view.release].signoff
        assert signoff is not None
        assert signoff.digest == view.manifest
        assert set(signoff.signers) == {"lead-1", "lead-2"}
    assert "lead-1" in reader.release(view.release).refusals[0].text


def test_a_manifest_that_has_changed_since_is_refused(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    later = plan.Moment.of_instant(view.at + timedelta(hours=1), "Asia/Ho_Chi_Minh")
    plan.move(newsroom.room, newsroom.actor("lead-2"), view.release, later, note="Lùi một giờ")
    with pytest.raises(Refused, match="not what you looked at"):
        reader.sign(view.release, view.manifest, PASSPHRASE)


def test_each_release_says_why_one_may_not_sign_it(built: DemoNewsroom) -> None:
    reader = source(built)
    rules = {
        row.title.rsplit(" (+", 1)[0]: reader.release(row.release).refusals[0].rule
        for row in releases(reader)
        if row.progress is not None and row.progress.what == "approved"
    }
    assert set(rules.values()) <= {"chain", "returned", "confirmed", "translation"}
    assert rules
    editor = source(built, "editor-1").release(built.release)
    assert editor.refusals[0].who == () or "lead-1" not in editor.refusals[0].text


def test_a_review_shows_text_gates_and_who_may_go_on(built: DemoNewsroom) -> None:
    reader = source(built)
    entries = to_approve(reader)
    assert [entry.step for entry in entries] == ["check"] * 4
    assert [entry.due for entry in entries] == sorted(e.due for e in entries if e.due)
    review = reader.review(entries[0].revision)
    assert review.headline in review.text
    assert review.refusals == ()
    assert [step.by != "" for step in review.approvals] == [True, False]
    assert dict(review.who)["check"]
    assert {gate.outcome for gate in review.gates} == {"ok"}
    assert review.since is None


def test_attack_3_the_author_is_told_why_they_may_not_approve(built: DemoNewsroom) -> None:
    entry = to_approve(source(built))[0]
    review = source(built, "editor-1").review(entry.revision)
    assert review.refusals[0].rule == "author-approves"
    with pytest.raises(NotFound):
        source(built).review("nonsense")


def test_approving_takes_it_off_the_queue(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    entry, waiting = to_approve(reader)[0], reader.pulse().waiting
    digest = reader.review(entry.revision).digest
    assert reader.approve(entry.revision, digest, PASSPHRASE).confirmed
    assert entry.revision not in [other.revision for other in reader.queue()]
    assert reader.pulse().waiting == waiting - 1


def test_a_revision_that_came_in_between_is_not_approved(newsroom: DemoNewsroom) -> None:
    reader, editor = source(newsroom), newsroom.actor("editor-1")
    entry = to_approve(reader)[0]
    digest, item = reader.review(entry.revision).digest, entry.revision.partition("/")[0]
    draft = drafts.edit(newsroom.room, editor, item)
    changes = {"headline": "Một đầu đề khác hẳn"}
    drafts.save(newsroom.room, editor, item, changes, version=draft.version)
    revisions.submit(newsroom.room, editor, item)
    with pytest.raises((Refused, Conflict)):
        reader.approve(entry.revision, digest, PASSPHRASE)


def test_sending_back_keeps_the_reason_for_its_readers(newsroom: DemoNewsroom) -> None:
    from desk.approvals.decide import reason_of

    reader = source(newsroom)
    entry = to_approve(reader)[0]
    digest = reader.review(entry.revision).digest
    outcome = reader.send_back(entry.revision, digest, "Thiếu nguồn.", PASSPHRASE)
    assert not outcome.confirmed  # no publisher runs here
    item = entry.revision.partition("/")[0]
    assert reason_of(newsroom.room, newsroom.actor("editor-1"), item) == "Thiếu nguồn."

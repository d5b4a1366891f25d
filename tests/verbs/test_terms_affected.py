"""After a newer termbase: unreleased items are marked, the archive is told, nothing is voided."""

from __future__ import annotations

from typing import Any

import pytest

from desk.approvals import affected, decide
from desk.items import answers, revisions
from desk.store import log
from desk.terms import proposals
from desk.terms.change import Change
from desk.trust.canonical import canonical
from models.tables import PUBLIC_TEXTS
from tests.verbs.house import TEXT, House
from tests.verbs.test_terms_gate import adopted, rule, text


@pytest.fixture
def gated(house: House) -> House:
    return adopted(house)


def publish_text(house: House, number: int, body: str) -> None:
    """A public text, as the publisher leaves it after verification."""
    content = {**TEXT, "body": body, "language": "vi", "item": f"i-{number:010d}"}
    row = {"revision": f"{number:064x}", "item": f"i-{number:010d}", "language": "vi",
           "headline": TEXT["headline"], "content": canonical(content).decode()}  # fmt: skip
    with house.room.store.write() as connection:
        connection.execute(PUBLIC_TEXTS.insert().values(**row))


def marked(found: Any) -> dict[str, tuple[int, int]]:
    return {one.item: (one.errors, one.warnings) for one in found if one is not None}


def test_unreleased_items_are_marked_and_keep_their_approvals(gated: House) -> None:
    room = gated.room
    clean = gated.submitted()
    item = gated.submitted(changes=text("Con tuần lễ này đã khác."))
    decide.approve(room, gated["reviewer"], item)
    assert marked(affected.unreleased(room, gated["lead-1"])) == {}
    with room.store.read() as connection:
        before = log.entries(connection, 0, 1000)
    made = proposals.propose(
        room, gated["lead-1"], Change(put=(rule("tuan", "tuần lễ", "tuần", "error"),))
    )
    proposals.accept(room, gated["lead-2"], made.id)
    assert marked(affected.unreleased(room, gated["lead-1"])) == {item: (1, 0)}
    assert affected.counts(room) == (2, 0)
    with room.store.read() as connection:
        after = log.entries(connection, 0, 1000)
    assert len(after) == len(before) + 2, "only the two signatures of the termbase were added"
    with room.reading(item) as view:
        assert all(step.approval for step in revisions.progress(view, item))
    assert clean != item


def test_what_people_have_answered_is_not_told_again(gated: House) -> None:
    room, editor = gated.room, gated["editor"]
    proposals.propose(room, gated["lead-1"], Change(put=(rule("tuan", "tuần lễ", "tuần"),)))
    item = gated.draft(changes=text("Con tuần lễ này đã khác."))
    answers.keep(room, editor, item, answers.every_warning, "Tên chương trình")
    revisions.submit(room, editor, item)
    later = gated.submitted(changes=text("Con quân số này đã khác."))
    proposals.propose(room, gated["lead-1"], Change(put=(rule("quan", "quân số", "số lượng"),)))
    assert marked(affected.unreleased(room, gated["lead-1"])) == {later: (0, 1)}
    decide.approve(room, gated["reviewer"], later, warnings="Nguyên văn")
    assert marked(affected.unreleased(room, gated["lead-1"])) == {}


def test_who_may_not_read_an_item_is_told_so_and_sees_nothing_of_it(gated: House) -> None:
    item = gated.submitted()
    (one,) = [one for one in affected.unreleased(gated.room, gated["health"]) if one]
    assert (one.item, one.headline, one.findings) == (item, "", ())
    assert "sealed" in one.unread


def test_the_archive_is_read_page_by_page(gated: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affected, "PAGE", 3)
    for number in range(10):
        publish_text(gated, number, "Tổng bí thư dự lễ." if number % 4 == 1 else "Một câu sạch.")
    assert affected.counts(gated.room) == (0, 10)
    seen = list(affected.released(gated.room))
    assert len(seen) == 10
    assert sorted(marked(seen)) == ["i-0000000001", "i-0000000005", "i-0000000009"]

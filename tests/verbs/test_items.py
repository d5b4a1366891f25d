"""Items: drafts are sealed and locked optimistically, revisions are exact and follow each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Conflict, NotFound, Refused, UsageError
from desk.items import content, drafts, revisions
from tests.verbs.house import TEXT, House


def test_what_was_written_comes_back_exactly(house: House) -> None:
    item = house.draft(changes={"headline": "Te\u0302n", "urgency": 3})
    with house.room.reading(item) as view:
        draft, _ = drafts.load(view, house["editor"], item)
    assert draft.document["headline"] == "T\u00ean"
    assert draft.document["urgency"] == 3
    assert draft.version == 1


def test_a_draft_is_read_by_its_author_alone(house: House) -> None:
    item = house.draft()
    with house.room.reading(item) as view, pytest.raises(NotFound):
        drafts.load(view, house["editor-2"], item)


def test_of_two_saves_over_one_version_the_second_is_refused(house: House) -> None:
    item = house.draft()
    drafts.save(house.room, house["editor"], item, {"headline": "Một"}, version=1)
    with pytest.raises(Conflict, match="saved elsewhere"):
        drafts.save(house.room, house["editor"], item, {"headline": "Hai"}, version=1)
    with house.room.reading(item) as view:
        draft, _ = drafts.load(view, house["editor"], item)
    assert (draft.document["headline"], draft.version) == ("Một", 2)


def test_a_submitted_revision_opens_to_what_was_signed(house: House) -> None:
    item = house.submitted()
    with house.room.reading(item) as view:
        _, revision = revisions.find(view, item)
        document = revisions.load(view, house["reviewer"], item)
        data = revisions.open_part(view, house["reviewer"], item, revision, "content")
    assert document["body"] == TEXT["body"]
    assert content.digest_bytes(data) == revision.content
    assert drafts_left(house, item) == []


def drafts_left(house: House, item: str) -> list[str]:
    with house.room.reading(item) as view:
        return drafts.open_by(view.connection, item)


def test_two_authors_on_one_base_and_the_slower_one_keeps_the_draft(house: House) -> None:
    item = house.submitted()
    for who in ("editor", "editor-2"):
        drafts.edit(house.room, house[who], item)
        drafts.save(house.room, house[who], item, {"headline": f"Bản của {who}"})
    revisions.submit(house.room, house["editor-2"], item)
    with pytest.raises(Conflict):
        revisions.submit(house.room, house["editor"], item)
    assert drafts_left(house, item) == ["editor"]
    with house.room.reading(item) as view:
        state, current = revisions.find(view, item)
        assert (current.number, current.author) == (2, "editor-2")
        assert state.authors(current.digest) == {"editor", "editor-2"}


def test_whoever_writes_for_another_agency_cannot_begin_or_read_the_item(house: House) -> None:
    with pytest.raises(Refused) as refused:
        house.draft("health")
    assert set(refused.value.reasons[0].who) == {"editor", "editor-2", "writer"}
    item = house.submitted()
    with house.room.reading(item) as view, pytest.raises(Refused, match="not for you"):
        revisions.load(view, house["health"], item)


def test_an_item_that_is_not_ready_is_refused_with_the_gate(house: House) -> None:
    item = house.draft(changes={"summary": ""})
    with pytest.raises(Refused) as refused:
        revisions.submit(house.room, house["editor"], item)
    assert "gate summary" in {reason.rule for reason in refused.value.reasons}
    assert drafts_left(house, item) == ["editor"]


def test_a_translation_is_bound_to_the_newest_text_of_its_source(house: House) -> None:
    vi, en = house.pair()
    drafts.edit(house.room, house["editor"], vi)
    drafts.save(house.room, house["editor"], vi, {"headline": "Số liệu mới"})
    revisions.submit(house.room, house["editor"], vi)
    drafts.edit(house.room, house["editor"], en)
    revisions.submit(house.room, house["editor"], en)
    with house.room.reading(vi, en) as view:
        document = revisions.load(view, house["editor"], en)
        _, source = revisions.find(view, vi)
    assert document["translates"] == {"item": vi, "content": source.content}


def test_an_attached_file_travels_sealed_and_a_second_of_its_name_is_refused(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "ghi-chu.txt"
    file.write_text("Phụ lục\n", encoding="utf-8")
    item = house.draft()
    draft = drafts.attach(house.room, house["editor"], item, file, role="text", alt="Phụ lục")
    asset = draft.document["assets"][0]["id"]
    with pytest.raises(Conflict):
        drafts.attach(house.room, house["editor"], item, file, role="text", alt="Phụ lục")
    done = revisions.submit(house.room, house["editor"], item)
    with house.room.reading(item) as view:
        data = revisions.asset(view, house["reviewer"], item, done.digest, asset)
    assert data == file.read_bytes()
    drafts.edit(house.room, house["editor"], item)
    assert not drafts.detach(house.room, house["editor"], item, asset).document["assets"]


def test_a_discarded_draft_leaves_no_sealed_bytes(house: House) -> None:
    item = house.draft()
    drafts.discard(house.room, house["editor"], item)
    with house.room.store.read() as connection:
        count = connection.exec_driver_sql(
            "select count(*) from sealed where subject = ?", (item,)
        ).scalar()
    assert count == 0


def test_front_matter_keeps_dates_and_numbers_as_they_were_written() -> None:
    text = "---\nheadline: Số liệu\nurgency: 4\nsources:\n  - {id: 2, title: B, date: 2026-10-06}\n"
    found = content.from_file(f"{text}---\nToàn văn\n".encode(), "a.md")
    assert found["sources"] == [{"id": "2", "title": "B", "date": "2026-10-06"}]
    assert found["urgency"] == 4
    assert found["body"] == "Toàn văn"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("a: &x [1]\nb: *x\n", "stands for"),
        ("headline: a\nheadline: b\n", "twice"),
        ("- a\n", "list of fields"),
        ("headline: [\n", "line"),
    ],
)
def test_front_matter_that_means_two_things_is_refused(head: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        content.from_file(f"---\n{head}---\nx\n".encode(), "a.md")
    assert told in str(error.value)


@given(st.text(max_size=200))
def test_any_body_that_a_file_holds_comes_in_normal_form(body: str) -> None:
    raw = body.encode("utf-8", "replace")
    try:
        found = content.from_file(raw, "a.md")["body"]
    except UsageError:
        return
    assert found == content.cleaned(found)

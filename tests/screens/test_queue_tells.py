"""What the queue tells of an entry: when it is due, what it corrects, what its author says."""

from __future__ import annotations

from desk.approvals import mine
from desk.approvals import queue as verbs
from desk.clock import parse_instant
from desk.demo.newsroom import DemoNewsroom
from desk.items import drafts, revisions
from screens.rooms.review_text import kind_mark, review_text
from screens.source import QueueEntry, Review
from tests.screens.newsroom_world import PASSPHRASE, source, to_approve

LANGUAGE = "vi"
ZONE = "Asia/Ho_Chi_Minh"


def correction(newsroom: DemoNewsroom, note: str) -> str:
    """A public item, with a correction of it that waits to be approved; its id."""
    editor = newsroom.actor("editor-1")
    item = newsroom.items[0]
    document = dict(drafts.edit(newsroom.room, editor, item).document)
    changes = {"edit_note": note, "legal": [
        *document["legal"],
        {"id": "l9", "title": "Luật Báo chí", "number": "103/2016/QH13",
         "url": "https://www.example.org/luat-bao-chi"},
    ], "body": f"{document['body'].rstrip()}[^l9]\n"}  # fmt: skip
    drafts.save(newsroom.room, editor, item, changes)
    revisions.submit(newsroom.room, editor, item, notes="Số cũ chép nhầm dòng.")
    return item


def waiting(newsroom: DemoNewsroom, item: str) -> tuple[QueueEntry, Review]:
    """The entry and its text, at the first post that has it to approve."""
    for person in ("appraiser-1", "reviewer-1", "lead-1", "lead-2"):
        reader = source(newsroom, person)
        for entry in to_approve(reader):
            if entry.revision.startswith(item):
                return entry, reader.review(entry.revision)
    raise AssertionError("nobody has it to approve")


def test_a_correction_is_marked_and_no_longer_due_when_its_public_text_went_out(
    public: DemoNewsroom,
) -> None:
    entry, review = waiting(public, correction(public, "Bản trước ghi sai số liệu."))
    assert entry.corrects
    assert kind_mark(entry).endswith("±")
    assert (entry.due, review.due, review.corrects) == (None, None, 1)
    shown = review_text(review, ZONE, whole=False).plain
    assert "± đính chính bản đang công khai, phiên bản 1" in shown
    assert shown.count("chưa thuộc đợt công bố nào") == 2


def test_the_difference_is_told_in_words_of_the_reader(public: DemoNewsroom) -> None:
    _entry, review = waiting(public, correction(public, "Bản trước ghi sai số liệu."))
    heads = [one.text for one in review.diff if one.sign == "…"]
    assert heads[-1] == "đính chính phiên bản"
    assert not {"correction_of", "legal", "edit_note"} & set(heads)
    added = [one.text for one in review.diff if one.sign == "+"]
    assert "[l9] Luật Báo chí · 103/2016/QH13 · https://www.example.org/luat-bao-chi" in added


def test_who_approves_reads_the_note_of_the_author(public: DemoNewsroom) -> None:
    _entry, review = waiting(public, correction(public, "Bản trước ghi sai số liệu."))
    assert "Số cũ chép nhầm dòng." in review_text(review, ZONE, whole=True).plain


def test_gates_steps_and_instant_stand_above_a_text_of_any_length(built: DemoNewsroom) -> None:
    reader = source(built)
    review = reader.review(next(one for one in to_approve(reader) if one.due).revision)
    head = review_text(review, ZONE, whole=True).plain.split(review.text[:40])[1]
    rows = review_text(review, ZONE, whole=True).plain.split("\n")
    glance = next(row for row in rows[:5] if row.startswith("điều kiện"))
    assert "các bước 0/" in glance or "các bước 1/" in glance
    assert "/11/2026" in glance
    assert "người viết" in head


def test_what_came_back_is_due_when_its_release_goes_out(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    entry = next(one for one in to_approve(reader) if one.due is not None)
    reader.send_back(entry.revision, reader.review(entry.revision).digest, "Sai", PASSPHRASE)
    (back,) = [
        one for one in source(newsroom, "editor-1").queue() if one.revision == entry.revision
    ]
    assert (back.what, back.due) == ("returned", entry.due)
    found = mine.returned(newsroom.room, newsroom.actor("editor-1"))
    assert parse_instant(next(one.due for one in found if entry.revision.startswith(one.item)))


def test_what_is_urgent_and_planned_nowhere_is_due_now(newsroom: DemoNewsroom) -> None:
    editor = newsroom.actor("editor-1")
    item = drafts.new(newsroom.room, editor, kind="urgent", agency="y-te", language="vi").item
    text = "Từ ngày mai, các trạm y tế xã mở cửa thêm buổi tối để tiêm chủng bổ sung. "
    drafts.save(newsroom.room, editor, item,
                {"headline": "Lịch tiêm", "summary": text, "body": text * 2})  # fmt: skip
    revisions.submit(newsroom.room, editor, item)
    first = source(newsroom).queue()[0]
    assert first.revision == f"{item}/1"
    assert first.due is None
    listed = verbs.waiting(newsroom.room, newsroom.actor("lead-1"))
    assert listed[0].item == item


def test_the_next_step_is_named_in_the_language_of_the_reader(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom, "appraiser-1")
    entry = next(one for one in to_approve(reader) if one.steps > 1)
    told = reader.approve(entry.revision, reader.review(entry.revision).digest, PASSPHRASE)
    assert told.message in (
        "Đã duyệt; bước kế tiếp: kiểm duyệt.",
        "Đã duyệt; bước kế tiếp: kiểm tra.",
    )


def test_roles_to_lend_are_named_in_the_language_of_the_reader(built: DemoNewsroom) -> None:
    assert source(built, "editor-1").queue_deputies().roles == (("author:*", "người viết"),)

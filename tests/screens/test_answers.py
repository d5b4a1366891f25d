"""The question of a journalist goes with its answer: who writes reads it, and who approves."""

from __future__ import annotations

import pytest

from desk.approvals import queue as verbs
from desk.clock import to_wall
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Conflict
from desk.items import board as board_of_items
from desk.items.board import BoardRow
from desk.newsroom.room import View
from desk.people import enquiry_answers
from screens.rooms.item_room_text import item_line, warning_text
from screens.rooms.review_text import review_text
from screens.source.item_room import ItemAround
from tests.screens.contacts_world import QUESTION, Board, fill
from tests.screens.newsroom_world import source, to_approve

LANGUAGE = "vi"
ZONE = "Asia/Ho_Chi_Minh"
DUE = "2026-11-20T02:30:00Z"


@pytest.fixture
def board(newsroom: DemoNewsroom) -> Board:
    """Contacts, and a question for half past nine."""
    return fill(newsroom)


def test_who_writes_the_answer_reads_the_question_above_it(
    newsroom: DemoNewsroom, board: Board
) -> None:
    editor = source(newsroom, "editor-1")
    view = editor.item_open(editor.contacts_answer(board.enquiry))
    shown = warning_text(view, ItemAround(), ZONE).plain
    assert shown == f"? Example Wire hỏi, cần trước 09:30 20/11/2026: {QUESTION}"


def linked(newsroom: DemoNewsroom, board: Board) -> str:
    """A Vietnamese text that waits to be approved, made the answer; its id."""
    readers = [source(newsroom, post) for post in ("appraiser-1", "reviewer-1", "lead-1")]
    entries = [one for reader in readers for one in to_approve(reader)]
    item = next(one.revision for one in entries if one.language == "vi" and one.due).split("/")[0]
    enquiry_answers.link(newsroom.room, newsroom.actor("editor-1"), board.enquiry, item)
    return item


def test_who_approves_the_answer_reads_the_question_beside_it(
    newsroom: DemoNewsroom, board: Board
) -> None:
    item = linked(newsroom, board)
    with newsroom.room.reading() as view:
        versions = {row.id: row.language for row in _versions(view, item)}
    assert set(versions.values()) == {"vi", "en"}
    for one in versions:
        review = source(newsroom).review(f"{one}/1")
        assert QUESTION in review_text(review, ZONE, whole=True).plain
        assert "Example Wire hỏi, cần trước 09:30" in review_text(review, ZONE, whole=True).plain


def _versions(view: View, item: str) -> list[BoardRow]:
    message = view.with_subjects(item).record.items[item].message
    return board_of_items.of_message(view.connection, message, "lead-1")


def test_an_answer_is_due_when_its_journalist_needs_it(
    newsroom: DemoNewsroom, board: Board
) -> None:
    item = linked(newsroom, board)
    with newsroom.room.reading() as view:
        assert verbs.next_release(view, item)[0] > DUE
    waiting = verbs.waiting(newsroom.room, newsroom.actor("lead-1"), mine=False)
    assert {one.due for one in waiting if one.item == item} == {DUE}
    assert waiting[0].item == item
    lead = newsroom.actor("lead-1")
    enquiry_answers.decline(newsroom.room, lead, board.enquiry, "Không thuộc thẩm quyền")
    again = verbs.waiting(newsroom.room, lead, mine=False)
    assert {one.due > DUE for one in again if one.item == item} == {True}


def test_a_second_writer_is_told_who_writes_the_answer(
    newsroom: DemoNewsroom, board: Board
) -> None:
    item = source(newsroom, "editor-1").contacts_answer(board.enquiry)
    assert source(newsroom, "editor-1").contacts_answer(board.enquiry) == item
    with pytest.raises(Conflict, match="editor-1"):
        source(newsroom, "admin-1").contacts_answer(board.enquiry)


def test_the_line_of_an_item_tells_when_it_goes_out(newsroom: DemoNewsroom) -> None:
    editor = source(newsroom, "editor-1")
    entry = next(one for one in to_approve(source(newsroom)) if one.due is not None)
    view = editor.item_open(entry.revision.split("/")[0])
    assert view.due == entry.due
    wall = to_wall(view.due, ZONE)
    assert f" · {wall:%H:%M} {wall:%d/%m} · " in item_line(view, "", "", ZONE).plain

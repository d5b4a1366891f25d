"""Enquiries: a question finds who answers, the answer its chain, and nothing leaves too early."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from desk.alerts.sight import Sight
from desk.alerts.watch import watch
from desk.approvals import decide
from desk.clock import FakeClock, now
from desk.demo.newsroom import DemoNewsroom, approve
from desk.errors import NotFound, Refused, TrustError, UsageError
from desk.items import revisions
from desk.items.board import of_message
from desk.newsroom import administer
from desk.newsroom.room import Actor
from desk.people import contacts, enquiries, enquiry_answers, enquiry_views, presskit
from desk.people.contact_entries import Away
from desk.people.contacts import Change
from desk.people.enquiry_views import Enquirer
from desk.releases import plan
from desk.store import projections
from desk.trust.judge import steps_of
from models.tables import PUBLIC_TEXTS
from tests.screens.contacts_world import JOURNALIST, PRIVATE, QUESTION, Board

DUE = "2026-11-20T02:30:00Z"
LATER = "2026-11-21T09:00:00Z"


def ask(newsroom: DemoNewsroom, **more: str) -> enquiry_views.EnquiryView:
    given = {"outlet": "Example Wire", "due": DUE, "language": "vi", "agency": "thong-ke",
             "topic": "kinh-te"} | more  # fmt: skip
    return enquiries.open_enquiry(newsroom.room, newsroom.actor("lead-1"), QUESTION, **given)


def test_the_board_says_who_answers(newsroom: DemoNewsroom, board: Board) -> None:
    assert ask(newsroom).row.contact == board.first
    away = Away("w-0000000009", "thong-ke", board.first, "2026-11-20T00:00:00Z",
                "2026-11-21T00:00:00Z")  # fmt: skip
    contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(away.id, away)])
    assert ask(newsroom).row.contact == board.second  # the deputy, while the other is away
    assert ask(newsroom, topic="").row.contact == ""
    with pytest.raises(NotFound) as unknown:
        ask(newsroom, topic="khong-co")
    assert "kinh-te" in unknown.value.hint


def test_a_deadline_lies_ahead(newsroom: DemoNewsroom) -> None:
    with pytest.raises(UsageError):
        ask(newsroom, due="2026-11-20T00:59:59Z")
    with pytest.raises(UsageError):
        ask(newsroom, due="2028-11-20T00:59:59Z")


def test_the_journalist_is_for_those_who_keep_the_board_the_question_for_authors_too(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room = newsroom.room
    lead = enquiry_views.show(room, newsroom.actor("lead-2"), board.enquiry)
    assert (lead.enquirer, lead.question, lead.outlet) == (JOURNALIST, QUESTION, "Example Wire")
    author = enquiry_views.show(room, newsroom.actor("editor-1"), board.enquiry)
    assert (author.enquirer, author.question, author.sealed) == (None, QUESTION, False)
    other = enquiry_views.show(room, newsroom.actor("reviewer-1"), board.enquiry)
    assert (other.enquirer, other.question, other.outlet, other.sealed) == (None, "", "", True)


def test_attack_31_an_outlet_that_passes_for_ours_is_flagged(newsroom: DemoNewsroom) -> None:
    made = enquiries.open_enquiry(
        newsroom.room, newsroom.actor("lead-1"), QUESTION, outlet="Bộ Y tế – ngườі phát ngôn",
        due=DUE, language="vi", agency="thong-ke", enquirer=Enquirer(email="a@exampel.org"),
    )  # fmt: skip
    assert {one.code for one in made.flags} >= {"mixed-script", "same-look", "near-domain"}


def test_the_answer_goes_through_its_chain_before_it_is_handed_over(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, editor, lead = newsroom.room, newsroom.actor("editor-1"), newsroom.actor("lead-1")
    with pytest.raises(Refused, match="no item"):
        enquiry_answers.close(room, lead, board.enquiry)
    item = _free_item(newsroom)
    assert enquiry_answers.link(room, editor, board.enquiry, item).row.state == "approval"
    with pytest.raises(Refused) as refused:
        enquiry_answers.reply(room, lead, board.enquiry)
    assert refused.value.reasons
    with pytest.raises(Refused):
        enquiry_answers.close(room, lead, board.enquiry)
    approve(newsroom, item)
    reply = enquiry_answers.reply(room, lead, board.enquiry)
    assert reply.item == item
    assert reply.headline in reply.text
    closed = enquiry_answers.close(room, lead, board.enquiry)
    assert closed.row.state == "answered"
    with room.reading(board.enquiry) as view:
        assert view.record.enquiries[board.enquiry].revision == reply.revision
    with pytest.raises(Refused, match="closed"):
        enquiry_answers.decline(room, lead, board.enquiry, "Muộn")


def test_what_stands_in_a_coming_release_is_under_embargo_for_one_journalist_too(
    newsroom: DemoNewsroom, board: Board
) -> None:
    """Every step has approved it, and still it does not leave before its instant."""
    room, lead = newsroom.room, newsroom.actor("lead-1")
    item = next(i for i in newsroom.items if _language(newsroom, i) == "vi")
    enquiry_answers.link(room, newsroom.actor("editor-1"), board.enquiry, item)
    for act in (enquiry_answers.reply, enquiry_answers.close):
        with pytest.raises(Refused) as refused:
            act(room, lead, board.enquiry)
        assert {one.rule for one in refused.value.reasons} == {"embargo"}
    plan.postpone(room, lead, newsroom.release, note="Hoãn")
    with pytest.raises(Refused):
        enquiry_answers.reply(room, lead, board.enquiry)
    plan.cancel(room, lead, newsroom.release, note="Hủy")
    assert enquiry_answers.reply(room, lead, board.enquiry).item == item


def test_a_translation_of_what_is_under_embargo_is_under_it_too(
    newsroom: DemoNewsroom, board: Board
) -> None:
    """The English version goes out with a release; the Vietnamese one, in none, says the same."""
    room, lead = newsroom.room, newsroom.actor("lead-1")
    item = _free_item(newsroom)
    approve(newsroom, item)
    enquiry_answers.link(room, newsroom.actor("editor-1"), board.enquiry, item)
    assert enquiry_answers.reply(room, lead, board.enquiry).item == item
    with room.reading(item) as view:
        message = view.record.items[item].message
        (other,) = (row.id for row in of_message(view.connection, message, "") if row.id != item)
    moment = plan.Moment.of_instant(now(room.clock) + timedelta(hours=3), "Asia/Ho_Chi_Minh")
    made = plan.plan(room, lead, moment, items=[other], channels=["foreign"], code="EN-ONLY")
    for act in (enquiry_answers.reply, enquiry_answers.close):
        with pytest.raises(Refused) as refused:
            act(room, lead, board.enquiry)
        assert {one.rule for one in refused.value.reasons} == {"embargo"}
    plan.cancel(room, lead, made.subject, note="Hủy")
    assert enquiry_answers.reply(room, lead, board.enquiry).item == item


def test_a_newer_revision_that_nobody_approved_is_not_handed_over(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead, editor = newsroom.room, newsroom.actor("lead-1"), newsroom.actor("editor-1")
    item = _free_item(newsroom)
    approve(newsroom, item)
    enquiry_answers.link(room, editor, board.enquiry, item)
    assert enquiry_answers.reply(room, lead, board.enquiry)
    reviewer = next(p for p in ("lead-2", "reviewer-1") if _may_return(newsroom, item, p))
    decide.give_back(room, newsroom.actor(reviewer), item, reason="Sai số liệu")
    with pytest.raises(Refused):
        enquiry_answers.reply(room, lead, board.enquiry)


def _may_return(newsroom: DemoNewsroom, item: str, person: str) -> bool:
    with newsroom.room.reading(item) as view:
        state = view.record.items[item]
        steps = [step.step for step in steps_of(view.record, state, state.current)]
        return any(view.record.holds_role(person, step, state.agency) for step in steps)


def _language(newsroom: DemoNewsroom, item: str) -> str:
    with newsroom.room.reading(item) as view:
        return view.record.items[item].language


def _free_item(newsroom: DemoNewsroom) -> str:
    """A submitted Vietnamese item that stands in no release and is not approved yet."""
    from desk.demo.content import messages
    from desk.demo.newsroom import write_pair

    made = write_pair(newsroom, messages(8)[-1])
    return next(item for item in made if _language(newsroom, item) == "vi")


def test_an_answer_is_begun_in_the_language_that_was_asked_for(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, editor = newsroom.room, newsroom.actor("editor-1")
    made = enquiry_answers.begin(room, editor, board.enquiry)
    assert made.row.state == "answering"
    assert enquiry_answers.begin(room, editor, board.enquiry).row.item == made.row.item
    english = next(i for i in newsroom.items if _language(newsroom, i) == "en")
    with pytest.raises(UsageError, match="language"):
        enquiry_answers.link(room, editor, board.enquiry, english)
    with pytest.raises(NotFound):
        enquiry_answers.link(room, editor, board.enquiry, "i-0000000000")


@pytest.mark.parametrize(
    "deed",
    [
        lambda room, who, q: enquiries.assign(room, who, q, contact="c"),
        lambda room, who, q: enquiry_answers.decline(room, who, q, "Không"),
        lambda room, who, q: enquiry_answers.close(room, who, q),
        lambda room, who, q: enquiry_answers.reply(room, who, q),
    ],
)
def test_an_author_neither_assigns_nor_closes(
    newsroom: DemoNewsroom, board: Board, deed: Callable[[object, Actor, str], object]
) -> None:
    with pytest.raises(Refused) as refused:
        deed(newsroom.room, newsroom.actor("editor-1"), board.enquiry)
    assert "lead-1" in refused.value.reasons[0].who


def test_declined_with_a_reason_then_forgotten_for_good(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    with pytest.raises(Refused, match="open"):
        enquiries.forget(room, lead, [board.enquiry])
    done = enquiry_answers.decline(room, lead, board.enquiry, "Không thuộc thẩm quyền")
    assert done.reason == "Không thuộc thẩm quyền"
    assert enquiries.forget(room, lead, days=90) == ()
    assert isinstance(room.clock, FakeClock)
    room.clock.advance(91 * 86400)
    with room.store.read() as connection:
        kept = "SELECT ciphertext FROM sealed WHERE kind = 'enquiry' UNION ALL "
        kept += "SELECT wrapped FROM wraps WHERE kind = 'enquiry'"
        sealed = [bytes(row[0]) for row in connection.exec_driver_sql(kept)]
    other_desk = room.store.engine.connect()  # open, so that SQLite keeps its log of writes
    other_desk.exec_driver_sql("SELECT count(*) FROM log").scalar()
    other_desk.rollback()
    assert enquiries.forget(room, lead, days=90) == (board.enquiry,)
    on_disk = b"".join(file.read_bytes() for file in (newsroom.root / "var").glob("desk.db*"))
    assert sealed
    assert not [one for one in sealed if one[:64] in on_disk]
    other_desk.close()
    assert enquiries.forget(room, lead, [board.enquiry]) == ()
    gone = enquiry_views.show(room, lead, board.enquiry)
    assert (gone.question, gone.outlet, gone.enquirer, gone.reason) == ("", "", None, "")
    assert gone.row.forgotten
    with room.store.read() as connection:
        for table in ("sealed", "wraps"):
            left = f"SELECT count(*) FROM {table} WHERE kind = 'enquiry'"
            assert connection.exec_driver_sql(left).scalar() == 0


def test_a_declined_question_is_opened_again_and_declined_again(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    enquiry_answers.decline(room, lead, board.enquiry, "Không thuộc thẩm quyền")
    assert isinstance(room.clock, FakeClock)
    room.clock.advance(86400)
    with pytest.raises(UsageError):  # its deadline is over
        enquiries.reopen(room, lead, board.enquiry)
    with pytest.raises(Refused):
        enquiries.reopen(room, newsroom.actor("editor-1"), board.enquiry, due=LATER)
    again = enquiries.reopen(room, lead, board.enquiry, due=LATER)
    assert (again.row.state, again.row.due, again.reason) == ("open", LATER, "")
    assert again.question == QUESTION
    assert enquiries.reopen(room, lead, board.enquiry, due=LATER).row.due == LATER
    done = enquiry_answers.decline(room, lead, board.enquiry, "Đã trả lời ở họp báo")
    assert (done.row.state, done.reason) == ("declined", "Đã trả lời ở họp báo")
    administer.rebuild(room)
    assert enquiry_views.show(room, lead, board.enquiry) == done
    enquiries.forget(room, lead, [board.enquiry])
    with pytest.raises(Refused, match="forgotten"):
        enquiries.reopen(room, lead, board.enquiry, due=LATER)


@pytest.mark.parametrize(("letters", "good"), [(10_000, True), (20_000, True), (20_001, False)])
def test_a_long_list_of_questions_is_kept_whole(
    newsroom: DemoNewsroom, letters: int, good: bool
) -> None:
    asked = ("Vì sao ở xã ấy?\n" * letters)[: letters - 1] + "?"
    room, lead = newsroom.room, newsroom.actor("lead-1")
    given = {"outlet": "Example Wire", "due": DUE, "language": "vi", "agency": "thong-ke"}
    if good:
        assert enquiries.open_enquiry(room, lead, asked, **given).question == asked
    else:
        with pytest.raises(UsageError, match="too long"):
            enquiries.open_enquiry(room, lead, asked, **given)


def test_enquiries_are_listed_by_deadline_and_made_again_from_the_log(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    later, sooner = (
        ask(newsroom, due="2026-11-20T05:00:00Z"),
        ask(newsroom, due="2026-11-20T01:30:00Z"),
    )
    shut = enquiry_answers.decline(room, lead, later.id, "Trùng")
    assert [one.id for one in enquiry_views.listed(room, lead)] == [
        sooner.id, board.enquiry, shut.id,
    ]  # fmt: skip
    assert isinstance(room.clock, FakeClock)
    room.clock.advance(3600)
    found = enquiry_views.listed(room, lead, states=("overdue",))
    assert [one.id for one in found] == [sooner.id]
    with room.store.read() as connection:
        before, record = projections.snapshot(connection), room.whole_record(connection)
    with room.store.write() as connection:
        projections.project_all(connection, record)
        assert projections.snapshot(connection) == before


def test_an_alert_names_an_enquiry_an_hour_ahead_and_nothing_of_it(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room = newsroom.room
    assert isinstance(room.clock, FakeClock)

    def told(at: datetime) -> list[str]:
        with room.store.read() as connection:
            record = room.whole_record(connection)
        found = watch(Sight(record, ()), None, at)
        return [event.to_text() for event in found if event.kind == "enquiry-due"]

    assert told(now(room.clock)) == []
    room.clock.advance(1800)
    (text,) = told(now(room.clock))
    assert board.enquiry in text
    for secret in (QUESTION, "Example Wire", "Phóng viên"):
        assert secret not in text
    enquiry_answers.decline(room, newsroom.actor("lead-1"), board.enquiry, "Không")
    assert told(now(room.clock)) == []


def test_a_press_kit_holds_what_is_public_and_nothing_else(
    newsroom: DemoNewsroom, board: Board, tmp_path: Path
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    with pytest.raises(NotFound):
        presskit.write(room, lead, "vi", tmp_path / "none.zip")
    item = next(i for i in newsroom.items if _language(newsroom, i) == "vi")
    with room.reading(item) as view:
        state = view.record.items[item]
        document = revisions.load(view, lead, item)
    from desk.trust.canonical import canonical

    # As the publisher leaves it: the text in clear, item and revision public.
    with room.store.write() as connection:
        connection.execute(insert(PUBLIC_TEXTS).values(
            revision=state.latest, item=item, language="vi", headline=document["headline"],
            content=canonical(document).decode(),
        ))  # fmt: skip
        connection.exec_driver_sql(f"UPDATE items SET public = 'live' WHERE id = '{item}'")
        connection.exec_driver_sql(f"UPDATE revisions SET state = 'released' WHERE item = '{item}'")
    kit = presskit.write(room, lead, "vi", tmp_path / "kit.zip")
    assert (kit.items, kit.contacts) == (1, 3)
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        names = archive.namelist()
        whole = b"".join(archive.read(name) for name in names)
    assert {f"items/{item}/{item}.md", "contacts.vcf", "topics.md", "README.md"} <= set(names)
    assert document["headline"].encode() in whole
    assert document["salt"].encode() not in whole
    for private in (PRIVATE, "sau 18 giờ"):
        assert private.encode() not in whole
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        press, readme = (archive.read(name).decode() for name in ("press.md", "README.md"))
    for public in ("Phòng Báo chí – trực ban", "+84 24 555 0100", "press@example.org",
                   "Phòng Nội dung", "vòng tròn xanh", "không đổi màu"):  # fmt: skip
        assert public in press
    assert "press.md" in readme
    with room.store.write() as connection:  # somebody at the database would have it say more
        altered = canonical(document | {"body": "Khác hẳn"}).decode()
        connection.execute(update(PUBLIC_TEXTS).values(content=altered))
    with pytest.raises(TrustError):
        presskit.write(room, lead, "vi", tmp_path / "altered.zip")
    assert not (tmp_path / "altered.zip").exists()
    with room.store.write() as connection:
        connection.execute(update(PUBLIC_TEXTS).values(content=canonical(document).decode()))
    others = [i for i in newsroom.items if i != item]
    assert not any(other in name for other in others for name in names)
    again = presskit.write(room, lead, "vi", tmp_path / "again.zip")
    assert Path(again.path).read_bytes() == (tmp_path / "kit.zip").read_bytes()
    with pytest.raises(UsageError):
        presskit.write(room, lead, "vi", tmp_path / "kit.zip")

"""Releases: signing exact bytes, moving, holding, withdrawing, and the calendar's views."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.approvals import decide
from desk.clock import parse_instant
from desk.errors import Conflict, NotFound, Reason, Refused, UsageError
from desk.items import drafts, revisions
from desk.releases import agenda, hold, placing, plan, sign, views, withdraw
from desk.store import projections
from desk.trust.acts import EVERYTHING
from desk.trust.judge import judge
from tests.verbs.house import ZONE, House


def rules(action: Callable[[], object]) -> dict[str, Reason]:
    """The rules that refuse an action."""
    with pytest.raises(Refused) as refused:
        action()
    return {reason.rule: reason for reason in refused.value.reasons}


def good(house: House, release: str) -> bool:
    with house.room.reading(release) as view:
        return judge(view.record, release).ok


def test_two_leads_sign_the_same_bytes_and_then_it_may_go_out(house: House) -> None:
    release = house.planned(house.approved())
    first = sign.sign(house.room, house["lead-1"], release)
    assert (first.signers, first.state, good(house, release)) == (("lead-1",), "confirmed", False)
    assert sign.sign(house.room, house["lead-1"], release).already
    second = sign.sign(house.room, house["lead-2"], release)
    assert (second.manifest, second.state) == (first.manifest, "signed")
    assert good(house, release)


def test_a_provisional_release_and_one_with_an_open_step_are_not_signed(house: House) -> None:
    release = house.planned(house.submitted(), confirm=False)
    found = rules(lambda: sign.sign(house.room, house["lead-1"], release))
    assert {"confirmed", "chain"} <= found.keys()
    assert found["chain"].who == ("checker", "reviewer", "writer")


def test_attack_03_an_author_does_not_sign_and_nobody_without_the_role(house: House) -> None:
    item = house.submitted("writer")
    decide.approve(house.room, house["reviewer"], item)
    release = house.planned(item)
    assert "author-signs" in rules(lambda: sign.sign(house.room, house["writer"], release))
    assert "role" in rules(lambda: sign.sign(house.room, house["reviewer"], release))


def test_a_signature_is_given_only_to_what_was_shown(house: House) -> None:
    item = house.approved()
    release = house.planned(item)
    with house.room.reading(release) as view:
        shown = sign.digest_to_sign(sign.preview(view, release)[0])
    drafts.edit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, {"headline": "Khác"})
    revisions.submit(house.room, house["editor"], item)
    decide.approve(house.room, house["reviewer"], item)
    assert "changed" in rules(lambda: sign.sign(house.room, house["lead-1"], release, expect=shown))


def test_after_sign_off_a_newer_revision_changes_nothing(house: House) -> None:
    item = house.approved()
    release = house.signed(item)
    drafts.edit(house.room, house["editor"], item)
    revisions.submit(house.room, house["editor"], item)
    assert good(house, release)
    assert views.detail(house.room, release).items[0].number == 1


def test_less_than_five_seconds_before_it_is_too_late_to_sign(house: House) -> None:
    release = house.planned(house.approved(), seconds=30)
    house.clock.advance(26)
    assert "late" in rules(lambda: sign.sign(house.room, house["lead-1"], release))


def test_attack_02_what_the_tables_say_of_time_and_channels_is_not_believed(house: House) -> None:
    release = house.signed()
    before = views.detail(house.room, release)
    with house.room.store.write() as connection:
        connection.exec_driver_sql("update releases set at = '2026-11-20T01:00:01Z', signed = 0")
        connection.exec_driver_sql("update release_channels set channel = 'press'")
    assert views.detail(house.room, release) == before
    assert good(house, release)


def test_attack_02_a_sign_off_from_before_a_move_is_void(house: House) -> None:
    release = house.signed()
    plan.move(house.room, house["lead-1"], release, house.moment(7200), note="Lùi")
    assert not good(house, release)
    with house.room.store.write() as connection:  # bring the old row back, as a thief would
        connection.exec_driver_sql("update releases set state = 'signed', signed = 2")
    assert {reason.rule for reason in views.detail(house.room, release).reasons} == {"sign-off"}


def test_a_confirmed_release_moves_with_a_public_note_only(house: House) -> None:
    release = house.planned(house.approved())
    with pytest.raises(Refused, match="No note"):
        plan.move(house.room, house["lead-1"], release, house.moment(7200))
    plan.move(house.room, house["lead-1"], release, house.moment(7200), note="Lùi một giờ")
    detail = views.detail(house.room, release)
    assert detail.plan[-1].note == "Lùi một giờ"
    assert all(item.ready for item in detail.items)  # approvals stay


def test_of_two_changes_from_one_view_the_second_is_a_conflict(house: House) -> None:
    release = house.planned(house.approved())
    with house.room.reading(release) as view:
        seen = view.record.releases[release].basis
    plan.edit(house.room, house["lead-1"], release, channels=["portal", "press"])
    with house.room.acting(release) as tx, pytest.raises(Conflict, match="changed it first"):
        tx.append("release.confirm", release, {"parent": seen}, house["lead-2"])


def test_a_hold_by_anybody_stops_and_two_leads_lift_it(house: House) -> None:
    release = house.signed()
    hold.hold(house.room, house["editor"], release, reason="Sai số")
    assert not good(house, release)
    assert hold.lift(house.room, house["lead-1"], release)[1]
    acts, left = hold.lift(house.room, house["lead-1"], release)
    assert (acts, len(left)) == ([], 1)
    with pytest.raises(Refused):
        hold.lift(house.room, house["editor"], release)
    assert not hold.lift(house.room, house["lead-2"], release)[1]
    assert good(house, release)


def test_a_general_hold_stops_every_release(house: House) -> None:
    release = house.signed()
    hold.hold(house.room, house["reviewer"], EVERYTHING)
    detail = views.detail(house.room, release)
    assert [one.subject for one in detail.holds] == [EVERYTHING]
    assert detail.held
    with house.room.store.read() as connection:
        assert [one.person for one in views.active_holds(connection)] == ["reviewer"]


def test_a_recalled_sign_off_can_be_given_again(house: House) -> None:
    release = house.signed()
    plan.recall(house.room, house["lead-2"], release)
    assert not good(house, release)
    for lead in ("lead-1", "lead-2"):
        sign.sign(house.room, house[lead], release)
    assert good(house, release)


def test_what_is_public_is_withdrawn_once_and_never_goes_out_again(house: House) -> None:
    _, (item,) = house.published()
    with pytest.raises(UsageError):
        withdraw.withdraw(house.room, house["lead-1"], item, note=" ")
    who = rules(lambda: withdraw.withdraw(house.room, house["editor"], item, note="x"))["role"].who
    assert who == ("lead-1", "lead-2", "writer")
    done = withdraw.withdraw(house.room, house["lead-1"], item, note="Đang rà soát")
    again = withdraw.withdraw(house.room, house["lead-2"], item, note="Đang rà soát")
    assert (again.already, again.act) == (True, done.act)
    with house.room.reading(item) as view:
        assert view.record.items[item].public == "withdrawn"
    second = house.planned(item)
    assert "withdrawn" in rules(lambda: sign.sign(house.room, house["lead-1"], second))


def test_what_is_not_public_is_not_withdrawn(house: House) -> None:
    item = house.approved()
    assert "not-public" in rules(
        lambda: withdraw.withdraw(house.room, house["lead-1"], item, note="x")
    )
    with pytest.raises(NotFound):
        withdraw.withdraw(house.room, house["lead-1"], "i-0000000000", note="x")


def test_a_stop_is_in_force_only_once_the_publisher_says_so(house: House) -> None:
    release = house.signed()
    act = hold.hold(house.room, house["editor"], release)
    assert house.room.confirmed(act, 0) == ""
    house.acknowledge(act)
    assert house.room.confirmed(act, 0) == "in-force"
    late = hold.hold(house.room, house["editor-2"], release)
    house.acknowledge(late, "too-late")
    assert house.room.confirmed(late, 0) == "too-late"


def test_pages_by_cursor_give_every_release_once_in_order(house: House) -> None:
    item = house.submitted()
    made = {house.planned(item, seconds=3600 + n // 3, confirm=False) for n in range(9)}
    found: list[views.CalendarRow] = []
    with house.room.store.read() as connection:
        cursor = views.START
        while rows := views.page(connection, after=cursor, limit=2):
            found += rows
            cursor = rows[-1].cursor
        assert sum(day.rows for day in views.day_counts(connection)) == 9
    assert [row.cursor for row in found] == sorted(row.cursor for row in found)
    assert {row.id for row in found} == made


def test_a_page_is_found_through_the_index_and_not_by_reading_all(house: House) -> None:
    query = views._ordered(("2026-11-20T08:00:00Z", "r-0000000000")).limit(50)
    with house.room.store.read() as connection:
        text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        told = connection.exec_driver_sql("explain query plan " + text).all()
    assert any("ix_releases_at" in row[3] for row in told)


def test_what_is_next_counts_down_and_names_its_channels(house: House) -> None:
    release = house.signed()
    house.planned(house.approved(), seconds=7200)
    nearest = views.upcoming(house.room, 1)[0]
    assert (nearest.row.id, nearest.left_ms) == (release, 3_600_000)
    assert [(c.channel, c.state) for c in nearest.channels] == [("portal", "planned")]


def test_the_lateness_of_a_channel_is_counted_from_the_instant(house: House) -> None:
    release, _ = house.published()
    channel = views.detail(house.room, release).channels[0]
    due = int(parse_instant(views.detail(house.room, release).at).timestamp() * 1000)
    assert (channel.state, channel.late_ms) == ("released", 1_794_000_000_000 - due)


@pytest.mark.parametrize(
    "typed", ["2026-11-20 15:00", "2026-11-20T15:00:00", "2026-11-20T08:00:00Z"]
)
def test_three_spellings_of_one_moment_are_one_instant(typed: str) -> None:
    moment = placing.read_moment(typed, ZONE)
    assert (moment.at, moment.wall) == ("2026-11-20T08:00:00Z", "2026-11-20T15:00:00")


def test_a_wall_time_that_is_skipped_is_refused_and_a_double_one_must_be_chosen() -> None:
    with pytest.raises(UsageError, match="does not exist"):
        placing.read_moment("2027-03-28 02:30", "Europe/Berlin")
    with pytest.raises(UsageError, match="twice"):
        placing.read_moment("2026-10-25 02:30", "Europe/Berlin")
    first = placing.read_moment("2026-10-25 02:30", "Europe/Berlin", "earlier")
    second = placing.read_moment("2026-10-25 02:30", "Europe/Berlin", "later")
    assert (first.at, second.at) == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")


@pytest.mark.parametrize("typed", ["tomorrow", "2026-11-20", "2026-13-01 10:00", "", "15:00"])
def test_what_is_no_time_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UsageError):
        placing.read_moment(typed, ZONE)


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "  =1", "a\r\nb",
                                  "\t=1"])  # fmt: skip
def test_attack_31_no_cell_of_a_csv_is_a_formula_or_breaks_its_line(cell: str) -> None:
    row = agenda.AgendaRow("release", "2026-11-20T08:00:00Z", "", ZONE, "r-1", code=cell, note=cell)
    line = agenda.as_csv([row]).split("\r\n")[1]
    assert agenda.as_csv([row]).count("\r\n") == 2
    assert not any(part.strip('"').lstrip().startswith(("=", "+", "-", "@", "\t"))
                   for part in line.split(","))  # fmt: skip


def test_a_public_release_is_not_changed(house: House) -> None:
    release, _ = house.published()
    found = rules(lambda: plan.move(house.room, house["lead-1"], release, house.moment(), note="x"))
    assert "released" in found
    with house.room.store.read() as connection:
        assert projections.open_releases(connection) == []

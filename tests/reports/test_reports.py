"""Reports on a real newsroom: what counts, whose it is, and how long it took."""

from __future__ import annotations

import csv
import io
import json

import pytest

from desk.approvals import decide
from desk.clock import epoch_ns
from desk.errors import UsageError
from desk.items import quick_fix
from desk.releases import hold, plan, sign
from desk.reports import tables
from desk.reports.facts import Past
from desk.reports.report import ALL, Report, report
from desk.store import log
from desk.trust.acts import write
from tests.verbs.house import House

MONTH = "2026-11"


def reported(house: House, **narrowed: str) -> Report:
    past = Past(house.room)
    facts = past.facts()
    return report(facts, past.zone, **narrowed)


def goes_out(house: House, release: str, late_ms: int) -> None:
    """The publisher's word that a signed release opened so late."""
    with house.room.reading(release) as view:
        signoff = view.record.releases[release].signoff
    assert signoff is not None
    fields = {
        "signoff": signoff.digest, "channel": "portal", "address": "0" * 64,
        "opened_ms": epoch_ns(str(signoff.fields["at"])) // 1_000_000 + late_ms,
        "revisions": [entry["revision"] for entry in signoff.fields["items"]],
    }  # fmt: skip
    with house.room.acting(release) as tx:
        tx.append("publisher.released", release, fields, house["pub-1"])


def test_a_release_is_on_time_within_a_second_and_late_after_it(house: House) -> None:
    first, second = house.signed(), house.signed()
    goes_out(house, first, 12)
    goes_out(house, second, 1_500)
    found = reported(house)
    row = found.row(MONTH)
    assert (row.releases, row.on_time, row.late, row.on_time_rate) == (2, 1, 1, 0.5)
    assert (row.late_p50_ms, row.late_max_ms, row.openings) == (12, 1500, 2)
    assert {one.release: one.outcome for one in found.outings} == {
        first: "on-time", second: "late",
    }  # fmt: skip
    assert sorted(found.late_ms(MONTH)) == [12, 1500]
    assert found.row(MONTH, "thong-ke").releases == 2
    assert found.row(MONTH, "y-te").releases == 0


def test_an_early_opening_is_told_apart_and_a_missed_release_counts(house: House) -> None:
    early, missed = house.signed(), house.signed()
    goes_out(house, early, -3)
    with house.room.acting(missed) as tx:
        signoff = tx.record.releases[missed].signoff
        assert signoff is not None
        fields = {"signoff": signoff.digest, "code": "too-late"}
        tx.append("publisher.missed", missed, fields, house["pub-1"])
    row = reported(house).row()
    assert (row.early, row.missed, row.on_time, row.on_time_rate) == (1, 1, 0, 0.0)


def test_a_step_takes_from_the_step_before_it(house: House) -> None:
    vi, _en = house.pair()
    house.clock.advance(600)
    decide.approve(house.room, house["appraiser"], vi)
    house.clock.advance(60)
    decide.approve(house.room, house["reviewer"], vi)
    steps = {one.step: one for one in reported(house).row(MONTH, "thong-ke").steps}
    assert steps["appraise"].median_s == 600
    assert steps["review"].median_s == 60
    assert "check" not in steps


def test_a_return_ends_its_step_and_is_counted_with_its_rate(house: House) -> None:
    item = house.submitted()
    house.submitted()
    house.clock.advance(120)
    decide.give_back(house.room, house["reviewer"], item, "Thiếu nguồn")
    row = reported(house).row(MONTH)
    assert (row.handed_in, row.returned, row.return_rate) == (2, 1, 0.5)
    assert [(one.step, one.longest_s) for one in row.steps] == [("review", 120)]


def test_what_is_done_at_short_notice_is_counted_apart(house: House) -> None:
    item = house.approved()
    release = house.signed(item)
    quick_fix.mend(house.room, house["editor"], item, {"headline": "Số liệu của quý III"})
    hold.hold(house.room, house["editor"], release)
    plan.move(house.room, house["lead-1"], release, house.moment(1800), note="Sớm hơn")
    row = reported(house).row(MONTH, "thong-ke")
    assert (row.quick_fixes, row.held, row.brought_forward) == (1, 1, 1)
    assert row.short_notice == 3
    hold.hold(house.room, house["editor"], "*")
    assert reported(house).row(MONTH).held == 2
    assert reported(house).row(MONTH, "thong-ke").held == 1


def test_attack_31_a_code_name_cannot_become_a_formula(house: House) -> None:
    release = house.planned(house.approved(), confirm=False)
    with house.room.acting(release) as tx:
        fields = {"items": list(tx.record.releases[release].items), "channels": ["portal"],
                  "code": '=HYPERLINK("http://192.0.2.1")',
                  "parent": tx.record.releases[release].basis}  # fmt: skip
        tx.append("release.edit", release, fields, house["lead-1"])
    plan.confirm(house.room, house["lead-1"], release)
    for lead in ("lead-1", "lead-2"):
        sign.sign(house.room, house[lead], release)
    goes_out(house, release, 5)
    text = tables.as_csv(reported(house), "releases")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["code"].startswith("'=HYPERLINK")
    assert (rows[0]["outcome"], float(rows[0]["late_ms"])) == ("on-time", 5.0)


def test_nothing_that_was_sealed_is_in_a_report(house: House) -> None:
    item = house.submitted(changes={"headline": "Bí mật trước giờ công bố"})
    decide.give_back(house.room, house["reviewer"], item, "Chưa rõ nguồn của tỷ lệ")
    found = reported(house)
    everything = json.dumps(found.as_json(), ensure_ascii=False)
    everything += "".join(tables.as_csv(found, part) for part in tables.PARTS)
    assert "Bí mật" not in everything
    assert "Chưa rõ" not in everything
    assert "thong-ke" in everything


def test_a_forged_act_counts_for_nothing(house: House) -> None:
    release = house.signed()
    with house.room.store.read() as connection:
        before = log.head(connection).seq
    with house.room.reading(release) as view:
        signoff = view.record.releases[release].signoff
        assert signoff is not None
    fields = {"signoff": signoff.digest, "channel": "portal", "address": "0" * 64,
              "opened_ms": 1, "revisions": []}  # fmt: skip
    fields |= {"actor": "pub-1", "newsroom": view.record.newsroom, "time": house.room.instant()}
    fields["subject"] = release
    forged = write("publisher.released", fields, house["editor"].identity)
    with house.room.store.write() as connection:
        log.append(connection, forged)
    assert reported(house).row().releases == 0
    with house.room.store.read() as connection:
        assert log.head(connection).seq == before + 1


def test_asked_again_only_what_is_new_is_read_and_the_answer_is_the_same(house: House) -> None:
    past = Past(house.room)
    first = past.facts()
    house.submitted()
    again = past.facts()
    assert again[: len(first)] == first
    assert len(again) == len(first) + 1
    assert again == Past(house.room).facts()


def test_a_wrong_month_is_refused_before_the_log_is_read() -> None:
    for month in ("2026-13", "11/2026", "1999-01"):
        with pytest.raises(UsageError):
            report((), "UTC", month=month)


def test_narrowed_to_a_month_or_an_agency_other_rows_are_gone(house: House) -> None:
    house.submitted()
    house.submitted("health", agency="y-te")
    whole = reported(house)
    assert whole.agencies == ("thong-ke", "y-te")
    assert whole.months == (MONTH,)
    only = reported(house, agency="y-te")
    assert {one.agency for one in only.figures} == {"y-te"}
    assert only.row(MONTH, "y-te") == whole.row(MONTH, "y-te")
    assert reported(house, month="2026-10").figures == ()
    assert {one.month for one in reported(house, month=MONTH).figures} == {MONTH}
    assert whole.row(ALL, ALL).handed_in == 2

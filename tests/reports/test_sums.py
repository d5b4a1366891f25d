"""Reports as pure functions: whatever the acts say, the sums agree with each other."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from desk.clock import written
from desk.reports.facts import Fact
from desk.reports.report import ALL, report

AGENCIES = ("thong-ke", "y-te", "cong-thuong")
START = int(datetime(2026, 9, 28, tzinfo=UTC).timestamp())
SECONDS = 60 * 86_400


def at(seconds: int) -> str:
    return written(datetime.fromtimestamp(START + seconds, UTC))


@st.composite
def days(draw: st.DrawFn) -> list[Fact]:
    """Some items of several agencies, their steps, and releases that go out somehow."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(1, 5))):
        item, digest = f"i-{number}", f"d{number}"
        agency = draw(st.sampled_from(AGENCIES))
        handed = draw(st.integers(0, SECONDS))
        facts.append(Fact("item.revise", item, at(handed), digest, {"agency": agency}))
        for step in draw(st.lists(st.sampled_from(("appraise", "review", "check")), max_size=4)):
            moved = draw(st.integers(-600, 90_000))  # a clock may be behind
            kind = draw(st.sampled_from(("item.approve", "item.return")))
            fields = {"revision": digest, "step": step}
            facts.append(Fact(kind, item, at(max(0, handed + moved)), f"{digest}{step}", fields))
    count = sum(fact.kind == "item.revise" for fact in facts)
    for number in range(draw(st.integers(0, 5))):
        release, signoff = f"r-{number}", f"s{number}"
        items = draw(st.lists(st.integers(0, count - 1), min_size=1, unique=True))
        instant = draw(st.integers(0, SECONDS))
        plan = {"items": [f"i-{one}" for one in items], "code": "SAO", "at": at(instant)}
        facts.append(Fact("release.plan", release, at(0), f"p{number}", plan))
        signed = {"at": at(instant), "channels": ["portal", "press"]}
        facts.append(Fact("release.sign", release, "", signoff, signed))
        for channel in draw(st.lists(st.sampled_from(("portal", "press")), unique=True)):
            late = draw(st.integers(-2_000, 5_000))
            fields = {"signoff": signoff, "channel": channel,
                      "opened_ms": (START + instant) * 1000 + late, "revisions": []}  # fmt: skip
            facts.append(Fact("publisher.released", release, at(instant), f"o{channel}", fields))
        if draw(st.booleans()):
            fields = {"signoff": signoff}
            facts.append(Fact("publisher.missed", release, at(instant), f"m{number}", fields))
    return facts


@given(days())
def test_every_release_is_one_of_the_five_and_months_add_up(facts: list[Fact]) -> None:
    found = report(facts, "Asia/Ho_Chi_Minh")
    for one in found.figures:
        assert one.releases == one.on_time + one.late + one.early + one.partial + one.missed
        assert one.openings == len(found.late_ms(one.month, one.agency))
        assert all(0 <= step.median_s <= step.p90_s <= step.longest_s for step in one.steps)
    for agency in (ALL, *found.agencies):
        months = [found.row(month, agency) for month in found.months]
        whole = found.row(ALL, agency)
        for name in ("releases", "handed_in", "returned", "openings"):
            assert getattr(whole, name) == sum(getattr(one, name) for one in months)


@given(days(), st.sampled_from(AGENCIES))
def test_one_agency_alone_has_the_row_it_has_among_all(facts: list[Fact], agency: str) -> None:
    whole, alone = (report(facts, "UTC", agency=one) for one in ("", agency))
    assert alone.row(ALL, agency) == whole.row(ALL, agency)
    for month in whole.months:
        narrowed = report(facts, "UTC", month=month)
        assert narrowed.row(month, agency) == whole.row(month, agency)
        assert narrowed.row(month) == whole.row(month)


@given(days())
def test_a_release_of_several_agencies_counts_once_for_all_of_them(facts: list[Fact]) -> None:
    found = report(facts, "UTC")
    assert found.row().releases == len(found.outings)
    for agency in found.agencies:
        with_it = [one for one in found.outings if agency in one.agencies]
        assert found.row(ALL, agency).releases == len(with_it)

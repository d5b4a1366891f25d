"""Deadlines: what is said about the time that is left, what is missing, and who is asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk.approvals import decide
from desk.clock import parse_instant, written
from desk.errors import Refused
from desk.items import quick_fix
from desk.locales import set_language, told
from desk.people import reach
from desk.releases import plan, sign, trigger, views
from desk.releases.deadline import deadline, span
from desk.releases.plan import find
from desk.trust.judge import judge
from desk.trust.keys import Identity
from tests.verbs.house import House
from tests.verbs.test_short_notice import SLIP, good, pass_until, statement

LEADS = ("lead-1", "lead-2", "writer")


@pytest.fixture
def vietnamese() -> Iterator[None]:
    """Told in Vietnamese."""
    set_language("vi")
    yield
    set_language("en")


def test_who_signed_before_a_quick_fix_is_asked_again(house: House) -> None:
    """One of two leads has signed; the mended text is another manifest, which nobody has signed."""
    item = statement(house)
    with house.room.reading(item) as view:
        pair = decide.language_versions(view, item)
    release = house.planned(*pair)
    sign.sign(house.room, house["lead-1"], release)
    assert waits_for(house, release) == (("1 of 2", ("lead-2", "writer")), ("lead-2", "writer"))
    fixed = quick_fix.mend(house.room, house["editor"], item, {"body": SLIP})
    (step, signers) = reach.who(house.room, release)
    assert (step.step, step.now, signers.now) == (fixed.step, True, False)
    assert signers.able == LEADS
    with house.room.reading(release) as view:
        asked = [one.what for one in deadline(house.room, view, release).needed]
    assert asked[0].startswith(f"{fixed.step} of")
    decide.approve(house.room, house[fixed.who[0]], item, digest=fixed.digest)
    assert waits_for(house, release) == (("0 of 2", LEADS), LEADS)
    found = views.detail(house.room, release)
    assert [(reason.rule, reason.who) for reason in found.reasons] == [("sign-off", LEADS)]
    for lead in ("lead-2", "lead-1"):
        sign.sign(house.room, house[lead], release)
    assert good(house.room, release)
    assert reach.who(house.room, release) == []


def waits_for(house: House, release: str) -> tuple[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    """How many signatures a deadline counts and whom it names; whom `who` says can sign now."""
    with house.room.reading(release) as view:
        (needed,) = deadline(house.room, view, release).needed
    (opened,) = reach.who(house.room, release)
    assert opened.now
    return (needed.what.removeprefix("signatures: "), needed.who), opened.able


# -- what is said about time -------------------------------------------------------------------


def test_a_deadline_says_what_is_missing_and_who_can_act(house: House) -> None:
    release = house.planned(house.submitted(), seconds=300, confirm=False)
    with house.room.reading(release) as view:
        now = deadline(house.room, view, release)
    assert now.left == 300
    assert now.change_left == 270
    wants = {one.what.split()[0]: one.who for one in now.needed}
    assert wants["review"] == ("checker", "reviewer", "writer")
    assert "lead-1" in wants["confirm"]
    assert now.lines()[0].endswith("provisional")
    assert all(one.until < now.at for one in now.needed)
    assert not now.ready


def test_what_is_due_already_is_not_said_to_have_time_left(house: House) -> None:
    release = house.planned(house.approved(), seconds=300)
    with house.room.reading(release) as view:
        before = deadline(house.room, view, release)
    pass_until(house, release, -5)
    with house.room.reading(release) as view:
        after = deadline(house.room, view, release)
    assert "left until" in before.lines()[0]
    assert after.lines()[0].startswith(f"{release}: due since 20")


@pytest.mark.usefixtures("vietnamese")
def test_a_recall_that_ends_a_grant_says_in_words_that_it_takes_another(house: House) -> None:
    lead, release = house["lead-1"], house.planned(house.approved(), seconds=300)
    script = Identity(b"s" * 32)
    with house.room.reading(release) as view:
        known = find(view, release)
    window = plan.Moment(known.at, known.zone, known.wall)
    until = written(parse_instant(known.at) + timedelta(minutes=5))
    plan.grant(house.room, lead, release, window, until, script="gdp", key=script.sign_public)
    for who in ("lead-1", "lead-2"):
        sign.sign(house.room, house[who], release)
    plan.recall(house.room, lead, release)
    with house.room.reading(release) as view:
        needed = {one.what: one.who for one in deadline(house.room, view, release).needed}
        reasons = [r for r in judge(view.record, release).reasons if r.rule == "grant"]
    assert needed["a grant to a script, or an instant"] == LEADS
    with pytest.raises(Refused) as refused:
        trigger.fire(house.room, script, release)
    assert told(reasons[0].text) == (
        "quyền giao cho gdp đã hết vì việc rút chữ ký duyệt; cần giao lại, hoặc định thời điểm"
    )
    assert told(refused.value.reasons[0].text) == "quyền mở đã hết vì việc rút chữ ký duyệt"


@pytest.mark.usefixtures("vietnamese")
def test_a_span_under_a_minute_is_said_in_vietnamese_too() -> None:
    assert told(span(47)) == "47 giây"


def test_a_signed_release_needs_nobody(house: House) -> None:
    release = house.signed()
    with house.room.reading(release) as view:
        assert deadline(house.room, view, release).ready


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-1, "no time"), (0.4, "no time"), (8.9, "8 s"), (250, "4 min 10 s"), (7500, "2 h 05 min")],
)
def test_spans_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_time_is_read_from_the_clock(house: House) -> None:
    release = house.planned(house.approved())
    house.clock.advance(timedelta(seconds=600).total_seconds())
    with house.room.reading(release) as view:
        assert deadline(house.room, view, release).left == 3000

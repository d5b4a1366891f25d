"""A chain that nobody can fill is told before an item waits in it."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.newsroom.load import chain_gaps, check
from tests.newsroom.sample import GOOD, config, with_change


def people(**roles: list[str]) -> dict[str, dict[str, Any]]:
    """A roster's people; a role is written `role` (all agencies) or `role@agency`."""
    return {
        name.replace("_", "-"): {
            "name": name,
            "roles": [
                {"role": role.partition("@")[0], "agency": role.partition("@")[2] or "*"}
                for role in held
            ],
            "keys": [{"sign": "0" * 64, "read": "0" * 64, "state": "active", "from": ""}],
        }
        for name, held in roles.items()
    }


ENOUGH = {
    "editor": ["author@thong-ke"],
    "appraiser": ["appraise"],
    "reviewer": ["review"],
    "checker": ["check"],
    "lead_1": ["lead"],
    "lead_2": ["lead"],
}


def gaps(**changes: list[str]) -> dict[str, str]:
    """Kind -> reason, for the good calendar and ENOUGH with some people changed."""
    found = chain_gaps(config(), people(**{**ENOUGH, **changes}))
    return {problem.path: problem.what.rpartition(": ")[2] for problem in found}


def test_six_posts_fill_a_chain_of_three_with_two_signers() -> None:
    assert gaps() == {}


def test_four_people_are_enough_when_leads_approve() -> None:
    four = people(
        a=["author"], b=["appraise", "lead"], c=["review", "lead"], d=["check"],
    )  # fmt: skip
    assert chain_gaps(config(), four) == []


def test_a_step_that_nobody_holds_is_told_at_each_kind_that_asks_for_it() -> None:
    found = chain_gaps(config(), people(**{**ENOUGH, "checker": []}))
    assert [(p.path, p.line, p.column) for p in found] == [
        ("kinds.statement", 10, 3),
        ("kinds.urgent", 14, 3),
    ]
    assert "nobody but the author has the role check" in found[0].what
    assert "for thong-ke" in found[0].what


def test_the_author_cannot_fill_a_step() -> None:
    assert gaps(checker=[], editor=["author@thong-ke", "check"]) == {
        "kinds.statement": "nobody but the author has the role check",
        "kinds.urgent": "nobody but the author has the role check",
    }


def test_one_person_cannot_take_two_steps() -> None:
    reason = "3 steps need as many people, and there are 2"
    assert gaps(checker=[], reviewer=["review", "check"]) == {"kinds.statement": reason}


def test_signers_are_distinct_leads_and_not_the_author() -> None:
    reason = "2 signers are needed, and the leads besides the author are 1"
    assert set(gaps(lead_2=[]).values()) == {reason}
    assert set(gaps(lead_2=[], editor=["author@thong-ke", "lead"]).values()) == {reason}
    assert gaps(lead_2=[], checker=["check", "lead"]) == {}


def test_a_role_counts_in_its_agency_only() -> None:
    assert "kinds.news" in gaps(reviewer=["review@y-te"])
    assert gaps(reviewer=["review@thong-ke"]) == {}


def test_a_key_that_is_not_in_use_fills_nothing() -> None:
    roster = people(**ENOUGH)
    roster["checker"]["keys"][0]["state"] = "revoked"
    assert {p.path for p in chain_gaps(config(), roster)} == {"kinds.statement", "kinds.urgent"}


def test_a_second_author_may_free_the_first() -> None:
    assert gaps(checker=[], editor=["author@thong-ke", "check"], second=["author@thong-ke"]) == {}


def test_agencies_are_told_together() -> None:
    roster = people(**{**ENOUGH, "editor": ["author"], "reviewer": []})
    news = [p.what for p in chain_gaps(config(), roster) if p.path == "kinds.news"]
    assert len(news) == 1
    assert "thong-ke, y-te" in news[0]


def test_a_roster_without_authors_is_told() -> None:
    assert set(gaps(editor=[]).values()) == {"nobody in the roster has the role author"}


def test_check_tells_gaps_as_problems_and_idle_agencies_as_warnings(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(GOOD, "utf-8")
    report = check(file, {"people": people(**ENOUGH)})
    assert report.ok
    assert any(w.what == "nobody in the roster writes for 'y-te'" for w in report.warnings)
    report = check(file, {"people": people(**{**ENOUGH, "checker": []})})
    assert not report.ok
    assert report.as_json()["ok"] is False


@settings(max_examples=100)
@given(
    st.lists(
        st.sets(st.sampled_from(["author", "appraise", "review", "check", "lead"])),
        min_size=1,
        max_size=6,
    )
)
def test_a_gap_is_told_exactly_when_no_choice_of_people_works(roles: list[set[str]]) -> None:
    named = {f"p{number}": sorted(held) for number, held in enumerate(roles)}

    def works(author: str, trio: tuple[str, ...]) -> bool:
        steps = zip(("appraise", "review", "check"), trio, strict=True)
        leads = [name for name, held in named.items() if "lead" in held and name != author]
        return (
            "author" in named[author]
            and author not in trio
            and all(step in named[name] for step, name in steps)
            and len(leads) >= 2
        )

    possible = any(works(author, trio) for author in named for trio in permutations(named, 3))
    found = chain_gaps(config(), people(**named))
    assert possible == ("kinds.statement" not in {problem.path for problem in found})


def warnings_for(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "calendar.yaml"
    file.write_text(text, "utf-8")
    report = check(file)
    assert report.ok, report.problems
    return [warning.what for warning in report.warnings]


def test_what_is_allowed_but_unwise_is_a_warning(tmp_path: Path) -> None:
    assert warnings_for(tmp_path, GOOD) == [
        "channel 'portal' has no key, so its receipts cannot be checked"
    ]
    key = with_change('8601", l', f'8601", key: {"0" * 64}, l')
    assert warnings_for(tmp_path, key) == []
    assert warnings_for(tmp_path, with_change("signers: 2", "signers: 1", key)) == [
        "one person alone can sign a release"
    ]
    plain = with_change("http://127.0.0.1:8601", "http://portal.example.org", key)
    assert warnings_for(tmp_path, plain) == ["channel 'portal' is spoken to without TLS"]
    local = with_change("http://127.0.0.1:8601", "http://[::1]:8601", key)
    assert warnings_for(tmp_path, local) == []
    optional = with_change(f"key: {'0' * 64}", f"required: false, key: {'0' * 64}", key)
    assert "no channel is required" in warnings_for(tmp_path, optional)[0]
    twice = with_change("Asia/Ho_Chi_Minh", "Europe/Berlin", key)
    twice = with_change("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY", twice)
    twice = with_change('"09:30"', '"01:59"', twice)
    assert warnings_for(tmp_path, twice) == []
    twice = with_change("FREQ=DAILY", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", twice)
    assert warnings_for(tmp_path, with_change('"01:59"', '"02:00"', twice)) == [
        "02:00 occurs twice on 2026-10-25: the earlier is taken"
    ]

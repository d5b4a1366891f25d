"""Who is away lets another act for a time; who can still act is told, with the reason for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from desk.alerts.events import Rules
from desk.alerts.sight import Lookout
from desk.alerts.watch import watch
from desk.clock import parse_instant, written
from desk.newsroom.room import Room
from tests.cli.newsroom_story import Story


def later(days: float = 0) -> str:
    return written(datetime.now(UTC) + timedelta(days=days))


def delegate(story: Story, giver: str, to: str, role: str, days: float = 10) -> dict[str, Any]:
    """A delegation of so many days; its view."""
    view: dict[str, Any] = story.gets(
        giver, "people", "delegate", to, "--role", role, "--until", later(days), "--yes"
    )
    return view


def state(story: Story, release: str) -> str:
    return str(story.gets("editor", "release", "show", release)["state"])


def able(story: Story, subject: str) -> dict[str, list[str]]:
    """Step -> who can act on it, in the order in which to ask."""
    found = story.gets("editor", "people", "who", subject)
    return {
        f"{one['subject']} {one['step']}" if one["now"] else f"({one['subject']} {one['step']})": [
            c["person"] for c in one["candidates"] if c["can"]
        ]
        for one in found
    }


def why(story: Story, subject: str, step: str) -> dict[str, str]:
    """Why the others cannot."""
    found = story.gets("editor", "people", "who", subject)
    return {
        c["person"]: c["why"]
        for one in found
        if one["step"] == step
        for c in one["candidates"]
        if not c["can"]
    }


def test_a_deputy_reads_approves_and_signs_until_it_is_taken_back(story: Story) -> None:
    vi, en = story.pair()
    made = delegate(story, "appraiser", "lead-1", "appraise")
    assert delegate(story, "appraiser", "lead-1", "appraise")["id"] != ""
    # The text was sealed before: the newsroom's own reader lets the deputy read it.
    story.gets("appraiser", "people", "rewrap")
    assert {w["item"] for w in story.gets("lead-1", "queue", "list")} == {vi, en}
    for item in (vi, en):
        story.gets("lead-1", "item", "approve", item)
        story.gets("reviewer", "item", "approve", item)
        story.gets("checker", "item", "approve", item)
    ended = story.gets("lead-1", "people", "undelegate", made["id"][:10])
    assert (ended["state"], ended["confirmation"]) == ("over", "no-publisher")
    assert story.gets("lead-1", "people", "undelegate", made["id"][:10])["already"]
    release = story.planned(vi, en)
    assert story.gets("editor", "release", "show", release)["reasons"][0]["rule"] == "sign-off"
    taken = delegate(story, "lead-2", "checker", "lead")
    story.gets("checker", "release", "sign", release, "--yes")
    story.gets("lead-1", "release", "sign", release, "--yes")
    assert state(story, release) == "signed"
    story.gets("lead-2", "people", "undelegate", taken["id"])
    assert state(story, release) == "confirmed"
    assert story.rules("checker", "release", "sign", release, "--yes") == {"role"}
    story.gets("lead-2", "release", "sign", release, "--yes")
    assert state(story, release) == "signed"
    assert story.gets("admin", "newsroom", "rebuild")["mended"] == 0
    assert story.gets("admin", "audit", "verify")["voids"] == []


def test_what_nobody_may_delegate_is_refused_before_anything_is_signed(story: Story) -> None:
    long = ("people", "delegate", "reviewer", "--yes", "--until")
    assert story.rules("admin", *long, later(3), "--role", "admin") == {"never"}
    assert story.rules("appraiser", *long, later(3), "--role", "lead") == {"role"}
    assert story.rules("reviewer", *long, later(3), "--role", "review") == {"deputy"}
    assert "31 days" in story.refused("appraiser", *long, later(32), "--role", "appraise",
                                      code=2)["message"]  # fmt: skip
    story.refused("appraiser", *long, later(-1), "--role", "appraise", code=2)
    story.refused("appraiser", "people", "delegate", "nobody", "--until", later(1), "--role",
                  "appraise", "--yes", code=4)  # fmt: skip
    assert story.gets("admin", "people", "show")["delegations"] == []


def test_who_can_still_act_in_order_and_why_others_cannot(story: Story) -> None:
    vi, _ = story.pair()
    story.gets("appraiser", "item", "approve", vi)
    assert able(story, vi) == {
        f"{vi} review": ["checker", "reviewer", "writer"],
        f"({vi} check)": ["checker"],
    }
    story.gets("admin", "people", "deputies", "review:thong-ke", "writer", "reviewer")
    assert able(story, vi)[f"{vi} review"] == ["writer", "reviewer", "checker"]
    delegate(story, "writer", "appraiser", "review")
    delegate(story, "reviewer", "lead-1", "review")
    # Whoever is away comes last; who took a step already is out, also as a deputy.
    assert able(story, vi)[f"{vi} review"] == ["lead-1", "checker", "writer", "reviewer"]
    assert "took step appraise" in why(story, vi, "review")["appraiser"]
    story.gets("admin", "roster", "revoke", "checker")
    assert why(story, vi, "check") == {"checker": "has no key in use"}


def test_a_reminder_goes_to_who_can_act_and_is_not_repeated_at_once(story: Story) -> None:
    vi, _ = story.pair()
    asked = story.gets("editor", "people", "remind", vi)
    assert (asked["step"], asked["to"], asked["already"]) == ("appraise", ["appraiser"], False)
    assert story.gets("editor", "people", "remind", vi)["already"]
    story.refused("editor", "people", "remind", vi, "lead-1", code=2)
    story.refused("editor", "people", "remind", "i-0000000000", code=4)
    room = Room.open(story.room, story.room / "var" / "desk.db")
    told = watch(Lookout(room).look(), None, datetime.now(UTC), Rules())
    assert [(e.kind, e.who) for e in told if e.kind == "reminded"] == [("reminded", ("appraiser",))]


def test_who_has_a_role_at_a_time(story: Story) -> None:
    story.gets("admin", "people", "ends", "lead-2", "lead", "--until", later(5))
    delegate(story, "writer", "checker", "lead", 3)
    found = story.gets("editor", "people", "reachable", "lead")
    assert [c["person"] for c in found if c["can"]] == ["checker", "lead-1", "lead-2", "writer"]
    found = story.gets("editor", "people", "reachable", "lead", "--at", later(4))
    assert [c["person"] for c in found if c["can"]] == ["lead-1", "lead-2", "writer"]
    found = story.gets("editor", "people", "reachable", "lead", "--at", later(6))
    assert "ends before" in next(c["why"] for c in found if c["person"] == "lead-2")


def test_attack_09_a_signer_whose_key_or_role_is_gone_before_the_instant_blocks_the_release(
    story: Story,
) -> None:
    release = story.planned(*story.approved_pair())
    for lead in ("lead-1", "lead-2"):
        story.gets(lead, "release", "sign", release, "--yes")
    at = story.gets("editor", "release", "show", release)["at"]
    just_before = written(parse_instant(at) - timedelta(seconds=1))

    def blocked() -> list[str]:
        shown = story.gets("editor", "release", "show", release)
        assert (shown["state"] == "signed") == (not shown["reasons"])
        return [f"{r['rule']}: {r['text']}" for r in shown["reasons"]]

    assert blocked() == []
    story.gets("admin", "people", "ends", "lead-2", "lead", "--until", just_before)
    assert any("lead-2 does not hold the role lead until" in text for text in blocked())
    story.gets("admin", "people", "ends", "lead-2", "lead", "--until", at)
    assert blocked() == []
    story.gets("admin", "roster", "revoke", "lead-2")
    assert any("the key of lead-2 is revoked" in text for text in blocked())
    assert any("1 of 2 leads" in text for text in blocked())
    # The editors are told, with who could sign instead.
    room = Room.open(story.room, story.room / "var" / "desk.db")
    soon = parse_instant(at) - timedelta(minutes=10)
    told = [e for e in watch(Lookout(room).look(), None, soon, Rules()) if e.base == "unsigned"]
    assert [(e.subject, e.state, e.who) for e in told] == [(release, "1/2", ("writer",))]
    story.gets("writer", "release", "sign", release, "--yes")
    assert blocked() == []


def test_attack_09_a_lost_laptop_leaves_a_signature_missing_and_the_next_lead_sees_it(
    story: Story,
) -> None:
    """What its key signed counts no more: nobody reads of two signatures, and somebody is asked."""
    vi, en = story.approved_pair()
    release = story.planned(vi, en)
    story.gets("lead-1", "release", "sign", release, "--yes")
    story.gets("lead-2", "release", "sign", release, "--yes")
    assert state(story, release) == "signed"
    story.gets("admin", "roster", "compromised", "lead-2")
    shown = story.gets("editor", "release", "show", release)
    assert (shown["state"], shown["signed"]) == ("confirmed", ["lead-1"])
    assert able(story, release) == {f"{release} lead": ["writer"]}
    assert why(story, release, "lead")["lead-2"] == "has no key in use"
    signed = story.gets("writer", "release", "sign", release, "--yes")
    assert (signed["signers"], signed["state"]) == (["lead-1", "writer"], "signed")

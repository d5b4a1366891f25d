"""Attack 26: a hold, long before the instant, a second before, too late, and during the commit.

It stops the release, or the publisher says plainly that it was too late. Withdrawal comes after.
"""

from __future__ import annotations

import httpx
import pytest

from desk.errors import Refused
from desk.releases import hold
from desk.releases.withdraw import withdraw
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for


def answer(d: Desk, subject: str, digest: str) -> str:
    """What the publisher says to an act, once it does."""
    return wait_for(
        lambda: d.record().acked.get(digest, ""), "the publisher answers"
    )  # fmt: skip


def stays_in(d: Desk, subject: str) -> None:
    d.until(-1.5)
    d.nothing_out()
    assert d.proxies["portal"].count("commit") == 0


@pytest.mark.parametrize("everything", [False, True], ids=["one", "everything"])
@scenario
def test_attack_26_held_ten_minutes_before(everything: bool) -> None:
    """Staged ten minutes ahead; the publisher answers at once, whatever else it has to do."""
    with desk() as d:
        d.start_publisher()
        release = d.release(590)
        d.staged()
        act = hold.hold(d.n.room, d.n.actor("editor-1"), "*" if everything else release)
        assert answer(d, act.subject, act.digest) == "in-force"
        wait_for(lambda: "held" in d.reasons(), "and says so in its status")


@pytest.mark.parametrize("everything", [False, True], ids=["one", "everything"])
@scenario
def test_attack_26_held_a_second_before(everything: bool) -> None:
    with desk() as d:
        d.start_publisher()
        release = d.release()
        d.staged()
        d.until(1.0)
        act = hold.hold(d.n.room, d.n.actor("editor-1"), "*" if everything else release)
        assert answer(d, act.subject, act.digest) == "in-force"
        stays_in(d, release)
        # Lifted by two, it goes out late by itself, inside the signed window.
        hold.lift(d.n.room, d.n.actor("lead-1"), act.subject)
        hold.lift(d.n.room, d.n.actor("lead-2"), act.subject)
        d.released()
        d.caught_up()
        d.once()


@pytest.mark.parametrize("everything", [False, True], ids=["one", "everything"])
@scenario
def test_attack_26_held_too_late(everything: bool) -> None:
    """The commit is under way and the portal is slow: too late, said plainly; then withdrawn."""
    with desk() as d:
        d.start_publisher()
        release = d.release()
        d.staged()
        d.proxies["portal"].on("commit", "delay", seconds=1.5)
        wait_for(lambda: d.proxies["portal"].count("commit"), "the commit leaves")
        act = hold.hold(d.n.room, d.n.actor("editor-1"), "*" if everything else release)
        assert answer(d, act.subject, act.digest) == "too-late"
        d.released()
        d.caught_up()
        d.once()
        taken = withdraw(d.n.room, d.n.actor("lead-1"), d.n.items[0], note="nhầm giờ")
        assert answer(d, d.n.items[0], taken.act) == "in-force"
        url = f"{d.urls['portal']}/items/{d.n.items[0]}.json"
        assert httpx.get(url).status_code == 410


@scenario
def test_attack_26_held_fifty_milliseconds_before_is_one_or_the_other() -> None:
    """In the last moments either answer is right, as long as it is true."""
    with desk() as d:
        d.start_publisher()
        release = d.release()
        d.staged()
        d.until(0.06)
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        said = answer(d, release, act.digest)
        d.until(-1.5)
        if said == "in-force":
            d.nothing_out()
        else:
            d.released()
            d.once()


@scenario
def test_attack_26_in_force_holds_against_a_commit_that_is_still_on_its_way() -> None:
    """The network keeps the commit back, the publisher gives up on it, and a hold comes.

    Whoever sits between publisher and portal must not open later what the publisher has said to
    be held: either the answer is "too late", or nothing goes out.
    """
    with desk() as d:
        d.start_publisher()
        release = d.release(channels=("portal",))
        d.staged()
        proxy = d.proxies["portal"]
        proxy.on("commit", "delay", times=-1, seconds=30)
        wait_for(lambda: d.events("claimed"), "the publisher gives up on its call")
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        said = answer(d, release, act.digest)
        commits = [one for one in proxy.seen if one.call == "commit"]
        assert commits
        wait_for(lambda: all(one.status for one in commits), "every commit has arrived", 60)
        assert said == "in-force"
        d.nothing_out("portal")


@scenario
def test_attack_26_a_no_to_the_second_call_says_nothing_of_the_first() -> None:
    """The first commit is stranded on the way; the ones after it are answered "too early".

    So nothing is out when the publisher gives up, and a hold comes; then the first one arrives.
    """
    with desk() as d:
        d.start_publisher()
        release = d.release(channels=("portal",))
        d.staged()
        proxy = d.proxies["portal"]
        proxy.on("commit", "strand", seconds=20, then="early")
        given_up = ("too-early", "unknown")
        wait_for(
            lambda: [e for name in ("staged", "claimed") for e in d.events(name)
                     if e.get("code") in given_up],
            "the publisher gives up on its calls",
        )  # fmt: skip
        act = hold.hold(d.n.room, d.n.actor("editor-1"), release)
        assert answer(d, release, act.digest) == "in-force"
        first = next(one for one in proxy.seen if one.call == "commit")
        assert not first.status
        wait_for(lambda: first.status, "the stranded call arrives", 60)
        assert first.status == 409
        d.nothing_out("portal")


@scenario
def test_attack_28_withdrawn_and_triggered_again() -> None:
    """What was withdrawn stays away: from the verbs, and from a portal that is asked directly."""
    from desk.demo import newsroom as demo

    with desk() as d:
        d.start_publisher()
        d.release()
        d.released()
        d.caught_up()
        taken = withdraw(d.n.room, d.n.actor("lead-1"), d.n.items[0], note="rút lại")
        assert answer(d, d.n.items[0], taken.act) == "in-force"
        with pytest.raises(Refused, match="withdrawn"):
            demo.release(d.n, 9, ("portal", "press"))
        # The same commit again, byte for byte, as a script that triggers twice would send it.
        commit = next(s for s in d.proxies["portal"].seen if s.call == "commit")
        token = d.n.home.credential("portal")
        again = httpx.post(
            f"{d.urls['portal']}/v1/commits", content=commit.body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                     "Idempotency-Key": "another"},
        )  # fmt: skip
        assert again.status_code in (200, 400, 403, 409)
        for item, status in zip(d.n.items, (410, 200), strict=True):
            assert httpx.get(f"{d.urls['portal']}/items/{item}.json").status_code == status
        # A restart does not bring it back either.
        d.end("publisher")
        d.start_publisher()
        wait_for(lambda: d.status().get("compared"), "it compares again")
        assert httpx.get(f"{d.urls['portal']}/items/{d.n.items[0]}.json").status_code == 410

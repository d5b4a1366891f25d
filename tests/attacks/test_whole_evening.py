"""One evening on which everything goes wrong at once, with two publishers and two portals.

A typo is found minutes before the instant, the approver does not answer, a laptop with a lead's
key is lost, one channel refuses and the leading publisher hangs. The release goes out on time
where it can, finishes by itself where it could not, once, and the log holds.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from desk.approvals import decide
from desk.audit.verify import verify
from desk.clock import now, written
from desk.demo import newsroom as demo
from desk.demo.newsroom import ADMIN
from desk.errors import Refused
from desk.items import quick_fix
from desk.newsroom import administer
from desk.newsroom.administer import PublicKeys
from desk.newsroom.room import Actor
from desk.people import deputies, reach
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import sign, views
from desk.store import log
from desk.trust.acts import Act
from desk.trust.keys import Identity
from desk.trust.roster import Roster
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for
from .test_evening import body, slip, state

SECOND, THIRD = "pub-2", "lead-3"
CHANNELS = ("portal", "foreign", "press")


def approved(d: Desk, item: str, digest: str) -> bool:
    """Approve as the deputy, who reads older texts once the publisher has wrapped them."""
    try:
        decide.approve(d.n.room, d.n.actor(ADMIN), item, digest=digest)
    except Refused as error:
        if {reason.rule for reason in error.reasons} != {"reader"}:
            raise
        return False
    return True


def roster(d: Desk, change: Callable[[Roster], dict[str, Any]]) -> Act:
    """A roster act of the administrator."""
    room, admin = d.n.room, d.n.actor(ADMIN)
    with room.reading() as view:
        proposal = administer.countersign(
            view, administer.propose_roster(view, change(view.roster), room.instant()), admin
        )
    return administer.enact(room, proposal.act.envelope)


def third_lead(d: Desk) -> Actor:
    """One more lead for the evening, with a laptop."""
    keys = Identity(os.urandom(32))
    public = PublicKeys(keys.sign_public, keys.read_public)
    roster(d, lambda known: administer.with_person(
        known, THIRD, name="Ca trực 3 – trưởng ca", roles=[("lead", "*")], keys=public,
        time=d.n.room.instant()))  # fmt: skip
    return Actor(THIRD, keys)


def lost_laptop(d: Desk) -> None:
    """The administrator declares the third lead's key compromised."""
    act = roster(d, lambda known: administer.with_key_ended(
        known, THIRD, "compromised", d.n.room.instant()))  # fmt: skip
    room = d.n.room
    wait_for(lambda: room.confirmed(act, 0.1), "the publisher has taken the roster in force")


@scenario
def test_everything_goes_wrong_on_one_evening() -> None:
    with desk(items=0, portals=("portal", "foreign")) as d:
        third = third_lead(d)
        home = demo.add_standby(d.n, SECOND)
        demo.write_items(d.n, 2, lambda _: None)
        d.start_publisher()
        d.start_standby(SECOND, home.path)
        release = d.release(75, CHANNELS)
        d.staged()
        item = d.n.items[0]

        # A typo. The only one who may check it does not answer; the deputy of that evening does.
        until = written(now(d.n.room.clock) + timedelta(hours=8))
        deputies.delegate(d.n.room, d.n.actor("lead-1"), ADMIN, role="check", until=until)
        mended, word = slip(body(d, item))
        fix = quick_fix.mend(d.n.room, d.n.actor("editor-1"), item, {"body": mended})
        (waiting,) = reach.who(d.n.room, item)
        assert set(waiting.able) == {"lead-1", ADMIN}
        wait_for(lambda: approved(d, item, fix.digest), "the publisher lets the deputy read it")
        d.nothing_out(*CHANNELS)

        # Two leads sign again; then a laptop is lost, and what its key signed is void.
        sign.sign(d.n.room, d.n.actor("lead-1"), release, anew=True)
        sign.sign(d.n.room, third, release)
        wait_for(lambda: not d.reasons(release), "nothing stands against it any more")
        lost_laptop(d)
        wait_for(lambda: d.reasons(release), "one signature is missing again")
        try:
            sign.sign(d.n.room, third, release)
        except Refused:
            pass
        else:
            raise AssertionError("a lost key signs")
        signed = sign.sign(d.n.room, d.n.actor("lead-2"), release)
        assert signed.state in ("signed", "staged")
        newsroom = d.record().newsroom
        d.address = {c: bundle_address(newsroom, c, signed.manifest) for c in CHANNELS}
        wait_for(lambda: state(d, d.address["portal"]) == "staged", "the last one is staged")
        d.staged()

        # One channel refuses, and the leader hangs past the instant.
        wait_for(lambda: d.left() <= 8, "the instant is near", 75)
        d.kill("foreign")
        os.kill(d.processes["publisher"].pid, signal.SIGSTOP)
        try:
            d.released("portal", "press")
            assert views.detail(d.n.room, release).state == "partial"
            page = httpx.get(f"{d.urls['portal']}/items/{item}", trust_env=False)
            assert word in page.text
        finally:
            os.kill(d.processes["publisher"].pid, signal.SIGCONT)

        # It finishes by itself when the channel is back; the stale leader changes nothing.
        d.start_portal("foreign")
        wait_for(lambda: views.detail(d.n.room, release).state == "released", "it is finished")
        d.caught_up()
        d.once(*CHANNELS)
        with d.n.room.store.read() as connection:
            report = verify(d.n.fingerprint, log.every_entry(connection), [])
        assert report.ok, json.dumps([finding.text for finding in report.findings])

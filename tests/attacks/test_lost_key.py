"""A lead's laptop is lost when everything is staged already, and another lead signs the same.

The bundle keeps its address, since its manifest is the same. The portal has to see the signature
that takes the place of the lost one, or it refuses at the instant what the newsroom calls signed.
"""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest

from desk.clock import now, written
from desk.demo import newsroom as demo
from desk.errors import Refused
from desk.newsroom.room import Actor
from desk.portal.contract.stagecrypt import bundle_address
from desk.releases import plan, sign, views
from tests.scenarios import scenario

from .harness import Desk, desk, wait_for
from .test_whole_evening import SECOND, lost_laptop, third_lead

CHANNELS = ("portal", "press")


def signed_by(d: Desk, *leads: Actor, seconds: int = 30) -> str:
    """A release of every item that these leads have signed. Its id."""
    room = d.n.room
    at = now(room.clock).replace(microsecond=0) + timedelta(seconds=seconds)
    moment = plan.Moment.of_instant(at, "Asia/Ho_Chi_Minh")
    act = plan.plan(room, leads[0], moment, items=d.n.items, channels=list(CHANNELS), code="SAO")
    plan.confirm(room, leads[0], act.subject)
    for lead in leads:
        done = sign.sign(room, lead, act.subject)
    d.n.release, d.n.at = act.subject, written(at)
    uid = d.record().newsroom
    d.address = {channel: bundle_address(uid, channel, done.manifest) for channel in CHANNELS}
    return act.subject


@scenario
def test_attack_09_a_signature_lost_after_staging_is_given_by_another_lead() -> None:
    with desk(items=0) as d:
        third = third_lead(d)
        demo.write_items(d.n, 2, lambda _: None)
        d.start_publisher()
        release = signed_by(d, d.n.actor("lead-1"), third)
        d.staged()
        lost_laptop(d)
        wait_for(lambda: d.reasons(release), "one signature is missing again")
        with pytest.raises(Refused):
            sign.sign(d.n.room, third, release)
        again = sign.sign(d.n.room, d.n.actor("lead-2"), release)
        assert again.signers == ("lead-1", "lead-2")
        wait_for(lambda: d.left() < 1, "the instant is near", 90)
        d.released()
        assert views.detail(d.n.room, release).state == "released"
        d.caught_up()
        d.once()
        assert not d.events("alarm")


@scenario
def test_attack_09_the_one_who_takes_over_brings_the_signature_that_replaced_a_lost_one() -> None:
    """The leader hangs before it knows of the lost key: what it staged lacks the new signature."""
    with desk(items=0) as d:
        third = third_lead(d)
        home = demo.add_standby(d.n, SECOND)
        demo.write_items(d.n, 2, lambda _: None)
        d.start_publisher()
        d.start_standby(SECOND, home.path)
        release = signed_by(d, d.n.actor("lead-1"), third, seconds=45)
        d.staged()
        wait_for(lambda: (d.root / f"{SECOND}.log").read_text("utf-8").count('"built"') == 2,
                 "the standby has the bundles")  # fmt: skip
        os.kill(d.processes["publisher"].pid, signal.SIGSTOP)
        try:
            lost_laptop(d)  # returns when whoever leads now has taken it in force
            again = sign.sign(d.n.room, d.n.actor("lead-2"), release)
            assert again.signers == ("lead-1", "lead-2")
            wait_for(lambda: d.left() < 1, "the instant is near", 90)
            d.released(*CHANNELS)
        finally:
            os.kill(d.processes["publisher"].pid, signal.SIGCONT)
        wait_for(lambda: views.detail(d.n.room, release).state == "released", "it is finished")
        d.caught_up()
        d.once(*CHANNELS)

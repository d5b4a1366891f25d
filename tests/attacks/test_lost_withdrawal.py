"""A lead takes an item down while the portal is away; then that lead's laptop is lost.

The portal judges by the roster of now, and refuses the act. Neither may that keep other withdrawals
waiting, nor may the item stay for ever.
"""

from __future__ import annotations

import httpx

from desk.demo import newsroom as demo
from desk.releases.withdraw import withdraw
from tests.scenarios import scenario

from .harness import desk, wait_for
from .test_whole_evening import lost_laptop, third_lead


@scenario
def test_attack_28_a_withdrawal_by_a_lost_key_keeps_no_other_waiting() -> None:
    with desk(items=0) as d:
        third, room = third_lead(d), d.n.room
        demo.write_items(d.n, 2, lambda _: None)
        item, other = d.n.items
        d.start_publisher()
        d.release(15)
        d.released()
        d.caught_up()

        def status(name: str) -> int:
            return httpx.get(f"{d.urls['portal']}/items/{name}", trust_env=False).status_code

        d.kill("portal")
        withdraw(room, third, item, note="Đang rà soát", mode="withdraw")
        lost_laptop(d)
        withdraw(room, d.n.actor("lead-1"), other, note="Sai số liệu", mode="kill")
        d.start_portal("portal")
        wait_for(lambda: status(other) == 410, "the other one is down", 90)
        d.alarm("not-withdrawn")
        assert status(item) == 200
        again = withdraw(room, d.n.actor("lead-2"), item, note="Đang rà soát", mode="withdraw")
        assert not again.already
        wait_for(lambda: status(item) == 410, "it is down, too", 90)
        assert withdraw(room, d.n.actor("lead-1"), item, note="x", mode="withdraw").already

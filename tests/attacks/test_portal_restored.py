"""A portal that is back from a backup of its own: it has forgotten who is heard and what waits."""

from __future__ import annotations

import shutil

from desk.demo import newsroom as demo
from tests.scenarios import scenario

from .harness import desk, wait_for


@scenario
def test_attack_25_a_portal_restored_before_the_instant_is_brought_everything_again() -> None:
    with desk() as d:
        d.start_publisher()
        wait_for(lambda: d.status().get("channels"), "the channels are known")
        d.caught_up()
        state = demo.portal_states(d.root)["portal"]
        kept = d.root / "kept"
        d.end("portal")
        shutil.copytree(state, kept)
        d.start_portal("portal")
        d.end("publisher")
        d.start_publisher()
        d.release(30)
        d.staged()
        d.kill("portal")
        shutil.rmtree(state)
        shutil.copytree(kept, state)
        d.start_portal("portal")
        wait_for(lambda: d.events("forgotten"), "the publisher finds out before it orders anything")
        d.released()
        d.caught_up()
        assert len(d.opened("portal")) == len(d.opened("press")) == 1
        assert not d.status()["halted"]
        assert not [e for e in d.events("alarm") if e["code"] == "refused"]

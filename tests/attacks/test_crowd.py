"""Attack 25: a crowd at the portal's door that takes every connection and says nothing."""

from __future__ import annotations

import contextlib
import resource
import socket

import httpx

from tests.scenarios import scenario

from .harness import desk, wait_for

FILES = 160  # what the portal may open
CROWD = 400


@scenario
def test_attack_25_a_silent_crowd_keeps_no_release_from_its_instant() -> None:
    """Commit, bundle and readers find room: who was silent longest has to leave."""
    with desk() as d, contextlib.ExitStack() as crowd:
        d.start_publisher()
        d.release()
        d.staged()
        portal = d.processes["portal"].pid
        resource.prlimit(portal, resource.RLIMIT_NOFILE, (FILES, FILES))
        for _ in range(CROWD):
            one = crowd.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(("127.0.0.1", d.ports["portal"]))
        d.released()
        d.once()
        for item in d.n.items:
            page = f"{d.urls['portal']}/items/{item}.json"
            wait_for(lambda page=page: httpx.get(page, trust_env=False).status_code == 200, page)

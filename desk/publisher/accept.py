"""Accepting: somebody has looked at what differs on a channel, so that it gets releases again.

For whoever runs the publisher: it is written into the publisher's own directory, and the publisher
says so in the log. A further change on the channel is a new difference and holds it again.
"""

from __future__ import annotations

from desk.clock import Clock, now, written
from desk.errors import NotFound
from desk.publisher.home import Home
from desk.publisher.ledger import Ledger


def accept(home: Home, channel: str, clock: Clock) -> int:
    """Accept what differs on a channel now. Returns how many items that are.

    Raises NotFound when nothing differs there, Unavailable.
    """
    ledger = Ledger(home.path / "ledger.db")
    try:
        count = ledger.accept(channel)
        if not count:
            raise NotFound(
                "Nothing differs there", channel, "Look: desk publisher status --json"
            )  # fmt: skip
        time = written(now(clock))
        ledger.owe(
            f"accepted {channel} {time}", "publisher.alarm", "newsroom",
            {"code": "accepted", "detail": f"{count} differing on {channel}"},
        )  # fmt: skip
        return count
    finally:
        ledger.close()

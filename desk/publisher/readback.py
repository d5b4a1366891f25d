"""Comparing what the public sees with what was signed: at once, at 1, 5, 30 minutes, then on.

JSON is compared byte for byte in its canonical form, pages by the text of their marked elements.
"""

from __future__ import annotations

from typing import Any

from desk.channels.driver import PublicView
from desk.publisher.channel import Channel
from desk.trust.canonical import canonical, digest_bytes

MINUTE, HOUR, DAY = 60, 3600, 86_400
FIRST = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE)
WEEK_OF_HOURS = 7 * 24


def next_due(now: int, round_: int) -> int:
    """Seconds since the epoch at which to compare again after so many rounds."""
    if round_ < len(FIRST):
        return now + FIRST[round_]
    return now + (HOUR if round_ < len(FIRST) + WEEK_OF_HOURS else DAY)


def expectation(ninjs: dict[str, Any]) -> str:
    """What is kept to compare with later: the digest of the canonical ninjs object."""
    return digest_bytes(canonical(ninjs))


def _plain(text: str) -> str:
    return " ".join(text.split())


def difference(view: PublicView, expected: str, withdrawn: bool) -> str:
    """'' when the public sees what was signed, else a code for what differs."""
    if withdrawn:
        return "" if view.state in ("withdrawn", "absent") else "still-public"
    if view.state != "live" or view.ninjs is None:
        return f"not-live-{view.state}"
    if digest_bytes(canonical(dict(view.ninjs))) != expected:
        return "json-differs"
    if view.marked:
        headlines = view.ninjs.get("headlines") or [{}]
        shown = view.marked.get("headline", "")
        if _plain(str(headlines[0].get("value", ""))) != _plain(shown):
            return "page-differs"
    return ""


async def compare(channel: Channel, item: str, language: str, expected: str, gone: bool) -> str:
    """Look as anybody would, and compare. Raises Unavailable when the channel does not answer."""
    view = await channel.driver.public_view(item, language)
    return difference(view, expected, gone)

"""Comparing what the public sees with what was signed: at once, at 1, 5, 30 minutes, then on.

JSON is compared byte for byte in its canonical form, pages by the text of their marked elements.
"""

from __future__ import annotations

import json

from desk.channels.compare import expected_marks
from desk.channels.driver import PublicView
from desk.errors import DeskError
from desk.portal.contract.bundle import BundleItem
from desk.trust.canonical import canonical, digest, digest_bytes

MINUTE, HOUR, DAY = 60, 3600, 86_400
FIRST = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE)
WEEK_OF_HOURS = 7 * 24


def next_due(now: int, round_: int) -> int:
    """Seconds since the epoch at which to compare again after so many rounds."""
    if round_ < len(FIRST):
        return now + FIRST[round_]
    return now + (HOUR if round_ < len(FIRST) + WEEK_OF_HOURS else DAY)


def _hashed(text: str) -> str:
    return digest_bytes(" ".join(text.split()).encode())


def expectation(item: BundleItem) -> str:
    """What is kept to compare with later (JSON): language, digests of ninjs and marked texts."""
    marks = {mark: _hashed(text) for mark, text in expected_marks(item).items()}
    return json.dumps(
        {"language": item.language, "ninjs": digest(dict(item.ninjs)), "marks": marks}
    )


def language_of(expected: str) -> str:
    """The language in which an item is looked at."""
    return str(json.loads(expected)["language"])


def difference(view: PublicView, expected: str, withdrawn: bool) -> str:
    """'' when the public sees what was signed, else a code for what differs."""
    if withdrawn:
        return "" if view.state in ("withdrawn", "absent") else "still-public"
    if view.state != "live" or view.ninjs is None:
        return f"not-live-{view.state}"
    wanted = json.loads(expected)
    try:
        if digest_bytes(canonical(dict(view.ninjs))) != wanted["ninjs"]:
            return "json-differs"
    except (DeskError, ValueError, TypeError):
        return "json-differs"
    for mark, text in wanted["marks"].items():
        if _hashed(view.marked.get(mark, "")) != text:
            return f"{mark}-differs"
    return ""


def fingerprint(view: PublicView) -> str:
    """A short name for what was seen, to tell one difference from another."""
    shown = json.dumps([view.state, view.ninjs and dict(view.ninjs), dict(view.marked)],
                       sort_keys=True, default=str)  # fmt: skip
    return digest_bytes(shown.encode())[:16]

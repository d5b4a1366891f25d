"""Typing into an item's body: an ordinary one, a line of 100,000 letters, 50,000 lines.

Milliseconds of the process's own time from a key to the picture that answers it, at the start, in
the middle and at the end of the text; the worst of the three medians.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.measure import Figure

if TYPE_CHECKING:
    from textual.pilot import Pilot

KEY = 16.0  # milliseconds: a frame
SENTENCE = "Bộ trả lời trong ngày làm việc, bằng văn bản. "
BODIES = {
    "an article of 60 lines": "\n\n".join([SENTENCE * 4] * 30),
    "a line of 3,000 letters": (SENTENCE * 70)[:3_000],
    "a line of 100,000 letters": (SENTENCE * 2_500)[:100_000],
    "50,000 lines": "\n".join([SENTENCE] * 50_000),
}
KEYS = ("x", "backspace", "left", "down")


def run(quick: bool) -> list[Figure]:
    """A key in each body."""
    rounds = 3 if quick else 9
    return [
        Figure(f"a key typed into {what}", asyncio.run(_worst(text, rounds)), "ms", KEY)
        for what, text in BODIES.items()
    ]


async def _worst(text: str, rounds: int) -> float:
    from textual.app import App, ComposeResult

    from screens.widgets.body_area import BodyArea

    class Bench(App[None]):
        def compose(self) -> ComposeResult:
            yield BodyArea(text, compact=True, soft_wrap=True)

    app = Bench()
    found = []
    async with app.run_test(size=(120, 40)) as pilot:
        area = app.query_one(BodyArea)
        area.focus()
        row, column = area.document.end
        for place in ((0, 0), (row // 2, column // 2), (row, column)):
            area.move_cursor(place)
            await pilot.pause()
            found.append(statistics.median([await _key(pilot, n) for n in range(rounds * 4)]))
    return max(found)


async def _key(pilot: Pilot[None], number: int) -> float:
    start = time.process_time()
    await pilot.press(KEYS[number % len(KEYS)])
    return (time.process_time() - start) * 1000

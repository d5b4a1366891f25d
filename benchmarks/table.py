"""The virtual table with 100,000 rows: milliseconds to open, and from a key to its paint."""

from __future__ import annotations

import asyncio
import statistics
import sys
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROWS = 100_000
KEYS = ("down", "pagedown", "end", "up", "pageup", "home")  # each of them moves


async def _measure(rows: int) -> dict[str, float]:
    from textual.app import App, ComposeResult
    from textual.strip import Strip

    from screens.sample import many_rows
    from screens.source import CalendarRow
    from screens.widgets.rows import Group
    from screens.widgets.virtual_table import Column, VirtualTable

    data = many_rows(rows, datetime(2020, 1, 1, tzinfo=UTC).date())
    keys = [row.key for row in data]

    class Rows:
        def groups(self) -> Sequence[Group]:
            found, after = [], ""
            for day, of_day in groupby(data, lambda row: row.key[:8]):
                last = [row.key for row in of_day]
                found.append(Group(after, day, len(last), day))
                after = last[-1]
            return found

        def page(self, after: str, limit: int) -> Sequence[CalendarRow]:
            start = bisect_right(keys, after)
            return data[start : start + limit]

    class Bench(App[None]):
        def compose(self) -> ComposeResult:
            yield VirtualTable(
                [
                    Column("time", 8, lambda row: (f"{row.at:%H:%M}", "strong")),
                    Column("title", 20, lambda row: (row.title, ""), flex=True),
                    Column("state", 12, lambda row: (row.state, "good")),
                    Column("agency", 8, lambda row: (row.agency, "accent"), rank=2),
                ]
            )

    app = Bench()
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.query_one(VirtualTable)
        painted = asyncio.Event()
        draw = table.render_line

        def watched(y: int) -> Strip:
            table.call_after_refresh(painted.set)  # when the whole picture is out
            return draw(y)

        table.render_line = watched  # type: ignore[method-assign]
        start = perf_counter()
        await table.load(Rows())
        await painted.wait()
        opened = perf_counter() - start
        table.focus()
        await pilot.pause()
        times: dict[str, list[float]] = {key: [] for key in KEYS}
        for key in KEYS * 20:
            await pilot.pause()
            painted.clear()
            start = perf_counter()
            app.simulate_key(key)
            await painted.wait()
            times[key].append((perf_counter() - start) * 1000)
    every = sorted(ms for taken in times.values() for ms in taken)
    return {
        "rows": float(rows),
        **{f"{key}_p50_ms": statistics.median(taken) for key, taken in times.items()},
        "open_ms": opened * 1000,
        "key_p50_ms": statistics.median(every),
        "key_p99_ms": every[int(len(every) * 0.99)],
        "key_max_ms": every[-1],
    }


def bench(rows: int = ROWS) -> dict[str, float]:
    """Measure once. Budget: open under 700 ms, a key under 15 ms."""
    return asyncio.run(_measure(rows))


if __name__ == "__main__":
    print({name: round(value, 2) for name, value in bench().items()})

"""Figures without processes: the trust core, the table, and approvals through the verbs."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import Figure

UNITS = {"us": "µs", "ms": "ms", "s": "s"}
BUDGETS = {"table_open_ms": 700.0, "table_key_p50_ms": 15.0}


def figures(found: Mapping[str, float], prefix: str = "") -> list[Figure]:
    """A figure for each name that ends in its unit."""
    made = []
    for name, value in found.items():
        stem, _, unit = name.rpartition("_")
        known = unit in UNITS and not name.endswith("per_s")
        what = f"{prefix}{stem if known else name}".replace("_", " ")
        made.append(
            Figure(what, value, UNITS[unit] if known else "", BUDGETS.get(f"{prefix}{name}"))
        )
    return made


def run_trust(quick: bool) -> list[Figure]:
    """Sign, verify, seal, open, judge; the cost of the log as it grows."""
    from benchmarks import trust

    sizes = (1_000, 10_000) if quick else (1_000, 10_000, 100_000)
    parts = (
        trust.signatures(), trust.seals(), trust.approvals(), trust.judging(),
        trust.canonical_form(), trust.log_growth(sizes),
    )  # fmt: skip
    return [figure for part in parts for figure in figures(part)]


def run_table(quick: bool) -> list[Figure]:
    """The calendar's table with 100,000 rows."""
    from benchmarks import table

    found = table.bench(10_000 if quick else 100_000)
    wanted = {k: v for k, v in found.items() if k in ("open_ms", "key_p50_ms", "key_p99_ms")}
    return figures(wanted, "table_")


def run_verbs(quick: bool) -> list[Figure]:
    """Approvals a second as people give them: opened, gated, signed, synced to SQLite."""
    from desk.demo.newsroom import adopt, found, make_portals, write_calendar, write_items

    count = 20 if quick else 100
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        newsroom = found(folder)
        urls = {"portal": "http://127.0.0.1:8601", "foreign": "http://127.0.0.1:8602"}
        write_calendar(folder, urls, make_portals(newsroom))
        adopt(newsroom)
        start = time.perf_counter()
        items = write_items(newsroom, count, lambda _: None)
        took = time.perf_counter() - start
        with newsroom.room.reading(*items) as view:
            acts = sum(1 + len(view.record.items[item].current.approvals) for item in items)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [Figure("signed acts a second through the verbs (write, gate, approve)", acts / took,
                   "/s")]  # fmt: skip

"""How long commands take to start: `desk --help`, one that reads the database, the desk itself.

Modules are compiled before, as an installed program's are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import painting
from benchmarks.measure import Figure, median_ms

ROOT = Path(__file__).resolve().parents[1]


def run(quick: bool) -> list[Figure]:
    """Wall time of real processes, median."""
    from desk.demo.newsroom import adopt, found, make_portals, write_calendar

    rounds = 5 if quick else 25
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        newsroom = found(folder)
        urls = {"portal": "http://127.0.0.1:8601", "foreign": "http://127.0.0.1:8602"}
        write_calendar(folder, urls, make_portals(newsroom))
        adopt(newsroom)
        environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"),
                       "XDG_CONFIG_HOME": str(folder / "config"),
                       "PYTHONPYCACHEPREFIX": str(folder / "compiled")}  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def call(*arguments: str) -> None:
            subprocess.run(
                [sys.executable, str(ROOT / "desk.py"), *arguments],
                check=True, capture_output=True, env=environment,
            )  # fmt: skip

        (folder / "desk").mkdir()
        reads = ("release", "list", "--newsroom", str(folder), "--json")
        call(*reads)  # compiles
        return [
            *painting.run(folder / "desk", folder / "compiled", quick),
            Figure("desk --help", median_ms(lambda: call("--help"), rounds) / 1000, "s", 0.12),
            Figure(
                "a command that reads the database",
                median_ms(lambda: call(*reads), rounds) / 1000, "s", 0.6,
            ),
        ]  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)

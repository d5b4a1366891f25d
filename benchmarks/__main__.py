"""`make bench`: measure every budget, print a table, write benchmarks/results.json.

    python -m benchmarks [NAME …] [--quick]

Names: start, trust, verbs, table, rooms, writing, terms, search, release, burst, takeover. The last
three start real portals and publishers on loopback; run them on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Figure

RESULTS = Path(__file__).with_name("results.json")


def _benches() -> dict[str, Callable[[bool], list[Figure]]]:
    from benchmarks import core, lateness, rooms, search, start, takeover, terms, writing

    return {
        "start": start.run,
        "trust": core.run_trust,
        "verbs": core.run_verbs,
        "table": core.run_table,
        "rooms": rooms.run,
        "writing": writing.run,
        "terms": terms.run,
        "search": search.run,
        "release": lateness.run_one,
        "burst": lateness.run_burst,
        "takeover": takeover.run,
    }


def main() -> int:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    given = parser.parse_args()
    benches = _benches()
    unknown = [name for name in given.names if name not in benches]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(benches)}")
    figures: list[Figure] = []
    for name in given.names or benches:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += benches[name](given.quick)
    _print(figures)
    _write(figures)
    return 0


def _print(figures: list[Figure]) -> None:
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        budget = f"{figure.budget:g}" if figure.budget is not None else "–"
        mark = "" if figure.met is None else ("met" if figure.met else "MISSED")
        print(
            f"{figure.what:<{width}}  {figure.value:>10.3f} {figure.unit:<8} "
            f"budget {budget:>6}  {mark}"
        )


def _write(figures: list[Figure]) -> None:
    """Keep the newest value of each figure, with what machine it was measured on."""
    known = {}
    if RESULTS.exists():
        known = {f["what"]: f for f in json.loads(RESULTS.read_text("utf-8"))["figures"]}
    known |= {figure.what: {**asdict(figure), "met": figure.met} for figure in figures}
    value = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python "
        + platform.python_version(),
        "figures": list(known.values()),
    }
    RESULTS.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())

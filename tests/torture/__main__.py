"""`python -m tests.torture`: runs schedules, several beside each other; `make torture` calls it.

    --seed N       this one schedule only, here and now
    --count N      so many schedules (200), from --first on (1)
    --jobs N       so many at once; most of their time they wait
    --plan         with --seed: print the plan and run nothing

A schedule that fails prints its plan, what was broken and how to run it again, and keeps its
folder. Exit 1 when any has failed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.torture.check import violations
from tests.torture.gather import gather
from tests.torture.outcome import Outcome
from tests.torture.plan import draw
from tests.torture.run import Run, newsroom
from tests.torture.watch import Watch

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 300  # seconds after which a schedule counts as failed


def say(text: str) -> None:
    """Tell whoever runs this."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def one(seed: int) -> int:
    """Run one schedule here."""
    plan, began = draw(seed), time.monotonic()
    root = Path(tempfile.mkdtemp(prefix=f"desk-torture-{seed}-"))
    run: Run | None = None
    try:
        with newsroom(root) as d:
            run = Run(plan, d)
            run.prepare()
            with Watch(d) as watch:
                run.carry_out(watch)
            outcome = gather(run, watch)
        broken = violations(outcome)
    except Exception:
        broken = [f"the run itself: {traceback.format_exc()}"]
    if not broken:
        shutil.rmtree(root, ignore_errors=True)
        say(f"seed {seed}: holds, {told(outcome)}, {time.monotonic() - began:.0f} s")
        return 0
    say(f"seed {seed}: BROKEN\n\nThe plan:")
    say("\n".join(plan.lines()))
    say("\nWhat happened:\n" + "\n".join(run.notes if run else ()))
    say("\nWhat is broken:\n" + "\n".join(broken))
    say(f"\nIts folder: {root}\nRun it again: make torture SEED={seed}")
    return 1


def told(outcome: Outcome) -> str:
    """A line about what came of it."""
    states = [
        f"{one.name} {one.state}" + (f" ({' '.join(one.reasons)})" if one.reasons else "")
        for one in outcome.standing
    ]
    return ", ".join([*states, f"{len(outcome.openings)} openings"])


def many(first: int, count: int, jobs: int) -> int:
    """Run schedules in processes of their own."""
    failed = []

    def run(seed: int) -> tuple[int, str, int]:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.torture", "--seed", str(seed)], cwd=PROJECT,
                capture_output=True, text=True, check=False, timeout=LONGEST,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            return seed, f"seed {seed}: not over after {LONGEST} s\n{error.output or ''}", 1
        return seed, done.stdout + done.stderr, done.returncode

    with ThreadPoolExecutor(jobs) as pool:
        for seed, said, code in pool.map(run, range(first, first + count)):
            say(said.rstrip("\n"))
            if code:
                failed.append(seed)
    say(f"{count - len(failed)} of {count} schedules hold")
    for seed in failed:
        say(f"Broken. Run it again: make torture SEED={seed}")
    return 1 if failed else 0


def main() -> int:
    """Read the arguments; the exit code."""
    parser = argparse.ArgumentParser("tests.torture", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    parser.add_argument("--plan", action="store_true")
    given = parser.parse_args()
    if given.seed is None:
        return many(given.first, given.count, given.jobs)
    if given.plan:
        say("\n".join(draw(given.seed).lines()))
        return 0
    return one(given.seed)


if __name__ == "__main__":
    sys.exit(main())

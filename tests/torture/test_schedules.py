"""Twenty schedules of random faults, each with real processes; `make torture` runs two hundred."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.attacks.harness import PROJECT
from tests.scenarios import scenario

SEEDS = range(1, 21)


@pytest.mark.parametrize("seed", SEEDS)
@scenario
def test_a_schedule_of_random_faults_holds(seed: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "--seed", str(seed)], cwd=PROJECT,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

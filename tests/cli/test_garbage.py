"""The collector of garbage: out of the way of commands that start, end, or stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def said_by(code: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("own", "left_alone"), [(True, "True"), (False, "False")])
def test_what_a_command_leaves_is_looked_through_at_the_end_only_in_a_process_of_others(
    own: bool, left_alone: str
) -> None:
    code = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"  # the last to be called
        f"from desk import garbage\ngarbage.starting(own_process={own})"
    )
    assert said_by(code) == left_alone


def test_a_command_called_by_a_program_leaves_that_programs_end_alone() -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count(), file=sys.stderr))\n"
        "from desk.cli import main\nmain(['--version'])\n"
        "print(gc.get_freeze_count())"
    )
    assert said_by(code).split()[-1] == "0"


def test_a_database_command_is_over_before_anything_is_looked_for() -> None:
    """Whole looks are what costs: through every module, each time."""
    code = (
        "import gc\nwhole = []\n"
        "def heard(phase, told):\n"
        "    if phase == 'start' and told['generation'] == 2: whole.append(1)\n"
        "from desk.cli import main\n"
        "gc.callbacks.append(heard)\n"
        "main(['--help'])\n"
        "import desk.releases.search, desk.items.board, desk.newsroom.room\n"
        "print(len(whole))"
    )
    assert said_by(code).split()[-1] == "0"


def test_a_service_leaves_what_it_imported_out_and_goes_on_looking() -> None:
    code = (
        "import gc\nfrom desk import garbage\ngarbage.starting(own_process=True)\n"
        "garbage.staying()\n"
        "import weakref\n"
        "class Ring: pass\n"
        "ring = Ring(); ring.self = ring; seen = weakref.ref(ring); del ring\n"
        "keep = [[] for _ in range(3 * garbage.STAYING)]\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 1000, seen() is None)"
    )
    assert said_by(code) == "True True True"

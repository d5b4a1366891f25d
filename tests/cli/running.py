"""The program under test, and what a run of it gave."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, str(Path(__file__).parents[2] / "desk.py")]


@dataclass(frozen=True)
class Ran:
    """What a run ended with and printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as the one JSON document it must be."""
        return json.loads(self.out)

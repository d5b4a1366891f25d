"""Counts what the interpreter does, so that tests can speak of work and not of time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def calls(work: Callable[[], object]) -> int:
    """How many functions, of Python and of C, `work` calls."""
    count = 0

    def note(_frame: Any, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_linearly(work: Callable[[int], object], size: int) -> bool:
    """Whether twice the input makes at most about twice the calls."""
    work(size)  # whatever is made once is made now
    return calls(lambda: work(2 * size)) <= 2.5 * calls(lambda: work(size)) + 1_000

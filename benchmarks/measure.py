"""A measured figure, and the small arithmetic that all benchmarks share."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number: what it is, its unit, the budget (at most) if the design names one."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the budget is met; None without one."""
        if self.budget is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that one call took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Median of so many calls, in milliseconds, after one to warm up."""
    work()
    return statistics.median(timed(work) for _ in range(rounds))

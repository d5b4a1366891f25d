"""Percentiles by nearest rank: a value that was measured, never one in between."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest measured value that at least `part` (0 to 1) of all values do not exceed.

    Raises ValueError when there are none.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]

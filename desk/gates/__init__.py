"""Gates: readiness checks, each one function, found by its id in one registry.

A new gate is a function with the decorator, in a module named in `_MODULES`:

    @gate("summary", version=1)
    def summary(given: GateInput) -> Iterator[Finding]: ...

It yields findings; the outcome follows from the worst of them.
"""

from __future__ import annotations

from desk.gates.registry import (
    Finding,
    Gate,
    GateInput,
    GateResult,
    Limits,
    finding,
    gate,
    known,
    run,
)

__all__ = [
    "Finding",
    "Gate",
    "GateInput",
    "GateResult",
    "Limits",
    "finding",
    "gate",
    "known",
    "run",
]

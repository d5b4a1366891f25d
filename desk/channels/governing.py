"""Governing a portal: every roster and policy act brought there, in as many calls as it takes.

A newsroom that has lived for years has more of them than one call may carry.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence

from desk.errors import Conflict, Refused
from desk.portal.contract.wire import MAX_SMALL
from desk.trust.envelope import Envelope

KINDS = ("roster", "policy")
PART_BYTES = MAX_SMALL * 3 // 4  # of acts in one call
PART_ACTS = 1000
Put = Callable[[str, Sequence[Envelope]], Awaitable[None]]


async def pin(acts: Sequence[Envelope], put: Put) -> None:
    """Have the newest roster and policy pinned; `put(kind, acts)` is the call of the contract.

    Where the acts are too many for one call the last part is tried first: most times the portal
    has the others. What it lacks is sent part by part, each continuing the one before. Raises
    what `put` raises: Conflict for an older chain, Refused for one that does not hold.
    """
    every = list(parts(acts))
    if len(every) > 1:
        with contextlib.suppress(Refused):
            await _pin(every[-1], KINDS, put)
            return
    before: set[str] = set()
    for part in every:
        before |= {kind for kind in KINDS for act in part if f".{kind}." in act.payload_type}
        try:
            await _pin(part, [kind for kind in KINDS if kind in before], put)
        except Conflict:
            if part is every[-1]:
                raise  # before that, it only says that it has a newer one already


async def _pin(part: Sequence[Envelope], kinds: Sequence[str], put: Put) -> None:
    for kind in kinds:
        await put(kind, part)


def parts(acts: Sequence[Envelope]) -> Iterator[list[Envelope]]:
    """The acts, in their order, in parts that a portal takes in one call; at least one part."""
    part: list[Envelope] = []
    size = 0
    for act in acts:
        weight = len(act.to_json()) + 2
        if part and (size + weight > PART_BYTES or len(part) == PART_ACTS):
            yield part
            part, size = [], 0
        part.append(act)
        size += weight
    yield part

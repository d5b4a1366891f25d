"""Taking up acts that were signed earlier and that this log lacks, as after a restore.

They are verified like any other. What would let something go out that stood still is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from desk.errors import Conflict, Refused
from desk.newsroom.room import Room
from desk.trust.acts import Act
from desk.trust.acts import read as read_act
from desk.trust.envelope import Envelope

LEFT_OUT = frozenset({"resume", "release.lift", "publisher.alarm"})


def take_up(room: Room, envelopes: Iterable[Envelope]) -> list[Act]:
    """Append acts in the order given, as far as they hold here. Gives those that were new.

    Raises TrustError for what is no act, Unavailable.
    """
    acts = [act for act in map(read_act, envelopes) if act.kind.name not in LEFT_OUT]
    if not acts:
        return []
    with room.acting(*{act.subject for act in acts if act.subject[:2] in ("i-", "r-")}) as tx:
        known = {digest for digest, _ in tx.record.seen}
        for act in acts:
            if act.digest not in known:
                with suppress(Conflict, Refused):
                    tx.adopt(act)
        if any(act.kind.name in ("roster", "policy") for act in tx.appended):
            tx.touched |= {*tx.record.releases, *tx.record.items}
        return list(tx.appended)

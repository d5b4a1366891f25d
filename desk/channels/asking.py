"""Asking a portal for an epoch: one signed order at a time, the same again until it is answered.

A call that gets no answer may still arrive. Were the next one another, the late one would take the
portal from it, although both are ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from desk.channels.line import Answer, Line
from desk.portal.contract.wire import MAX_LINEAGE, EpochOrder, signed
from desk.trust.envelope import Envelope

if TYPE_CHECKING:
    from desk.channels.desk_portal import Account


class Asking:
    """The epochs of one publisher at one portal, over the connection that is kept warm: a standby
    that takes over just before an instant needs one now.

    `key`: the portal's; `now`: the time as it is written.
    """

    def __init__(self, line: Line, account: Account, key: str, now: Callable[[], str]) -> None:
        self._line, self._account, self._key, self._now = line, account, key, now
        self._waiting: tuple[tuple[str, ...], Envelope] | None = None

    async def ask(self, rosters: Sequence[str]) -> int:
        """The next epoch. `rosters`: digests of all that were heard of, the oldest first.

        Raises OtherRoster, Refused, Unavailable.
        """
        known = tuple(rosters)
        if self._waiting is None or self._waiting[0] != known:
            self._waiting = known, self._order(known)
        answer = await self._send(self._waiting[1])
        self._waiting = None
        if answer.status == 400 and known:  # a portal from before orders named any
            answer = await self._send(self._order(()))
        if answer.status not in (200, 201):
            raise self._line.error(answer)
        return answer.whole("epoch")

    def _order(self, rosters: Sequence[str]) -> Envelope:
        newest = tuple(reversed(rosters[-MAX_LINEAGE:]))
        about = (self._account.newsroom, self._account.publisher, self._now())
        order = EpochOrder(*about, os.urandom(32).hex(), self._key, len(rosters), newest)
        return signed(order, self._account.signer)

    async def _send(self, order: Envelope) -> Answer:
        path = f"/v1/newsrooms/{quote(self._account.newsroom, safe='')}/epochs"
        return await self._line.send(self._line.request("POST", path, value=order.to_value()))

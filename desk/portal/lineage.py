"""The lineage of a publisher: whether it knows the roster that is pinned here.

A newsroom that was restored elsewhere renews its roster when it is resumed. Publishers that were
given up with the old machine do not know that roster, and so take no portal away from the one that
goes on. Whoever is merely slow to hear of it reads it, and asks again.
"""

from __future__ import annotations

from desk.portal.answers import Answer, conflict, forbidden
from desk.portal.contract.wire import EpochOrder
from desk.portal.portal import Portal

NAMED = "epochs name rosters"  # in the store: since when no order without them is heard


def check_lineage(portal: Portal, order: EpochOrder) -> None:
    """The roster that is pinned here has to be among those that the publisher has heard of.

    Raises Answer 403 for an order to another portal, 409 `roster` otherwise. A roster from the
    future is no hindrance: the portal may yet have to be brought it.
    """
    pinned = portal.adopted.roster
    if not order.rosters:
        if portal.store.meta(NAMED):
            raise _other("Epochs are given to those who name their rosters", "upgrade Desk there")
        return
    if order.portal != portal.home.key:
        raise forbidden("The order is for another portal")
    version = pinned.version if pinned else 0
    ahead = order.roster - version
    if ahead < 0:
        raise _other("A newer roster is pinned", f"version {version}", version)
    if ahead >= len(order.rosters):
        raise _other("A much older roster is pinned", f"version {version}", version)
    if pinned is not None and order.rosters[ahead] != pinned.digest:
        raise _other("Another roster of that version is pinned", f"version {version}", version)


def _other(title: str, message: str, version: int = 0) -> Answer:
    return conflict("roster", title, message, version=version)

"""Withdrawal: a signed act takes a revision down, for good or, as a takedown, for a time.

What is down for good is erased. What is down for a time is kept unseen until two people, whom the
policy lets withdraw, have signed that it comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

from desk.portal import takedowns
from desk.portal.adoption import withdrawal_act
from desk.portal.answers import forbidden
from desk.portal.contract.wire import WithdrawOrder
from desk.portal.portal import Portal, log
from desk.portal.staging import judge_withdrawn
from desk.portal.takedowns import RestoreRow, WithdrawalRow
from desk.trust.acts import Act
from desk.trust.envelope import Envelope
from desk.trust.state import LIFTERS


async def withdraw(portal: Portal, envelope: Envelope, acts: Sequence[Envelope]) -> list[str]:
    """Carry out signed withdrawals and restores; the items concerned. Repeating it changes nothing.

    Raises Answer 403 unless each act is signed by somebody whom the policy lets withdraw, and
    each takedown that is lifted by two of them.
    """
    order, publishers = portal.read_order(WithdrawOrder, envelope)
    portal.check_epoch(order.epoch, publishers)
    if {act.digest for act in acts} != set(order.acts):
        raise forbidden("The order names other acts than it brings")
    read = [withdrawal_act(portal.adopted, act) for act in acts]
    rows = [_row(act) for act in read if act.kind.name == "item.withdraw"]
    lifted = _lifted(portal, [act for act in read if act.kind.name == "item.restore"])
    takedowns.record(portal.store, rows, lifted)
    before, portal.withdrawn = portal.withdrawn, takedowns.revisions(portal.store)
    portal.swept = False
    portal.changed()
    await judge_withdrawn(portal, before ^ portal.withdrawn)
    drop_withdrawn(portal)
    portal.sweep()
    items = list(dict.fromkeys(act.subject for act in read))
    log.info("withdrawn", extra={"items": items, "lifted": len(lifted)})
    return items


def _row(act: Act) -> WithdrawalRow:
    return WithdrawalRow(
        act.fields["revision"], act.subject, act.fields["mode"], act.fields.get("note", ""),
        act.time, act.envelope,
    )  # fmt: skip


def _lifted(portal: Portal, acts: Sequence[Act]) -> list[RestoreRow]:
    """Takedowns that enough people have lifted. Raises Answer 403 when too few have."""
    groups: dict[tuple[str, str, str], list[Act]] = {}
    for act in acts:
        revision = str(act.fields["revision"])
        agency = takedowns.agency_of(portal.store, revision)
        if agency:  # whoever acts for another agency does not act here
            withdrawal_act(portal.adopted, act.envelope, agency)
        key = (str(act.fields["withdrawal"]), revision, act.subject)
        groups.setdefault(key, []).append(act)
    for together in groups.values():
        if len({act.actor for act in together}) < LIFTERS:
            raise forbidden("Too few have lifted it", f"a takedown is lifted by {LIFTERS} people")
    return [
        RestoreRow(*key, max(act.time for act in together), tuple(a.envelope for a in together))
        for key, together in groups.items()
    ]


def drop_withdrawn(portal: Portal) -> None:
    """Remove published bundles and assets that only a revision withdrawn for good used."""
    gone = {row.revision for row in takedowns.every(portal.store) if row.mode != "takedown"}
    for address, staged in list(portal.bundles.items()):
        if staged.state != "published":
            continue
        acts = {entry.act for entry in portal.store.promises(address)}
        if not acts & gone:
            continue
        portal.home.bundle_file(address).unlink(missing_ok=True)
        used = portal.store.sealed_in_use(address)
        for asset in staged.order.assets:
            if asset.sha256 not in used:
                portal.home.asset_file(address, asset.sha256).unlink(missing_ok=True)

"""Withdrawal: a signed act takes a revision down, and keeps it down for good."""

from __future__ import annotations

from collections.abc import Sequence

from desk.portal.adoption import withdrawal_act
from desk.portal.answers import forbidden
from desk.portal.contract.wire import WithdrawOrder
from desk.portal.portal import Portal, log
from desk.portal.staging import judge_again
from desk.portal.store import WithdrawalRow
from desk.trust.envelope import Envelope


async def withdraw(portal: Portal, envelope: Envelope, acts: Sequence[Envelope]) -> list[str]:
    """Carry out signed withdrawals; the items concerned. Repeating it changes nothing.

    Raises Answer 403 unless each act is signed by somebody whom the policy lets withdraw.
    """
    order, publishers = portal.read_order(WithdrawOrder, envelope)
    portal.check_epoch(order.epoch, publishers)
    if {act.digest for act in acts} != set(order.acts):
        raise forbidden("The order names other acts than it brings")
    read = [withdrawal_act(portal.adopted, act) for act in acts]
    rows = [
        WithdrawalRow(
            act.fields["revision"], act.subject, act.fields["mode"], act.fields.get("note", ""),
            act.time,
        )
        for act in read
    ]  # fmt: skip
    portal.store.withdraw(rows, acts)
    portal.withdrawn |= {row.revision for row in rows}
    portal.changed()
    await judge_again(portal)
    drop_withdrawn(portal)
    log.info("withdrawn", extra={"items": [row.item for row in rows]})
    return [row.item for row in rows]


def drop_withdrawn(portal: Portal) -> None:
    """Remove published bundles and assets that only a withdrawn revision used."""
    for address, staged in list(portal.bundles.items()):
        if staged.state != "published":
            continue
        acts = {entry.act for entry in portal.store.promises(address)}
        if not acts & portal.withdrawn:
            continue
        portal.home.bundle_file(address).unlink(missing_ok=True)
        used = portal.store.sealed_in_use(address)
        for asset in staged.order.assets:
            if asset.sha256 not in used:
                portal.home.asset_file(address, asset.sha256).unlink(missing_ok=True)

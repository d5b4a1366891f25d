"""Opening: the commit at the instant. One small transaction, whatever the number of items."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from desk.errors import Reason
from desk.phrase import phrase
from desk.portal.answers import (
    conflict,
    forbidden,
    not_found,
    too_early,
    too_late,
    unavailable,
    unsure_of_time,
)
from desk.portal.contract.wire import CommitOrder, Opening
from desk.portal.guard import Reading
from desk.portal.portal import Portal, Staged, log
from desk.portal.staging import new_receipt
from desk.trust.acts import read
from desk.trust.envelope import Envelope, verify


@dataclass(frozen=True)
class CommitAnswer:
    """The JSON body that answers a commit, and the addresses that opened just now."""

    body: bytes
    opened: tuple[str, ...] = ()


def commit(portal: Portal, envelope: Envelope, idempotency_key: str) -> CommitAnswer:
    """Open the bundles of a commit order, all or none.

    Answered before, it is answered the same. Raises Answer 403, 404, 409 (epoch, incomplete,
    recalled), 410 too late, 425 too early, 503 unsure of the time; refusals are not remembered.
    """
    before = portal.store.answer(idempotency_key)
    if before is not None:
        if before[0] != envelope.digest:
            raise conflict("idempotency", "That Idempotency-Key was used for another commit")
        return CommitAnswer(before[2])
    order, publishers = portal.read_order(CommitOrder, envelope)
    portal.check_epoch(order.epoch, publishers)
    reading = portal.guard.read()
    closed = []
    for opening in order.bundles:
        staged = portal.bundles.get(opening.address)
        if staged is None:
            raise not_found()
        if staged.state not in ("opened", "published"):
            _may_open(staged, opening, reading)
            closed.append((staged, opening))
    return _open(portal, order, closed, envelope.digest, idempotency_key)


def _may_open(staged: Staged, opening: Opening, reading: Reading) -> None:
    if not reading.sure:
        raise unsure_of_time()
    if reading.earliest_ns < staged.at_ns:
        raise too_early(-(-(staged.at_ns - reading.earliest_ns) // 1_000_000))
    if reading.latest_ns > staged.not_after_ns:
        raise too_late()
    if staged.state == "recalled":
        raise conflict("recalled", "That bundle was recalled")
    if staged.judging:
        raise unavailable("judging", "The bundle is being judged again")
    if staged.reasons:
        raise forbidden("The release may not go out", reasons=staged.reasons)
    if staged.trigger is not None and not _triggers(staged, opening.trigger):
        text = phrase(
            "it opens once {trigger} says so, in a signed act", trigger=staged.trigger["script"]
        )
        raise forbidden("The release waits for its trigger", reasons=[Reason("trigger", text)])
    if staged.missing:
        raise conflict("incomplete", "Assets are missing", missing=sorted(staged.missing))
    given = hashlib.sha256(opening.key).hexdigest()
    if not hmac.compare_digest(given, staged.order.key_sha256):
        raise forbidden("The key is not the one that was announced")


def _triggers(staged: Staged, envelope: Envelope | None) -> bool:
    """Whether that is the granted script's word about this very sign-off, inside the window."""
    granted, order = staged.trigger, staged.order
    if granted is None or envelope is None or not verify(envelope, {granted["key"]}):
        return False
    act = read(envelope)
    said = {name: act.fields.get(name) for name in ("newsroom", "subject", "grant", "signoff")}
    return (
        act.kind.name == "release.trigger"
        and said == {"newsroom": order.newsroom, "subject": order.release,
                     "grant": granted["grant"], "signoff": order.manifest}
        and order.at <= act.time <= order.not_after
    )  # fmt: skip


def _open(
    portal: Portal,
    order: CommitOrder,
    closed: list[tuple[Staged, Opening]],
    request: str,
    idempotency_key: str,
) -> CommitAnswer:
    receipts: dict[str, Envelope] = {}
    store = portal.store
    times: dict[str, tuple[int, int]] = {}
    try:
        with store.write() as db:
            for staged, opening in closed:
                wall = portal.clock.time_ns()
                times[opening.address] = (wall // 1_000_000, max(0, wall - staged.at_ns) // 1000)
                staged.opened_ms, staged.late_us = times[opening.address]
                receipt = new_receipt(portal, staged, "opened").signed(portal.home.identity)
                receipts[opening.address] = receipt
                db.execute("INSERT INTO keys VALUES (?, ?)", (opening.address, opening.key))
                db.execute(
                    "UPDATE bundles SET state='opened', opened_ms=?, late_us=? WHERE address=?",
                    (*times[opening.address], opening.address),
                )
                db.execute(
                    "INSERT INTO receipts VALUES (?, 'opened', ?)",
                    (opening.address, receipt.to_json()),
                )
            body = _body(portal, order, receipts)
            db.execute(
                "INSERT INTO answers VALUES (?, ?, 200, ?)", (idempotency_key, request, body)
            )
    except BaseException:
        for staged, _ in closed:
            staged.opened_ms = staged.late_us = 0
        raise
    for staged, _ in closed:
        staged.state = "opened"
    if closed:
        portal.changed()
        latest = max(staged.at_ns for staged, _ in closed)
        late = (portal.clock.time_ns() - latest) // 1000
        log.info("opened", extra={"bundles": len(closed), "durable_late_us": late})
    return CommitAnswer(body, tuple(opening.address for _, opening in closed))


def _body(portal: Portal, order: CommitOrder, fresh: dict[str, Envelope]) -> bytes:
    """All receipts in the order asked for; what was open before has its receipt already."""
    receipts = []
    for opening in order.bundles:
        receipt = fresh.get(opening.address) or portal.store.receipt(opening.address, "opened")
        if receipt is None:
            raise unavailable("receipt", "A receipt is missing")
        receipts.append(receipt.to_value())
    return json.dumps({"receipts": receipts}).encode()

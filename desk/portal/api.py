"""The calls of the contract under /v1: reading requests, answering with JSON, and nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from desk.errors import CanonicalError, DeskError
from desk.portal import adoption, lineage, opening, publishing, staging, takedowns, withdrawal
from desk.portal.answers import Answer, conflict, forbidden, malformed, not_found
from desk.portal.contract.calendar import read_calendar
from desk.portal.contract.fields import Fields, Malformed
from desk.portal.contract.wire import (
    MAX_ASSET,
    MAX_BUNDLE,
    MAX_COMMIT,
    MAX_SMALL,
    MAX_STAGE,
    CalendarOrder,
    EpochOrder,
)
from desk.portal.portal import Portal
from desk.portal.store import dump_acts, load_acts
from desk.portal.visits import vouch
from desk.trust.canonical import canonical, parse_json
from desk.trust.envelope import Envelope

_STALLED = 20.0  # seconds without a byte of a request body
Handler = Callable[[Request], Awaitable[Response]]


def portal_of(request: Request) -> Portal:
    """The portal that this server runs."""
    portal: Portal = request.app.state.portal
    return portal


async def chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The request body in pieces. Raises Answer 413 past `limit` bytes, 408 when it stalls."""
    size = 0
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(_STALLED):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise Answer(408, "timeout", "The request stalled") from None
        except ClientDisconnect:
            raise Answer(400, "malformed", "The request ended early") from None
        size += len(chunk)
        if size > limit:
            raise Answer(413, "too_large", "The request is too large", f"at most {limit} bytes")
        yield chunk


async def body_of(request: Request, limit: int) -> bytes:
    """The whole request body."""
    parts = [chunk async for chunk in chunks(request, limit)]
    return b"".join(parts)


async def json_of(request: Request, limit: int) -> Any:
    """The request body as strict JSON. Raises Answer 400."""
    data = await body_of(request, limit)
    try:
        if len(data) > MAX_COMMIT:
            return await asyncio.to_thread(parse_json, data)
        return parse_json(data)
    except DeskError as error:
        raise malformed(error) from None


async def envelope_of(request: Request, limit: int) -> Envelope:
    """The request body as one envelope. Raises Answer 400."""
    try:
        return Envelope.from_value(await json_of(request, limit))
    except Answer:
        raise
    except DeskError as error:
        raise malformed(error) from None


def _reading(value: Any, names: set[str]) -> Fields:
    fields = Fields(value, "request")
    for name in names:
        if not fields.has(name):
            raise Malformed("Malformed message", f"request.{name} is missing")
    fields.done()
    return fields


def _newsroom(request: Request) -> Portal:
    portal = portal_of(request)
    if request.path_params["newsroom"] != portal.home.newsroom:
        raise not_found()
    return portal


async def time(request: Request) -> Response:
    """The portal's clock, milliseconds since 1970, and whether it is sure of it.

    Whoever has the token hears roster and epoch, too: a publisher that asks for the time before
    each instant learns in time that its newsroom goes on elsewhere, or that it was forgotten.
    """
    portal = portal_of(request)
    reading = portal.guard.read()
    value: dict[str, Any] = {"ms": reading.wall_ns // 1_000_000, "sure": reading.sure}
    if portal.has_token(request.headers.get("authorization", "")):
        roster = portal.adopted.roster
        value |= {"epoch": portal.epoch} | ({"roster": roster.digest} if roster else {})
    return JSONResponse(value)


async def standing(request: Request) -> Response:
    """What this portal has seen of a newsroom: pins, epoch, bundles, withdrawals."""
    portal = _newsroom(request)
    roster, policy = portal.adopted.roster, portal.adopted.policy
    calendar = portal.store.pin("calendar")
    bundles = [
        {"address": a, "release": s.order.release, "state": s.state, "at": s.order.at}
        for a, s in sorted(portal.bundles.items())
    ]
    return JSONResponse(
        {
            "newsroom": portal.home.newsroom,
            "key": portal.home.key,
            "roster": roster.version if roster else 0,
            "policy": policy.version if policy else 0,
            "calendar": calendar[0] if calendar else 0,
            "epoch": portal.epoch,
            "holder": portal.holder,
            "bundles": bundles,
            "withdrawn": sorted(portal.withdrawn),
        }
    )


async def known_acts(request: Request) -> Response:
    """The acts that were shown here and bind a newsroom: rosters and policies, withdrawals."""
    portal = _newsroom(request)
    acts = [*portal.governance(), *takedowns.acts(portal.store)]
    return JSONResponse({"acts": [act.to_value() for act in acts]})


async def epochs(request: Request) -> Response:
    """Issue the next epoch to a publisher."""
    portal = _newsroom(request)
    envelope = await envelope_of(request, MAX_COMMIT)
    order, publishers = portal.read_order(EpochOrder, envelope)
    if order.publisher not in publishers:
        raise forbidden("Not signed by the publisher that it names")
    lineage.check_lineage(portal, order)
    note = lineage.NAMED if order.rosters else ""
    epoch, new = portal.store.next_epoch(order.publisher, envelope.digest, note)
    portal.epoch, portal.holder = portal.store.epoch()
    return JSONResponse({"epoch": epoch}, 201 if new else 200)


async def put_roster(request: Request) -> Response:
    """Pin a newer signed roster, then judge again what is staged."""
    return await _adopt(request, "roster")


async def put_policy(request: Request) -> Response:
    """Pin a newer adopted policy, then judge again what is staged."""
    return await _adopt(request, "policy")


async def _adopt(request: Request, kind: str) -> Response:
    portal = _newsroom(request)
    fields = _reading(await json_of(request, MAX_SMALL), {"acts"})
    given = adoption.read_chain(fields.array("acts", adoption.MAX_GOVERNANCE))
    async with portal.adopting:
        # In a thread: what years have brought takes a while, and a commit must not wait for it.
        before = portal.adopted
        work = (kind, before, portal.home.root, portal.governance(), given)
        adopted, chain = await asyncio.to_thread(adoption.adopt, *work)
        if adopted is not before:
            portal.store.set_pin(kind, adopted.version(kind), dump_acts(chain))
            portal.adopted = adopted
            portal.changed()
            await staging.judge_again(portal)
    return JSONResponse({"version": portal.adopted.version(kind)})


async def put_calendar(request: Request) -> Response:
    """Show a newer public part of the calendar."""
    portal = _newsroom(request)
    envelope = await envelope_of(request, MAX_SMALL)
    order, publishers = portal.read_order(CalendarOrder, envelope)
    # In a thread: it may be megabytes, and a commit must not wait for it.
    calendar, body = await asyncio.to_thread(
        lambda: (read_calendar(order.calendar), canonical(order.calendar))
    )
    portal.check_epoch(order.epoch, publishers)
    pinned = portal.store.pin("calendar")
    if pinned and order.version < pinned[0]:
        raise conflict("older", "A newer calendar is shown", version=pinned[0])
    portal.store.set_pin("calendar", order.version, body)
    portal.show_calendar(calendar)
    return JSONResponse({"version": order.version})


async def put_bundle(request: Request) -> Response:
    """Stage a sealed bundle."""
    portal = portal_of(request)
    data = await body_of(request, MAX_STAGE)
    envelope, acts, ciphertext = await asyncio.to_thread(_read_stage, data)
    address = request.path_params["address"]
    return _staged(await staging.stage(portal, address, envelope, acts, ciphertext))


async def rehearsals(request: Request) -> Response:
    """Judge a bundle as if it were staged, and keep nothing of it."""
    portal = portal_of(request)
    data = await body_of(request, MAX_STAGE)
    envelope, acts, ciphertext = await asyncio.to_thread(_read_stage, data)
    answer = await staging.rehearse(portal, envelope, acts, ciphertext)
    return JSONResponse({"items": answer.items, "waits": answer.waits})


def _read_stage(data: bytes) -> tuple[Envelope, list[Envelope], bytes]:
    fields = _reading(parse_json(data), {"envelope", "acts", "ciphertext"})
    envelope = Envelope.from_value(fields.object("envelope"))
    acts = [Envelope.from_value(value) for value in fields.array("acts", 100_000)]
    return envelope, acts, fields.base64("ciphertext", MAX_BUNDLE)


def _staged(answer: staging.StageAnswer) -> Response:
    body = {
        "state": answer.state,
        "missing": list(answer.missing),
        "receipt": answer.receipt.to_value(),
    }
    return JSONResponse(body, 201 if answer.created else 200)


async def get_bundle(request: Request) -> Response:
    """Read a staged bundle's ciphertext back."""
    portal = portal_of(request)
    return _file(portal, request.path_params["address"], None)


async def get_acts(request: Request) -> Response:
    """The acts with which a bundle was staged."""
    portal = portal_of(request)
    address = request.path_params["address"]
    if address not in portal.bundles:
        raise not_found()
    try:
        acts = load_acts(await asyncio.to_thread(portal.home.acts_file(address).read_bytes))
    except FileNotFoundError:
        raise not_found() from None
    return JSONResponse({"acts": [act.to_value() for act in acts]})


async def put_asset(request: Request) -> Response:
    """Stage the ciphertext of an asset."""
    portal = portal_of(request)
    address, sha256 = request.path_params["address"], request.path_params["sha256"]
    body = chunks(request, MAX_ASSET)
    return _staged(await staging.put_asset(portal, address, sha256, body))


async def get_asset(request: Request) -> Response:
    """Read a staged asset's ciphertext back."""
    portal = portal_of(request)
    return _file(portal, request.path_params["address"], request.path_params["sha256"])


def _file(portal: Portal, address: str, sha256: str | None) -> Response:
    staged = portal.bundles.get(address)
    named = staged and (sha256 is None or any(a.sha256 == sha256 for a in staged.order.assets))
    if not named:
        raise not_found()
    home = portal.home
    file = home.asset_file(address, sha256) if sha256 else home.bundle_file(address)
    if not file.is_file():
        raise not_found()
    return FileResponse(file, media_type="application/octet-stream")


async def delete_bundle(request: Request) -> Response:
    """Recall a staged bundle."""
    portal = portal_of(request)
    envelope = await envelope_of(request, MAX_COMMIT)
    await staging.recall(portal, request.path_params["address"], envelope)
    return Response(status_code=204)


async def commits(request: Request) -> Response:
    """Open bundles at the instant."""
    portal = portal_of(request)
    key = request.headers.get("idempotency-key", "")
    if not 16 <= len(key) <= 200:
        raise Answer(400, "malformed", "An Idempotency-Key of 16 to 200 characters is needed")
    envelope = await envelope_of(request, MAX_COMMIT)
    try:
        answer = opening.commit(portal, envelope, key)
    finally:
        portal.called_at = asyncio.get_running_loop().time()
    for address in answer.opened:
        portal.start(publishing.publish(portal, address), f"publish {address[:12]}")
    return Response(answer.body, media_type="application/json")


async def receipts(request: Request) -> Response:
    """The receipt of a bundle: for everybody once it opened, before that with the token only."""
    portal = portal_of(request)
    staged = portal.bundles.get(request.path_params["address"])
    if staged is None:
        raise not_found()
    if staged.state not in ("opened", "published"):
        try:
            portal.check_token(request.headers.get("authorization", ""))
        except Answer:
            raise not_found() from None
    return JSONResponse({"receipt": staging.receipt_of(portal, staged).to_value()})


async def withdrawals(request: Request) -> Response:
    """Take items down by signed acts."""
    portal = portal_of(request)
    fields = _reading(await json_of(request, MAX_SMALL), {"envelope", "acts"})
    envelope = Envelope.from_value(fields.object("envelope"))
    acts = [Envelope.from_value(value) for value in fields.array("acts", 500)]
    items = await withdrawal.withdraw(portal, envelope, acts)
    return JSONResponse({"withdrawn": items})


def guarded(handler: Handler) -> Handler:
    """The handler behind the bearer token; the token is looked at before anything else."""

    async def check_first(request: Request) -> Response:
        portal_of(request).check_token(request.headers.get("authorization", ""))
        vouch(request)
        return await handler(request)

    check_first.__name__ = handler.__name__
    check_first.__doc__ = handler.__doc__
    return check_first


NEWSROOM = "/v1/newsrooms/{newsroom}"
BUNDLE = "/v1/bundles/{address}"
OPEN: Mapping[tuple[str, str], Handler] = {
    ("GET", "/v1/time"): time,
    ("GET", "/v1/receipts/{address}"): receipts,
}
GUARDED: Mapping[tuple[str, str], Handler] = {
    ("GET", NEWSROOM): standing,
    ("GET", NEWSROOM + "/acts"): known_acts,
    ("POST", NEWSROOM + "/epochs"): epochs,
    ("PUT", NEWSROOM + "/roster"): put_roster,
    ("PUT", NEWSROOM + "/policy"): put_policy,
    ("PUT", NEWSROOM + "/calendar"): put_calendar,
    ("PUT", BUNDLE): put_bundle,
    ("GET", BUNDLE): get_bundle,
    ("DELETE", BUNDLE): delete_bundle,
    ("GET", BUNDLE + "/acts"): get_acts,
    ("PUT", BUNDLE + "/assets/{sha256}"): put_asset,
    ("GET", BUNDLE + "/assets/{sha256}"): get_asset,
    ("POST", "/v1/rehearsals"): rehearsals,
    ("POST", "/v1/commits"): commits,
    ("POST", "/v1/withdrawals"): withdrawals,
}


def routes() -> list[Route]:
    """Every call of the contract."""
    found = [Route(path, handler, methods=[verb]) for (verb, path), handler in OPEN.items()]
    found += [
        Route(path, guarded(handler), methods=[verb]) for (verb, path), handler in GUARDED.items()
    ]
    return found


def error_response(error: DeskError) -> Response:
    """What an error is answered with; never more than its title and message."""
    answer = error if isinstance(error, Answer) else None
    if answer is None:
        bad_form = isinstance(error, CanonicalError)
        statuses = {2: 400, 3: 403, 4: 404, 5: 503, 6: 400 if bad_form else 403}
        status = statuses.get(error.exit_code, 500)
        answer = Answer(status, error.code, error.title, error.message)
    return JSONResponse(
        answer.body(), answer.status, headers=answer.headers() | {"Cache-Control": "no-store"}
    )

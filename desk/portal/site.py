"""The public site: front page, items, search, feed, calendar. Reads only what is public."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk.clock import now, written
from desk.errors import DeskError
from desk.portal import feed, older, public
from desk.portal.answers import Answer, not_found
from desk.portal.assets import serve_asset
from desk.portal.contract.calendar import in_language
from desk.portal.contract.content import Asset
from desk.portal.contract.ical import ical
from desk.portal.pages import Page, body_of, gone_json, settle, static_file
from desk.portal.portal import Portal
from desk.portal.staging import receipt_of

_PAGE = 20
_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_EMPTY_SINCE = "2000-01-01T00:00:00Z"


async def front(request: Request) -> Response:
    """The newest items, and what is announced."""
    page = Page(request)
    await settle(page.portal)
    cursor = request.query_params.get("after", "")[:60]
    agency = request.query_params.get("agency", "")[:64]
    found = public.latest(page.portal.store, page.language, cursor, _PAGE + 1, agency)
    upcoming = _upcoming(page)[:6]
    cover = _cover(page.portal, found[0]) if found and not cursor and not agency else None
    return page.html(
        "front.html", items=found[:_PAGE], after=found[_PAGE - 1].cursor if found[_PAGE:] else "",
        first=not cursor, agency=agency, upcoming=upcoming, cover=cover,
    )  # fmt: skip


def _cover(portal: Portal, teaser: public.Teaser) -> Asset | None:
    """The picture or graphic that goes with the newest item."""
    found = public.item(portal.store, teaser.item)
    assets = found.content.assets if found and found.content else ()
    return next((asset for asset in assets if asset.role in ("picture", "graphic")), None)


def _upcoming(page: Page) -> list[Any]:
    stamp = written(now(page.portal.clock))
    entries = page.calendar.entries if page.calendar else ()
    return [entry for entry in entries if entry.at > stamp and entry.state != "released"]


async def item(request: Request) -> Response:
    """One item, in its own language."""
    found = await _find(request)
    page = Page(request, found.language)
    if found.withdrawal:
        return page.html("notice.html", 410, notice="withdrawn", withdrawal=found.withdrawal)
    if found.content is None:
        return page.html("notice.html", 503, notice="checking", withdrawal=None)
    staged = page.portal.bundles[found.address]
    others = public.other_languages(page.portal.store, found.message, found.item)
    body = await body_of(page.portal, found.content)
    return page.html(
        "item.html", item=found, content=found.content, body=body,
        translations={o.language: o.item for o in others if o.language in page.languages},
        visible=[a for a in found.content.assets if a.role in ("picture", "graphic", "video")],
        files=[a for a in found.content.assets if a.role not in ("picture", "graphic", "video")],
        opened_late_us=staged.late_us,
    )  # fmt: skip


async def _find(request: Request) -> public.PublicItem:
    portal: Portal = request.app.state.portal
    await settle(portal)
    found = public.item(portal.store, request.path_params["item"])
    if found is None:
        raise not_found()
    return found


async def item_json(request: Request) -> Response:
    """One item as ninjs 3.1; for a withdrawn one what is left to say."""
    found = await _find(request)
    page = Page(request, found.language)
    if found.withdrawal:
        return gone_json(page, found)
    if not found.ninjs:
        raise Answer(503, "checking", "This item is being checked", wait_ms=5000)
    return page.send(found.ninjs, "application/json")


async def receipt(request: Request) -> Response:
    """Which bytes were signed and what the portal says it did, for whoever wants to check."""
    found = await _find(request)
    page = Page(request, found.language)
    staged = page.portal.bundles[found.address]
    value = {
        "item": found.item,
        "number": found.number,
        "content_sha256": found.digest,
        "revision": found.act,
        "portal_key": page.portal.home.key,
        "receipt": receipt_of(page.portal, staged).to_value(),
    }
    return page.send(json.dumps(value, indent=1).encode(), "application/json")


async def asset(request: Request) -> Response:
    """One asset of an item's newest version."""
    await settle(request.app.state.portal)
    return await serve_asset(request)


async def search(request: Request) -> Response:
    """Items that hold the words asked for."""
    page = Page(request)
    await settle(page.portal)
    query = request.query_params.get("q", "")[:100]
    found: list[public.Teaser] = []
    if query.strip():
        async with page.portal.searching:
            found = await asyncio.to_thread(_search, page.portal, query, page.language)
    return page.html("search.html", query=query, items=found)


def _search(portal: Portal, query: str, language: str) -> list[public.Teaser]:
    database = sqlite3.connect(f"{portal.home.database.as_uri()}?mode=ro", uri=True)
    try:
        return public.search(database, query, language)
    finally:
        database.close()


async def corrections(request: Request) -> Response:
    """What was corrected or withdrawn, and how the newsroom deals with mistakes."""
    page = Page(request)
    store = page.portal.store
    return page.html(
        "corrections.html", items=public.corrections(store, page.language),
        gone=public.withdrawn(store, page.language),
    )  # fmt: skip


async def calendar(request: Request) -> Response:
    """The announced releases."""
    page = Page(request)
    return page.html("calendar.html", upcoming=_upcoming(page))


async def calendar_file(request: Request) -> Response:
    """The announced releases as iCalendar."""
    page = Page(request)
    if page.calendar is None:
        raise not_found()
    data = ical(page.calendar, page.language, page.base, now(page.portal.clock))
    return page.send(data, "text/calendar; charset=utf-8")


async def atom(request: Request) -> Response:
    """The newest items as an Atom feed."""
    page = Page(request)
    await settle(page.portal)
    store = page.portal.store
    items = [
        (teaser, page.name("agencies", teaser.agency))
        for teaser in public.latest(store, page.language, limit=50)
    ]
    title = in_language(page.calendar.name, page.language) if page.calendar else "Desk"
    data = feed.atom(
        title, page.base, page.language, items, public.withdrawn(store, page.language),
        _EMPTY_SINCE,
    )  # fmt: skip
    return page.send(data, "application/atom+xml; charset=utf-8")


async def static(request: Request) -> Response:
    """The style sheet and the icon; their addresses carry a digest, so they keep for a year."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise not_found()
    data, _ = static_file(name)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(data, 200, headers, _STATIC[name])


def error_page(request: Request, error: DeskError) -> Response:
    """A page that says what is wrong, in the reader's language."""
    status = error.status if isinstance(error, Answer) else 503
    if status == 404:
        return Page(request).html("notice.html", 404, notice="missing", withdrawal=None)
    response = Page(request).html("notice.html", status, notice="trouble", withdrawal=None)
    if isinstance(error, Answer):
        response.headers.update(error.headers())
    return response


def routes() -> list[Route]:
    """Every public address."""
    return [
        Route("/", front),
        Route("/items/{item}.json", item_json),
        Route("/items/{item}/receipt", receipt),
        Route("/items/{item}/versions/{number}.json", older.version_json),
        Route("/items/{item}/versions/{number}", older.version),
        Route("/items/{item}/assets/{asset}", asset),
        Route("/items/{item}", item),
        Route("/search", search),
        Route("/corrections", corrections),
        Route("/calendar", calendar),
        Route("/calendar.ics", calendar_file),
        Route("/feed.atom", atom),
        Route("/static/{name}", static),
    ]

"""Older versions of an item: kept, shown as what they are, with the way to the present one."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.portal import public
from desk.portal.answers import Answer, not_found
from desk.portal.pages import Page, body_of, gone_json, settle
from desk.portal.portal import Portal

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


async def version(request: Request) -> Response:
    """An older version of an item, marked as corrected, with the way to the present one."""
    found = await _find_version(request)
    page = Page(request, found.language)
    if found.withdrawal:
        return page.html("notice.html", 410, notice="withdrawn", withdrawal=found.withdrawal)
    if found.content is None:
        return page.html("notice.html", 503, notice="checking", withdrawal=None)
    if found.current:
        return RedirectResponse(f"/items/{found.item}", 307)
    body = await body_of(page.portal, found.content)
    newest = public.item(page.portal.store, found.item)
    return page.html(
        "version.html", item=found, content=found.content, body=body,
        note=newest.content.edit_note if newest and newest.content else "",
    )  # fmt: skip


async def version_json(request: Request) -> Response:
    """An older version as it was released, ninjs 3.1; the newest has the version after it."""
    found = await _find_version(request)
    page = Page(request, found.language)
    if found.withdrawal:
        return gone_json(page, found)
    if not found.ninjs:
        raise Answer(503, "checking", "This item is being checked", wait_ms=5000)
    return page.send(found.ninjs, "application/json")


async def _find_version(request: Request) -> public.PublicItem:
    portal: Portal = request.app.state.portal
    await settle(portal)
    number = request.path_params["number"]
    if not _NUMBER.fullmatch(number):
        raise not_found()
    found = public.version(portal.store, request.path_params["item"], int(number))
    if found is None:
        raise not_found()
    return found

"""Assets of public items: decrypted as they are read, in ranges, and harmless in a browser."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from desk.portal import public
from desk.portal.answers import not_found
from desk.portal.contract.ninjs import slug
from desk.portal.contract.stagecrypt import open_asset
from desk.portal.portal import Portal
from desk.portal.publishing import reader_of
from desk.portal.store import AssetRow
from desk.text import safe_text

_WAIT = 30.0  # seconds a reader waits for an asset that is being checked
_SHOWN = frozenset(
    {
        "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp",
        "video/mp4", "video/webm",
    }
)  # fmt: skip
_KNOWN = _SHOWN | {"application/pdf", "text/plain"}
# A document served from here runs nothing and loads nothing, whatever is in it.
_CONFINED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Start and stop (exclusive) of one byte range (RFC 9110, 14.1.2), or None for the whole.

    Raises ValueError when the range cannot be satisfied. Several ranges get the whole.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size or stop <= start:
        raise ValueError("range")
    return start, stop


def disposition(asset: AssetRow) -> str:
    """Content-Disposition (RFC 6266): a file name that is no path, in ASCII and in UTF-8."""
    last = asset.name.replace("\\", "/").rpartition("/")[2]
    clean = safe_text(last).replace("\ufffd", "").strip(". ") or asset.id
    stem, dot, ending = clean.rpartition(".")
    plain = (slug(stem) or asset.id) + (f".{slug(ending)}" if dot and slug(ending) else "")
    kind = "inline" if asset.media_type in _SHOWN else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"


async def serve_asset(request: Request) -> Response:
    """Answer GET and HEAD for an asset. Raises Answer 404 for whatever is not public."""
    portal: Portal = request.app.state.portal
    names = request.path_params["item"], request.path_params["asset"]
    found = public.asset(portal.store, *names)
    if found is None:
        raise not_found()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_WAIT):
            await portal.bundles[found.address].done.wait()
    # Asked again: what was found bad meanwhile is gone.
    found = public.asset(portal.store, *names)
    key = portal.store.key(found.address) if found else None
    if found is None or key is None or not portal.bundles[found.address].done.is_set():
        raise not_found()
    return _answer(request, portal, found, key)


def _answer(request: Request, portal: Portal, asset: AssetRow, key: bytes) -> Response:
    tag = f'"{asset.sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "public, no-cache",
        "Content-Disposition": disposition(asset),
        "Content-Security-Policy": _CONFINED,
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    wanted = None
    if request.headers.get("if-range", tag) == tag:
        try:
            wanted = byte_range(request.headers.get("range", ""), asset.size)
        except ValueError:
            return Response("", 416, headers | {"Content-Range": f"bytes */{asset.size}"})
    start, stop = wanted or (0, asset.size)
    headers["Content-Length"] = str(stop - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{asset.size}"
    media_type = asset.media_type if asset.media_type in _KNOWN else "application/octet-stream"
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return Response(None, status, headers, media_type)
    chunks: Iterator[bytes] = open_asset(
        key, asset.address, asset.sha256, asset.size,
        read_at=reader_of(portal, asset), start=start, stop=stop,
    )  # fmt: skip
    return StreamingResponse(chunks, status, headers, media_type)

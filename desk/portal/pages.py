"""One page of the public site: its language, its names, its templates, and how it is sent."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from desk.portal import public
from desk.portal.contract.calendar import in_language
from desk.portal.contract.content import Content
from desk.portal.contract.ninjs import item_uri, pub_status
from desk.portal.contract.render import shown
from desk.portal.portal import Portal
from desk.portal.words import LANGUAGES, When, words, written_day
from desk.trust.press import said

_HERE = Path(__file__).parent
_WAIT = 10.0  # seconds a reader waits for texts that have just opened
_FRESH = "public, no-cache"  # may be kept, must be asked about: nothing outlives the instant


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The environment of the pages: escaping on, strict, with their filters."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["label"] = shown
    environment.filters["size"] = size_text
    environment.filters["kind"] = kind_text
    environment.filters["tied"] = tied
    environment.filters["said"] = said
    environment.filters["language"] = language_name
    return environment


@lru_cache(maxsize=8)
def static_file(name: str) -> tuple[bytes, str]:
    """A file that goes with the pages, and a digest for its address."""
    data = (_HERE / "static" / name).read_bytes()
    return data, hashlib.sha256(data).hexdigest()[:12]


def size_text(size: int) -> str:
    """A size in bytes as people read it."""
    if size < 1000:
        return f"{size} B"
    for unit in ("kB", "MB"):
        size_in_unit = size / (1000 if unit == "kB" else 1_000_000)
        if size_in_unit < 999.5:
            return (
                f"{size_in_unit:.0f} {unit}" if size_in_unit >= 10 else f"{size_in_unit:.1f} {unit}"
            )
    return f"{size / 1_000_000_000:.1f} GB"


def kind_text(media_type: str) -> str:
    """A media type as people know it."""
    return {"text/plain": "TXT"}.get(media_type, media_type.rpartition("/")[2].upper())


def language_name(code: str) -> str:
    """A language as it calls itself; its code for those that have no words here."""
    return words(code)["language"] if code in LANGUAGES else code


def tied(text: str) -> str:
    """A headline whose country's name does not break over two lines."""
    return text.replace("Việt Nam", "Việt\u00a0Nam").replace("Viet Nam", "Viet\u00a0Nam")


class Page:
    """One request for a page: the portal, the language, and the names that the page shows."""

    def __init__(self, request: Request, language: str = "") -> None:
        self.request = request
        self.portal: Portal = request.app.state.portal
        found = self.portal.adopted.channel_of(self.portal.home.key)
        self.languages: tuple[str, ...] = tuple(found[1]["languages"]) if found else ("vi", "en")
        self.language = language if language in self.languages else self._wanted()
        self.calendar = self.portal.calendar
        policy = self.portal.adopted.policy
        self.zone = str(policy.document["zone"]) if policy else "UTC"
        self.press = policy.press if policy else None
        self.base = self.portal.base or str(request.base_url).rstrip("/")

    def _wanted(self) -> str:
        asked = self.request.query_params.get("lang", "")
        if asked in self.languages:
            return asked
        for part in self.request.headers.get("accept-language", "")[:200].split(","):
            code = part.partition(";")[0].strip().partition("-")[0].lower()
            if code in self.languages:
                return code
        return self.languages[0]

    def when(self, instant: str) -> When:
        """An instant as this page writes it."""
        return When(instant, self.zone, self.language)

    def date(self, text: str) -> str:
        """A date given as `YYYY-MM-DD` as this page writes it; anything else as it is."""
        return written_day(text, self.language)

    def name(self, group: str, key: str) -> str:
        """The name of an agency, kind or section; its id where no calendar names it."""
        names: Mapping[str, Mapping[str, str]] = (
            getattr(self.calendar, group) if self.calendar else {}
        )
        return in_language(names.get(key, {}), self.language, key)

    def html(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. Its entity tag follows from its bytes."""
        calendar = self.calendar
        title = in_language(calendar.name, self.language) if calendar else ""
        text = (
            templates()
            .get_template(template)
            .render(
                page=self,
                language=self.language,
                w=words(self.language),
                site=title or self.portal.home.newsroom.partition("@")[0],
                languages=[(code, words(code)["language"]) for code in self.languages],
                style=static_file("style.css")[1],
                **values,
            )
        )
        return self.send(text.encode(), "text/html; charset=utf-8", status)

    def send(self, body: bytes, media_type: str, status: int = 200) -> Response:
        """Any body, revalidated each time; 304 when the reader has it already (RFC 9110)."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {
            "ETag": tag,
            "Cache-Control": _FRESH if status == 200 else "no-store",
            "Vary": "Accept-Language",
            "Content-Language": self.language,
        }
        asked = self.request.headers.get("if-none-match", "")
        if status == 200 and tag in {part.strip().removeprefix("W/") for part in asked.split(",")}:
            return Response(status_code=304, headers=headers)
        return Response(body, status, headers, media_type)


async def settle(portal: Portal) -> None:
    """Wait for texts that opened a moment ago, so that a reader at the instant sees them."""
    opening = [
        staged
        for staged in portal.bundles.values()
        if staged.state == "opened" and not staged.visible and not staged.failed
    ]
    for staged in opening:
        staged.wanted.set()
    if opening:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WAIT):
                await asyncio.gather(*(staged.shown.wait() for staged in opening))


async def body_of(portal: Portal, content: Content) -> str:
    """The body of an item as HTML, made in a thread: a long one takes seconds, and a commit must
    not wait for it.
    """
    async with portal.rendering:
        return await asyncio.to_thread(public.body_html, content)


def gone_json(page: Page, found: public.PublicItem) -> Response:
    """What is left to say of a withdrawn item in ninjs: held back for a time, or canceled."""
    assert found.withdrawal is not None
    value = {
        "uri": item_uri(page.portal.home.newsroom, page.portal.base, found.item),
        "version": str(found.number),
        "pubStatus": pub_status(found.withdrawal.mode),
    }
    return page.send(json.dumps(value).encode(), "application/json", 410)

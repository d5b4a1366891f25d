"""The signed content of one revision, read strictly into a frozen class.

The bytes come from outside even when their digest is right: whoever signed them may have used
another program. What is not as the contract says is refused as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from desk.errors import TrustError
from desk.portal.contract.fields import Fields, Malformed
from desk.trust.canonical import digest_bytes, parse

ROLES = ("text", "document", "picture", "graphic", "video")
MAX_BODY = 1_000_000
_LABEL = re.compile(r"[0-9]{1,4}|l[0-9]{1,4}")


@dataclass(frozen=True)
class Source:
    """Where a figure comes from; the body cites it as footnote `[^id]`."""

    id: str
    title: str
    url: str = ""
    date: str = ""


@dataclass(frozen=True)
class Legal:
    """A legal text that the body cites as footnote `[^id]`, id `l1`, `l2`, …"""

    id: str
    title: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True)
class Asset:
    """A file that belongs to the revision: name, media type, size in bytes, SHA-256 (hex)."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    role: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Content:
    """One revision as the public is to read it. `digest`: SHA-256 of its canonical bytes."""

    digest: str
    item: str
    message: str
    language: str
    kind: str
    agency: str
    section: str
    headline: str
    summary: str
    body: str
    sources: tuple[Source, ...]
    legal: tuple[Legal, ...]
    assets: tuple[Asset, ...]
    translates: str = ""
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    urgency: int = 0
    edit_note: str = ""
    correction_of: int = 0


def read_content(data: bytes) -> Content:
    """Read canonical content bytes. Raises CanonicalError or Malformed."""
    f = Fields(parse(data), "content")
    if f.count("format", 1) != 1:
        raise Malformed("Malformed message", "content.format is unknown")
    f.hex64("salt")
    content = Content(
        digest_bytes(data),
        f.item(),
        f.text("message", 20) if f.has("message") else "",
        f.language(),
        f.name("kind"),
        f.name("agency"),
        f.name("section") if f.has("section") else "",
        f.text("headline", 500),
        f.text("summary", 5_000),
        f.text("body", MAX_BODY),
        tuple(_source(entry) for entry in f.each("sources", 500)) if f.has("sources") else (),
        tuple(_legal(entry) for entry in f.each("legal", 500)) if f.has("legal") else (),
        tuple(_asset(entry) for entry in f.each("assets", 200)) if f.has("assets") else (),
        _translates(f),
        _strings(f, "places"),
        _strings(f, "subjects"),
        f.count("urgency", 9) if f.has("urgency") else 0,
        f.text("edit_note", 2_000) if f.has("edit_note") else "",
        f.count("correction_of") if f.has("correction_of") else 0,
    )
    f.done()
    if len({a.id for a in content.assets}) != len(content.assets):
        raise Malformed("Malformed message", "content.assets names one twice")
    return content


def check_digest(data: bytes, expected: str) -> None:
    """Raises TrustError unless these bytes are the ones that were signed."""
    if digest_bytes(data) != expected:
        raise TrustError("The content is not what was signed", "its digest differs")


def _label(f: Fields) -> str:
    value = f.text("id", 5)
    if not _LABEL.fullmatch(value):
        raise Malformed("Malformed message", "content: a footnote id is 2 or l2")
    return value


def _url(f: Fields) -> str:
    """A link that a reader may be sent to: http or https, with a host and no user part."""
    if not f.has("url"):
        return ""
    value = f.text("url", 2_000)
    parts = urlsplit(value)
    bad_character = any(ch.isspace() or not ch.isprintable() for ch in value)
    if parts.scheme not in ("http", "https") or not parts.hostname or bad_character:
        raise Malformed("Malformed message", "content: a link is http or https")
    if parts.username is not None or parts.password is not None:
        raise Malformed("Malformed message", "content: a link carries no user name")
    return value


def _source(f: Fields) -> Source:
    date = f.text("date", 40) if f.has("date") else ""
    source = Source(_label(f), f.text("title", 1_000), _url(f), date)
    f.done()
    return source


def _legal(f: Fields) -> Legal:
    number = f.text("number", 200) if f.has("number") else ""
    legal = Legal(_label(f), f.text("title", 1_000), number, _url(f))
    f.done()
    return legal


def _asset(f: Fields) -> Asset:
    asset = Asset(
        f.asset(), f.text("name", 200), f.media_type(), f.count("size"), f.hex64("sha256"),
        f.one_of("role", ROLES), f.text("alt", 2_000) if f.has("alt") else "",
        f.text("caption", 2_000) if f.has("caption") else "",
    )  # fmt: skip
    f.done()
    return asset


def _translates(f: Fields) -> str:
    if not f.has("translates"):
        return ""
    inner = Fields(f.object("translates"), "content.translates")
    item = inner.item()
    inner.hex64("content")
    inner.done()
    return item


def _strings(f: Fields, name: str) -> tuple[str, ...]:
    if not f.has(name):
        return ()
    values: list[Any] = f.array(name, 100)
    if not all(isinstance(v, str) and len(v) <= 200 for v in values):
        raise Malformed("Malformed message", f"content.{name} is no list of texts")
    return tuple(values)

"""IPTC ninjs 3.1 objects, made from the signed content alone.

ninjs (https://iptc.org/standards/ninjs/, CC BY 4.0) is JSON for news. The object is a pure
function of the content and of what the sign-off says, so a portal makes it again and compares.
ninjs allows no members of ours: digests travel in the bundle beside it.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from desk.portal.contract.content import Asset, Content

VERSION = "3.1"
SCHEMA = "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
_SEEN = ("picture", "graphic", "video")
_MAX_SLUG = 60


@dataclass(frozen=True)
class Context:
    """What the object says besides the content. Instants are written ones.

    `base`: the address of the channel's public site, without a final slash, or '' when it has
    none, as a folder; then names are URNs. `first_at`: instant of the item's first release, when
    this is a later one.
    """

    newsroom: str
    release: str
    at: str
    number: int
    base: str = ""
    first_at: str = ""


def item_uri(newsroom: str, base: str, item: str) -> str:
    """The name of an item: its public page, or a URN where there is none."""
    return f"{base}/items/{item}" if base else f"urn:x-desk:{newsroom.partition('@')[0]}:{item}"


def pub_status(withdrawn: str) -> str:
    """ninjs `pubStatus` of an item: '' or how it was withdrawn (`withdraw`, `takedown`, `kill`)."""
    if not withdrawn:
        return "usable"
    return "withheld" if withdrawn == "takedown" else "canceled"


def asset_uri(base: str, item: str, asset: Asset) -> str:
    """Where an asset is, or its digest as a `ni:` URI (RFC 6920) where there is no site."""
    if base:
        return f"{base}/items/{item}/assets/{quote(asset.id)}"
    hashed = base64.urlsafe_b64encode(bytes.fromhex(asset.sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{hashed}"


def slug(text: str) -> str:
    """A headline as lower-case ASCII words joined by hyphens, at most 60 characters."""
    folded = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in folded if not _mark(c))
    result = ""
    for word in words.lower().split():
        if len(result) + len(word) >= _MAX_SLUG:
            break
        result = f"{result}-{word}" if result else word
    return result


def _mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def ninjs_payload(content: Content, context: Context) -> dict[str, Any]:
    """The ninjs 3.1 object of one item in one language, canonicalisable (no floats, no null)."""
    uri = item_uri(context.newsroom, context.base, content.item)
    visual = any(asset.role in _SEEN for asset in content.assets)
    payload: dict[str, Any] = {
        "uri": uri,
        "standard": {"name": "ninjs", "version": VERSION, "schema": SCHEMA},
        "type": "composite" if visual else "text",
        "representationType": "full",
        "profile": content.kind,
        "version": str(context.number),
        "firstCreated": context.first_at or context.at,
        "versionCreated": context.at,
        "pubStatus": "usable",
        "language": content.language,
        "title": content.headline,
        "slugline": slug(content.headline) or content.item,
        "by": content.agency,
        "copyrightHolder": content.agency,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": content.headline}],
        "descriptions": [{"role": "short", "contentType": "text/plain", "value": content.summary}],
        "bodies": [
            {
                "role": "full",
                "contentType": "text/markdown",
                "charCount": len(content.body),
                "wordCount": len(content.body.split()),
                "value": content.body,
            }
        ],
        "organisations": [{"rel": "author", "literal": content.agency}],
        "altIds": _alt_ids(content, context),
    }
    if not context.first_at:
        # The embargo covered all versions of the item and ended with its first release.
        payload["embargoedUntil"] = context.at
    payload |= _optional(content, context, uri)
    return payload


def _alt_ids(content: Content, context: Context) -> list[dict[str, str]]:
    ids = [
        {"role": "desk-item", "value": content.item},
        {"role": "desk-release", "value": context.release},
        {"role": "desk-content-sha256", "value": content.digest},
    ]
    if content.message:
        ids.append({"role": "desk-message", "value": content.message})
    return ids


def _optional(content: Content, context: Context, uri: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    sources = [_info(s.title, s.url, "source", "") for s in content.sources]
    sources += [_info(entry.title, entry.url, "legal", entry.number) for entry in content.legal]
    if sources:
        found["infoSources"] = sources
    if content.assets:
        found["renditions"] = [_rendition(a, content.item, context.base) for a in content.assets]
    associations = _associations(content, context, uri)
    if associations:
        found["associations"] = associations
    if content.subjects:
        found["subjects"] = [{"name": name} for name in content.subjects]
    if content.places:
        found["places"] = [{"name": name} for name in content.places]
    if content.urgency:
        found["urgency"] = content.urgency
    if content.edit_note:
        found["edNote"] = content.edit_note
    if context.base:
        found["trustIndicators"] = _indicators(context.base, content.item)
    return found


def _info(title: str, url: str, role: str, literal: str) -> dict[str, str]:
    info = {"name": title, "role": role}
    if url:
        # ninjs wants a URI, which is ASCII (RFC 3986); what is escaped already stays as it is.
        info["uri"] = quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")
    if literal:
        info["literal"] = literal
    return info


def _rendition(asset: Asset, item: str, base: str) -> dict[str, Any]:
    return {
        "name": asset.id,
        "title": asset.alt or asset.name,
        "href": asset_uri(base, item, asset),
        "contentType": asset.media_type,
        "sizeInBytes": asset.size,
    }


def _associations(content: Content, context: Context, uri: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if content.translates:
        source = item_uri(context.newsroom, context.base, content.translates)
        found.append({"name": "original", "rel": "translation", "uri": source})
    if content.correction_of:
        found.append(
            {
                "name": "corrected",
                "rel": "correctionOf",
                "uri": uri,
                "version": str(content.correction_of),
            }
        )
    found += [
        {
            "name": asset.id,
            "rel": "attachment",
            "uri": asset_uri(context.base, content.item, asset),
            "type": asset.role if asset.role in _SEEN else "text",
            "title": asset.name,
        }
        for asset in content.assets
    ]
    return found


def _indicators(base: str, item: str) -> list[dict[str, str]]:
    return [
        {
            "role": "https://schema.org/correctionsPolicy",
            "title": "Corrections",
            "href": f"{base}/corrections",
        },
        {
            "role": "https://schema.org/publishingPrinciples",
            "title": "Receipt",
            "href": f"{base}/items/{item}/receipt",
        },
    ]

"""The Atom feed (RFC 4287), one for each language, with tombstones (RFC 6721)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from desk.portal.public import Teaser, Withdrawal
from desk.text import safe_text

_ATOM = "http://www.w3.org/2005/Atom"
_GONE = "http://purl.org/atompub/tombstones/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ET.register_namespace("", _ATOM)
ET.register_namespace("at", _GONE)


def atom(
    title: str, base: str, language: str, items: Sequence[tuple[Teaser, str]],
    gone: Sequence[Withdrawal], empty_since: str,
) -> bytes:  # fmt: skip
    """The feed as bytes. `items` with the name of each one's agency; `base` is absolute.

    `empty_since`: the instant that a feed without entries says it was updated.
    """
    feed = ET.Element(f"{{{_ATOM}}}feed", {_LANG: language})
    _text(feed, "id", f"{base}/feed.atom?lang={language}")
    _text(feed, "title", title)
    stamps = [teaser.changed_at for teaser, _ in items] + [entry.time for entry in gone]
    _text(feed, "updated", max(stamps, default=empty_since))
    _link(feed, "self", f"{base}/feed.atom?lang={language}", "application/atom+xml")
    _link(feed, "alternate", f"{base}/?lang={language}", "text/html")
    _text(feed, "generator", "Desk")
    for teaser, agency in items:
        _entry(feed, teaser, agency, base)
    for entry in gone:
        deleted = ET.SubElement(
            feed, f"{{{_GONE}}}deleted-entry",
            {"ref": f"{base}/items/{entry.item}", "when": entry.time},
        )  # fmt: skip
        if entry.note:
            comment = ET.SubElement(deleted, f"{{{_GONE}}}comment", {_LANG: entry.language})
            comment.text = safe_text(entry.note, multiline=True)
    data: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return data


def _entry(feed: ET.Element, teaser: Teaser, agency: str, base: str) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
    address = f"{base}/items/{teaser.item}"
    _text(entry, "id", address)
    _text(entry, "title", teaser.headline)
    _text(entry, "published", teaser.first_at or teaser.at)
    # Later than a tombstone's `when`, so that the entry counts again (RFC 6721, section 3).
    _text(entry, "updated", teaser.changed_at)
    _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", agency)
    _link(entry, "alternate", address, "text/html")
    _link(entry, "related", f"{address}.json", "application/json")
    _text(entry, "summary", teaser.summary)
    ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": teaser.kind})


def _text(parent: ET.Element, name: str, value: str) -> None:
    # XML 1.0 has no place for control characters, however they are escaped.
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = safe_text(value, multiline=True)


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href, "type": media_type})

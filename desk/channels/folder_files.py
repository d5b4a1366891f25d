"""The files of one released bundle in a folder: names that cannot escape, and whole writes."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from desk.channels.driver import PublicView
from desk.channels.folder_fence import Pen
from desk.channels.page import marked_text
from desk.durable import sync_folder
from desk.portal.contract.bundle import BundleItem
from desk.portal.contract.content import Asset, Content
from desk.portal.contract.ninjs import slug
from desk.portal.contract.receipt import Receipt, read_receipt
from desk.portal.contract.render import render_body, shown
from desk.portal.contract.stagecrypt import open_asset
from desk.press import as_markdown, aside_html, byline_html
from desk.trust.envelope import Envelope
from desk.trust.press import Press

_ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}


def write(file: Path, chunks: Iterable[bytes], pen: Pen, *, once: bool = False) -> bool:
    """Write a file whole and durable, or not at all; readers may read it.

    With `once` an existing file stays as it is and the answer is False. Raises FencedOff when
    another publisher has taken the pen.
    """
    part = pen.part()
    try:
        with pen.fencing():
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "wb") as handle:
            for chunk in chunks:
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        if once and not pen.give_once(part, file):
            return False
        if not once:
            pen.give(part, file)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(file.parent)
    return True


def sync_all(folder: Path) -> None:
    """Make a folder and everything in it durable."""
    for file in [*folder.rglob("*"), folder]:
        sync_folder(file)


def same_bytes(file: Path, sha256: str) -> bool:
    """Whether the file is there with that digest."""
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def asset_file(asset: Asset) -> str:
    """A file name made from the asset's id and media type; of the given name only ASCII words."""
    ending = _ENDINGS.get(asset.media_type) or mimetypes.guess_extension(asset.media_type) or ".bin"
    last = asset.name.replace("\\", "/").rpartition("/")[2]
    words = slug(last.rpartition(".")[0] or last)
    return f"{asset.id}-{words}{ending}" if words else f"{asset.id}{ending}"


def item_name(item: BundleItem) -> str:
    """What the files of an item are called, without ending."""
    return f"{item.item}.{item.language}"


def item_files(
    item: BundleItem, content: Content, press: Press | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files that one item becomes: signed content, ninjs, text, page.

    Text and page end with what the adopted policy tells reporters.
    """
    name = item_name(item)
    yield f"{name}.content.json", item.content
    yield f"{name}.json", as_json(dict(item.ninjs))
    yield f"{name}.md", _markdown(content, press).encode()
    yield f"{name}.html", page(content, press=press).encode()


def as_json(value: Any) -> bytes:
    """A value as a JSON file that people can read too."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _notes(content: Content) -> list[tuple[str, str, str]]:
    found = [(s.id, ", ".join(filter(None, (s.title, s.date))), s.url) for s in content.sources]
    found += [(e.id, ", ".join(filter(None, (e.title, e.number))), e.url) for e in content.legal]
    return found


def _markdown(content: Content, press: Press | None) -> str:
    lines = [f"# {' '.join(content.headline.split())}", ""]
    if content.edit_note:
        lines += [f"> {' '.join(content.edit_note.split())}", ""]
    lines += [content.summary.strip(), ""]
    lines += [content.body.strip(), ""]
    lines += [f"[^{label}]: {text} {url}".rstrip() for label, text, url in _notes(content)]
    if content.assets:
        lines += ["", *(f"- assets/{asset_file(asset)}" for asset in content.assets)]
    text = "\n".join(lines) + "\n"
    told = as_markdown(press, content.language) if press is not None else ""
    return f"{text}\n---\n\n{told}" if told else text


def page(content: Content, notice: str = "", press: Press | None = None) -> str:
    """An item as a page; `notice` stands above it."""
    said = [text for text in (notice, content.edit_note) if text]
    above = "".join(f'<p role="note">{escape(text)}</p>\n' for text in said)
    notes = "".join(
        f'<li id="note-{escape(label)}">[{escape(shown(label))}] '
        + (f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text))
        + "</li>"
        for label, text, url in _notes(content)
    )
    assets = "".join(
        f'<li><a href="assets/{escape(asset_file(asset))}">{escape(asset.caption or asset.name)}'
        f"</a> ({escape(asset.media_type)})</li>"
        for asset in content.assets
    )
    return (
        f'<!doctype html>\n<html lang="{escape(content.language)}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(content.headline)}</title>\n</head>\n<body>\n{above}<article>\n"
        f'<h1 data-desk="headline">{escape(content.headline)}</h1>\n'
        f"{byline_html(press, content.language)}"
        f'<p data-desk="summary">{escape(content.summary)}</p>\n'
        f'<div data-desk="body">\n{render_body(content)}</div>\n'
        f"<ul>{notes}</ul>\n<ul>{assets}</ul>\n</article>\n"
        f"{aside_html(press, content.language)}</body>\n</html>\n"
    )


def index_of(address: str, items: Iterable[tuple[BundleItem, Content]]) -> bytes:
    """`index.json`: which revision each item is, and its files."""
    return as_json(
        {
            "address": address,
            "items": [
                {
                    "item": item.item,
                    "language": item.language,
                    "number": item.number,
                    "revision": item.act,
                    "content_sha256": content.digest,
                    "assets": [asset_file(asset) for asset in content.assets],
                }
                for item, content in items
            ],
        }
    )


def sums(folder: Path) -> bytes:
    """`SHA256SUMS` of a released folder, as `sha256sum -c` reads it."""
    lines = []
    for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "SHA256SUMS"):
        with file.open("rb") as handle:
            lines.append(f"{hashlib.file_digest(handle, 'sha256').hexdigest()}  "
                         f"{file.relative_to(folder).as_posix()}\n")  # fmt: skip
    return "".join(lines).encode()


def asset_chunks(key: bytes, address: str, asset: Asset, sealed: Path) -> Iterator[bytes]:
    """The plaintext of an asset from its sealed file, in chunks."""
    with sealed.open("rb") as handle:

        def read_at(offset: int, length: int) -> bytes:
            handle.seek(offset)
            return handle.read(length)

        yield from open_asset(key, address, asset.sha256, asset.size, read_at=read_at)


def own_receipt(file: Path) -> Receipt:
    """A receipt that a publisher wrote into the folder."""
    envelope = Envelope.from_json(file.read_bytes())
    return read_receipt(envelope, Receipt.from_value(envelope.body()).portal)


def public_item(path: Path, item: str, language: str) -> PublicView:
    """The newest released files of an item in a folder channel."""
    newest: tuple[int, Path] | None = None
    for index in path.glob("*/r-*/index.json"):
        for entry in json.loads(index.read_bytes())["items"]:
            if (entry["item"], entry["language"]) == (item, language):
                newest = max(newest or (0, index.parent), (entry["number"], index.parent))
    if newest is None:
        return PublicView("absent")
    name = newest[1] / f"{item}.{language}"
    if Path(f"{name}.withdrawn.json").exists():
        return PublicView("withdrawn")
    try:
        page = Path(f"{name}.html").read_text("utf-8")
        return PublicView("live", json.loads(Path(f"{name}.json").read_bytes()), marked_text(page))
    except FileNotFoundError:
        return PublicView("absent")

"""The site of a preview: a page for every channel and language, with the files of the item."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from desk.items import draft_files, drafts, preview, revisions
from desk.items.preview_server import File, PreviewServer
from desk.newsroom.room import Actor, Room, View

if TYPE_CHECKING:
    from desk.items.preview_page import Names, PreviewPage
    from desk.newsroom.config import NewsroomConfig

BANNER = "CHƯA CÔNG BỐ · NOT YET PUBLISHED"
_HTML = "text/html; charset=utf-8"


def serve(room: Room, actor: Actor, item: str, config: NewsroomConfig | None) -> PreviewServer:
    """Serve the newest text of an item on loopback. The caller stops the server.

    Raises NotFound, Refused, TrustError for a text that the portal would refuse.
    """
    return PreviewServer(site(room, actor, item, config), "/")


def site(room: Room, actor: Actor, item: str, config: NewsroomConfig | None) -> dict[str, File]:
    """Every file of the preview by its path; "/" lists the pages."""
    from desk.items.preview_page import PreviewPage, style

    with room.reading(item) as view:
        documents = preview.texts(view, actor, item)
        kind = str(next(iter(documents.values()))["kind"])
        places = [(c, code) for c, code in preview.places(view, kind) if code in documents]
        at = preview.instant_of(view, item)
        found = _assets(view, actor, documents)
        zone, press = str(view.policy.document["zone"]), view.policy.press
        drivers = {name: str(rules["driver"]) for name, rules in view.policy.channels.items()}
    names = _names(config)
    links = []
    for channel, code in places:
        label = names("channels", channel, code)
        page = PreviewPage(code, zone, names, press=press)
        data = _page(drivers[channel], documents, page, label, at)
        path = f"/{channel}/{code}"
        links.append((path, f"{label} · {code}"))
        found[path] = File(data, _HTML)
        found.setdefault(f"/items/{documents[code]['item']}", File(data, _HTML))
    found["/"] = File(_index(links), _HTML)
    for name in ("style.css", "preview.css"):
        found[f"/static/{name}"] = File(style(name), "text/css; charset=utf-8")
    return found


def _page(
    driver: str,
    documents: Mapping[str, Mapping[str, Any]],
    page: PreviewPage,
    channel: str,
    at: str,
) -> bytes:
    from desk.items import preview_page

    code = page.language
    if driver != "desk":
        from desk.channels import folder_files

        return folder_files.page(preview_page.content_of(documents[code]), BANNER).encode()
    return preview_page.html(
        documents[code],
        page,
        site=page.name("newsroom", ""),
        channel=channel,
        at=at,
        translations={lang: str(one["item"]) for lang, one in documents.items()},
    )


def _assets(
    view: View, actor: Actor, documents: Mapping[str, Mapping[str, Any]]
) -> dict[str, File]:
    """The bytes of every file of the texts, under the paths that the pages name."""
    found = {}
    for document in documents.values():
        item = str(document["item"])
        inside = view.with_subjects(item)
        drafted = actor.id in drafts.open_by(view.connection, item)
        for entry in document.get("assets", ()):
            if drafted:
                data = draft_files.data_of(inside, actor, item, entry["id"])[1]
            else:
                data = revisions.asset(inside, actor, item, "", entry["id"])
            kind = str(entry["media_type"])
            kind += "; charset=utf-8" if kind == "text/plain" else ""
            found[f"/items/{item}/assets/{entry['id']}"] = File(data, kind)
    return found


def _index(links: list[tuple[str, str]]) -> bytes:
    rows = "".join(f'<li><a href="{escape(path)}">{escape(name)}</a></li>' for path, name in links)
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>Desk</title>'
        '<link rel="stylesheet" href="/static/style.css">'
        '<link rel="stylesheet" href="/static/preview.css"></head><body>'
        f'<p class="not-yet"><strong>{BANNER}</strong></p>'
        f'<main class="wrap"><ul>{rows}</ul></main></body></html>'
    ).encode()


def _names(config: NewsroomConfig | None) -> Names:
    """Names of agencies, kinds, sections, channels and the newsroom, as calendar.yaml has them."""
    tables: dict[str, Mapping[str, Any]] = {}
    if config is not None:
        tables = {
            "agencies": {one.id: one.name for one in config.agencies},
            "kinds": {id: one.name for id, one in config.kinds.items()},
            "sections": dict(config.sections),
            "channels": {one.id: one.name for one in config.channels},
            "newsroom": {"": config.newsroom.name},
        }

    def name(group: str, key: str, language: str) -> str:
        names = tables.get(group, {}).get(key)
        return config.name(names, language, key) if config is not None else key

    return name

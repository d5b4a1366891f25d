"""The page of a preview: an item as the portal will show it, made in memory from its templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from desk.items.content import finished
from desk.portal.contract.content import Content, read_content
from desk.portal.contract.render import render_body
from desk.portal.pages import static_file, templates
from desk.portal.public import PublicItem, Version
from desk.portal.words import When, words, written_day
from desk.trust.press import Press

SHOWN = ("picture", "graphic", "video")
Names = Callable[[str, str, str], str]
"""The name of an agency, kind or section (group, id, language)."""


@dataclass(frozen=True)
class PreviewPage:
    """What the portal's templates ask a page for, without a portal."""

    language: str
    zone: str
    names: Names
    base: str = ""
    press: Press | None = None

    def when(self, instant: str) -> When:
        """An instant as this page writes it."""
        return When(instant, self.zone, self.language)

    def date(self, text: str) -> str:
        """A date given as `YYYY-MM-DD` as this page writes it; anything else as it is."""
        return written_day(text, self.language)

    def name(self, group: str, key: str) -> str:
        """The name of an agency, kind or section; its id where nothing names it."""
        return self.names(group, key, self.language)


def content_of(document: Mapping[str, Any]) -> Content:
    """A draft's or a revision's document as what the portal reads. Raises TrustError."""
    plain = {name: value for name, value in document.items() if name != "salt"}
    return read_content(finished(plain)[1])


def html(
    document: Mapping[str, Any],
    page: PreviewPage,
    *,
    site: str,
    channel: str,
    at: str,
    translations: Mapping[str, str],
) -> bytes:
    """The whole page. `at` is the written instant at which it would go out, or "".

    `translations` gives the items that hold the other languages. Raises TrustError for a document
    that the portal would refuse.
    """
    content = content_of(document)
    moment = at or "2000-01-01T00:00:00Z"
    item = PublicItem(
        content.item, 1, "", "", content.digest, content.language, content.message, moment, "",
        True, None, content, b"", (Version(1, moment, content.digest, False),),
    )  # fmt: skip
    loader = resources.files("desk.items.templates")
    text = (
        templates()
        .overlay()
        .from_string(loader.joinpath("preview.html").read_text("utf-8"))
        .render(
            page=page,
            language=page.language,
            w=words(page.language),
            site=site,
            languages=[(code, words(code)["language"]) for code in ("vi", "en")],
            style=static_file("style.css")[1],
            item=item,
            content=content,
            body=render_body(content),
            translations=dict(translations),
            visible=[a for a in content.assets if a.role in SHOWN],
            files=[a for a in content.assets if a.role not in SHOWN],
            opened_late_us=0,
            channel=channel,
        )
    )
    return text.encode()


def style(name: str) -> bytes:
    """A style sheet of the pages: the portal's own, or that of the banner. Raises KeyError."""
    if name == "preview.css":
        return resources.files("desk.items.templates").joinpath(name).read_bytes()
    if name == "style.css":
        return static_file(name)[0]
    raise KeyError(name)

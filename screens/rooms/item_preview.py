"""What the public will see of an item: every channel, every language, before it is public."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from desk.clock import to_wall
from desk.errors import DeskError
from desk.locales import _, dates
from screens.dialogs.message import ErrorMessage, Message
from screens.parting import Parting
from screens.rooms.item_room_text import file_line
from screens.rooms.markdown_text import markdown_text
from screens.source.item_room import Entry, Preview
from screens.widgets.plain import TONES, Plain, line, lines

if TYPE_CHECKING:
    from screens.app import DeskApp

MOST = 90  # cells of a line: longer ones are hard to read
BANNER = "CHƯA CÔNG BỐ · NOT YET PUBLISHED"


def preview_text(one: Preview, zone: str, width: int = 0) -> Content:
    """The item as a reader of that channel gets it; its body broken into lines of that width."""
    if one.text is None:
        return line((_("This language is not written yet."), TONES["warn"]))
    text = one.text
    when = _("in no release yet")
    if one.at is not None:
        wall = to_wall(one.at, zone)
        when = f"{dates.moment(wall)} ({dates.offset(wall)})"
    labels = [entry.id for entry in (*text.sources, *text.legal)]
    note: list[Content | str] = []
    if text.edit_note:
        note = [line((text.edit_note, "italic")), ""]
    return lines(
        line((text.headline, "bold")),
        line((f"{one.agency} · {one.kind} · {when}", TONES["dim"])),
        "",
        *note,
        line((_("short version").upper(), TONES["dim"])),
        *text.summary.split("\n"),
        "",
        markdown_text(text.body, labels, width),
        "",
        *_notes(_("sources"), text.sources),
        *_notes(_("legal basis"), text.legal),
        *([line((_("files").upper(), TONES["dim"]))] if one.files else []),
        *(file_line(file) for file in one.files),
    )


def _notes(title: str, entries: tuple[Entry, ...]) -> list[Content | str]:
    if not entries:
        return []
    rows: list[Content | str] = [line((title.upper(), TONES["dim"]))]
    for one in entries:
        more = ", ".join(part for part in (one.number, one.date) if part)
        rows.append(
            line(
                (f"[{one.id}] ", TONES["accent"]), one.title, f", {more}" if more else "",
                (f" ‹{one.url}›" if one.url else "", TONES["dim"]),
            )
        )  # fmt: skip
    return [*rows, ""]


class ItemPreview(Parting, ModalScreen[None]):
    """Left and right go through channels and languages; b serves it to a browser."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+o,enter", "leave", show=False),
        Binding("left,shift+tab", "step(-1)", show=False),
        Binding("right,tab", "step(1)", show=False),
        Binding("b,f5,ctrl+b", "browser", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
    ]

    def __init__(self, item: str, previews: tuple[Preview, ...]) -> None:
        super().__init__()
        self._item, self._previews = item, previews
        self._at = next((n for n, one in enumerate(previews) if one.item == item), 0)

    def compose(self) -> ComposeResult:
        """The banner, the tabs, the text."""
        with Vertical(id="preview"):
            yield Plain(line((f"▓▓ {BANNER} ▓▓", "bold")), id="preview-banner")
            yield Plain("", id="preview-tabs")
            with VerticalScroll(id="preview-scroll", can_focus=False):
                yield Plain("", id="preview-text")
            yield Plain("", id="preview-keys")

    def on_mount(self) -> None:
        """The first channel."""
        keys = (("←→", _("channel and language")), ("B", _("in a browser")), ("Esc", _("close")))
        parts: list[str | tuple[str, str]] = []
        for key, label in keys:
            parts += [(key, "bold $text-accent"), f" {label}   "]
        self.query_one("#preview-keys", Plain).show(line(*parts))

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        tabs = [
            line((f" {one.name} · {one.language} ", "reverse bold" if n == self._at else "dim"))
            for n, one in enumerate(self._previews)
        ]
        self.query_one("#preview-tabs", Plain).show(Content(" ").join(tabs))
        zone = cast("DeskApp", self.app).zone
        scroll = self.query_one("#preview-scroll", VerticalScroll)
        width = min(MOST, scroll.scrollable_content_region.width)
        text = preview_text(self._previews[self._at], zone, width) if self._previews else Content()
        self.query_one("#preview-text", Plain).show(text)

    def action_step(self, by: int) -> None:
        """The next channel and language."""
        if self._previews:
            self._at = (self._at + by) % len(self._previews)
            self._draw()
            self.query_one("#preview-scroll").scroll_home(animate=False)

    def action_scroll(self, by: int) -> None:
        """Scroll the text."""
        self.query_one("#preview-scroll").scroll_relative(y=by, animate=False)

    def action_leave(self) -> None:
        """Back to the item."""
        self.dismiss(None)

    @work(group="act")
    async def action_browser(self) -> None:
        """Serve it on this machine; the address works once."""
        source = cast("DeskApp", self.app).source
        try:
            address = await asyncio.to_thread(source.item_serve, self._item)
        except DeskError as error:
            self.app.push_screen(ErrorMessage(error))
            return
        self.app.copy_to_clipboard(address)
        text = lines(
            line((address, "bold")),
            "",
            _("Open it in a browser on this machine. It works once, and until the item is closed."),
            line((_("It was copied to the clipboard, if the terminal allows that."), "dim")),
        )
        self.app.push_screen(Message(_("Preview in a browser"), text))

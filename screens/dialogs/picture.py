"""A file looked at: what it is, and its picture where the terminal can show one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from desk.locales import _
from desk.text import nfc
from screens.dialogs.message import Message
from screens.rooms.item_room_text import size_text
from screens.source.item_room import ItemFile
from screens.widgets.plain import TONES, Plain, line, lines

MOST_PIXELS = 40_000_000  # a picture is decoded to be shown; larger ones are named
LONGEST_TEXT = 20_000
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")


def why_not_shown(file: ItemFile, environment: Mapping[str, str], asked: bool) -> str:
    """Why a picture is only named here, or "" when it can be shown."""
    if file.media_type == "image/svg+xml":
        return _("a drawing (SVG): the preview in a browser shows it")
    if file.media_type not in _SHOWN:
        return ""
    remote = environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")
    if remote and not asked:
        return _("not drawn over ssh; press p to draw it all the same")
    return ""


def facts_text(file: ItemFile) -> Content:
    """Everything that is known of it."""
    return lines(
        line(f"{file.role} · {file.media_type} · {size_text(file.size)}"),
        line((f"sha256 {file.sha256}", TONES["dim"])),
        line((_("shows:") + " ", TONES["dim"]), file.alt or "⚠ " + _("no description")),
        line((_("caption:") + " ", TONES["dim"]), file.caption or "–"),
    )


class FileView(Message):
    """A file's facts, and below them its picture or its text."""

    def __init__(self, file: ItemFile, data: bytes) -> None:
        super().__init__(file.name, facts_text(file))
        self._file, self._data = file, data

    def fields(self) -> ComposeResult:
        """The picture, the text, or the reason why neither is here."""
        why = why_not_shown(self._file, os.environ, asked=False)
        if self._file.media_type == "text/plain":
            text = nfc(self._data.decode("utf-8", "replace"))
            yield Plain(text[:LONGEST_TEXT], id="file-text")
        elif why or self._file.media_type not in _SHOWN:
            yield Plain(line((why, TONES["warn"])), id="file-why")
        else:
            yield picture_of(self._data)

    def key_p(self) -> None:
        """Draw it although the terminal is far away."""
        if self._file.media_type in _SHOWN and self.query("#file-why"):
            self.query_one("#file-why").remove()
            self.mount(picture_of(self._data), before="#dialog-buttons")


def picture_of(data: bytes) -> Widget:
    """A widget that draws the picture as well as this terminal can; a text where it cannot."""
    from PIL import Image as Pictures
    from PIL import UnidentifiedImageError

    try:
        picture = Pictures.open(BytesIO(data))
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return Plain(line((_("too large to draw here"), TONES["warn"])), id="file-why")
        picture.load()
    except (OSError, ValueError, UnidentifiedImageError, Pictures.DecompressionBombError):
        return Plain(line((_("this picture cannot be drawn"), TONES["warn"])), id="file-why")
    with _not_asked():
        from textual_image.widget import HalfcellImage, UnicodeImage
    kind = UnicodeImage if os.environ.get("NO_COLOR") else HalfcellImage
    return kind(picture, id="file-picture")


@contextmanager
def _not_asked() -> Iterator[None]:
    """Import textual-image without its questions to the terminal.

    It asks by escape sequences and reads the answers from the keyboard, which belongs to the
    running desk: keys would be lost. Half cells need no answer and work in every terminal.
    """
    before = sys.__stdout__
    sys.__stdout__ = StringIO()  # type: ignore[misc,assignment]
    try:
        yield
    finally:
        sys.__stdout__ = before  # type: ignore[misc]

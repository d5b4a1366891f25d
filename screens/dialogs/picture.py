"""A file looked at: what it is, and its picture where the terminal can show one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from desk.errors import UsageError
from desk.items import image_size
from desk.items.assets import sniff
from desk.locales import _
from desk.text import nfc
from screens.dialogs.message import Message
from screens.rooms.item_room_text import size_text
from screens.source.item_room import ItemFile
from screens.terminal_pictures import Drawing
from screens.widgets.plain import TONES, Plain, line, lines

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from screens.app import DeskApp

MOST_PIXELS = 40_000_000  # a picture is decoded to be shown; larger ones are named
MOST_SLENDER = 50  # times as long as wide; beyond that nothing of it could be seen
PATIENCE = 20.0  # seconds for the decoder, which has 8 of processor time
LONGEST_TEXT = 20_000
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_AROUND = 11  # rows of the dialog that are not the picture
_BESIDE = 8  # columns that are not


class Undrawable(Exception):
    """Why a picture is only named. The text is for the person."""


def why_not_shown(file: ItemFile, environment: Mapping[str, str], asked: bool) -> str:
    """Why a picture is only named here, or "" when it can be shown."""
    if file.media_type == "image/svg+xml":
        return _("a drawing (SVG): the preview in a browser shows it")
    if file.media_type not in _FORMATS:
        return ""
    remote = environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")
    if remote and not asked:
        return _("not drawn over ssh; press p to draw it anyway")
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
        self._picture: Picture | None = None

    def fields(self) -> ComposeResult:
        """The text, the reason why no picture is here, or room for the picture."""
        why = why_not_shown(self._file, os.environ, asked=False)
        if self._file.media_type == "text/plain":
            text = nfc(self._data[: 4 * LONGEST_TEXT].decode("utf-8", "replace"))
            yield Plain(text[:LONGEST_TEXT], id="file-text")
        else:
            yield Plain(line((why, TONES["warn"])), id="file-why")

    def on_mount(self) -> None:
        """Draw it, when it is a picture and near."""
        if self._file.media_type in _FORMATS and not why_not_shown(
            self._file, os.environ, asked=False
        ):
            self._begin()

    def key_p(self) -> None:
        """Draw it although the terminal is far away."""
        if self._file.media_type in _FORMATS and self._picture is None:
            self._begin()

    def _begin(self) -> None:
        self.query_one("#file-why", Plain).show(line((_("drawing it …"), TONES["dim"])))
        self.run_worker(self._draw(), group="draw", exclusive=True)

    async def _draw(self) -> None:
        try:
            picture = await asyncio.to_thread(decoded, self._data)
        except Undrawable as error:
            if self.is_attached:
                self.query_one("#file-why", Plain).show(line((str(error), TONES["warn"])))
            return
        if self.is_attached:
            self._picture = picture
            self.query_one("#file-why").remove()
            drawing = cast("DeskApp", self.app).drawing
            await self.mount(widget_of(picture, drawing), before="#dialog-buttons")
            self._fit()

    def on_resize(self) -> None:
        """The terminal has another size."""
        self._fit()

    def _fit(self) -> None:
        """As large as the dialog has room, in its own proportions, never nothing."""
        if self._picture is None:
            return
        drawing = cast("DeskApp", self.app).drawing
        for place in self.query("#file-picture"):
            columns, rows = self.app.size.width - _BESIDE, self.app.size.height - _AROUND
            width, height = cells(self._picture.size, drawing, columns, rows)
            place.styles.width, place.styles.height = width, height


def cells(
    pixels: tuple[int, int], drawing: Drawing, columns: int, rows: int
) -> tuple[int, int]:  # fmt: skip
    """How many cells a picture takes within so many: in proportion, at least one each way."""
    columns, rows = max(1, columns), max(1, rows)
    high = pixels[1] * drawing.width / (pixels[0] * drawing.height)  # cells high for one wide
    width = min(columns, rows / high)
    return max(1, round(width)), max(1, min(rows, round(width * high)))


def decoded(data: bytes) -> Picture:
    """The first picture of a file, small enough to draw. Raises Undrawable.

    What it is, is told by its bytes; what its header declares is looked at before any decoder
    makes room for it. It is decoded by another process (`screens.picture_decoder`).
    """
    from PIL import Image as Pictures

    kind = sniff(data)
    damaged = Undrawable(_("this picture cannot be drawn"))
    if kind not in _FORMATS:
        raise damaged
    try:
        width, height = image_size.size(data, kind)
    except UsageError:
        raise damaged from None
    if width * height > MOST_PIXELS:
        raise Undrawable(_("too large to draw here"))
    if not width or not height:
        raise damaged
    if max(width, height) > MOST_SLENDER * min(width, height):
        raise Undrawable(_("too long and narrow to draw here"))
    program = Path(__file__).parents[1] / "picture_decoder.py"
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program), _FORMATS[kind], str(MOST_PIXELS)],
            input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE,
            check=True, env={},
        )  # fmt: skip
        head, _newline, pixels = done.stdout.partition(b"\n")
        size = tuple(int(part) for part in head.split())
        return Pictures.frombytes("RGB", cast("tuple[int, int]", size), pixels)
    except (OSError, ValueError, subprocess.SubprocessError):
        raise damaged from None


def widget_of(picture: Picture, drawing: Drawing) -> Widget:
    """A widget that draws the picture as well as this terminal can."""
    with _not_asked(drawing):
        from textual_image.widget import HalfcellImage, SixelImage, TGPImage, UnicodeImage
    kinds: dict[str, Callable[..., Widget]] = {
        "sixel": SixelImage, "kitty": TGPImage, "halves": HalfcellImage, "shades": UnicodeImage,
    }  # fmt: skip
    return kinds[drawing.way](picture, id="file-picture")


@contextmanager
def _not_asked(drawing: Drawing) -> Iterator[None]:
    """Import textual-image without its questions to the terminal.

    It asks by escape sequences and reads the answers from the keyboard, which belongs to the
    running desk: keys would be lost. What it wants to know was asked before the desk began, and
    it takes the size of a cell from the variables that textual-serve would set.
    """
    before = sys.__stdout__
    told = {"TEXTUAL_CELL_WIDTH": str(drawing.width), "TEXTUAL_CELL_HEIGHT": str(drawing.height)}
    missing = [name for name in told if name not in os.environ]
    sys.__stdout__ = StringIO()  # type: ignore[misc,assignment]
    for name in missing:
        os.environ[name] = told[name]
    try:
        yield
    finally:
        sys.__stdout__ = before  # type: ignore[misc]
        for name in missing:
            os.environ.pop(name, None)

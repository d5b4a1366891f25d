"""How every room looks: its text and its styles at three sizes, and without colour.

A picture is kept as text, not as SVG: its rows as a person reads them, then the styles of each row
as runs (`a12 b3`: twelve cells in style a, three in b), then what each style is. A change of
layout is a diff that can be read in a review, and a hundred pictures are half a megabyte, where
SVG took seven. They do not depend on the machine: the sample's clock stands still, and zone,
locale, terminal and theme are given.

When a change is meant, look at it and write the pictures anew:

    python -m pytest -q tests/screens/test_looks.py --snapshot-update
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from string import ascii_letters

import pytest
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from desk.locales import set_language
from screens.app import DeskApp
from screens.sample.tour import TOUR, go, sample_desk
from screens.widgets.virtual_table import VirtualTable

SHAPES = {
    "80x24": ((80, 24), "vi", False),
    "120x40": ((120, 40), "vi", False),
    "200x60": ((200, 60), "vi", False),
    "80x24-no-color": ((80, 24), "vi", True),
    "80x24-en": ((80, 24), "en", False),
}
ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")


class Picture(SingleFileSnapshotExtension):
    """One readable file for each picture: `looks/test_looks/queue-80x24.txt`."""

    _file_extension = "txt"
    _write_mode = WriteMode.TEXT

    def serialize(self, data: str, **_options: object) -> str:
        return data

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "looks" / "test_looks")

    @classmethod
    def _get_file_basename(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(index)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a machine may have set must not matter."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLORTERM", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("TZ", "America/New_York")
    yield
    set_language("en")


def look(style: Style | None) -> str:
    """A style in words: `bold #e0e0e0 on #101010`."""
    if style is None:
        return "plain"
    words = [name for name in ATTRIBUTES if getattr(style, name)]
    if style.color is not None:
        words.append(style.color.get_truecolor().hex)
    if style.bgcolor is not None:
        words.append(f"on {style.bgcolor.get_truecolor().hex}")
    return " ".join(words) or "plain"


def picture(app: DeskApp) -> str:
    """The screen as rows of text, rows of styles, and the styles."""
    strips = app.screen._compositor.render_strips()
    names: dict[str, str] = {}
    styled = []
    for strip in strips:
        runs = []
        cells = [(look(part.style), part.cell_length) for part in strip]
        for style, parts in groupby(cells, lambda cell: cell[0]):
            name = names.setdefault(style, ascii_letters[len(names)])
            runs.append(f"{name}{sum(width for _style, width in parts)}")
        styled.append(" ".join(runs))
    rows = [strip.text.rstrip() for strip in strips]
    legend = [f"{name} = {style}" for style, name in names.items()]
    return "\n".join([*rows, "", "-- styles", *styled, "", *legend, ""])


async def picture_of(name: str, size: tuple[int, int]) -> str:
    """One picture of the tour."""
    app = sample_desk()
    async with app.run_test(size=size) as pilot:
        await go(pilot, name)
        return picture(app)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", TOUR)
async def test_it_looks_as_it_did(
    name: str, shape: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, language, grey = SHAPES[shape]
    if grey:
        monkeypatch.setenv("NO_COLOR", "1")
    set_language(language)
    found = await picture_of(name, size)
    assert found == snapshot(name=f"{name}-{shape}", extension_class=Picture)


async def test_a_widget_that_moves_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    set_language("vi")
    before = await picture_of("queue", (80, 24))
    assert await picture_of("queue", (80, 24)) == before
    monkeypatch.setattr(VirtualTable, "DEFAULT_CSS", VirtualTable.DEFAULT_CSS + "\n"
                        "VirtualTable { margin-left: 1; }")  # fmt: skip
    assert await picture_of("queue", (80, 24)) != before


async def test_without_colour_every_style_is_grey(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    set_language("vi")
    legend = (await picture_of("monitor", (80, 24))).rpartition("-- styles")[2]
    colours = [word for word in legend.split() if word.startswith("#")]
    assert colours
    assert all(one[1:3] == one[3:5] == one[5:7] for one in colours)

"""Make the pictures of the docs: `python docs/shots.py` of the README, `--rooms` of every room.

Builds the demo with its portals and publisher, opens the desk on it without a terminal, waits for
the release, and writes `docs/images/desk.svg` (the monitor while it counts down), and with chromium
the portal's front page and one item page. Takes half a minute.

`--rooms` opens every room on the sample newsroom instead, at its fixed moment, and writes
`docs/images/rooms/`: the same pictures on every machine, in seconds.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from desk.cli.app import newsroom_source  # noqa: E402
from desk.demo.headless import Stage, build  # noqa: E402
from desk.demo.live import PERSON, more_entries  # noqa: E402
from desk.demo.newsroom import due_in, release  # noqa: E402
from desk.locales import set_language  # noqa: E402
from screens.app import DeskApp  # noqa: E402
from screens.sample.tour import go, sample_desk  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = (100, 21)  # columns, rows
SECONDS = 15
ROOMS = (
    "calendar", "calendar-week", "release", "queue", "monitor", "items", "item", "item-preview",
    "contacts", "terms", "handbook", "log", "search", "reports", "help",
)  # fmt: skip
ROOM_SIZE = (100, 28)  # columns, rows
# Fonts with Vietnamese letters; in one without them the marks stand beside their letters.
FONTS = "Cascadia Mono, SF Mono, Menlo, Consolas, Noto Sans Mono"
CELL = 12.2  # width of a character in the picture
PORTAL_SIZE = "1100,900"  # pixels


def main() -> None:
    """Build, look, and take everything away again."""
    set_language("vi")
    root = Path(tempfile.mkdtemp(prefix="desk-shots-"))
    stage = build(root, 6, say, canary=False)
    try:
        more_entries(stage.newsroom)
        release(stage.newsroom, SECONDS)
        asyncio.run(desk_picture(stage))
        portal_pictures(stage)
    finally:
        stage.services.stop()
        shutil.rmtree(root, ignore_errors=True)


def say(text: str) -> None:
    """Tell how far it is."""
    sys.stderr.write(f"{text}\n")


async def desk_picture(stage: Stage) -> None:
    """The monitor as the release counts down."""
    newsroom = stage.newsroom
    actor = newsroom.actor(PERSON)
    calendar = newsroom.root / "calendar.yaml"
    source = newsroom_source(
        newsroom.room, actor, calendar, stage.status_file, lambda _: actor, asks=False
    )
    app = DeskApp(source, room="monitor", idle_lock=0)
    async with app.run_test(size=SIZE):
        await until(lambda: due_in(newsroom) < 8)
        save(app, "desk")
        # The portal's pages show the release, with its picture drawn once it is public.
        await until(lambda: due_in(newsroom) < -3)


async def room_pictures() -> None:
    """Every room of the sample newsroom."""
    set_language("vi")
    for name in ROOMS:
        app = sample_desk()
        async with app.run_test(size=ROOM_SIZE) as pilot:
            await go(pilot, name)
            save(app, f"rooms/{name}")


async def until(ready: Callable[[], bool]) -> None:
    """Let the app run until then."""
    while not ready():
        await asyncio.sleep(0.1)


def save(app: DeskApp, name: str) -> None:
    """The screen as SVG, without the fonts that Textual would fetch from elsewhere."""
    svg = app.export_screenshot(title="Desk")
    svg = re.sub(r"<text [^>]*>\s*</text>", "", svg)  # line ends
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", FONTS)
    svg = re.sub(
        r'<text (.*?) x="([\d.]+)" (.*?) textLength="([\d.]+)"(.*?)>(.*?)</text>', _placed, svg
    )
    svg = "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"
    svg = re.sub(r"terminal-\d+", "desk", svg)  # a number of its own each time
    file = IMAGES / f"{name}.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(svg, "utf-8")
    say(f"docs/images/{name}.svg")


def _placed(match: re.Match[str]) -> str:
    """A run of text, word by word, with a place for every character.

    Stretched to a length instead, some browsers tear the marks of Vietnamese letters off, and
    some programs drop the blanks at its ends.
    """
    before, start, between, _length, after, content = match.groups()
    words = []
    for word in re.finditer(r"[^\s\xa0]+", unescape(content)):
        cells = range(word.start(), word.end())
        places = " ".join(f"{float(start) + CELL * cell:.1f}" for cell in cells)
        words.append(f'<text {before} x="{places}" {between}{after}>{escape(word[0])}</text>')
    return "".join(words)


def portal_pictures(stage: Stage) -> None:
    """The portal's front page and the press kit's page, when chromium is there."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        say("no chromium: the portal's pictures stay as they are")
        return
    room = stage.newsroom.room
    with room.reading(stage.newsroom.release) as view:
        kit = next(
            item.id
            for item in view.record.items.values()
            if item.kind == "press-kit" and item.language == "vi"
        )
    url = stage.urls["portal"]
    for name, address in (
        ("portal-front", f"{url}/?lang=vi"),
        ("portal-item", f"{url}/items/{kit}"),
    ):
        target = IMAGES / f"{name}.png"
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
             f"--window-size={PORTAL_SIZE}", f"--screenshot={target}", address],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        say(f"docs/images/{name}.png {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    if "--rooms" in sys.argv[1:]:
        asyncio.run(room_pictures())
    else:
        main()

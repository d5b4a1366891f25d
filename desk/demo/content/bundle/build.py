"""Makes the files of the bundle again from the code beside it.

`python -m desk.demo.content.bundle.build`, for whoever changes a picture or the press kit's text;
the results are committed. Needs rsvg-convert, ffmpeg, chromium and the font Inter. The film has
7 seconds at 25 frames a second and no sound.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from desk.demo.content import LANGUAGES, messages
from desk.demo.content.bundle.chart import chart
from desk.demo.content.bundle.picture import picture
from desk.demo.content.bundle.sheet import sheet

FOLDER = Path(__file__).parent
_FRAMES, _RATE, _MOVING = 175, 25, 125  # the last two seconds stand still, to be read


def build() -> None:
    """Write charts, picture, films and fact sheets into the bundle's folder.

    Raises FileNotFoundError when a tool is missing, CalledProcessError when one fails.
    """
    kit = next(message for message in messages() if message.assets)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _png(picture(), FOLDER / "hill-village.png", work, width=1200)
        for lang in LANGUAGES:
            (FOLDER / f"census-chart.{lang}.svg").write_text(chart(lang), encoding="utf-8")
            _film(lang, work)
            _pdf(sheet(lang, kit.texts[lang]), FOLDER / f"fact-sheet.{lang}.pdf", work)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _png(svg: str, target: Path, work: Path, *, width: int) -> None:
    source = work / "drawing.svg"
    source.write_text(svg, encoding="utf-8")
    _run("rsvg-convert", "--width", str(width), "--output", target, source)


def _film(lang: str, work: Path) -> None:
    for frame in range(_FRAMES):
        moment = min(1.0, frame / _MOVING)
        target = work / f"{frame:03d}.png"
        if frame <= _MOVING:
            _png(chart(lang, moment), target, work, width=960)
        else:
            target.write_bytes((work / f"{_MOVING:03d}.png").read_bytes())
    _run(
        *("ffmpeg", "-y", "-framerate", str(_RATE), "-i", work / "%03d.png"),
        *("-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p", "-crf", "30", "-b:v", "0"),
        *("-row-mt", "1", "-an", "-fflags", "+bitexact", "-metadata", f"language={lang}"),
        FOLDER / f"census-film.{lang}.webm",
    )


def _pdf(page: str, target: Path, work: Path) -> None:
    source = work / "sheet.html"
    source.write_text(page, encoding="utf-8")
    _run(
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
        *(f"--user-data-dir={work / 'profile'}", f"--print-to-pdf={target}", source.as_uri()),
    )


if __name__ == "__main__":
    build()

"""The census chart: Viet Nam's population in five censuses, as one SVG at any moment of its film.

The still graphic is the last frame. Figures: National Statistics Office, population and housing
censuses of 1979, 1989, 1999, 2009 and 2019, in millions, rounded to one decimal.
"""

from __future__ import annotations

from dataclasses import dataclass

CENSUSES = ((1979, 52.7), (1989, 64.4), (1999, 76.3), (2009, 85.8), (2019, 96.2))
WIDTH, HEIGHT = 1200, 675
_BASE, _TOP_OF_SCALE, _UNIT = 540, 100, 3.5  # y of the axis, largest value, pixels per million
_LEFT, _STEP, _BAR = 118, 204, 124
_INK, _SOFT, _LINE, _PAPER = "#14213d", "#5b6478", "#e3ddcf", "#fbf8f1"
_BAR_FILL, _LAST_FILL = "#2f7f79", "#b3262e"
_FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"


@dataclass(frozen=True)
class Words:
    """What the chart says in one language; `decimal` is the sign between units and tenths."""

    title: str
    subtitle: str
    gain: str
    source: str
    decimal: str


WORDS = {
    "vi": Words(
        "Dân số Việt Nam qua năm cuộc tổng điều tra",
        "Triệu người, tại thời điểm điều tra",
        "+{gain} triệu người so với năm 1979",
        "Nguồn: Cục Thống kê, tổng điều tra dân số các năm 1979, 1989, 1999, 2009, 2019",
        ",",
    ),
    "en": Words(
        "Viet Nam’s population in five censuses",
        "Million people, at the time of the census",
        "+{gain} million people since 1979",
        "Source: National Statistics Office, censuses of 1979, 1989, 1999, 2009 and 2019",
        ".",
    ),
}


def chart(lang: str, moment: float = 1.0) -> str:
    """The chart as SVG text in `lang`, at `moment` of its film from 0 (bare axes) to 1 (still)."""
    words = WORDS[lang]
    columns = "".join(
        _column(index, year, value, _grown(moment, index), words)
        for index, (year, value) in enumerate(CENSUSES)
    )
    told = "; ".join(f"{year}: {_number(value, words)}" for year, value in CENSUSES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" lang="{lang}" '
        f'aria-labelledby="title desc" font-family="{_FONT}">\n'
        f'<title id="title">{words.title}</title>\n'
        f'<desc id="desc">{words.subtitle}. {told}.</desc>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{_PAPER}"/>\n'
        f'<rect width="12" height="{HEIGHT}" fill="{_LAST_FILL}"/>\n'
        + _text(72, 84, 42, words.title, weight=700)
        + _text(72, 126, 24, words.subtitle, fill=_SOFT)
        + _grid()
        + columns
        + _gain(moment, words)
        + _text(72, 636, 18, words.source, fill=_SOFT)
        + "</svg>\n"
    )


def _number(value: float, words: Words) -> str:
    return f"{value:.1f}".replace(".", words.decimal)


def _grown(moment: float, index: int) -> float:
    """How much of column `index` stands: they start one after another and slow down at the end."""
    start, span = 0.04 + 0.125 * index, 0.20
    share = min(1.0, max(0.0, (moment - start) / span))
    return 1.0 - (1.0 - share) ** 3


def _text(
    x: float,
    y: float,
    size: int,
    words: str,
    *,
    fill: str = _INK,
    weight: int = 400,
    anchor: str = "start",
    opacity: float = 1.0,
    halo: bool = False,
) -> str:
    around = f' paint-order="stroke" stroke="{_PAPER}" stroke-width="8"' if halo else ""
    faded = "" if opacity >= 1 else f' opacity="{opacity:.2f}"'
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{fill}"{around}{faded}>{words}</text>\n'
    )


def _grid() -> str:
    lines = []
    for value in range(0, _TOP_OF_SCALE + 1, 25):
        y = _BASE - value * _UNIT
        colour, width = (_INK, 2) if value == 0 else (_LINE, 1.5)
        lines.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - 60}" y1="{y:g}" y2="{y:g}" '
            f'stroke="{colour}" stroke-width="{width}"/>\n'
            + _text(_LEFT - 14, y + 6, 18, str(value), fill=_SOFT, anchor="end")
        )
    return "".join(lines)


def _column(index: int, year: int, value: float, grown: float, words: Words) -> str:
    x, height = _LEFT + 40 + _STEP * index, value * _UNIT * grown
    last = index == len(CENSUSES) - 1
    fill = _LAST_FILL if last else _BAR_FILL
    parts = [_text(x + _BAR / 2, _BASE + 36, 24, str(year), weight=600, anchor="middle")]
    if grown > 0:
        top = _BASE - height
        parts.append(
            f'<rect x="{x}" y="{top:.2f}" width="{_BAR}" height="{height:.2f}" fill="{fill}"/>\n'
        )
        # Only the true figure is ever shown: a frame may be seen, or copied, on its own.
        opacity = max(0.0, grown - 0.9) * 10
        shown = _number(value, words)
        parts.append(
            _text(
                x + _BAR / 2,
                top - 14,
                30,
                shown,
                fill=fill,
                weight=700,
                anchor="middle",
                opacity=opacity,
                halo=True,
            )
        )
    return "".join(parts)


def _gain(moment: float, words: Words) -> str:
    """What four decades added, once all columns stand."""
    opacity = min(1.0, max(0.0, (moment - 0.78) / 0.1))
    if opacity == 0:
        return ""
    gain = _number(CENSUSES[-1][1] - CENSUSES[0][1], words)
    said = words.gain.format(gain=gain)
    return _text(
        WIDTH - 60, 126, 24, said, fill=_LAST_FILL, weight=600, anchor="end", opacity=opacity
    )

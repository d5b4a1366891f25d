"""The picture of the press kit: a village among planted hills at dawn, drawn as one SVG.

Everything is placed by sums of sines, so the drawing is the same each time it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sin

WIDTH, HEIGHT = 1200, 675
Ridge = Callable[[float], float]

_SKY = ("#f6c99f", "#f9e3c4", "#cfe3e2")
_FAR = (
    ("#a9c3c4", lambda x: 300 + 46 * sin(x / 170 + 0.4) + 18 * sin(x / 61)),
    ("#86adab", lambda x: 350 + 40 * sin(x / 210 + 2.2) + 14 * sin(x / 73 + 1)),
    ("#5f9490", lambda x: 408 + 34 * sin(x / 240 + 4.1) + 10 * sin(x / 90 + 2)),
)
_NEAR = (
    ("#3f7d6c", "#2c6153", lambda x: 462 + 40 * sin(x / 260 + 0.9)),
    ("#2f6b52", "#1f4f3d", lambda x: 536 + 44 * sin(x / 230 + 3.2)),
    ("#1f523d", "#12382a", lambda x: 620 + 26 * sin(x / 200 + 5.3)),
)
# x, how far below the ridge of the farthest hill, width: from back to front
_HOUSES = (
    (760, 50, 26),
    (868, 52, 28),
    (716, 58, 30),
    (812, 62, 34),
    (664, 66, 32),
    (908, 72, 36),
    (778, 88, 42),
    (850, 98, 44),
)


def picture() -> str:
    """The drawing as SVG text, 1200 by 675, without words, so that it serves every language."""
    mist = "".join(
        f'<path d="{_below(ridge)}" fill="{colour}"/>\n'
        f'<path d="{_below(_lower(ridge, 40))}" fill="#fff" opacity="0.16"/>\n'
        for colour, ridge in _FAR
    )
    hills = "".join(
        _hill(order, colour, dark, ridge) for order, (colour, dark, ridge) in enumerate(_NEAR)
    )
    stops = "".join(
        f'<stop offset="{index * 45}%" stop-color="{colour}"/>' for index, colour in enumerate(_SKY)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">\n'
        f'<defs><linearGradient id="sky" x2="0" y1="1" y2="0">{stops}</linearGradient></defs>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>\n'
        '<circle cx="820" cy="236" r="118" fill="#fff" opacity="0.22"/>\n'
        '<circle cx="820" cy="236" r="64" fill="#fdf1d6"/>\n' + mist + hills + "</svg>\n"
    )


def _lower(ridge: Ridge, by: float) -> Ridge:
    return lambda x: ridge(x) + by


def _below(ridge: Ridge) -> str:
    """The outline of everything below `ridge`."""
    points = " ".join(f"{x} {ridge(x):.1f}" for x in range(0, WIDTH + 1, 20))
    return f"M0 {HEIGHT} L{points} L{WIDTH} {HEIGHT} Z"


def _hill(order: int, colour: str, dark: str, ridge: Ridge) -> str:
    """A hill with rows of young trees along its contours, larger the nearer it is."""
    size = 9 + 7 * order
    rows = []
    for row in range(6):
        line = _lower(ridge, 6 + row * (15 + 8 * order))
        shift = (row % 2) * size * 0.9 + order * 11
        trees = "".join(
            _tree(x, line(x), size * (1 + 0.13 * sin(x * 1.7 + row)))
            for x in _steps(shift - size, WIDTH + size, size * 1.9)
        )
        rows.append(f'<g fill="{dark}">{trees}</g>\n')
    village = _village(ridge) if order == 0 else ""
    return f'<path d="{_below(ridge)}" fill="{colour}"/>\n' + "".join(rows) + village


def _steps(start: float, stop: float, step: float) -> list[float]:
    return [start + step * index for index in range(int((stop - start) / step) + 1)]


def _tree(x: float, y: float, size: float) -> str:
    """A young acacia: a trunk and a crown, standing at (x, y)."""
    return (
        f'<path d="M{x - size * 0.07:.1f} {y:.1f}h{size * 0.14:.1f}v{-size * 0.8:.1f}'
        f'h{-size * 0.14:.1f}z"/>'
        f'<ellipse cx="{x:.1f}" cy="{y - size * 1.05:.1f}" rx="{size * 0.46:.1f}" '
        f'ry="{size * 0.62:.1f}"/>'
    )


def _village(ridge: Ridge) -> str:
    """The houses in their clearing, the nearer ones in front."""
    places = [(x, ridge(x) + drop, width) for x, drop, width in _HOUSES]
    clearing = "".join(
        f'<ellipse cx="{x + width / 2:.1f}" cy="{y - width / 5:.1f}" rx="{width * 1.25:.1f}" '
        f'ry="{width * 0.72:.1f}"/>'
        for x, y, width in places
    )
    houses = "".join(_house(*place) for place in places)
    return f'<g fill="#6fa287">{clearing}</g>\n{houses}'


def _house(x: float, y: float, width: float) -> str:
    """A house with a tiled roof, standing at (x, y)."""
    wall, roof, eave = width * 0.42, width * 0.38, width * 0.14
    return (
        f'<path d="M{x:.1f} {y:.1f}v{-wall:.1f}h{width:.1f}v{wall:.1f}z" fill="#f7ead2"/>'
        f'<path d="M{x - eave:.1f} {y - wall:.1f}l{eave + width * 0.18:.1f} {-roof:.1f}'
        f'h{width * 0.64:.1f}l{eave + width * 0.18:.1f} {roof:.1f}z" fill="#b8513a"/>'
        f'<path d="M{x + width * 0.42:.1f} {y:.1f}v{-wall * 0.62:.1f}h{width * 0.18:.1f}'
        f'v{wall * 0.62:.1f}z" fill="#7b4a35"/>\n'
    )

"""Sample files: the bundle of text, document, picture, graphic and video of the demo's press kit.

The files lie in `content/bundle/` and are drawn by the code beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_BUNDLE = Path(__file__).parent / "content" / "bundle"


@dataclass(frozen=True)
class SampleAsset:
    """A file to attach: `role` and `media_type` as in the content document.

    `alt` says in words what a reader who cannot see the file needs; `caption` stands under it.
    """

    path: Path
    role: str
    media_type: str
    alt: str
    caption: str


_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "vi": {
        "press-note": (
            "Bản ghi nhớ dành cho báo chí về dân số Việt Nam, dạng văn bản thuần.",
            "Bản ghi nhớ dành cho báo chí",
        ),
        "fact-sheet": (
            "Tờ thông tin khổ A4: dân số Việt Nam qua năm cuộc tổng điều tra, có biểu đồ, nguồn.",
            "Tờ thông tin để in",
        ),
        "hill-village": (
            "Tranh vẽ vùng đồi trung du lúc bình minh: một làng mái ngói đỏ nằm giữa những hàng cây"
            " mới trồng, phía xa là núi mờ sương.",
            "Làng giữa vùng đồi trung du. Tranh: Desk",
        ),
        "census-chart": (
            "Biểu đồ cột dân số Việt Nam theo triệu người: năm 1979 là 52,7; năm 1989 là 64,4; năm"
            " 1999 là 76,3; năm 2009 là 85,8; năm 2019 là 96,2.",
            "Dân số Việt Nam qua năm cuộc tổng điều tra. Nguồn: Cục Thống kê",
        ),
        "census-film": (
            "Phim không lời dài 7 giây: các cột dân số của năm cuộc tổng điều tra lần lượt mọc lên,"
            " từ 52,7 triệu người năm 1979 đến 96,2 triệu người năm 2019.",
            "Dân số Việt Nam từ năm 1979 đến năm 2019. Nguồn: Cục Thống kê",
        ),
    },
    "en": {
        "press-note": (
            "Press note on Viet Nam's population in plain text.",
            "Press note",
        ),
        "fact-sheet": (
            "A4 fact sheet about Viet Nam's population in five censuses, with chart and sources.",
            "Fact sheet for printing",
        ),
        "hill-village": (
            "Drawing of the midlands at dawn: a village with red tiled roofs among rows of young"
            " trees, with mountains in the mist behind.",
            "A village among the hills of the midlands. Drawing: Desk",
        ),
        "census-chart": (
            "Column chart of Viet Nam's population in millions: 52.7 in 1979, 64.4 in 1989, 76.3 in"
            " 1999, 85.8 in 2009, 96.2 in 2019.",
            "Viet Nam's population in five censuses. Source: National Statistics Office",
        ),
        "census-film": (
            "Film of 7 seconds without speech: the columns of five censuses grow one after another,"
            " from 52.7 million people in 1979 to 96.2 million in 2019.",
            "Viet Nam's population from 1979 to 2019. Source: National Statistics Office",
        ),
    },
}

# name, whether each language has its own file, suffix, role, media type
_FILES = (
    ("press-note", True, ".txt", "text", "text/plain"),
    ("fact-sheet", True, ".pdf", "document", "application/pdf"),
    ("hill-village", False, ".png", "picture", "image/png"),
    ("census-chart", True, ".svg", "graphic", "image/svg+xml"),
    ("census-film", True, ".webm", "video", "video/webm"),
)


def asset_files(lang: str) -> list[SampleAsset]:
    """The five files of the bundle in language `lang` ("vi" or "en"), all of them on disk.

    Raises KeyError for a language that the bundle does not have.
    """
    words = _WORDS[lang]
    return [
        SampleAsset(
            path=_BUNDLE / (f"{name}.{lang}{suffix}" if own else f"{name}{suffix}"),
            role=role,
            media_type=media_type,
            alt=words[name][0],
            caption=words[name][1],
        )
        for name, own, suffix, role, media_type in _FILES
    ]

"""Assets: told by content, limited by role, named without a path, drawings that only draw."""

from __future__ import annotations

import hashlib
import os
import struct
import unicodedata
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import NotFound, UsageError
from desk.items.assets import LIMITS, LONGEST_NAME, inspect, inspect_file, safe_name, sniff
from desk.text import safe_text
from tests.items.archives import docx


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + crc


def jpeg(width: int, height: int) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + app + b"\xff" + frame


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0"


def webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


def svg(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'{before}<svg {space} width="640" height="360" {attributes}>{inside}</svg>'.encode()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"
DOCX = docx()


@pytest.mark.parametrize(
    ("data", "role", "name", "kind"),
    [
        (PDF, "document", "bao-cao.pdf", "application/pdf"),
        ("Lời dẫn".encode(), "text", "loi-dan.txt", "text/plain"),
        (png(640, 360), "picture", "anh.png", "image/png"),
        (jpeg(640, 360), "picture", "ANH.JPG", "image/jpeg"),
        (gif(640, 360), "graphic", "a.gif", "image/gif"),
        (webp(640, 360), "picture", "a.webp", "image/webp"),
        (svg("<path d='M0 0'/>"), "graphic", "bieu-do.svg", "image/svg+xml"),
        (MP4, "video", "phim.mp4", "video/mp4"),
        (WEBM, "video", "phim.webm", "video/webm"),
    ],
)
def test_each_type_is_told_by_its_bytes(data: bytes, role: str, name: str, kind: str) -> None:
    facts = inspect(data, role, name=name)
    assert facts.media_type == kind == sniff(data)
    assert facts.size == len(data)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert (facts.width, facts.height) == ((640, 360) if kind.startswith("image/") else (0, 0))


@pytest.mark.parametrize(
    ("data", "role", "name"),
    [
        (PDF, "picture", "anh.png"),
        (PDF, "document", "bao-cao.png"),
        (PDF, "document", "bao-cao"),
        (png(1, 1), "picture", "anh.png.exe"),
        (svg(), "picture", "anh.svg"),
        (b"<html><svg></svg></html>", "graphic", "a.svg"),
        (b"MZ\x90\0\3", "document", "a.pdf"),
        (b"\0\1\2", "text", "a.txt"),
        (b"\xff\xfea\0", "text", "a.txt"),
        (DOCX, "document", "a.docx"),
        (b"PK\3\4" + b"\0" * 60, "document", "a.zip"),
        (b"", "text", "a.txt"),
        (b"GIF8", "picture", "a.gif"),
        (b"\x89PNG\r\n\x1a\n", "picture", "a.png"),
        (b"\xff\xd8\xff\xd9", "picture", "a.jpg"),
        (b"x", "poster", "a.txt"),
    ],
)
def test_what_does_not_fit_its_role_or_name_is_refused(data: bytes, role: str, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        inspect(data, role, name=name)
    assert refused.value.title


def test_office_documents_come_in_only_where_the_kind_says_so() -> None:
    assert inspect(DOCX, "document", name="a.docx", office=True).media_type.endswith("document")
    with pytest.raises(UsageError):
        inspect(DOCX, "picture", name="a.docx", office=True)


@pytest.mark.parametrize("role", ["text", "document", "picture", "graphic"])
def test_attack_31_a_file_past_its_limit_is_refused(role: str) -> None:
    data = b"a" * (LIMITS[role] + 1)
    with pytest.raises(UsageError, match="too large"):
        inspect(data, role, name="a.txt")


@pytest.mark.parametrize("picture", [png, jpeg, webp])
@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 30_000), (40_000, 1)])
def test_attack_31_a_picture_that_unpacks_too_large_is_refused(picture, size) -> None:
    with pytest.raises(UsageError):
        inspect(picture(*size), "picture")


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0)])
def test_a_picture_without_a_size_is_refused(width: int, height: int) -> None:
    with pytest.raises(UsageError):
        inspect(png(width, height), "picture")


DRAWN = [
    "<rect width='3' height='4' fill='#fff' style='stroke:url(#g)'/>",
    "<defs><linearGradient id='g'><stop offset='0'/></linearGradient></defs>",
    "<defs><path id='a' d='M0'/></defs><g><use href='#a'/><use xlink:href='#a'/></g>",
    "<style>/* lớp */ .a{fill:red; marker-end:url('#m')}</style><text class='a'>7,4%</text>",
    "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
]


@pytest.mark.parametrize("inside", DRAWN)
def test_a_drawing_is_let_in(inside: str) -> None:
    assert inspect(svg(inside), "graphic", name="a.svg").width == 640


def test_a_drawing_may_have_a_prolog_and_comments() -> None:
    before = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- vẽ bằng máy -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    assert inspect(svg(before=before), "graphic", name="a.svg").height == 360


ACTIVE = [
    "<script>alert(1)</script>",
    "<SCRIPT xmlns='http://www.w3.org/1999/xhtml'>alert(1)</SCRIPT>",
    "<rect onload='alert(1)'/>",
    "<rect ONCLICK='alert(1)'/>",
    "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
    "<p xmlns='http://www.w3.org/1999/xhtml'>x</p>",
    "<a href='https://example.org'><text>x</text></a>",
    "<image href='https://example.org/a.png'/>",
    "<image href='data:image/png;base64,AA=='/>",
    "<use href='https://example.org/a.svg#b'/>",
    "<use xlink:href='data:image/svg+xml,x#b'/>",
    "<use href=' javascript:alert(1)'/>",
    "<set attributeName='href' to='javascript:alert(1)'/>",
    "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<rect fill='url(https://example.org/a#b)'/>",
    "<rect style='fill:url( \"//example.org/a#b\")'/>",
    "<rect style='background:\\75rl(x)'/>",
    "<style>@import 'https://example.org/a.css';</style>",
    "<style>a{content:'/*'} @import 'x'; b{content:'*/'}</style>",
    "<style>a{fill:u/**/rl(x)} b{fill:url(/**/x)}</style>",
    "<style>a{background:image-set('https://example.org/a.png' 1x)}</style>",
    "<style>@font-face{src:url(https://example.org/f)}</style>",
    "<?xml-stylesheet href='https://example.org/a.css'?>",
    "<g xml:base='https://example.org/'/>",
    "<g id='a'><use href='#b'/><use href='#b'/></g><g id='b'><use href='#a'/></g>",
    "<g>" * 100 + "</g>" * 100,
]


@pytest.mark.parametrize("inside", ACTIVE)
def test_a_drawing_that_does_more_is_refused(inside: str) -> None:
    with pytest.raises(UsageError):
        inspect(svg(inside), "graphic", name="a.svg")


LEVELS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
BOMB = f'<!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">{LEVELS}<!ENTITY a "&a8;">]>'
OUTSIDE = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://192.0.2.1/a"> %a;]>'


@pytest.mark.parametrize("before", [BOMB, OUTSIDE, PARAMETER, "<!DOCTYPE svg []>"])
def test_attack_31_entities_are_refused_before_they_grow(before: str) -> None:
    with pytest.raises(UsageError, match=r"does more than draw|Not a file"):
        inspect(svg("<text>&a;</text>", before=before), "graphic", name="a.svg")


def test_a_broken_drawing_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError, match="line 1"):
        inspect(svg("<rect>"), "graphic", name="a.svg")


def test_a_file_is_read_once_and_its_bytes_come_back(tmp_path: Path) -> None:
    file = tmp_path / "anh.png"
    file.write_bytes(png(2, 3))
    facts, data = inspect_file(file, "picture")
    assert data == png(2, 3)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def test_attack_31_pipes_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    for path in (tmp_path / "a.txt", tmp_path):
        with pytest.raises(UsageError, match="Not a file"):
            inspect_file(path, "text")
    with pytest.raises(NotFound):
        inspect_file(tmp_path / "b.txt", "text")


def test_attack_31_a_symlink_is_judged_by_the_bytes_behind_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\0\1\2")
    (tmp_path / "a.png").symlink_to(tmp_path / "secret")
    with pytest.raises(UsageError):
        inspect_file(tmp_path / "a.png", "picture")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Biểu đồ quý III.svg", "Biểu đồ quý III.svg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a.pdf", "a.pdf"),
        ("/etc/shadow", "shadow"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("..", "asset"),
        ("", "asset"),
        ("~/.bashrc", "bashrc"),
        ("-rf.txt", "rf.txt"),
        ("a\x00b.pdf", "a_b.pdf"),
        ("a\nb.pdf", "a_b.pdf"),
        ("bao\u202efdp.exe", "bao_fdp.exe"),
        ("a<b>|c?.pdf", "a_b__c_.pdf"),
        ("NUL", "_NUL"),
        ("com1.txt", "_com1.txt"),
        ("a.pdf. ", "a.pdf"),
        ("a:b.txt", "a_b.txt"),
    ],
)
def test_attack_31_a_name_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("ế" * 400 + ".svg")
    assert len(name) == LONGEST_NAME
    assert name.endswith(".svg")


@given(st.text(max_size=200))
def test_attack_31_any_name_becomes_harmless_and_stays_so(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert safe == safe_text(safe)
    assert unicodedata.is_normalized("NFC", safe)
    assert PurePosixPath(safe).name == PureWindowsPath(safe).name == safe
    assert safe not in (".", "..")
    assert safe_name(safe) == safe


@given(st.binary(max_size=400))
def test_any_bytes_get_facts_or_a_refusal(data: bytes) -> None:
    for role in LIMITS:
        try:
            inspect(data, role)
        except UsageError:
            continue

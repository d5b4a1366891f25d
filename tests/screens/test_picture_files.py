"""Picture files made to harm: bounded in memory and time, told in plain words, never drawn raw."""

from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from screens import picture_decoder
from screens.dialogs import picture
from screens.dialogs.picture import MOST_PIXELS, Undrawable, cells, decoded
from screens.terminal_pictures import Drawing, drawing_of, may_ask

CANNOT = "this picture cannot be drawn"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes = b"", *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(pixels)),
             chunk(b"IEND", b"")]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def made(
    format: str, size: tuple[int, int] = (400, 300), mode: str = "RGB", frames: int = 1
) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new(mode, size, n % 250) for n in range(frames)]
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(out, format, **more)
    return out.getvalue()


def why(data: bytes) -> str:
    with pytest.raises(Undrawable) as told:
        decoded(data)
    return str(told.value)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_the_web_shows_is_drawn_and_half_of_it_is_told(format: str) -> None:
    data = made(format)
    assert decoded(data).size == (400, 300)
    assert why(data[: len(data) // 3]) == CANNOT


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16", "1"])
def test_every_kind_of_pixel_becomes_plain_colours(mode: str) -> None:
    assert decoded(made("PNG", mode=mode)).mode == "RGB"


@pytest.mark.parametrize("format", ["GIF", "WEBP"])
def test_of_an_animation_the_first_picture_is_drawn(format: str) -> None:
    assert decoded(made(format, frames=60)).size == (400, 300)


def test_attack_31_a_small_file_that_declares_a_huge_picture_is_named_and_not_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a decoder was started")

    monkeypatch.setattr(subprocess, "run", never)
    wide = (16_382).to_bytes(3, "little")
    webp = b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    gif = b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(20)
    for bomb in (png(30_000, 30_000), webp + wide + wide + bytes(20), gif):
        assert why(bomb) == "too large to draw here"
    assert why(made("PNG", (30_000, 1))) == "too long and narrow to draw here"
    assert why(png(0, 7)) == CANNOT


def test_attack_31_only_the_decoder_of_the_format_sees_the_bytes() -> None:
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(x) print\n"
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    linked = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://192.0.2.1/a"/></svg>'
    for data in (postscript, drawing, linked, b"", b"\x1b]0;owned\x07", made("TIFF"), made("BMP")):
        assert why(data) == CANNOT


def test_attack_31_a_decoder_that_eats_memory_or_time_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real limits of the real program, with a picture that would need more than they give."""
    largest = int(MOST_PIXELS**0.5) - 1
    program = Path(picture_decoder.__file__)
    pixels = made("PNG", (largest, largest), "1")
    small = program.read_text(encoding="utf-8").replace("1024**3", "96 * 1024**2")
    changed = tmp_path / "decoder.py"
    changed.write_text(small, encoding="utf-8")
    arguments = [sys.executable, "-I", str(changed), "PNG", str(MOST_PIXELS)]
    done = subprocess.run(arguments, input=png(largest, largest), capture_output=True)
    assert done.returncode != 0
    assert done.stdout == b""
    assert done.stderr == b""
    assert decoded(pixels).width == picture_decoder.LONGEST_SIDE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    decoded(pixels)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KB


def test_attack_31_a_decoder_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def endless(*arguments: object, timeout: float, **_options: object) -> None:
        asked.append(timeout)
        raise subprocess.TimeoutExpired("decoder", timeout)

    monkeypatch.setattr(subprocess, "run", endless)
    assert why(made("PNG")) == CANNOT
    assert asked == [picture.PATIENCE]


def test_a_text_chunk_that_swells_does_not_hide_in_a_picture() -> None:
    swelling = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))
    assert why(png(10, 10, bytes(410), swelling)) == CANNOT


@given(st.data())
@settings(max_examples=12)
def test_attack_31_no_damage_gets_past_the_plain_message(data: st.DataObject) -> None:
    format = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
    whole = bytearray(made(format, (40, 30)))
    for _one in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        outcome = decoded(bytes(whole)).mode
    except Undrawable as told:
        outcome = str(told)
    assert outcome in ("RGB", CANNOT, "too large to draw here", "too long and narrow to draw here")


@given(
    st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)),
    st.integers(-10, 300), st.integers(-10, 100), st.integers(4, 40), st.integers(4, 40),
)  # fmt: skip
def test_a_picture_keeps_within_the_room_and_is_never_nothing(
    pixels: tuple[int, int], columns: int, rows: int, width: int, height: int
) -> None:
    wide, high = cells(pixels, Drawing("halves", width, height), columns, rows)
    assert 1 <= wide <= max(1, columns)
    assert 1 <= high <= max(1, rows)


def test_who_is_asked_and_what_the_answers_mean() -> None:
    kitty = {"TERM": "xterm-kitty"}
    assert may_ask(kitty)
    for name in ("SSH_CONNECTION", "SSH_TTY", "TMUX", "STY", "NO_COLOR"):
        assert not may_ask({**kitty, name: "1"})
    assert not may_ask({"TERM": "xterm-256color"})
    yes = b"\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;c"
    assert drawing_of(yes, kitty) == Drawing("kitty", 9, 18)
    assert drawing_of(b"\x1b[?62;4;22c", kitty).way == "sixel"
    assert drawing_of(b"\x1b[?62;14;22c", kitty).way == "halves"
    assert drawing_of(b"\x1b[6;0;0t\x1b[6;999;1t", kitty) == Drawing("halves", 10, 20)
    assert drawing_of(yes, {"NO_COLOR": "1"}).way == "shades"

"""Picture sizes as their headers declare them, read without decoding a single pixel.

PNG (ISO/IEC 15948), JPEG (ITU-T T.81), GIF89a, WebP (RFC 9649). A decoder makes room for what
the header declares, so this is where a decompression bomb shows.
"""

from __future__ import annotations

from desk.errors import UsageError
from desk.phrase import phrase

# Start-of-frame markers: C0 to CF without DHT (C4), JPG (C8) and DAC (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_MOST_SEGMENTS = 10_000


def size(data: bytes, media_type: str) -> tuple[int, int]:
    """Width and height in pixels. Raises UsageError for a broken header."""
    readers = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
    found = readers[media_type](data)
    if found is None:
        raise UsageError(
            "The picture is damaged",
            phrase("its {media_type} header cannot be read", media_type=media_type),
        )
    return found


def _png(data: bytes) -> tuple[int, int] | None:
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _gif(data: bytes) -> tuple[int, int] | None:
    if len(data) < 13:
        return None
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")


def _webp(data: bytes) -> tuple[int, int] | None:
    form, rest = data[12:16], data[20:30]
    if len(rest) < 10:
        return None
    if form == b"VP8X":
        return int.from_bytes(rest[4:7], "little") + 1, int.from_bytes(rest[7:10], "little") + 1
    if form == b"VP8L" and rest[0] == 0x2F:
        bits = int.from_bytes(rest[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and rest[3:6] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(rest[6:8], "little"), int.from_bytes(rest[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if len(data) < at + 4 or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _ALONE:
            at += 2
            continue
        if marker in _FRAMES:
            if len(data) < at + 9:
                return None
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker in (0xDA, 0xD9):  # the scan, or the end, before any frame
            return None
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None

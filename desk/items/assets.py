"""Assets: what a file is by its bytes, whether its role allows it, and a harmless name for it.

A file's own name and declared type are never believed. Types are told by their signatures (the
WHATWG MIME Sniffing Standard and the formats' own specifications); a file is refused when its
name says something else than its bytes.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from desk.errors import NotFound, UsageError
from desk.items import image_size, svg
from desk.items import office as office_file
from desk.locales.words import said
from desk.phrase import phrase
from desk.text import nfc, one_line, safe_text

MB = 1024 * 1024
LIMITS = {
    "text": 1 * MB,
    "document": 20 * MB,
    "picture": 15 * MB,
    "graphic": 15 * MB,
    "video": 200 * MB,
}
ROLES: dict[str, frozenset[str]] = {
    "text": frozenset({"text/plain"}),
    "document": frozenset({"application/pdf", "text/plain"}),
    "picture": frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"}),
    "graphic": frozenset({"image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"}),
    "video": frozenset({"video/mp4", "video/webm"}),
}
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The endings that fit a type; the first is the usual one.
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/svg+xml": (".svg",),
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
    "text/plain": (".txt", ".md", ".csv", ".text", ".srt", ".vtt"),
    OFFICE: (".docx",),
    "application/zip": (".zip",),
}
MOST_PIXELS = 100_000_000
LONGEST_SIDE = 30_000
LONGEST_NAME = 120
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
               b"dash", b"msdh", b"MSNV")  # fmt: skip


@dataclass(frozen=True)
class AssetFacts:
    """What a file is: media type, size in bytes, SHA-256 in hex, width and height in pixels.

    Width and height are 0 where the type has none or does not say.
    """

    media_type: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0


def inspect_file(path: Path, role: str, *, office: bool = False) -> tuple[AssetFacts, bytes]:
    """Read a regular file once and inspect exactly the bytes that are returned.

    Raises NotFound, or UsageError when it is no file, too large, or not what its role wants.
    A symlink is followed only to a regular file; its target's name plays no part.
    """
    limit = _limit(role)
    try:
        # Looked at before it is opened: opening a pipe would wait for its other end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UsageError("Not a file", one_line(str(path)), "Attach a regular file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFound("No such file", one_line(str(path))) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("The file cannot be read", f"{one_line(str(path))}: {reason}") from None
    return inspect(data, role, name=path.name, office=office), data


def inspect(data: bytes, role: str, *, name: str = "", office: bool = False) -> AssetFacts:
    """Check the bytes of an asset for its role (text, document, picture, graphic, video).

    `office` admits .docx as a document, for kinds that publish them. Raises UsageError naming
    what does not fit: size, type, name against type, picture size, active content in an SVG.
    """
    limit = _limit(role)
    if len(data) > limit:
        most = phrase("a {role} has at most {size} MB", role=said("file", role), size=limit // MB)
        raise UsageError("The file is too large", most, "Make it smaller or choose another role")
    if not data:
        raise UsageError("The file is empty", one_line(name))
    kind = sniff(data)
    _fits(kind, role, name, office)
    width, height = 0, 0
    if kind == OFFICE:
        office_file.check(data)
    elif kind == "image/svg+xml":
        width, height = svg.check(data)
    elif kind.startswith("image/"):
        width, height = _bounded(image_size.size(data, kind))
    return AssetFacts(kind, len(data), hashlib.sha256(data).hexdigest(), width, height)


def sniff(data: bytes) -> str:
    """The media type by content; "" for what Desk does not know. Never raises."""
    for prefix, kind in (
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
    ):
        if data.startswith(prefix):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in _MP4_BRANDS:
        return "video/mp4"
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64]:
        return "video/webm"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        # A .docx opens with its content types; what else is in it is for `desk.items.office`.
        return OFFICE if b"[Content_Types].xml" in data[:120] else "application/zip"
    if svg.looks_like(data):
        return "image/svg+xml"
    return "text/plain" if _is_text(data) else ""


def safe_name(name: str) -> str:
    """A file name that is no path on any system: NFC, one line, at most 120 characters.

    Directories are dropped, controls, bidi marks and characters that a system reserves become
    "_"; names that Windows reserves, leading dots and endings in dot or space are changed.
    """
    base = re.split(r"[/\\]", nfc(name))[-1]
    chars = [
        "_" if ch in '<>:"|?*\ufffd' or unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Co", "Cn",
                                                                    "Zl", "Zp") else ch
        for ch in base
    ]  # fmt: skip
    # What safe_text would still change, a terminal could be fooled by.
    base = " ".join("".join(chars).split()).lstrip(". ~-").rstrip(". ")
    if safe_text(base) != base or not base.strip("_"):
        base = "asset"
    if _RESERVED.match(base):
        base = "_" + base
    if len(base) > LONGEST_NAME:
        stem, dot, ending = base.rpartition(".")
        ending = dot + ending if dot and stem and len(ending) <= 10 else ""
        base = base[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return nfc(base)


def _limit(role: str) -> int:
    if role not in LIMITS:
        raise UsageError(
            "Unknown role", one_line(role), phrase("Roles: {names}", names=", ".join(LIMITS))
        )
    return LIMITS[role]


def _fits(kind: str, role: str, name: str, office: bool) -> None:
    allowed = ROLES[role] | ({OFFICE} if office and role == "document" else set())
    if kind not in allowed:
        wanted = ", ".join(sorted(ENDINGS[one][0] for one in allowed))
        raise UsageError(
            phrase("Not a file for the role {role}", role=said("file", role)),
            phrase(
                "{name} is {kind}",
                name=one_line(name) or phrase("the file"),
                kind=kind or phrase("of no type that Desk knows"),
            ),
            phrase("A {role} is one of: {wanted}", role=said("file", role), wanted=wanted),
        )
    ending = Path(name).suffix.casefold()
    if name and ending not in ENDINGS[kind]:
        raise UsageError(
            "The name does not fit the content",
            phrase("{name} is {kind}", name=one_line(name), kind=kind),
            phrase(
                "Name it with {endings}, or look again at what this file is",
                endings=ENDINGS[kind][0],
            ),
        )


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise UsageError(
            "The picture has no usable size",
            phrase("{width} x {height} pixels", width=width, height=height),
        )
    if width * height > MOST_PIXELS:
        most = phrase(
            "{width} x {height} is more than {most} megapixels",
            width=width,
            height=height,
            most=MOST_PIXELS // 1_000_000,
        )
        raise UsageError("The picture is too large to open safely", most)
    return size


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)

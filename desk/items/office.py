"""Office documents (.docx): archives that go out as they are, and so must hold nothing else.

A .docx is a ZIP archive (ISO/IEC 29500-2, APPNOTE 6.3). It is read here within bounds and never
unpacked: readers would, so an archive that grows without measure, holds another archive, a
program, a name that leads out of a folder, or something locked does not become an asset.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib

from desk.errors import UsageError
from desk.phrase import phrase
from desk.text import one_line

MB = 1024 * 1024
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * MB
LARGEST_RATIO = 200
RATIO_FROM = 1 * MB  # smaller parts may be as repetitive as they like
_CHUNK = 64 * 1024
_REQUIRED = ("[Content_Types].xml", "word/document.xml")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh",
             b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"\xd0\xcf\x11\xe0")  # fmt: skip
_PROGRAMS = ("vbaproject.bin", "vbadata.xml")
_ENCRYPTED = 0x1


def check(data: bytes) -> None:
    """Look through a .docx. Raises UsageError naming what it must not hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _whole(parts)
            for part in parts:
                _part(part)
                _bytes(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise UsageError("The document is damaged", "", "Save it again") from None


def _whole(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        most = phrase("over {most} MB unpacked", most=MOST_UNPACKED // MB)
        raise _refused(most)
    if len({name.casefold() for name in names}) != len(names):
        raise _refused(phrase("two parts have one name"))
    if any(name not in names for name in _REQUIRED):
        raise UsageError("The document is damaged", "", "Save it again")


def _part(part: zipfile.ZipInfo) -> None:
    """What the archive says of one part, before a byte of it is read."""
    name, shown = part.filename, one_line(part.filename, 60)
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or ":" in steps[0] or "\x00" in name:
        raise _refused(phrase("the name {name} leads out of it", name=shown))
    if stat.S_ISLNK(part.external_attr >> 16):
        raise _refused(phrase("{name} is a link", name=shown))
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # The format has no others, and some ask for as much memory as they like.
        raise _refused(phrase("{name} is packed in a way that readers do not know", name=shown))
    if part.flag_bits & _ENCRYPTED:
        raise _refused(phrase("{name} is locked with a password", name=shown))
    if steps[-1].casefold() in _PROGRAMS:
        raise _refused(phrase("{name} is a program (macro)", name=shown))
    if part.file_size > max(RATIO_FROM, part.compress_size * LARGEST_RATIO):
        raise _refused(phrase("{name} grows too much when unpacked", name=shown))


def _bytes(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One part read to its end, within the size that it states; its checksum has to hold."""
    with archive.open(part) as opened:
        head = opened.read(8)
        if head.startswith(_ARCHIVES):
            raise _refused(phrase("{name} is an archive in it", name=one_line(part.filename, 60)))
        while opened.read(_CHUNK):
            pass


def _refused(what: str) -> UsageError:
    return UsageError(
        "This document holds more than a text", what, "Save it again without it, or as PDF"
    )

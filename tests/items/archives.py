"""ZIP archives for the tests: documents as word processors write them, and what attackers make."""

from __future__ import annotations

import io
import zipfile

TYPES = "[Content_Types].xml"


def zipped(parts: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts, in that order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0)), data, how)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    """A document, with further parts (`__` in a name stands for a slash)."""
    parts = {TYPES: b"<Types/>", "word/document.xml": "<w>Số liệu quý III</w>".encode()}
    return zipped(parts | {name.replace("__", "/"): data for name, data in more.items()})

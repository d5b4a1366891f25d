"""Office documents as assets: what an archive must not hold, whatever it says of itself."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import UsageError
from desk.items import office
from desk.items.assets import inspect
from tests.items.archives import TYPES, docx, zipped

PARTS = {TYPES: b"<Types/>", "word/document.xml": b"<w/>"}


def refused(data: bytes) -> str:
    """Why such a document does not become an asset."""
    with pytest.raises(UsageError) as told:
        inspect(data, "document", name="a.docx", office=True)
    return str(told.value)


def test_a_document_of_a_word_processor_comes_in() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
    data = docx(word__media__image1=picture, word__styles=b"<s/>" * 50_000)
    assert inspect(data, "document", name="a.docx", office=True).size == len(data)


def test_attack_31_a_document_that_grows_without_measure_is_refused() -> None:
    bomb = docx(word__media__a=b"\0" * (40 * office.MB))
    assert len(bomb) < office.MB
    assert "grows too much" in refused(bomb)
    many = zipped(PARTS | {f"word/{n}.xml": b"\0" * office.RATIO_FROM for n in range(120)})
    assert "over 100 MB unpacked" in refused(many)
    crowd = zipped(PARTS | {f"word/{n}": b"" for n in range(office.MOST_PARTS)})
    assert "unpacked" in refused(crowd)


def test_attack_31_a_size_that_is_not_true_is_found() -> None:
    """A part that states a few bytes and holds many: unpackers believe what they like."""
    body = b"\0" * (2 * office.MB)
    data = bytearray(docx(word__a=body))
    while (at := data.find(struct.pack("<I", len(body)))) >= 0:
        data[at : at + 4] = struct.pack("<I", 10)
    assert "damaged" in refused(bytes(data))


INNER = [
    zipped({"a": b"x"}), b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08\0",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
]  # fmt: skip


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("name", ["word__embeddings__a.xlsx", "word__media__image1.png"])
def test_attack_31_an_archive_in_an_archive_is_refused_whatever_its_name(
    inner: bytes, name: str
) -> None:
    assert "is an archive in it" in refused(docx(**{name: inner + b"\0" * 20}))


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "word\\..\\..\\x", "C:/x", "word/../../x"]
)
def test_attack_31_a_name_that_leads_out_is_refused(name: str) -> None:
    assert "leads out" in refused(zipped(PARTS | {name: b"x"}))


def test_attack_31_a_link_a_macro_and_a_lock_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        link = zipfile.ZipInfo("word/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in refused(out.getvalue())
    assert "macro" in refused(zipped(PARTS | {"word/vbaProject.bin": b"x"}))
    locked = bytearray(zipped(PARTS | {"word/a": b"x"}))
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "locked" in refused(bytes(locked))


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_attack_31_a_packing_that_asks_for_memory_is_refused(how: int) -> None:
    assert "do not know" in refused(zipped(PARTS | {"word/a": b"x" * 100}, how=how))


def test_two_parts_of_one_name_are_refused() -> None:
    """Which of them is read depends on the reader."""
    assert "one name" in refused(zipped(PARTS | {"word/Document.xml": b"<other/>"}))


def test_what_is_no_document_or_is_cut_is_refused() -> None:
    assert "damaged" in refused(zipped({TYPES: b"<Types/>", "xl/workbook.xml": b"<w/>"}))
    data = docx()
    for cut in (len(data) - 1, len(data) // 2, 140):
        assert "damaged" in refused(data[:cut])


@given(st.integers(0, 2_000), st.integers(0, 255))
def test_no_altered_byte_makes_more_than_a_refusal(place: int, value: int) -> None:
    data = bytearray(docx(word__styles=bytes(range(256)) * 8))
    data[place % len(data)] = value
    with contextlib.suppress(UsageError):
        office.check(bytes(data))


@given(st.binary(max_size=300))
def test_whatever_follows_the_signature_is_judged_and_nothing_breaks(tail: bytes) -> None:
    with pytest.raises(UsageError):
        office.check(b"PK\x03\x04" + tail + struct.pack("<I", zlib.crc32(tail)))

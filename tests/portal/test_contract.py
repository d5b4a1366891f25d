"""The contract's pure parts: sealing, bundles, ninjs, calendar, bodies."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import DeskError, TrustError
from desk.portal.contract.bundle import Bundle, Expected, check
from desk.portal.contract.calendar import read_calendar
from desk.portal.contract.content import read_content
from desk.portal.contract.fields import Malformed
from desk.portal.contract.ical import ical
from desk.portal.contract.ninjs import Context, ninjs_payload, slug
from desk.portal.contract.render import render_body
from desk.portal.contract.stagecrypt import (
    CHUNK,
    bundle_address,
    bundle_key,
    open_asset,
    open_bundle,
    seal_asset,
    seal_bundle,
)
from desk.portal.contract.wire import StageOrder
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.stream import sealed_size

from .world import AT, Asset, World, ident

ADDRESS = "ab" * 32
KEY = bytes(range(32))
SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "ninjs-schema_3.1.json").read_bytes())


def sealed(data: bytes) -> bytes:
    return b"".join(seal_asset(KEY, ADDRESS, hashlib.sha256(data).hexdigest(), [data]))


def opened(data: bytes, ciphertext: bytes, start: int = 0, stop: int | None = None) -> bytes:
    return b"".join(
        open_asset(
            KEY, ADDRESS, hashlib.sha256(data).hexdigest(), len(data),
            read_at=lambda offset, length: ciphertext[offset : offset + length],
            start=start, stop=stop,
        )
    )  # fmt: skip


SIZES = st.sampled_from([0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])


@settings(max_examples=40)
@given(SIZES, st.integers(0, 4 * CHUNK), st.integers(0, 4 * CHUNK))
def test_any_range_of_an_asset_opens_to_its_bytes(size, start, stop):
    data = hashlib.shake_256(b"asset").digest(size)
    ciphertext = sealed(data)
    assert len(ciphertext) == sealed_size(size)
    assert ciphertext == sealed(data)
    assert opened(data, ciphertext) == data
    assert opened(data, ciphertext, start, stop) == data[start:stop]


@settings(max_examples=40)
@given(st.data())
def test_attack_16_an_asset_that_was_cut_moved_or_altered_does_not_open(data):
    plain = hashlib.shake_256(b"asset").digest(2 * CHUNK + 100)
    ciphertext = sealed(plain)
    piece = CHUNK + 16
    how = data.draw(st.sampled_from(["cut", "swap", "flip", "grow", "drop"]))
    if how == "cut":
        bad = ciphertext[: data.draw(st.integers(0, len(ciphertext) - 1))]
    elif how == "swap":
        bad = ciphertext[piece : 2 * piece] + ciphertext[:piece] + ciphertext[2 * piece :]
    elif how == "flip":
        at = data.draw(st.integers(0, len(ciphertext) - 1))
        bad = ciphertext[:at] + bytes([ciphertext[at] ^ 1]) + ciphertext[at + 1 :]
    elif how == "drop":
        bad = ciphertext[piece:]
    else:
        bad = ciphertext[:piece] + ciphertext
    with pytest.raises(TrustError):
        opened(plain, bad)


def test_a_bundle_opens_under_its_own_key_and_address_only():
    plain = b"{}" * 1000
    one = seal_bundle(KEY, ADDRESS, plain)
    assert one == seal_bundle(KEY, ADDRESS, plain)
    assert open_bundle(KEY, ADDRESS, one) == plain
    for key, address, bytes_ in ((b"x" * 32, ADDRESS, one), (KEY, "cd" * 32, one),
                                 (KEY, ADDRESS, one[:-1]), (KEY, ADDRESS, b"")):  # fmt: skip
        with pytest.raises(TrustError):
            open_bundle(key, address, bytes_)


def test_two_plaintexts_under_one_address_never_share_a_nonce():
    assert seal_bundle(KEY, ADDRESS, b"one")[:12] != seal_bundle(KEY, ADDRESS, b"two")[:12]
    assert sealed(b"one") != sealed(b"two")[: len(sealed(b"one"))]


def test_an_asset_that_is_not_the_signed_one_is_not_sealed():
    with pytest.raises(TrustError):
        list(seal_asset(KEY, ADDRESS, "0" * 64, [b"other"]))


def test_addresses_and_keys_differ_by_everything_that_they_stand_for():
    base = ("desk-vn@" + "0" * 32, "portal", "1" * 64)
    addresses = {
        bundle_address(*base), bundle_address("desk-vn@" + "1" * 32, *base[1:]),
        bundle_address(base[0], "wire", base[2]), bundle_address(*base[:2], "2" * 64),
    }  # fmt: skip
    assert len(addresses) == 4
    assert len({bundle_key(KEY, address) for address in addresses}) == 4


# -- ninjs ----------------------------------------------------------------------------------------


def validate(payload) -> None:
    validator = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(payload)]
    assert errors == []


@pytest.mark.parametrize("base", ["https://portal.example.org", "http://127.0.0.1:8601", ""])
def test_ninjs_objects_are_valid_by_the_official_schema_with_formats_on(world, base):
    assets = [
        Asset("biểu đồ.svg", b"<svg/>", "image/svg+xml", "graphic"),
        Asset("ghi chú.txt", b"x", "text/plain", "text"),
        Asset("phim.mp4", b"x", "video/mp4", "video"),
    ]
    document = world.content(
        ident("i", "one"), assets=assets, message=ident("m", "one"), urgency=2,
        places=["Hà Nội"], subjects=["Dân số"], edit_note="Sửa", correction_of=1,
        section="activity-news", translates={"item": ident("i", "two"), "content": "0" * 64},
        sources=[{"id": "1", "title": "Cục Thống kê", "url": "https://example.org/số liệu?q=một"
                  .replace(" ", "%20")}],
    )  # fmt: skip
    content = read_content(canonical(document))
    for first_at in ("", AT):
        payload = ninjs_payload(
            content, Context(world.uid, ident("r", "one"), AT, 2, base, first_at)
        )
        validate(payload)
        assert canonical(payload)
    assert ("embargoedUntil" in payload) is False


def test_the_schema_check_can_fail():
    with pytest.raises(AssertionError):
        validate({"uri": "urn:x-desk:a:b", "urgency": 12})
    with pytest.raises(AssertionError):
        validate({"uri": "urn:x-desk:a:b", "versionCreated": "yesterday"})
    with pytest.raises(AssertionError):
        validate({"uri": "urn:x-desk:a:b", "ours": 1})


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=60)
@given(TEXT, TEXT, TEXT)
def test_any_text_gives_a_valid_and_canonical_ninjs_object(headline, summary, body):
    from desk.text import nfc

    world = _WORLD
    document = world.content(
        ident("i", "one"), headline=nfc(headline), summary=nfc(summary), body=nfc(body)
    )
    content = read_content(canonical(document))
    payload = ninjs_payload(
        content, Context(world.uid, ident("r", "one"), AT, 1, "https://a.example")
    )
    validate(payload)
    assert canonical(payload)
    assert slug(headline).isascii()
    assert "<script" not in render_body(content)


_WORLD = World("ab" * 32)


# -- content and bundles --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"sources": [{"id": "1", "title": "x", "url": "javascript:alert(1)"}]},
        {"sources": [{"id": "1", "title": "x", "url": "https://user@example.org"}]},
        {"sources": [{"id": "1", "title": "x", "url": "https://example.org/\u0000"}]},
        {"sources": [{"id": "x", "title": "x"}]},
        {"kind": "../x"},
        {"extra": 1},
        {"item": "i-1"},
        {"urgency": 12},
        {"format": 2},
        {"headline": 5},
    ],
)
def test_content_that_is_not_as_the_contract_says_is_refused_as_a_whole(world, change):
    document = world.content(ident("i", "one")) | change
    with pytest.raises(DeskError):
        read_content(canonical(document))


def _bundle(world):
    item, act = world.write_item("one")
    release, signoff = world.plan_release("first", [item])
    bundle = world.bundle(release, signoff)
    content = world.contents[act]
    signed = read_content(content)
    expected = [
        Expected(
            item, "vi", 1, act, digest_bytes(content), signed.kind, signed.agency, signed.message
        )
    ]
    return bundle, expected


def test_a_bundle_survives_the_way_and_building_it_again_gives_the_same_bytes(world):
    bundle, expected = _bundle(world)
    again = Bundle.from_bytes(bundle.bundle.to_bytes())
    assert again == bundle.bundle
    (checked,) = check(again, bundle.plan, expected)
    assert checked.problem == ""
    record = bundle.plan
    rebuilt = world.bundle(record.release, record.manifest)
    assert rebuilt.ciphertext == bundle.ciphertext


@pytest.mark.parametrize("field", ["number", "act", "language", "content", "ninjs", "first_at"])
def test_an_item_that_departs_from_what_was_signed_is_found(world, field):
    import dataclasses

    bundle, expected = _bundle(world)
    item = bundle.bundle.items[0]
    changed = {
        "number": 2, "act": "0" * 64, "language": "en", "content": item.content + b" ",
        "ninjs": dict(item.ninjs) | {"urgency": 1}, "first_at": "2020-01-01T00:00:00Z",
    }[field]  # fmt: skip
    altered = dataclasses.replace(
        bundle.bundle, items=(dataclasses.replace(item, **{field: changed}),)
    )
    (checked,) = check(altered, bundle.plan, expected)
    assert checked.problem
    assert checked.content is None
    assert checked.plain == b""


@pytest.mark.parametrize("field", ["kind", "agency", "message"])
def test_a_text_of_another_kind_than_its_chain_was_judged_by_is_found(world, field):
    import dataclasses

    bundle, expected = _bundle(world)
    other = [dataclasses.replace(expected[0], **{field: "m-0000000000"})]
    (checked,) = check(bundle.bundle, bundle.plan, other)
    assert checked.content is None
    assert "kind or agency" in checked.problem


def test_a_bundle_with_a_stowaway_or_for_another_release_is_refused_whole(world):
    import dataclasses

    bundle, expected = _bundle(world)
    with pytest.raises(TrustError):
        check(bundle.bundle, bundle.plan, [])
    other = dataclasses.replace(bundle.plan, at="2026-11-20T09:00:00Z")
    with pytest.raises(TrustError):
        check(bundle.bundle, other, expected)
    empty = dataclasses.replace(bundle.bundle, items=())
    (missing,) = check(empty, bundle.plan, expected)
    assert missing.problem


@settings(max_examples=80)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused_with_words(value):
    for read in (StageOrder.from_value, read_calendar):
        with pytest.raises(Malformed):
            read(value)


# -- calendar and bodies --------------------------------------------------------------------------


def test_attack_31_icalendar_neutralises_formulas_and_line_breaks(world):
    calendar = read_calendar(
        world.calendar(
            title={"vi": '=HYPERLINK("x")\r\nATTACH:http://x', "en": "x"},
            note="a\r\nBEGIN:VALARM\x1b]0;x\x07\u202e",
        )
    )
    data = ical(calendar, "vi", "http://127.0.0.1", datetime(2026, 11, 20, tzinfo=UTC))
    lines = data.decode().split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 1
    assert not any(line.startswith(("ATTACH", "BEGIN:VALARM", "SUMMARY:=")) for line in lines)
    assert "\n" not in data.decode().replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert b"\x1b" not in data
    assert "\u202e".encode() not in data


def test_a_newsrooms_own_calendar_may_be_longer_than_what_a_portal_takes(world):
    calendar = world.calendar(title={"vi": "x", "en": "x"})
    long = {**calendar, "entries": calendar["entries"] * 10_001}
    with pytest.raises(Malformed, match="10000"):
        read_calendar(long)
    assert len(read_calendar(long, len(long["entries"])).entries) == len(long["entries"])


@pytest.mark.parametrize(
    ("body", "wanted", "unwanted"),
    [
        ("<b>x</b>", "&lt;b&gt;", "<b>"),
        ("[x](javascript:alert(1))", "javascript:alert(1)", "href=\"javascript"),
        ("![x](https://example.org/x.png)", "x", "<img"),
        ("# Top", "<h2>Top</h2>", "<h1"),
        ("a [^1] b [^9] c [^l1]", '<a id="cite-1" href="#note-1">[1]</a>', "note-9"),
        ("a [^1] b [^1]", 'id="cite-1-2"', "\x00"),
        ("[x](https://example.org)", 'rel="external noopener"', "\x00"),
        ("|a|\n|-|\n|1|", "<table>", "\x00"),
        ("[x](https://user:pw@example.org)", "[x]", "href"),
    ],
)  # fmt: skip
def test_bodies_are_commonmark_without_raw_html(world, body, wanted, unwanted):
    html = render_body(read_content(canonical(world.content(ident("i", "x"), body=body))))
    assert wanted in html
    assert unwanted not in html

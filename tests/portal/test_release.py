"""From a signed release to what the public reads, through a real server on loopback."""

from __future__ import annotations

import asyncio
import json
import re

import httpx

from desk.channels.compare import differences
from desk.channels.driver import Opened, TooEarly

from .world import AT, CANARY, Asset, ident

PICTURE = Asset("biểu đồ.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 5000, "image/svg+xml",
                "graphic")  # fmt: skip
FILM = Asset("phim.webm", bytes(range(256)) * 900, "video/webm", "video")
NOTE = Asset("=ghi chú.txt", "Ghi chú cho báo chí".encode(), "text/plain", "text")


async def release(setup, *items, at=AT, name="first", **options):
    """Plan, stage, open and publish; the bundle and its published receipt."""
    identifier, signoff = setup.world.plan_release(name, items, at=at)
    bundle = setup.world.bundle(identifier, signoff, **options)
    assert (await setup.driver.stage(bundle, setup.world.acts)).complete
    await setup.driver.readback(bundle)
    commit = await setup.driver.prebuild_commit([bundle])
    setup.clock.advance((_ns(at) - setup.clock.time_ns()) / 1e9)
    done = await setup.driver.commit(commit)
    assert isinstance(done, Opened), done
    return bundle, await setup.published(bundle.address)


def _ns(instant):
    from desk.clock import epoch_ns

    return epoch_ns(instant)


async def test_a_signed_release_goes_public_at_its_instant(setup):
    world = setup.world
    item, _ = world.write_item("one", assets=[PICTURE, FILM, NOTE])
    identifier, signoff = world.plan_release("first", [item])
    bundle = world.bundle(identifier, signoff)
    assert (await setup.driver.stage(bundle, world.acts)).complete
    await setup.driver.readback(bundle)
    commit = await setup.driver.prebuild_commit([bundle])
    assert await setup.driver.commit(commit) == TooEarly(300_000)
    setup.clock.advance(300)
    done = await setup.driver.commit(commit)
    assert isinstance(done, Opened)
    (receipt,) = done.receipts
    assert (receipt.state, receipt.late_us, receipt.items) == ("opened", 0, 1)
    published = await setup.published(bundle.address)
    assert [v.good for v in published.verified] == [True]
    assert await setup.driver.commit(commit) == done


async def test_what_the_public_reads_is_what_was_signed(setup):
    item, _ = setup.world.write_item("one", assets=[PICTURE])
    bundle, _ = await release(setup, item)
    view = await setup.driver.public_view(item, "vi")
    assert differences(view, bundle.bundle.items[0]) == ()
    assert "96.208.984 người [1], theo Luật Thống kê [§1]" in view.marked["body"]


async def test_a_commit_sent_again_is_answered_the_same_also_after_a_restart(setup):
    item, _ = setup.world.write_item("one")
    bundle, _ = await release(setup, item)
    again = await setup.driver.prebuild_commit([bundle])
    first = await setup.driver.commit(again)
    setup.restart()
    assert await setup.driver.commit(again) == first
    assert (await setup.driver.receipt(bundle.address)).state == "published"


async def test_attack_25_a_bundle_that_cannot_be_read_now_is_read_again_and_not_called_bad(setup):
    """Too many open files, a disk that hiccups: that says nothing of what was signed."""
    item, _ = setup.world.write_item("one", assets=[PICTURE])
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    await setup.driver.stage(bundle, setup.world.acts)
    home = setup.running.home
    files = [home.bundle_file(bundle.address),
             *(home.asset_file(bundle.address, s.sha256) for s in bundle.assets())]  # fmt: skip
    away = [file.rename(file.with_suffix(".away")) for file in files]
    for file in files:
        file.mkdir()
    setup.clock.advance(300)
    await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    staged = setup.running.portal.bundles[bundle.address]
    for file, kept in zip(files, away, strict=True):
        while not staged.failed:  # the bundle first, then the asset
            await asyncio.sleep(0.01)
        staged.failed = False
        file.rmdir()
        kept.rename(file)
    receipt = await setup.published(bundle.address)
    assert [v.good for v in receipt.verified] == [True]
    assert (await setup.driver.public_view(item, "vi")).state == "live"


async def test_staging_the_same_again_changes_nothing_and_other_bytes_are_refused(setup):
    import pytest

    from desk.errors import Conflict

    item, _ = setup.world.write_item("one")
    identifier, signoff = setup.world.plan_release("first", [item])
    bundle = setup.world.bundle(identifier, signoff)
    first = await setup.driver.stage(bundle, setup.world.acts)
    assert (await setup.driver.stage(bundle, setup.world.acts)).state == first.state
    other = setup.world.bundle(identifier, signoff, first_at={item: "2020-01-01T00:00:00Z"})
    with pytest.raises(Conflict):
        await setup.driver.stage(other, setup.world.acts)


async def test_both_languages_switch_to_each_other(setup):
    message = ident("m", "pair")
    vi, _ = setup.world.write_item("one-vi", "vi", message=message)
    en, _ = setup.world.write_item(
        "one-en", "en", message=message, headline="Population of Viet Nam", summary="In 2019.",
    )  # fmt: skip
    await release(setup, vi, en)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = (await reader.get(f"/items/{vi}")).text
        assert f'href="/items/{en}" hreflang="en"' in page
        assert '<html lang="vi">' in page
        assert re.search(r"\+ \d+,\d ms", page)
        assert re.search(r"\+ \d+\.\d ms", (await reader.get(f"/items/{en}")).text)
        front = (await reader.get("/?lang=en")).text
        assert "Population of Viet" in front
        assert vi not in front
        asked = await reader.get("/", headers={"Accept-Language": "en-GB,vi;q=0.5"})
        assert asked.headers["content-language"] == "en"


async def test_a_correction_replaces_the_version_before_and_says_so(setup):
    world = setup.world
    item, act = world.write_item("one")
    bundle, _ = await release(setup, item)
    world.act(
        "publisher.released", ident("r", "first"), "pub-1",
        signoff=bundle.plan.manifest, channel="portal", address=bundle.address,
        opened_ms=1, revisions=[act],
    )  # fmt: skip
    world.write_item(
        "one", number=2, parent=act, headline="Bản mới", correction_of=1,
        edit_note="Sửa số liệu năm 2019",
    )  # fmt: skip
    at = "2026-11-20T09:00:00Z"
    await release(setup, item, at=at, name="second", first_at={item: AT})
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = (await reader.get(f"/items/{item}")).text
        assert "Bản mới" in page
        assert "Đã đính chính" in page
        assert "Sửa số liệu năm 2019" in page
        assert CANARY in page  # the new version's own text
        data = (await reader.get(f"/items/{item}.json")).json()
        assert (data["version"], data["edNote"]) == ("2", "Sửa số liệu năm 2019")
        assert "embargoedUntil" not in data
        assert data["firstCreated"] == AT
        assert "Bản mới" in (await reader.get("/corrections?lang=vi")).text


async def test_assets_answer_ranges_head_and_conditions(setup):
    item, _ = setup.world.write_item("one", assets=[FILM, PICTURE, NOTE])
    await release(setup, item)
    path = f"/items/{item}/assets/{FILM.id}"
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        whole = await reader.get(path)
        assert whole.content == FILM.data
        head = await reader.head(path)
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(FILM.data)))
        part = await reader.get(path, headers={"Range": "bytes=65530-131080"})
        assert part.status_code == 206
        assert part.content == FILM.data[65530:131081]
        assert part.headers["content-range"] == f"bytes 65530-131080/{len(FILM.data)}"
        tail = await reader.get(path, headers={"Range": "bytes=-10"})
        assert tail.content == FILM.data[-10:]
        beyond = await reader.get(path, headers={"Range": f"bytes={len(FILM.data)}-"})
        assert beyond.status_code == 416
        same = await reader.get(path, headers={"If-None-Match": whole.headers["etag"]})
        assert same.status_code == 304
        drawing = await reader.get(f"/items/{item}/assets/{PICTURE.id}")
        assert "sandbox" in drawing.headers["content-security-policy"]
        note = await reader.get(f"/items/{item}/assets/{NOTE.id}")
        assert note.headers["content-disposition"].startswith("attachment; ")


async def test_pages_carry_the_headers_that_keep_readers_safe(setup):
    item, _ = setup.world.write_item("one")
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        for path in ("/", f"/items/{item}", "/search?q=dan", "/nothing", "/feed.atom"):
            answer = await reader.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "<script" not in answer.text
            assert "server" not in answer.headers


async def test_the_front_page_is_never_kept_past_an_instant(setup):
    item, _ = setup.world.write_item("one")
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        before = await reader.get("/?lang=vi")
        assert "no-cache" in before.headers["cache-control"]
        assert "max-age" not in before.headers["cache-control"]
        tag = {"If-None-Match": before.headers["etag"]}
        assert (await reader.get("/?lang=vi", headers=tag)).status_code == 304
        await release(setup, item)
        after = await reader.get("/?lang=vi", headers=tag)
        assert after.status_code == 200
        assert item in after.text


async def test_attack_25_a_body_that_takes_seconds_to_show_keeps_no_commit_waiting(setup):
    """Brackets that might be links are looked at again and again; a commit may come meanwhile."""
    item, _ = setup.world.write_item("one", body="[" * 200_000)
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url, timeout=120) as reader:
        page, looks = asyncio.create_task(reader.get(f"/items/{item}")), 0
        while not page.done():
            await setup.driver.time()
            looks += 1
        assert page.result().status_code == 200
    assert looks > 5


async def test_search_finds_with_and_without_accents(setup):
    item, _ = setup.world.write_item("one")
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        for query in ("Tổng điều tra", "tong dieu tra", "TỔNG ĐIỀU", "96.208.984", "Dan\u0300"):
            found = item in (await reader.get("/search", params={"q": query, "lang": "vi"})).text
            assert found, query
        for query in (
            "%",
            "_",
            "'; DROP TABLE versions; --",
            "<script>alert(1)</script>",
            "x" * 500,
        ):
            answer = await reader.get("/search", params={"q": query, "lang": "vi"})
            assert answer.status_code == 200
            assert item not in answer.text
            assert "<script" not in answer.text


async def test_the_feed_and_the_calendar_can_be_read_by_programs(setup):
    import xml.etree.ElementTree as ET

    from icalendar import Calendar

    item, _ = setup.world.write_item("one")
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        feed = ET.fromstring((await reader.get("/feed.atom?lang=vi")).content)
        names = {"a": "http://www.w3.org/2005/Atom"}
        (entry,) = feed.findall("a:entry", names)
        assert entry.findtext("a:id", "", names).endswith(f"/items/{item}")
        assert entry.findtext("a:updated", "", names) == AT
        for required in ("a:id", "a:title", "a:updated"):
            assert feed.findtext(required, "", names)
        calendar = Calendar.from_ical((await reader.get("/calendar.ics?lang=vi")).content)
        (event,) = calendar.walk("VEVENT")
        assert str(event["summary"]) == "Báo cáo tháng"


async def test_the_receipt_says_which_bytes_were_signed(setup):
    item, act = setup.world.write_item("one")
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        value = json.loads((await reader.get(f"/items/{item}/receipt")).content)
    assert value["revision"] == act
    assert value["portal_key"] == setup.running.home.key

"""Takedowns that two people lift, and older versions: what the public sees of each."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest

from desk.channels.driver import Rejected
from desk.errors import Refused
from desk.portal import staging

from .test_release import PICTURE, release
from .world import AT, CANARY, World, ident

ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}"


def takedown(world: World, item: str, act: str, who: str = "lead-1", **fields: Any) -> Any:
    values = {"revision": act, "mode": "takedown", "note": "Đang rà soát"} | fields
    return world.act("item.withdraw", item, who, **values)


def word(world: World, item: str, act: str, away: Any, who: str) -> Any:
    """One person's word that it comes back."""
    return world.act("item.restore", item, who, revision=act, withdrawal=away.digest,
                     time="2026-11-20T08:10:00Z")  # fmt: skip


def envelopes(*acts: Any) -> list[Any]:
    return [act.envelope for act in acts]


async def seen(url: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url) as reader:
        return await reader.get(path)


async def public(setup: Any) -> tuple[str, str, bytes]:
    """A released item with a picture: item, revision, and its ninjs object."""
    item, act = setup.world.write_item("one", assets=[PICTURE])
    await release(setup, item)
    return item, act, (await seen(setup.running.url, f"/items/{item}.json")).content


async def test_a_takedown_hides_everything_and_two_people_bring_it_all_back(setup):
    world, url = setup.world, setup.running.url
    item, act, before = await public(setup)
    away = takedown(world, item, act)
    await setup.driver.withdraw(envelopes(away))
    for path in (f"/items/{item}", f"/items/{item}.json"):
        answer = await seen(url, path)
        assert answer.status_code == 410
        assert CANARY not in answer.text
    assert (await seen(url, f"/items/{item}.json")).json()["pubStatus"] == "withheld"
    assert "tạm thời" in (await seen(url, f"/items/{item}")).text
    for path in ("/", "/search?q=dan", "/feed.atom?lang=vi", "/corrections"):
        assert CANARY not in (await seen(url, path)).text
    picture = f"/items/{item}/assets/{PICTURE.id}"
    assert (await seen(url, picture)).status_code == 404

    words = [word(world, item, act, away, who) for who in ("lead-1", "lead-2")]
    with pytest.raises(Refused):
        await setup.driver.withdraw(envelopes(away, words[0]))
    assert (await seen(url, f"/items/{item}")).status_code == 410
    await setup.driver.withdraw(envelopes(away, *words))
    assert (await seen(url, f"/items/{item}.json")).content == before
    assert (await seen(url, picture)).content == PICTURE.data
    page = (await seen(url, f"/items/{item}")).text
    assert CANARY in page
    assert "công bố trở lại" in page
    setup.restart()
    assert (await seen(url, f"/items/{item}")).status_code == 200


async def test_attack_28_withdrawn_while_it_is_being_staged_never_opens(setup, monkeypatch):
    """The bundle was judged before the withdrawal came, and is kept only after it."""
    world, reached, go_on = setup.world, threading.Event(), threading.Event()
    item, act = world.write_item("one")
    bundle = world.bundle(*world.plan_release("first", [item]))

    def slow_disk(*given: Any) -> None:
        reached.set()
        assert go_on.wait(90)
        lay_down(*given)

    lay_down = staging._lay_down
    monkeypatch.setattr(staging, "_lay_down", slow_disk)
    staged = asyncio.create_task(setup.driver.stage(bundle, list(world.acts)))
    assert await asyncio.to_thread(reached.wait, 30)
    await setup.driver.withdraw(envelopes(takedown(world, item, act)))
    go_on.set()
    await staged
    setup.clock.advance(300)
    answer = await setup.driver.commit(await setup.driver.prebuild_commit([bundle]))
    assert isinstance(answer, Rejected)
    assert {reason.rule for reason in answer.reasons} == {"withdrawn"}


async def test_a_withdrawal_judges_only_what_it_concerns(setup, monkeypatch):
    """While a bundle is judged it does not open: another's instant may be a second away."""
    world, judged = setup.world, []
    bundles = {}
    for name in ("one", "two", "three"):
        item, act = world.write_item(name)
        bundles[name] = item, act, world.bundle(*world.plan_release(name, [item]))
        await setup.driver.stage(bundles[name][2], world.acts)

    def noted(portal: Any, staged: Any, *rest: Any) -> Any:
        judged.append(staged.order.address)
        return judge(portal, staged, *rest)

    judge = staging._judged
    monkeypatch.setattr(staging, "_judged", noted)
    item, act, bundle = bundles["two"]
    await setup.driver.withdraw(envelopes(takedown(world, item, act)))
    assert judged == [bundle.address]


async def test_the_feed_carries_a_tombstone_and_then_a_newer_entry(setup):
    """RFC 6721: the entry counts again when it was updated after the tombstone's instant."""
    world, url = setup.world, setup.running.url
    item, act, _ = await public(setup)
    away = takedown(world, item, act, time="2026-11-20T08:05:00Z")
    await setup.driver.withdraw(envelopes(away))
    feed = ET.fromstring((await seen(url, "/feed.atom?lang=vi")).content)
    (tomb,) = feed.findall(f"{GONE}deleted-entry")
    assert tomb.get("ref", "").endswith(item)
    assert tomb.findtext(f"{GONE}comment") == "Đang rà soát"
    words = [word(world, item, act, away, who) for who in ("lead-1", "lead-2")]
    await setup.driver.withdraw(envelopes(away, *words))
    feed = ET.fromstring((await seen(url, "/feed.atom?lang=vi")).content)
    assert not feed.findall(f"{GONE}deleted-entry")
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == AT
    assert str(entry.findtext(f"{ATOM}updated")) > str(tomb.get("when"))


async def test_attack_06_old_words_lift_no_later_takedown_and_old_takedowns_do_not_return(setup):
    world, url = setup.world, setup.running.url
    item, act, _ = await public(setup)
    first = takedown(world, item, act)
    words = [word(world, item, act, first, who) for who in ("lead-1", "lead-2")]
    await setup.driver.withdraw(envelopes(first, *words))
    await setup.driver.withdraw(envelopes(first))  # played again
    assert (await seen(url, f"/items/{item}")).status_code == 200
    second = takedown(world, item, act, time="2026-11-20T08:20:00Z", parent=first.digest)
    await setup.driver.withdraw(envelopes(second))
    await setup.driver.withdraw(envelopes(first, *words))
    assert (await seen(url, f"/items/{item}")).status_code == 410


@pytest.mark.parametrize("mode", ["withdraw", "kill"])
async def test_attack_28_what_is_withdrawn_for_good_is_erased_and_never_comes_back(setup, mode):
    world, url = setup.world, setup.running.url
    item, act, _ = await public(setup)
    away = takedown(world, item, act)
    final = takedown(world, item, act, mode=mode)
    await setup.driver.withdraw(envelopes(away))
    await setup.driver.withdraw(envelopes(final))
    words = [word(world, item, act, away, who) for who in ("lead-1", "lead-2")]
    words += [word(world, item, act, final, who) for who in ("lead-1", "lead-2")]
    await setup.driver.withdraw(envelopes(away, *words))
    assert (await seen(url, f"/items/{item}")).status_code == 410
    assert (await seen(url, f"/items/{item}.json")).json()["pubStatus"] == "canceled"
    held = setup.running.home.path
    kept = [p for p in held.rglob("*") if p.is_file() and CANARY.encode() in p.read_bytes()]
    assert not kept


async def test_attack_28_what_a_reader_kept_from_being_erased_is_erased_when_he_is_gone(setup):
    """Somebody searches while it is withdrawn: then the database's log cannot be emptied yet."""
    world = setup.world
    item, act, _ = await public(setup)
    portal, home = setup.running.portal, setup.running.home
    file = home.database.with_name(home.database.name + "-wal")
    with contextlib.closing(sqlite3.connect(home.database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM versions").fetchone() == (1,)
        await setup.driver.withdraw(envelopes(takedown(world, item, act, mode="withdraw")))
        assert CANARY.encode() in file.read_bytes()
        assert not portal.swept
        reader.execute("ROLLBACK")
    portal.sweep()  # as it does by itself, every half minute
    assert portal.swept
    assert file.read_bytes() == b""


async def test_attack_05_words_of_who_may_not_are_refused(setup):
    world = setup.world
    item, act, _ = await public(setup)
    away = takedown(world, item, act)
    await setup.driver.withdraw(envelopes(away))
    good, bad = word(world, item, act, away, "lead-1"), word(world, item, act, away, "writer")
    for acts in ((good, bad), (good, good)):
        with pytest.raises(Refused):
            await setup.driver.withdraw(envelopes(away, *acts))
    assert (await setup.driver.public_view(item, "vi")).state == "withdrawn"


async def corrected(setup: Any) -> tuple[str, str, str]:
    """An item that was corrected once: item and both revisions."""
    world = setup.world
    item, act = world.write_item("one", headline="Bản cũ")
    bundle, _ = await release(setup, item)
    world.act(
        "publisher.released", ident("r", "first"), "pub-1",
        signoff=bundle.plan.manifest, channel="portal", address=bundle.address,
        opened_ms=1, revisions=[act],
    )  # fmt: skip
    _, newer = world.write_item(
        "one", number=2, parent=act, headline="Bản mới", correction_of=1, edit_note="Sửa tiêu đề",
    )  # fmt: skip
    await release(setup, item, at="2026-11-20T09:00:00Z", name="second", first_at={item: AT})
    return item, act, newer


async def test_an_older_version_stays_readable_and_says_that_it_was_corrected(setup):
    url = setup.running.url
    item, _, _ = await corrected(setup)
    page = (await seen(url, f"/items/{item}")).text
    assert f'href="/items/{item}/versions/1"' in page
    older = await seen(url, f"/items/{item}/versions/1")
    assert older.status_code == 200
    for text in ("Bản cũ", "Đã đính chính", "Sửa tiêu đề", f'href="/items/{item}"', "noindex"):
        assert text in older.text
    data = (await seen(url, f"/items/{item}/versions/1.json")).json()
    assert (data["version"], data["pubStatus"]) == ("1", "usable")
    newest = await seen(url, f"/items/{item}/versions/2")
    assert (newest.status_code, newest.headers["location"]) == (307, f"/items/{item}")
    for number in ("3", "0", "99999999999999999999", "x"):
        assert (await seen(url, f"/items/{item}/versions/{number}")).status_code == 404
    for path in ("/?lang=vi", "/search?q=ban+cu&lang=vi", "/feed.atom?lang=vi"):
        assert "Bản cũ" not in (await seen(url, path)).text.replace('value="Bản cũ"', "")


async def test_no_older_version_is_shown_of_what_is_withdrawn(setup):
    """The text before a correction was wrong already; it does not come back by a withdrawal."""
    url = setup.running.url
    item, act, newer = await corrected(setup)
    await setup.driver.withdraw(envelopes(takedown(setup.world, item, newer, mode="kill")))
    for path in (f"/items/{item}", f"/items/{item}/versions/1", f"/items/{item}/versions/1.json"):
        answer = await seen(url, path)
        assert answer.status_code == 410
        assert "Bản cũ" not in answer.text
    assert act != newer

"""Whom reporters ask, beside the files of a folder: what administrators adopted, on every page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from portal.world import AT

from desk.channels.compare import differences
from desk.channels.driver import Governance, Opened
from desk.trust.press import Press

from .test_folder import clock, folder

PRESS = Press(
    {"vi": "Phòng Báo chí – trực ban", "en": "Press office – duty desk"},
    "+84 (24) 555-0100",
    "press@example.org",
    ("vi", "en"),
    {"vi": "Phòng Nội dung", "en": "Content desk"},
    {"vi": "Vòng tròn xanh.", "en": "A blue circle."},
    {"vi": "Dùng kèm tin.", "en": "Use it beside news."},
)


__all__ = ["clock", "folder"]  # fixtures


async def released(world, folder, clock, press, language="vi", **changes):
    """The files of one released item by their ending, and its bundle."""
    await folder.prepare(Governance([], press=press))
    item, act = world.write_item("one", language, **changes)
    release, signoff = world.plan_release(act[:8], [item])
    bundle = world.bundle(release, signoff, "wire", first_at={item: AT})
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    assert isinstance(await folder.commit(await folder.prebuild_commit([bundle])), Opened)
    await folder.receipt(bundle.address)
    place = folder.path / "2026-11-20" / bundle.plan.release
    files = {end: (place / f"{item}.{language}.{end}").read_text("utf-8") for end in ("html", "md")}
    return files, bundle, act, place


async def test_page_and_text_name_contact_byline_and_logo(world, folder, clock) -> None:
    files, bundle, _act, _place = await released(world, folder, clock, PRESS)
    for text in files.values():
        for said in (
            "Liên hệ báo chí", "Phòng Báo chí – trực ban", "+84 (24) 555-0100", "press@example.org",
            "Thực hiện", "Phòng Nội dung", "Vòng tròn xanh.", "Dùng kèm tin.",
        ):  # fmt: skip
            assert said in text
        assert "Press office" not in text
    assert 'href="tel:+84245550100"' in files["html"]
    view = await folder.public_view(bundle.bundle.items[0].item, "vi")
    assert differences(view, bundle.bundle.items[0]) == ()


async def test_an_english_page_says_it_in_english(world, folder, clock) -> None:
    files, *_rest = await released(world, folder, clock, PRESS, "en")
    assert "Press office – duty desk" in files["html"]
    assert "Byline: Content desk" in files["html"]
    assert "A blue circle." in files["md"]


@pytest.mark.parametrize("press", [None, Press(), replace(PRESS, post={}, phone="", email="",
                                                          languages=())])  # fmt: skip
async def test_a_policy_that_names_nobody_leaves_nothing_behind(
    world, folder, clock, press
) -> None:
    files, *_rest = await released(world, folder, clock, press)
    for text in files.values():
        assert "Liên hệ báo chí" not in text
        assert "tel:" not in text
        assert ("Thực hiện" in text) == bool(press and press.byline)


async def test_attack_29_marks_in_the_policy_are_only_text(world, folder, clock) -> None:
    hostile = "<script>alert(1)</script>\u0022 & co"
    names = {"vi": hostile}
    press = replace(PRESS, post=names, byline=names, logo_alt=names, logo_use=names)
    files, *_rest = await released(world, folder, clock, press)
    assert "<script" not in files["html"]
    assert files["html"].count("&lt;script&gt;alert(1)&lt;/script&gt;&quot; &amp; co") == 4


async def test_the_page_of_an_older_version_keeps_the_contact(world, folder, clock) -> None:
    _files, bundle, act, place = await released(world, folder, clock, PRESS)
    world.act(
        "publisher.released", bundle.plan.release, "pub-1", signoff=bundle.plan.manifest,
        channel="wire", address=bundle.address, opened_ms=1, revisions=[act],
    )  # fmt: skip
    changes = {"number": 2, "parent": act, "headline": "Bản mới", "correction_of": 1}
    await released(world, folder, clock, PRESS, **changes, edit_note="Sửa một số liệu.")
    (page,) = place.glob("*.html")
    text = page.read_text("utf-8")
    assert "đã được đính chính" in text
    assert "press@example.org" in text

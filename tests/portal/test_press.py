"""Whom reporters ask: what administrators adopted stands on every item's page, and nothing else."""

from __future__ import annotations

import httpx
import pytest

from desk.channels.compare import differences
from desk.channels.driver import Governance
from desk.errors import TrustError
from desk.trust.policy import read_document
from desk.trust.press import Press, read_press

from .test_release import release

PRESS = Press(
    {"vi": "Phòng Báo chí – trực ban", "en": "Press office – duty desk"},
    "+84 (24) 555-0100",
    "press@example.org",
    ("vi", "en", "fr"),
    {"vi": "Phòng Nội dung", "en": "Content desk"},
    {"vi": "Vòng tròn xanh.", "en": "A blue circle."},
    {"vi": "Dùng kèm tin.", "en": "Use it beside news."},
)


async def test_the_page_names_the_press_contact_in_its_own_language(setup) -> None:
    setup.world.adopt_policy(press=PRESS.document())
    await setup.driver.prepare(Governance(setup.world.governance()))
    vi, _ = setup.world.write_item("one", "vi")
    await release(setup, vi)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = (await reader.get(f"/items/{vi}")).text
        wrong = (await reader.get("/items/i-0000000000")).text
    assert "Liên hệ báo chí" in page
    assert "Phòng Báo chí – trực ban" in page
    assert 'href="tel:+84245550100"' in page
    assert 'href="mailto:press@example.org"' in page
    assert "Tiếng Việt, English, fr" in page
    assert "Thực hiện: Phòng Nội dung" in page
    assert "Press office" not in page
    assert "press@example.org" not in wrong


async def test_the_english_page_says_it_in_english_and_readback_still_agrees(setup) -> None:
    setup.world.adopt_policy(press=PRESS.document())
    await setup.driver.prepare(Governance(setup.world.governance()))
    en, _ = setup.world.write_item("one", "en")
    bundle, _ = await release(setup, en)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = (await reader.get(f"/items/{en}")).text
    assert "Press contact" in page
    assert "Press office – duty desk" in page
    assert "By: Content desk" in page
    view = await setup.driver.public_view(en, "en")
    assert differences(view, bundle.bundle.items[0]) == ()


async def test_a_policy_that_names_nobody_leaves_nothing_behind(setup) -> None:
    item, _ = setup.world.write_item("one")
    await release(setup, item)
    async with httpx.AsyncClient(base_url=setup.running.url) as reader:
        page = (await reader.get(f"/items/{item}")).text
    assert "Liên hệ báo chí" not in page
    assert "Thực hiện" not in page


@pytest.mark.parametrize(
    "press",
    [
        {"contact": {"post": {"vi": "Phòng Báo chí"}}},  # nobody can reach it
        {"contact": {"post": {"vi": "A\u202eB"}, "phone": "+84 24 555 0100"}},
        {"contact": {"post": {"vi": "A\x1b[31mB"}, "phone": "+84 24 555 0100"}},
        {"contact": {"post": {"vi": "A"}, "phone": "javascript:alert(1)"}},
        {"contact": {"post": {"vi": "A"}, "email": "a@example.org?cc=b@example.net"}},
        {"contact": {"post": {"vi": "A"}, "phone": "+84 24 555 0100", "private": "555 0199"}},
        {"byline": "Phòng Nội dung"},
        {"logo": {"alt": {"vi": ["x"]}}},
        [],
    ],
)
def test_attack_29_a_press_part_of_another_shape_is_no_policy(setup, press) -> None:
    document = setup.world.policy_document() | {"press": press}
    with pytest.raises(TrustError):
        read_document(document, 1)


def test_what_is_written_is_read_again() -> None:
    assert read_press({"press": PRESS.document()}) == PRESS
    assert read_press({}) is None

"""The folder channel: files for mirrors and the press wire, never early, never twice."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from portal.world import CANARY, Asset

from desk.channels.driver import Opened, Rejected, TooEarly, TooLate
from desk.channels.folder import Folder
from desk.clock import FakeClock
from desk.errors import Conflict, Refused, TrustError

PICTURE = Asset("../../etc/biểu đồ.svg", b"<svg/>" * 20_000 + CANARY.encode(), "image/svg+xml",
                "graphic")  # fmt: skip


@pytest.fixture
def clock():
    return FakeClock("2026-11-20T07:55:00Z")


@pytest.fixture
async def folder(tmp_path, world, clock):
    made = Folder("wire", tmp_path / "wire", world.people["pub-1"], zone="Asia/Ho_Chi_Minh",
                  clock=clock)  # fmt: skip
    yield made
    await made.aclose()


def staged_bundle(world, **changes):
    item, act = world.write_item("one", assets=[PICTURE], **changes)
    release, signoff = world.plan_release("first", [item])
    return item, act, world.bundle(release, signoff, "wire")


def everything(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in path.rglob("*") if p.is_file())


async def test_a_release_becomes_files_at_its_instant_and_nothing_is_clear_before(
    world, folder, clock, tmp_path
):
    item, _, bundle = staged_bundle(world)
    assert (await folder.stage(bundle, world.acts)).complete
    await folder.readback(bundle)
    commit = await folder.prebuild_commit([bundle])
    assert await folder.commit(commit) == TooEarly(300_000)
    assert CANARY.encode() not in everything(tmp_path)
    clock.advance(300)
    done = await folder.commit(commit)
    assert isinstance(done, Opened)
    receipt = await folder.receipt(bundle.address)
    assert receipt.state == "published"
    assert [v.good for v in receipt.verified] == [True]
    released = tmp_path / "wire" / "2026-11-20" / bundle.plan.release
    names = sorted(p.relative_to(released).as_posix() for p in released.rglob("*") if p.is_file())
    assert names == sorted(
        [
            "SHA256SUMS", "index.json", "receipt.json", f"{item}.vi.json", f"{item}.vi.md",
            f"{item}.vi.html", f"{item}.vi.content.json", f"assets/{PICTURE.id}-bieu-do.svg",
        ]
    )  # fmt: skip
    assert json.loads((released / f"{item}.vi.json").read_bytes())["version"] == "1"
    view = await folder.public_view(item, "vi")
    assert view.state == "live"
    assert "96.208.984 người [1]" in view.marked["body"]


async def test_a_second_commit_and_a_second_publisher_open_nothing_twice(world, folder, clock):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    other = Folder("wire", folder.path, world.people["pub-2"], clock=clock)
    first = await folder.commit(await folder.prebuild_commit([bundle]))
    again = await other.commit(await other.prebuild_commit([bundle]))
    assert first == again
    await other.aclose()


async def test_attack_22_files_are_finished_by_the_next_start(world, folder, clock):
    """A publisher killed between the claim and the files: the next one writes them."""
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    folder._open(bundle)
    from desk.channels.driver import Governance

    later = Folder("wire", folder.path, world.people["pub-2"], zone="Asia/Ho_Chi_Minh", clock=clock)
    await later.prepare(Governance([]))
    assert (await later.receipt(bundle.address)).state == "published"


async def test_too_late_stays_closed(world, folder, clock, tmp_path):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300 + 901)
    assert await folder.commit(await folder.prebuild_commit([bundle])) == TooLate()
    assert CANARY.encode() not in everything(tmp_path)


async def test_a_recalled_bundle_never_opens(world, folder, clock):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    await folder.recall(bundle.address)
    await folder.recall(bundle.address)
    clock.advance(300)
    commit = await folder.prebuild_commit([bundle])
    assert await folder.commit(commit) == Rejected("recalled")
    with pytest.raises(Conflict):
        await folder.stage(bundle, world.acts)


async def test_attack_28_withdrawn_files_are_gone_and_stay_gone(world, folder, clock, tmp_path):
    item, act, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    await folder.commit(await folder.prebuild_commit([bundle]))
    await folder.receipt(bundle.address)
    away = world.act(
        "item.withdraw", item, "lead-1", revision=act, mode="withdraw", note="Số liệu sai"
    )
    await folder.withdraw([away.envelope])
    assert CANARY.encode() not in everything(tmp_path)
    assert (await folder.public_view(item, "vi")).state == "withdrawn"
    with pytest.raises(Refused):
        await folder.stage(bundle, world.acts)
    assert isinstance(await folder.commit(await folder.prebuild_commit([bundle])), Opened)
    await folder.aclose()
    assert CANARY.encode() not in everything(tmp_path)


async def test_attack_31_names_of_assets_never_become_paths(world, folder, clock, tmp_path):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    await folder.commit(await folder.prebuild_commit([bundle]))
    await folder.receipt(bundle.address)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["wire"]
    found = list(tmp_path.rglob("*.svg"))
    assert [p.parent.name for p in found] == ["assets"]
    assert hashlib.sha256(found[0].read_bytes()).hexdigest() == PICTURE.entry()["sha256"]


async def test_an_altered_staged_file_is_noticed(world, folder):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    asset = folder.path / ".desk" / "staged" / bundle.address / bundle.assets()[0].sha256
    asset.write_bytes(asset.read_bytes()[:-1] + b"x")
    with pytest.raises(TrustError):
        await folder.readback(bundle)

"""The folder channel: files for mirrors and the press wire, never early, never twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

import pytest
from portal.world import AT, CANARY, Asset

from desk.channels import folder_expand
from desk.channels.driver import Fenced, FencedOff, Governance, Opened, Rejected, TooEarly, TooLate
from desk.channels.folder import Folder
from desk.channels.folder_fence import current, take
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
    await made.epoch()
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
    assert await other.commit(await other.prebuild_commit([bundle])) == Fenced(1)
    await other.epoch()
    again = await other.commit(await other.prebuild_commit([bundle]))
    assert first == again
    await other.aclose()


async def test_attack_22_files_are_finished_by_the_next_start(world, folder, clock):
    """A publisher killed between the claim and the files: the next one writes them."""
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    folder._open(bundle, folder._held())
    from desk.channels.driver import Governance

    later = Folder("wire", folder.path, world.people["pub-2"], zone="Asia/Ho_Chi_Minh", clock=clock)
    await later.epoch()
    await later.prepare(Governance([]))
    assert (await later.receipt(bundle.address)).state == "published"


@pytest.mark.parametrize("place", ["_finish", "rename"])
async def test_attack_23_a_publisher_paused_while_it_writes_changes_nothing_when_it_wakes(
    world, folder, clock, tmp_path, monkeypatch, place
):
    """The other one finishes the files; what the first one still writes goes nowhere."""
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300)
    folder._make_claims((bundle,), folder._held())
    other = Folder("wire", folder.path, world.people["pub-1"], zone="Asia/Ho_Chi_Minh", clock=clock)
    finished: list[dict[str, bytes]] = []

    def files() -> dict[str, bytes]:
        released = tmp_path / "wire" / "2026-11-20" / bundle.plan.release
        return {p.name: p.read_bytes() for p in released.rglob("*") if p.is_file()}

    owner = folder_expand if place == "_finish" else os
    real = getattr(owner, place)

    def paused(*args):
        monkeypatch.undo()
        other._expand(bundle.address, take(folder.path, "pub-2"))
        finished.append(files())
        return real(*args)

    monkeypatch.setattr(owner, place, paused)
    with contextlib.suppress(OSError, FencedOff):
        folder._expand(bundle.address, folder._held())
    assert finished
    assert files() == finished[0]
    await folder.epoch()
    await folder.prepare(Governance([]))
    assert files() == finished[0]
    assert current(folder.path) == folder._held()
    assert list(folder._held().path.iterdir()) == []
    assert [p.name for p in (tmp_path / "wire" / ".desk").glob("part-*")] == []


async def test_too_late_stays_closed(world, folder, clock, tmp_path):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    clock.advance(300 + 901)
    assert await folder.commit(await folder.prebuild_commit([bundle])) == TooLate()
    assert CANARY.encode() not in everything(tmp_path)


@pytest.mark.parametrize("by_another", [False, True])
async def test_a_bundle_that_is_recalled_while_it_is_staged_stays_away(
    world, folder, clock, tmp_path, monkeypatch, by_another
):
    """Also by the one that has taken over while this one was stopped in the middle."""
    _, _, bundle = staged_bundle(world)
    lay_down = bundle.asset_chunks

    def recalled_meanwhile(sealed):
        pen = take(folder.path, "pub-2") if by_another else folder._held()
        folder._discard(bundle.address, pen)
        yield from lay_down(sealed)

    monkeypatch.setattr(type(bundle), "asset_chunks", lambda _, sealed: recalled_meanwhile(sealed))
    with pytest.raises(FencedOff if by_another else Conflict):
        await folder.stage(bundle, world.acts)
    monkeypatch.undo()
    if by_another:
        await folder.epoch()
    with pytest.raises(Conflict, match="recalled"):
        await folder.readback(bundle)
    staged = tmp_path / "wire" / ".desk" / "staged" / bundle.address
    assert [file.name for file in staged.iterdir()] == ["recalled"]
    clock.advance(300)
    assert await folder.commit(await folder.prebuild_commit([bundle])) == Rejected("recalled")


async def test_recalling_is_no_error_when_a_part_goes_meanwhile(
    world, folder, tmp_path, monkeypatch
):
    _, _, bundle = staged_bundle(world)
    await folder.stage(bundle, world.acts)
    listed = Path.iterdir

    def gone_meanwhile(path):
        found = list(listed(path))
        for file in found:
            if file.name == "bundle":
                file.unlink()
        return found

    monkeypatch.setattr(Path, "iterdir", gone_meanwhile)
    await folder.recall(bundle.address)
    monkeypatch.undo()
    staged = tmp_path / "wire" / ".desk" / "staged" / bundle.address
    assert [file.name for file in staged.iterdir()] == ["recalled"]


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


def lifted(world, item, act, away, *people):
    return [
        world.act("item.restore", item, who, revision=act, withdrawal=away.digest).envelope
        for who in people
    ]


async def opened(folder, world, clock, bundle, seconds=300):
    await folder.stage(bundle, world.acts)
    clock.advance(seconds)
    await folder.commit(await folder.prebuild_commit([bundle]))
    await folder.receipt(bundle.address)


def readable(path: Path) -> dict[str, bytes]:
    """What a reader finds, by name: everything outside of `.desk`."""
    files = [p for p in path.rglob("*") if p.is_file()]
    return {
        p.relative_to(path).as_posix(): p.read_bytes()
        for p in files
        if ".desk" not in p.relative_to(path).parts
    }


async def test_a_takedown_hides_the_files_and_two_people_bring_them_back(world, folder, clock):
    item, act, bundle = staged_bundle(world)
    await opened(folder, world, clock, bundle)
    before = readable(folder.path)
    away = world.act(
        "item.withdraw", item, "lead-1", revision=act, mode="takedown", note="Đang rà soát"
    )
    for _ in range(2):
        await folder.withdraw([away.envelope])
        found = readable(folder.path)
        assert CANARY.encode() not in b"".join(found.values())
    mark = next(data for name, data in found.items() if name.endswith(".withdrawn.json"))
    assert json.loads(mark)["pubStatus"] == "withheld"
    assert (folder.path / ".desk" / "withheld").stat().st_mode & 0o077 == 0
    assert (await folder.public_view(item, "vi")).state == "withdrawn"
    with pytest.raises(TrustError):
        await folder.withdraw([away.envelope, *lifted(world, item, act, away, "lead-1")])
    words = lifted(world, item, act, away, "lead-1", "lead-2")
    for _ in range(2):
        await folder.withdraw([away.envelope, *words])
        assert readable(folder.path) == before
    assert (await folder.public_view(item, "vi")).state == "live"


async def test_attack_28_a_takedown_that_becomes_final_leaves_nothing(
    world, folder, clock, tmp_path
):
    item, act, bundle = staged_bundle(world)
    await opened(folder, world, clock, bundle)
    away = world.act("item.withdraw", item, "lead-1", revision=act, mode="takedown", note="x")
    final = world.act("item.withdraw", item, "lead-1", revision=act, mode="kill", note="x")
    await folder.withdraw([away.envelope])
    await folder.withdraw([final.envelope])
    assert CANARY.encode() not in everything(tmp_path)
    words = lifted(world, item, act, away, "lead-1", "lead-2")
    await folder.withdraw([away.envelope, *words])
    assert (await folder.public_view(item, "vi")).state == "withdrawn"
    mark = next(folder.path.glob("*/*/*.withdrawn.json"))
    assert json.loads(mark.read_bytes())["pubStatus"] == "canceled"


async def test_an_older_text_stays_and_says_that_it_was_corrected(world, folder, clock):
    item, act, bundle = staged_bundle(world)
    await opened(folder, world, clock, bundle)
    world.act(
        "publisher.released", bundle.plan.release, "pub-1", signoff=bundle.plan.manifest,
        channel="wire", address=bundle.address, opened_ms=1, revisions=[act],
    )  # fmt: skip
    world.write_item("one", number=2, parent=act, headline="Bản mới", correction_of=1,
                     edit_note="Sửa <tiêu đề>")  # fmt: skip
    second, signoff = world.plan_release("second", [item], at="2026-11-20T09:00:00Z")
    newer = world.bundle(second, signoff, "wire", first_at={item: AT})
    await opened(folder, world, clock, newer, 3600)
    old = folder.path / "2026-11-20" / bundle.plan.release
    mark = json.loads((old / f"{item}.vi.corrected.json").read_bytes())
    assert mark["by"] == {"number": 2, "path": f"2026-11-20/{second}"}
    assert mark["note"] == "Sửa <tiêu đề>"
    page = (old / f"{item}.vi.html").read_text("utf-8")
    assert "đã được đính chính" in page
    assert "Sửa &lt;tiêu đề&gt;" in page
    assert CANARY in page
    names = (old / "SHA256SUMS").read_text().split("\n")
    assert any(name.endswith(f"{item}.vi.corrected.json") for name in names)
    for line in filter(None, names):
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((old / name).read_bytes()).hexdigest() == digest
    shown = await folder.public_view(item, "vi")
    assert shown.marked["headline"] == "Bản mới"

"""Attack 23 at a folder: whoever was replaced writes nothing, wherever it was stopped."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from portal.world import World

from desk.channels import folder_fence
from desk.channels.driver import Fenced, FencedOff, Opened, OtherRoster
from desk.channels.folder import Folder
from desk.channels.folder_fence import Pen, current, take
from desk.clock import FakeClock
from desk.portal.contract.bundle import SealedBundle

CALLS = ("stage", "commit", "receipt", "recall", "withdraw", "restore")


class Wire:
    """A folder, a bundle for it, and two publishers: `stale` has the pen, `fresh` will take it."""

    def __init__(self, root: Path, world: World) -> None:
        self.root, self.world = root / "wire", world
        self.clock = FakeClock("2026-11-20T07:55:00Z")
        self.stale, self.fresh = self.publisher("pub-1"), self.publisher("pub-2")
        item, act = world.write_item("one")
        release, signoff = world.plan_release("first", [item])
        self.bundle: SealedBundle = world.bundle(release, signoff, "wire")
        self.away = world.act(
            "item.withdraw", item, "lead-1", revision=act, mode="takedown", note="Đang rà soát"
        )
        self.back = [
            world.act("item.restore", item, lead, revision=act, withdrawal=self.away.digest)
            for lead in ("lead-1", "lead-2")
        ]

    def publisher(self, name: str) -> Folder:
        return Folder("wire", self.root, self.world.people[name], clock=self.clock, publisher=name)

    async def until(self, call: str) -> None:
        """Everything that comes before that call, by the one who has the pen."""
        await self.stale.epoch()
        before = {"stage": 0, "commit": 1, "recall": 1, "receipt": 2, "withdraw": 3, "restore": 4}
        for name in ("stage", "commit", "receipt", "withdraw")[: before[call]]:
            await self.call(name)

    async def call(self, name: str) -> Any:
        """One call of the driver, by the stale one."""
        if name == "commit":
            self.clock.advance(300)
        made = await self.stale.prebuild_commit([self.bundle])
        calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "stage": lambda: self.stale.stage(self.bundle, self.world.acts),
            "commit": lambda: self.stale.commit(made),
            "receipt": lambda: self.stale.receipt(self.bundle.address),
            "recall": lambda: self.stale.recall(self.bundle.address),
            "withdraw": lambda: self.stale.withdraw([self.away.envelope]),
            "restore": lambda: self.stale.withdraw(
                [self.away.envelope, *(act.envelope for act in self.back)]
            ),
        }
        return await calls[name]()

    def names(self) -> set[str]:
        """Every file, but those that are being written."""
        pens = self.root / ".desk" / "pen"
        return {str(p) for p in self.root.rglob("*") if p.is_file() and pens not in p.parents}


@pytest.mark.parametrize("call", CALLS)
async def test_attack_23_who_was_stopped_at_the_last_moment_names_nothing(
    tmp_path: Path, world: World, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after every look, with nothing left to do but the one call that gives a name."""
    wire = Wire(tmp_path, world)
    await wire.until(call)
    before: list[set[str]] = []

    def stopped(name: str) -> Callable[..., Any]:
        real = getattr(Pen, name)

        def goes_on(pen: Pen, part: Path, file: Path) -> Any:
            if not before and pen.path == wire.stale._pen.path:  # type: ignore[union-attr]
                before.append(wire.names())
                take(wire.root, "pub-2")
            return real(pen, part, file)

        return goes_on

    for name in ("give", "give_once"):
        monkeypatch.setattr(Pen, name, stopped(name))
    try:
        result = await wire.call(call)
    except FencedOff:
        result = None
    monkeypatch.undo()
    assert before, "the call gave nothing a name"
    assert wire.names() == before[0]
    if call == "commit":
        assert result == Fenced(2)
    await wire.stale.aclose()


async def test_attack_23_a_publisher_that_was_replaced_is_told_so_at_every_call(
    tmp_path: Path, world: World
) -> None:
    wire = Wire(tmp_path, world)
    await wire.until("commit")
    assert await wire.fresh.epoch() == 2
    before = wire.names()
    for call in ("stage", "recall", "withdraw"):
        with pytest.raises(FencedOff):
            await wire.call(call)
    assert await wire.call("commit") == Fenced(2)
    assert wire.names() == before
    standing = await wire.stale.standing()
    assert (standing.epoch, standing.holder) == (2, "pub-2")
    made = await wire.fresh.prebuild_commit([wire.bundle])
    assert isinstance(await wire.fresh.commit(made), Opened)
    await wire.fresh.aclose()


async def test_files_under_way_are_finished_by_the_same_publisher_with_a_newer_pen(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heard anew to settle another release, it ends what it was writing all the same."""
    wire = Wire(tmp_path, world)
    await wire.until("commit")
    reached, go_on = threading.Event(), threading.Event()
    real = Pen.give

    def waits(pen: Pen, part: Path, file: Path) -> None:
        if not reached.is_set() and not file.name.endswith((".json", "bundle")):
            reached.set()
            assert go_on.wait(90)
        real(pen, part, file)

    monkeypatch.setattr(Pen, "give", waits)
    await wire.call("commit")
    assert await asyncio.to_thread(reached.wait, 30)
    await wire.stale.epoch()
    go_on.set()
    receipt = await wire.stale.receipt(wire.bundle.address)
    assert receipt is not None
    assert receipt.state == "published"


def _take_many(folder: str, name: str, times: int, found: Any) -> None:
    found.put([take(Path(folder), name).path.name for _ in range(times)])


def test_of_many_processes_that_take_the_pen_each_epoch_has_one(tmp_path: Path) -> None:
    (tmp_path / ".desk").mkdir()
    context = multiprocessing.get_context("fork")
    found = context.Queue()
    crowd = [
        context.Process(target=_take_many, args=(str(tmp_path), f"pub-{n}", 20, found))
        for n in range(4)
    ]
    for one in crowd:
        one.start()
    names = [name for _ in crowd for name in found.get(timeout=60)]
    for one in crowd:
        one.join(60)
    assert sorted(int(name[:12]) for name in names) == list(range(1, 81))
    last = current(tmp_path)
    assert last is not None
    assert last.path.name == max(names)
    assert [p.name for p in last.path.parent.iterdir()] == [last.path.name]


def test_one_that_was_stopped_while_it_took_the_pen_leaves_the_next_one_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".desk").mkdir()
    real, next_one = folder_fence._clear, []

    def stopped(pen: Pen) -> None:
        monkeypatch.undo()
        next_one.append(take(tmp_path, "pub-2"))
        next_one[0].part().write_text("x")
        real(pen)

    monkeypatch.setattr(folder_fence, "_clear", stopped)
    late = take(tmp_path, "pub-1")
    assert not late.held
    assert current(tmp_path) == next_one[0]
    assert len(list(next_one[0].path.iterdir())) == 1


def test_an_older_pen_that_a_copy_brings_back_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".desk").mkdir()
    old = take(tmp_path, "pub-1")
    take(tmp_path, "pub-2")
    old.path.mkdir()
    assert take(tmp_path, "pub-2").epoch == 3
    assert not old.held


def test_who_holds_the_pen_is_told_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / ".desk").mkdir()
    for number, name in enumerate(("pub-1", "a.b-c", "-"), 1):
        pen = take(tmp_path, name)
        assert (pen.epoch, pen.holder) == (number, "" if name == "-" else name)


# -- which rosters the publishers know ----------------------------------------------------------

OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64


def test_attack_23_33_a_pen_is_not_taken_by_who_lacks_its_holders_roster(tmp_path: Path) -> None:
    """The folder moved on with a newsroom that was restored elsewhere."""
    take(tmp_path, "pub-1", [OLD])
    held = take(tmp_path, "pub-9", [OLD, NEW])
    assert (held.holder, held.roster, held.epoch) == ("pub-9", (2, NEW), 2)
    for known in ([OLD], [OLD, OTHER], [OLD, OTHER, NEW], []):
        with pytest.raises(OtherRoster, match="v2, brought by pub-9"):
            take(tmp_path, "pub-1", known)
        assert held.held
    assert take(tmp_path, "pub-1", [OLD, NEW, OTHER]).roster == (3, OTHER)


def test_a_pen_of_a_program_that_named_no_roster_is_taken(tmp_path: Path) -> None:
    """And its number and holder are read as they were."""
    plain = take(tmp_path, "pub-1")
    assert plain.path.name.count("-") == 1
    assert (plain.roster, plain.holder) == ((0, ""), "pub-1")
    named = take(tmp_path, "pub-2", [OLD])
    assert (named.epoch, named.holder, named.roster) == (2, "pub-2", (1, OLD))
    name = named.path.name
    assert name.partition(".")[2].rpartition(".")[0] == "pub-2", "as older programs read it"


async def test_attack_33_a_folder_tells_a_restored_publisher_of_a_newer_roster(
    tmp_path: Path,
) -> None:
    world = World("ab" * 32)
    folder = Folder("wire", tmp_path, world.people["pub-1"], publisher="pub-1")
    await folder.epoch([OLD, NEW])
    seen = await folder.standing()
    assert (seen.roster, seen.holder, seen.epoch) == (2, "pub-1", 1)

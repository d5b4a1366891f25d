"""What the publisher writes where every editor can write: it harms nothing of its own."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from desk import shared_files
from desk.alerts import status as alerts_status
from desk.audit.files import append_checkpoint, read_checkpoints
from desk.errors import NotFound, Unavailable
from desk.newsroom.load import read_bytes
from desk.publisher.status import Status
from desk.trust.envelope import sign
from desk.trust.keys import Identity

from .turning import newsroom

CHECKPOINT = sign(
    "application/vnd.desk.checkpoint.v1+json", {"seq": 1}, Identity.from_seed(b"1" * 32)
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file of the publisher's own, outside the shared folder."""
    (tmp_path / "home").mkdir()
    file = tmp_path / "home" / "publisher.secret"
    file.write_text("secret")
    (tmp_path / "var").mkdir()
    return file


async def test_attack_31_a_link_in_the_shared_folder_overwrites_nothing(
    tmp_path: Path, own: Path
) -> None:
    async with newsroom(tmp_path / "newsroom") as n:
        file = tmp_path / "var" / "publisher.json"
        file.with_name("publisher.json.new").symlink_to(own)
        file.symlink_to(own)
        Status(n.publisher, file).write(stopping=True)
        assert own.read_text() == "secret"
        assert not file.is_symlink()
        assert json.loads(file.read_text())["publisher"] == n.publisher.name


async def test_attack_31_a_pipe_in_the_shared_folder_keeps_nobody_waiting(
    tmp_path: Path, own: Path
) -> None:
    var = own.parent.parent / "var"
    for name in ("publisher.json", "publisher.json.new", "checkpoints.jsonl", "calendar.yaml"):
        os.mkfifo(var / name)

    def everything() -> None:
        shared_files.replace(var / "publisher.json", b"{}")
        with pytest.raises(Unavailable):
            append_checkpoint(var / "checkpoints.jsonl", CHECKPOINT)
        with pytest.raises(Unavailable):
            read_checkpoints(var / "checkpoints.jsonl")
        with pytest.raises(Unavailable):
            read_bytes(var / "calendar.yaml")
        os.mkfifo(var / "status")
        assert alerts_status.read(var / "status") is None

    async with asyncio.timeout(90):
        await asyncio.to_thread(everything)
    assert (var / "publisher.json").read_text() == "{}"


def test_attack_31_a_checkpoint_goes_into_no_other_file(tmp_path: Path, own: Path) -> None:
    linked, hard = tmp_path / "var" / "linked.jsonl", tmp_path / "var" / "hard.jsonl"
    linked.symlink_to(own)
    hard.hardlink_to(own)
    for file in (linked, hard):
        with pytest.raises(Unavailable):
            append_checkpoint(file, CHECKPOINT)
    assert own.read_text() == "secret"
    good = tmp_path / "var" / "checkpoints.jsonl"
    append_checkpoint(good, CHECKPOINT)
    append_checkpoint(good, CHECKPOINT)
    assert len(read_checkpoints(good)) == 2


def test_a_folder_is_still_told_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="folder"):
        read_bytes(tmp_path)

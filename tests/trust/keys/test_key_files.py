"""Key files: private, sealed by a passphrase, refused in any other shape."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import Conflict, NotFound, TrustError
from desk.trust.keyfile import open_seed, seal_seed
from desk.trust.keystore import (
    KeyFile,
    clear,
)
from tests.trust.keys.samples import CHEAP, PHRASE, SEED, answers


def test_a_key_file_gives_back_the_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    loaded = files.load("desk-vn", "editor-tk")
    assert loaded == SEED
    clear(loaded)
    assert loaded == bytes(32)
    assert files.list("desk-vn") == ("editor-tk",)
    assert files.list("another") == ()
    files.delete("desk-vn", "editor-tk")
    with pytest.raises(NotFound):
        files.load("desk-vn", "editor-tk")
    with pytest.raises(NotFound):
        files.delete("desk-vn", "editor-tk")


def test_a_key_file_is_private_and_holds_no_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, files.folder)] == [
        0o700
    ] * 2
    content = path.read_bytes()
    assert SEED not in content
    assert SEED.hex().encode() not in content
    assert [each.name for each in path.parent.iterdir()] == ["editor-tk.key"]  # no draft is left


def test_a_key_file_is_never_overwritten(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    with pytest.raises(Conflict):
        files.save("desk-vn", "editor-tk", bytes(32))
    assert files.load("desk-vn", "editor-tk") == SEED


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_open_to_others_is_refused(files: KeyFile, mode: int) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    files.path("desk-vn", "editor-tk").chmod(mode)
    with pytest.raises(TrustError, match="Open to other users"):
        files.load("desk-vn", "editor-tk")


def test_a_folder_open_to_others_is_refused(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    for folder in (files.folder, files.folder / "desk-vn"):
        folder.chmod(0o750)
        with pytest.raises(TrustError, match="Open to other users"):
            files.load("desk-vn", "editor-tk")
        with pytest.raises(TrustError, match="Open to other users"):
            files.save("desk-vn", "lead-1", SEED)
        folder.chmod(0o700)


def test_symlinks_in_place_of_file_or_folder_are_refused(files: KeyFile, tmp_path: Path) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    moved = path.rename(path.with_name("moved"))
    path.symlink_to(moved)
    with pytest.raises(TrustError):
        files.load("desk-vn", "editor-tk")
    path.unlink()
    moved.rename(path)
    elsewhere = path.parent.rename(tmp_path / "elsewhere")
    path.parent.symlink_to(elsewhere)
    with pytest.raises(TrustError):
        files.load("desk-vn", "editor-tk")


def test_a_pipe_in_place_of_a_key_file_does_not_hang(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(TrustError, match="private file"):
        files.load("desk-vn", "editor-tk")


@pytest.mark.parametrize("name", ["../x", "", "a/b", "-a", "A", "a" * 65, "a\n", ".."])
def test_names_never_become_paths(files: KeyFile, name: str) -> None:
    for newsroom, person in ((name, "editor-tk"), ("desk-vn", name)):
        with pytest.raises(TrustError, match="Not an id"):
            files.load(newsroom, person)


def test_a_wrong_passphrase_says_so(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    wrong = KeyFile(files.folder, answers("another sentence"), CHEAP)
    with pytest.raises(TrustError, match="passphrase does not open"):
        wrong.load("desk-vn", "editor-tk")


def test_the_passphrase_is_the_same_from_every_keyboard(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    decomposed = "một câu thật dài để nhớ"
    import unicodedata

    other = KeyFile(files.folder, answers(unicodedata.normalize("NFD", decomposed)), CHEAP)
    assert other.load("desk-vn", "editor-tk") == SEED


def test_a_key_file_under_another_name_is_refused() -> None:
    content = seal_seed("desk-vn", "editor-tk", SEED, bytearray(b"x"), CHEAP)
    for newsroom, person in (("other", "editor-tk"), ("desk-vn", "lead-1")):
        with pytest.raises(TrustError, match="another's"):
            open_seed(content, newsroom, person, bytearray(b"x"))
        renamed = {**json.loads(content), "newsroom": newsroom, "person": person}
        with pytest.raises(TrustError):
            open_seed(compact(renamed), newsroom, person, bytearray(b"x"))


def compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_kib", 1 << 30),
        ("memory_kib", 16),
        ("iterations", 10**9),
        ("iterations", True),
        ("iterations", 0),
        ("lanes", 0),
        ("lanes", 1 << 20),
        ("kdf", "scrypt"),
        ("cipher", "none"),
        ("format", 2),
        ("format", True),
        ("salt", ""),
        ("nonce", "zz" * 12),
        ("sealed", "00"),
        ("person", ["editor-tk"]),
        ("more", 1),
    ],
)
def test_a_hostile_key_file_is_refused_before_any_passphrase_is_asked(
    files: KeyFile, name: str, value: object
) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    path = files.path("desk-vn", "editor-tk")
    path.write_bytes(compact({**json.loads(path.read_bytes()), name: value}))

    def never(what: str, new: bool) -> bytearray:
        raise AssertionError("asked for a passphrase")

    with pytest.raises(TrustError):
        KeyFile(files.folder, never).load("desk-vn", "editor-tk")


@settings(max_examples=60)
@given(st.data())
def test_no_altered_key_file_opens(data: st.DataObject) -> None:
    content = bytearray(SEALED)
    place = data.draw(st.integers(0, len(content) - 2))
    content[place] = data.draw(st.integers(0, 255).filter(lambda value: value != content[place]))
    with pytest.raises(TrustError):
        open_seed(bytes(content), "desk-vn", "editor-tk", bytearray(b"x"))


SEALED = seal_seed("desk-vn", "editor-tk", SEED, bytearray(b"x"), CHEAP)


def test_nothing_shows_a_seed(files: KeyFile) -> None:
    files.save("desk-vn", "editor-tk", SEED)
    assert "keys" in repr(files)
    for shown in (repr(files), str(vars(files))):
        assert SEED.hex() not in shown
        assert PHRASE not in shown

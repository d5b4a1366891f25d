"""What channels tell of a newsroom: a portal by its answer, a folder by its own files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.channels.standing import Seen, Standing, folder_standing, read_standing
from desk.errors import DeskError, Unavailable

N = "desk-vn@" + "ab" * 16
VALUE = {
    "newsroom": N, "key": "cd" * 32, "roster": 3, "policy": 1, "calendar": 90, "epoch": 2,
    "holder": "", "withdrawn": ["ef" * 32], "new in a later portal": 1,
    "bundles": [{"address": "12" * 32, "release": "r-0000000001", "state": "published",
                 "at": "2026-11-20T01:00:00Z"}],
}  # fmt: skip


def test_a_portals_standing_is_read():
    seen = Seen("12" * 32, "published", "r-0000000001", "2026-11-20T01:00:00Z")
    assert read_standing(VALUE, N) == Standing(3, 1, 90, 2, (seen,), frozenset({"ef" * 32}))


@pytest.mark.parametrize(
    "change",
    [{"roster": -1}, {"roster": "3"}, {"bundles": [{}]}, {"withdrawn": 1}, {"epoch": None},
     {"newsroom": "desk-vn@" + "00" * 16}],
)  # fmt: skip
def test_a_standing_that_makes_no_sense_says_nothing(change):
    with pytest.raises(DeskError):
        read_standing(VALUE | change, N)


def test_a_folder_tells_what_lies_in_it(tmp_path: Path):
    assert folder_standing(tmp_path) == Standing()
    staged, recalled = (
        tmp_path / ".desk/staged" / ("1" * 64),
        tmp_path / ".desk/staged" / ("2" * 64),
    )
    for folder, name in ((staged, "bundle"), (recalled, "recalled")):
        folder.mkdir(parents=True)
        (folder / name).write_bytes(b"")
    gone = tmp_path / ".desk" / "withdrawn"
    gone.mkdir()
    (gone / ("3" * 64)).write_text(json.dumps({"revision": "3" * 64}))
    found = folder_standing(tmp_path)
    assert found.bundles == (Seen("1" * 64, "staged"), Seen("2" * 64, "recalled"))
    assert found.withdrawn == {"3" * 64}
    (gone / ("4" * 64)).write_text("damaged")
    with pytest.raises(Unavailable):
        folder_standing(tmp_path)

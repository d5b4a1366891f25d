"""The newsroom's id is read from calendar.yaml without reading the rest of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.cli.calendar_head import newsroom_id
from desk.errors import Unavailable, UsageError

NAMES = st.sampled_from(["newsroom", "id", "name", "zone", "agencies"])
PLAIN = st.none() | st.booleans() | st.integers(0, 9) | NAMES | st.just("desk-vn")
VALUES = st.recursive(
    PLAIN, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=4)
)


def written(folder: Path, text: str) -> Path:
    path = folder / "calendar.yaml"
    path.write_text(text, "utf-8")
    return path


@given(VALUES, st.booleans(), st.booleans())
def test_whatever_the_file_holds_the_id_is_that_of_the_newsroom(
    tmp_path_factory: pytest.TempPathFactory, root: Any, named: bool, flow: bool
) -> None:
    if named and isinstance(root, dict):
        root = {**root, "newsroom": {"zone": ["id", {"id": "other"}], "id": "desk-vn"}}
    newsroom = root.get("newsroom") if isinstance(root, dict) else None
    found = newsroom.get("id") if isinstance(newsroom, dict) else None
    path = written(
        tmp_path_factory.mktemp("room"),
        yaml.safe_dump(root, sort_keys=False, default_flow_style=flow),
    )
    if isinstance(found, str):
        assert newsroom_id(path) == found
    elif found is None or isinstance(found, list | dict):
        with pytest.raises(UsageError):
            newsroom_id(path)


def test_an_example_as_people_write_it(tmp_path: Path) -> None:
    text = "# ours\n? [a, b]\n: c\nnewsroom:\n  name: {vi: Bàn, id: x}\n  id: desk-vn  # short\n"
    assert newsroom_id(written(tmp_path, text)) == "desk-vn"


def test_a_mistake_further_down_is_left_to_whoever_reads_further(tmp_path: Path) -> None:
    text = "newsroom: {id: desk-vn}\nkinds: [1, 2\n}: {{\n"
    assert newsroom_id(written(tmp_path, text)) == "desk-vn"


@pytest.mark.parametrize(
    "text",
    ["", "desk-vn\n", "- id: desk-vn\n", "id: desk-vn\n", "newsroom: desk-vn\n", "newsroom: {id: }",
     "newsroom: {id: Not An Id}\n", "other: {newsroom: {id: desk-vn}}\n", "newsroom: [{id: a}]\n",
     "newsroom: {}\nkinds: {id: desk-vn}\n", "newsroom: {id: [desk-vn]}\n", "a: *b\n", "\x00"],
)  # fmt: skip
def test_without_an_id_the_next_step_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as error:
        newsroom_id(written(tmp_path, text))
    assert error.value.hint == "Run: desk newsroom check"


def test_a_deep_file_ends_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        newsroom_id(written(tmp_path, "a: " + "[" * 5_000))


def test_a_file_that_is_not_there_can_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        newsroom_id(tmp_path / "calendar.yaml")

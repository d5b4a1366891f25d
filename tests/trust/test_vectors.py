"""The committed vectors never change, and docs/canonical.md says what the code says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk.errors import CanonicalError
from desk.trust.acts import FIELDS, read
from desk.trust.canonical import parse
from desk.trust.envelope import Envelope

from . import vectors

PAGE = (Path(__file__).parent.parent.parent / "docs" / "canonical.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (yes|no) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.mark.parametrize(("name", "make"), vectors.ALL.items(), ids=list(vectors.ALL))
def test_what_the_code_makes_is_what_was_committed(name: str, make: Callable[[], Any]) -> None:
    committed = (vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert vectors.text_of(make()) == committed


def test_bad_spellings_are_refused() -> None:
    for case in json.loads((vectors.FOLDER / "canonical.json").read_text())["bad"]:
        with pytest.raises(CanonicalError):
            parse(bytes.fromhex(case["bytes"]))


def test_every_kind_has_a_vector_that_reads() -> None:
    found = committed_acts()
    assert {name.partition(",")[0] for name in found} == FIELDS.keys()
    for name, case in found.items():
        act = read(Envelope(case["payload_type"], case["payload"].encode(), ()))
        assert act.kind.name == name.partition(",")[0]
        assert act.digest == case["digest"]


def committed_acts() -> dict[str, Any]:
    """The first vectors and those of what came later, named by kind."""
    parts = ("acts", "later")
    texts = [(vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in parts]
    first, later = (json.loads(text) for text in texts)
    assert not first.keys() & later.keys()
    return {**first, **later}


def _sections() -> dict[str, str]:
    parts = re.split(r"^### `([\w.]+)`$", PAGE.partition("\n## Documents")[0], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_page_lists_every_field_of_every_act() -> None:
    sections = _sections()
    assert list(sections) == list(FIELDS)
    committed = committed_acts()
    for name, kind in FIELDS.items():
        rows = ROW.findall(sections[name])
        assert {field for field, must, *_ in rows if must == "yes"} == set(kind.required), name
        assert {field for field, must, *_ in rows if must == "no"} == set(kind.optional), name
        assert len(rows) == len(kind.required) + len(kind.optional), name
        assert committed[name]["digest"] in sections[name]

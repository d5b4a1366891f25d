"""What is wrong in calendar.yaml, and what adopting changes, said in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.locales import set_language, told
from desk.newsroom.load import check
from desk.newsroom.policy import policy_diff
from desk.newsroom.roster_diff import roster_diff

GOOD = Path(__file__).parents[2] / "calendar.yaml"


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        ("driver: desk", "driver: dsk", "không có loại kênh 'dsk'", "Ý bạn là 'desk'?"),
        ("\nchannels:", "\nx: &a b\nchannels:", "có neo, &a", "Hãy bỏ đi và viết rõ từng giá trị"),
        ("\nchannels:", "\n\tx: b\nchannels:", "thụt dòng bằng ký tự tab",
         "Chỉ thụt dòng bằng dấu cách"),
        ("FREQ=", "FREQ=WEEKLY;X=", "quy tắc có phần lạ 'X'", "Ở đây có: "),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_vietnamese_and_written_in_english(
    tmp_path: Path, old: str, new: str, what: str, hint: str
) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(GOOD.read_text("utf-8").replace(old, new, 1), "utf-8")
    problems = check(file).problems
    assert what in [told(one.what) for one in problems]
    found = next(one for one in problems if told(one.what) == what)
    assert told(found.hint).startswith(hint)
    for value in (found.as_json()["what"], found.as_json()["hint"]):
        assert type(value) is str
        assert value.isascii(), "programs read English"


def test_what_adopting_changes_is_told_and_its_guard_stays_marked() -> None:
    kind = {"chain": ["review", "check"], "gates": ["sources"], "languages": ["vi"]}
    old = {"kinds": {"news": {**kind, "urgent": False}}, "channels": {}, "releases": {"signers": 2}}
    new = {"kinds": {"news": {**kind, "gates": [], "urgent": True}}, "channels": {},
           "releases": {"signers": 1}}  # fmt: skip
    assert [told(line) for line in policy_diff(old, new)] == [
        "! loại tin news: điều kiện: nguồn -> không có gì",
        "! loại tin news: khẩn: không -> có",
        "! đợt công bố: signers (số chữ ký): 2 -> 1",
    ]


def test_what_a_roster_changes_is_told() -> None:
    key = {"sign": "a" * 64, "state": "active"}
    root = {"threshold": 1, "keys": {}}
    before = {"root": root, "people": {"lan": {"name": "A", "roles": [], "keys": [key]}}}
    after = {"root": root, "people": {"lan": {
        "name": "A", "keys": [{**key, "state": "revoked"}],
        "roles": [{"role": "lead", "agency": "*", "until": "2026-12-01T00:00:00Z"}],
    }}}  # fmt: skip
    assert [told(line) for line in roster_diff(before, after)] == [
        "! lan: thêm trưởng ca trực đến 2026-12-01T00:00:00Z",
        "  lan: khóa aaaaaaaaaaaaaaaa… bị thu hồi",
    ]

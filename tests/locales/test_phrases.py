"""Phrases: English where they are made, the reader's language where they are shown."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Conflict, Reason, Refused, because
from desk.locales import files, set_language, set_zone, told
from desk.locales.gather import covered, said
from desk.phrase import Phrase, both, instant, joined, parts_of, phrase

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    set_zone(str)
    yield
    set_language("en")
    set_zone(str)


def test_a_phrase_is_the_english_text_until_it_is_told() -> None:
    made = phrase("step {step} comes first", step="review")
    assert made == "step review comes first"
    assert json.dumps({"text": made}) == '{"text": "step review comes first"}'
    assert told(made) == made
    set_language("vi")
    assert told(made) == "bước review phải làm trước"
    assert made == "step review comes first", "a log stays in English"


def test_a_phrase_in_a_phrase_is_told_with_it() -> None:
    inner = phrase("is compromised")
    made = phrase("{name} was signed with a key that {why}", name="SAO (vi)", why=inner)
    set_language("vi")
    assert told(made) == "SAO (vi) được ký bằng khóa đã bị lộ"


def test_reasons_are_told_one_by_one_and_keep_their_rules() -> None:
    reasons = [
        Reason("confirmed", "the release is provisional"),
        because("signers", "{count} of {signers} leads have signed", count=1, signers=2, who=["a"]),
    ]
    error = Refused("You may not sign this", reasons)
    assert error.message == (
        "the release is provisional [confirmed]; 1 of 2 leads have signed [signers]"
    )
    set_language("vi")
    assert told(error.title) == "Bạn không được ký đợt công bố này"
    assert told(error.message) == (
        "đợt công bố mới là dự kiến [confirmed]; 1/2 trưởng ca trực đã ký [signers]"
    )
    assert told(error.hint) == "Người còn có thể thực hiện: a"
    assert str(error).startswith("You may not sign this: the release is provisional")


def test_what_the_catalogue_does_not_know_stays_as_it_is() -> None:
    set_language("vi")
    path = "/srv/desk/{not a field}/calendar.yaml"
    assert told(path) == path
    error = Conflict("There is a file already", path)
    assert told(error.sentence) == f"Đã có tệp: {path}"


def test_a_text_in_both_languages_needs_no_catalogue() -> None:
    made = joined("; ", [both("100% {sure}", "chắc {chắn} 100%"), "the release is provisional"])
    assert parts_of(made) == ("100% {sure}", "the release is provisional")
    set_language("vi")
    assert told(made) == "chắc {chắn} 100%; đợt công bố mới là dự kiến"


@given(st.text(), st.text())
def test_values_are_never_read_as_templates(name: str, step: str) -> None:
    made = phrase("{name}: step {step} is open", name=name, step=step)
    assert made == f"{name}: step {step} is open"
    for language, text in (("vi", f"{name}: bước {step} chưa xong"), ("en", str(made))):
        set_language(language)
        assert told(made) == text
    set_language("en")


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))]
)
def test_a_copy_can_still_be_told(copied: object) -> None:
    made = copied(joined(": ", [phrase("No key of {person}", person="lead-1"), "x"]))  # type: ignore[operator]
    assert isinstance(made, Phrase)
    set_language("vi")
    assert told(made) == "Không có khóa của lead-1: x"


# -- nothing is left out ---------------------------------------------------------------------


def test_every_refusal_can_be_told_in_another_language() -> None:
    """An f-string is English for ever: its words are gone when it is shown."""
    mute = [
        f"{path.relative_to(ROOT)}:{one.line}: {one.text}"
        for path, one in covered(ROOT)
        if one.mute
    ]
    assert mute == [], "write phrase('…', name=value)"


def test_every_refusal_has_its_vietnamese() -> None:
    have = {message.id: message.string for message in files.read("vi") if message.id}
    wanted = {one.text for _, one in covered(ROOT) if not one.mute}
    assert len(wanted) > 700, "the code is really read"
    assert sorted(text for text in wanted if not have.get(text)) == []
    assert [fault for fault in files.faults() if fault.what == "other values"] == []


def test_what_people_read_is_found_wherever_it_is_written() -> None:
    source = """
HINT = "Look at it again"
def one(x):
    text = f"{x} is gone" if x else "nothing was there"
    raise Refused("Not so", [Reason("a", text)], HINT)
def two(y):
    raise NotFound("No such thing", "where: " + y, hint=phrase("See: {y}", y=y))
def shown(run, name):
    agreed(run, "Sign this?", True)
    yield Problem(1, 1, "odd", "Mend it", f"path.{name}")
    yield Found(name, f"{name} is odd", "")
    yield Table(["person", Column("items", True)], [["not a heading", 1]])
    yield Fields([("roster", "not a label"), (name, 2)])
    yield Column("id_of_a_table", String)
def three():
    raise Conflict(*arguments, code=f"{x} not for people")
    return because("rule-name", "step {n} is open", n=1)
"""
    assert {(one.text, one.mute) for one in said(source)} == {
        ("Look at it again", False), (" is gone", True), ("nothing was there", False),
        ("Not so", False), ("No such thing", False), ("where: ", True), ("See: {y}", False),
        ("step {n} is open", False), ("Sign this?", False), ("odd", False), ("Mend it", False),
        (" is odd", True), ("person", False), ("items", False), ("roster", False),
    }  # fmt: skip


def test_an_instant_is_told_on_the_newsrooms_clocks_and_stays_as_written_for_programs() -> None:
    held = because(
        "held",
        "held by {person} since {time}",
        person="lead-2",
        time=instant("2026-11-20T07:39:00Z"),
    )
    error = Refused("Not now", [held])
    assert held.as_json()["text"] == "held by lead-2 since 2026-11-20T07:39:00Z"
    assert told(held.text) == "held by lead-2 since 2026-11-20T07:39:00Z", "no zone is known"
    set_zone(lambda: "Asia/Ho_Chi_Minh")
    assert told(held.text) == "held by lead-2 since 14:39:00 20/11/2026 GMT+7"
    assert "14:39:00 20/11/2026 GMT+7 [held]" in told(error.message)
    assert "2026-11-20T07:39:00Z" in error.message, "a log keeps the written form"
    set_language("vi")
    assert "14:39:00 20/11/2026 GMT+7" in told(held.text)


def test_only_instants_are_told_on_clocks_and_what_is_none_stays() -> None:
    set_zone(lambda: "Asia/Ho_Chi_Minh")
    typed = phrase("until {until}", until="2026-11-20T07:39:00Z")  # what a person typed, say
    assert told(typed) == "until 2026-11-20T07:39:00Z"
    for odd in ("", "2026-13-01T00:00:00Z", "{name}", "2026-11-20"):
        assert told(phrase("until {until}", until=instant(odd))) == f"until {odd}"


TIMES = re.compile(r"(?:.*\.)?(?:at|until|not_after|closed|forgotten|time|due|since|moment\.at)")
"""Expressions that hold written instants, by the names that the code has for them."""


def test_every_instant_that_a_reason_names_says_that_it_is_one() -> None:
    """A value without `instant()` would be told in UTC on a screen that shows the newsroom's."""
    forgotten = []
    rooms = ("trust", "releases", "people", "items", "approvals", "publisher", "newsroom")
    for path in (file for room in rooms for file in (ROOT / "desk" / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id in ("phrase", "because"):
                forgotten += [
                    f"{path.name}:{call.lineno} {ast.unparse(one.value)}"
                    for one in call.keywords
                    if one.arg not in ("who", "places") and TIMES.fullmatch(ast.unparse(one.value))
                ]
    assert not forgotten

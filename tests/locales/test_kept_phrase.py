"""What a file tells in English is told again in the language of whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.kept_phrase import revived, with_phrases
from desk.locales import set_language, set_zone, told
from desk.phrase import Phrase, both, instant, joined, phrase


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    yield
    set_language("en")
    set_zone(str)


def there_and_back(value: dict[str, object]) -> dict[str, object]:
    found = revived(json.loads(json.dumps(with_phrases(value))))
    assert isinstance(found, dict)
    return found


def test_a_file_keeps_its_english_and_can_be_told() -> None:
    inner = phrase("step {step} comes first", step="review")
    value = {
        "halted": "",
        "channels": [{"id": "web", "problem": joined(": ", [both("no", "không"), inner])}],
    }
    assert json.loads(json.dumps(with_phrases(value)))["channels"] == [
        {"id": "web", "problem": "no: step review comes first"}
    ], "what programs read stays as it was"
    found = there_and_back(value)
    assert found == value
    assert told(found["channels"][0]["problem"]) == "không: bước review phải làm trước"  # type: ignore[index]


@given(st.text(), st.integers())
def test_values_come_back_as_they_went(name: str, number: int) -> None:
    made = phrase("{name}: step {step} is open", name=name, step=number)
    found = there_and_back({"said": made})["said"]
    assert found == made
    assert told(str(made)) == str(made)
    assert told(found) == f"{name}: bước {number} chưa xong"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "how",
    [
        None, [], "template", {"template": 3},
        {"template": "{x.__class__}", "values": {"x": "a"}, "versions": {}},
        {"template": "{x:>999999999}", "values": {"x": "a"}, "versions": {}},
        {"template": "{x[0]}", "values": {"x": "a"}, "versions": {}},
        {"template": "{gone}", "values": {"x": "a"}, "versions": {}},
        {"template": "{x", "values": {"x": "a"}, "versions": {}},
        {"template": "{x}", "values": {"x": ["a"]}, "versions": {}},
        {"template": "something else {x}", "values": {"x": "a"}, "versions": {}},
    ],
)  # fmt: skip
def test_what_does_not_fit_stays_the_text_that_it_was(how: object) -> None:
    found = revived({"said": "all is well", "phrases": {"all is well": how}})
    assert found == {"said": "all is well"}
    assert not isinstance(found["said"], Phrase)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)
                    | st.dictionaries(st.text() | st.just("phrases"), inner)))  # fmt: skip
def test_any_file_can_be_read(value: object) -> None:
    revived(value)


def test_an_instant_comes_back_as_one() -> None:
    made = phrase("until {until}", until=instant("2026-11-20T07:39:00Z"))
    found = there_and_back({"said": made})["said"]
    assert found == "until 2026-11-20T07:39:00Z"
    set_zone(lambda: "Asia/Ho_Chi_Minh")
    assert told(found) == "đến 14:39:00 20/11/2026 GMT+7"  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [{"instant": 7}, {"instant": {}}, {"instant": None}, {}])
def test_a_value_that_is_no_instant_leaves_the_english(value: object) -> None:
    how = {"template": "until {until}", "values": {"until": value}, "versions": {}}
    kept = {"said": "until then", "phrases": {"until then": how}}
    assert revived(kept) == {"said": "until then"}

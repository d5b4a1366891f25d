"""Entries that fail their examples, are empty, contradict or make cycles are told, and which."""

from __future__ import annotations

from datetime import date

import pytest

from desk.terms.entry import Citation, Entry, Source
from desk.terms.termbase import Termbase, shipped
from desk.terms.validate import problems
from tests.terms.making import entry, of


def told(*entries: Entry) -> list[str]:
    return [str(one) for one in problems(of(*entries))]


def rule(name: str, standard: str, *wrong: str, **given: object) -> Entry:
    given.setdefault("match", wrong)
    return entry(name, standard, *wrong, **given)


def test_the_shipped_termbase_has_nothing_wrong() -> None:
    assert problems(shipped()) == ()


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (rule("a", "x", "y", match=("zzz",)), "its example is not found: “zzz”"),
        (rule("a", "x", "y", clean=("y nhé",)), "it finds “y” in a clean example"),
        (rule("a", "x", "…", match=("…",)), "“…” is empty"),
        (rule("a", "aa", "aa"), "both right and wrong"),
        (rule("a", "x", "hoà", "hòa"), "“hòa” is given twice"),
        (rule("a", "x", "y", match=()), "no example that must match"),
        (rule("a", "x", "y", rule=" "), "states no rule"),
        (rule("a", "x", "y", scope=frozenset()), "no scope"),
        (rule("a", "x", "y", since=date(2025, 1, 1), until=date(2024, 1, 1)), "ends before"),
        (rule("a", "x", "y", left=("-",)), "“-” is empty"),
    ],
)  # fmt: skip
def test_an_entry_that_is_wrong_by_itself(wrong: Entry, what: str) -> None:
    found = told(wrong)
    assert len(found) == 1
    assert found[0].startswith("vi a: ")
    assert what in found[0]


def test_an_entry_without_a_source_is_refused() -> None:
    made = rule("a", "x", "y")
    object.__setattr__(made, "source", Citation(Source("", "")))
    assert any("names no source" in one for one in told(made))


def test_contradictions_name_both() -> None:
    first, second = rule("a", "mới", "cũ"), rule("b", "cũ", "kia")
    assert told(first, second) == [
        "vi a: it forbids “cũ”, which b asks for", "vi b: it asks for “cũ”, which a forbids",
    ]  # fmt: skip
    assert told(rule("a", "Cũ", "mới"), rule("b", "x", "CŨ", case="exact")) == []


def test_cycles_are_shown_whole() -> None:
    cycle = (rule("a", "b", "a"), rule("b", "c", "b"), rule("c", "a", "c"))
    assert "vi a: it makes a cycle: “a” → “b” → “c” → “a”" in told(*cycle)
    assert len(told(*cycle)) == 3


def test_one_form_in_two_entries_needs_different_contexts_or_days() -> None:
    first = rule("a", "x", "cũ kỹ")
    assert told(first, rule("b", "y", "cũ kỹ", match=())) != []
    assert told(first, rule("b", "y", "cũ kỹ", left=("z",), match=("cũ kỹ",))) == [
        "vi b: its example is not found: “cũ kỹ”"
    ]
    early = rule("a", "x", "cũ kỹ", since=date(2019, 1, 1), until=date(2020, 1, 1))
    later = rule("b", "y", "cũ kỹ", since=date(2020, 1, 1))
    assert told(early, later) == []


def test_other_languages_do_not_contradict() -> None:
    assert told(rule("a", "x", "y"), rule("b", "y", "z", language="en")) == []


def test_only_the_entries_asked_for_are_told() -> None:
    bad, fine = rule("a", "x", "y", match=("zzz",)), rule("b", "u", "v")
    assert problems(of(bad, fine), {("vi", "b")}) == ()
    assert [one.id for one in problems(of(bad, fine), {("vi", "a")})] == ["a"]


def test_an_id_is_given_once() -> None:
    assert any("given twice" in one for one in told(rule("a", "x", "y"), rule("a", "u", "v")))


def test_the_digest_is_that_of_the_entries() -> None:
    first, second = rule("a", "x", "y"), rule("b", "u", "v")
    assert of(first, second).digest == Termbase([first, second]).digest
    assert len({of(first).digest, of(second).digest, of(second, first).digest}) == 3

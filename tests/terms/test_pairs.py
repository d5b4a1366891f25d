"""Two languages: names that the translation lacks or calls otherwise."""

from __future__ import annotations

from desk.terms.pairs import PairFinding, pairs
from tests.terms.making import entry, of

BASE = of(
    entry("lhq", "Liên hợp quốc", "Liên hiệp quốc", concept="un"),
    entry("un", ["United Nations", "UN"], "Union of Nations", language="en", concept="un"),
    entry("ctn", "Chủ tịch nước", concept="president"),
    entry("president", "State President", language="en", concept="president"),
    entry("pctn", "Phó Chủ tịch nước", concept="vice-president"),
    entry("vice", "Vice State President", language="en", concept="vice-president"),
    entry("alone", "Chỉ có ở đây", concept="alone"),
)


def found(vi: str, en: str) -> tuple[PairFinding, ...]:
    return pairs(vi, en, BASE, language="vi", other_language="en", markup="markdown")


def test_a_name_that_is_there_is_not_told() -> None:
    assert found("Liên hợp quốc họp.", "The **UN** met.") == ()
    assert found("LIÊN HỢP QUỐC", "the united nations") != ()


def test_a_missing_name_is_told_once_where_it_stands_first() -> None:
    (one,) = found("Mưa.\n\nLiên hợp quốc và Liên hợp quốc.", "Rain.")
    assert (one.found, one.line, one.column, one.expected, one.instead) == (
        "Liên hợp quốc", 3, 1, ("United Nations", "UN"), "",
    )  # fmt: skip
    assert one.severity == "warning"
    assert "United Nations" in one.message_vi


def test_another_name_is_told_with_what_stands_there() -> None:
    (one,) = found("Liên hiệp quốc họp.", "The Union of Nations met.")
    assert one.instead == "Union of Nations"
    assert "not “Union of Nations”" in one.message


def test_a_name_inside_a_longer_one_is_not_asked_for() -> None:
    assert found("Phó Chủ tịch nước đến.", "The Vice State President came.") == ()
    (one,) = found("Phó Chủ tịch nước và Chủ tịch nước.", "The Vice State President came.")
    assert one.concept == "president"


def test_code_and_concepts_of_one_language_are_left_alone() -> None:
    assert found("`Liên hợp quốc`; Chỉ có ở đây", "Rain") == ()

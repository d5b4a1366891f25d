"""One hundred planted errors, all found and told right; 262 clean sentences, nothing told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from desk.terms.check import check
from desk.terms.fix import fix_all
from desk.terms.termbase import shipped

DATA = Path(__file__).parents[1] / "data" / "terms"
DAY = date(2026, 11, 20)
PLANTED = [
    (language, *row)
    for language, rows in yaml.safe_load((DATA / "planted.yaml").read_text("utf-8")).items()
    for row in rows
]
CLEAN = [
    (language, sentence)
    for language, rows in yaml.safe_load((DATA / "clean.yaml").read_text("utf-8")).items()
    for sentence in rows
]


def test_there_are_as_many_as_promised() -> None:
    assert len({text for _, text, _, _ in PLANTED}) == 100
    assert len({text for _, text in CLEAN}) == 262


@pytest.mark.parametrize(("language", "text", "wrong", "right"), PLANTED)
def test_a_planted_error_is_found_and_nothing_else(
    language: str, text: str, wrong: str, right: str
) -> None:
    (one,) = check(text, shipped(), language=language, dated=DAY)
    assert (one.found, (one.suggestions or ("",))[0]) == (wrong, right)


@pytest.mark.parametrize(("language", "text"), CLEAN)
def test_a_clean_sentence_gives_no_alarm(language: str, text: str) -> None:
    assert check(text, shipped(), language=language, dated=DAY) == ()


@pytest.mark.parametrize(("language", "text", "wrong", "right"), PLANTED)
def test_a_mended_sentence_is_clean(language: str, text: str, wrong: str, right: str) -> None:
    """What the checker asks for, it accepts."""
    if right:
        mended = text.replace(wrong, right)
        left = check(mended, shipped(), language=language, dated=DAY)
        assert [one for one in left if one.severity != "info"] == []
        fixed = fix_all(text, lambda now: check(now, shipped(), language=language, dated=DAY)).text
        assert fixed in (text, mended)

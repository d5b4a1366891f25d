"""Whole articles: nothing is told of a right one, and an error planted in it is told, alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from desk.terms.check import check
from desk.terms.finding import Finding
from desk.terms.termbase import shipped
from desk.text import nfc

DATA = Path(__file__).parents[1] / "data" / "terms"
DAY = date(2026, 11, 20)
LONG: list[dict[str, Any]] = yaml.safe_load((DATA / "articles.yaml").read_text("utf-8"))
SHORT: list[dict[str, Any]] = yaml.safe_load((DATA / "short-articles.yaml").read_text("utf-8"))
AGENCY: list[dict[str, Any]] = [
    one
    for name in ("agency-articles", "portal-articles")
    for one in yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))
]
ARTICLES = LONG + SHORT
PLANTED = [
    pytest.param(one["text"], one["language"], plant, id=plant["wrong"])
    for one in ARTICLES
    for plant in one["plant"]
]


def _told(text: str, language: str) -> tuple[Finding, ...]:
    return check(text, shipped(), language=language, markup="markdown", dated=DAY)


def test_there_are_forty_articles_and_two_hundred_errors() -> None:
    assert [one["language"] for one in LONG].count("vi") == 12
    assert [one["language"] for one in LONG].count("en") == 8
    assert [one["language"] for one in SHORT].count("vi") == 14
    assert [one["language"] for one in SHORT].count("en") == 6
    assert len(PLANTED) >= 230
    assert sum(len(one["text"].split()) for one in LONG) > 6_500


@pytest.mark.parametrize("one", ARTICLES, ids=lambda one: one["text"].splitlines()[0][2:40])
def test_a_right_article_gives_no_alarm(one: dict[str, Any]) -> None:
    assert _told(one["text"], one["language"]) == ()


@pytest.mark.parametrize(("text", "language", "plant"), PLANTED)
def test_an_error_planted_in_an_article_is_found_in_its_place(
    text: str, language: str, plant: dict[str, str]
) -> None:
    at = text.index(plant["right"])
    end = at + len(plant["wrong"])
    found = _told(text[:at] + plant["wrong"] + text[at + len(plant["right"]) :], language)
    assert plant["entry"] in {one.entry for one in found}
    # What is told besides is told of the planted words, or of others that they now differ from.
    others = {one.entry for one in found if one.end <= at or one.start >= end}
    assert others <= {"pattern.tone-placement", "pattern.abbreviation"}, others
    assert all(nfc(one.found) for one in found)


@pytest.mark.parametrize("one", AGENCY, ids=lambda one: one["text"].splitlines()[0][2:40])
def test_of_an_item_from_an_agency_all_that_is_wrong_is_told_and_no_more(
    one: dict[str, Any],
) -> None:
    found = [[finding.entry, finding.found] for finding in _told(one["text"], one["language"])]
    assert found == one["told"]
